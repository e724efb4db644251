/** What is done to a party, and what it takes: many busy senders, one message at a time, a steady conversation. */

import { Meter } from "./processes.ts";
import type { Tally } from "./tally.ts";

/** Time for what is under way when a load ends to come: what has not come by then is lost. */
const DRAIN_MS_MAX = 30_000;
/** Before a load is measured: code is compiled, windows are full. */
const WARM_MS = 1_000;

/** Members in one room of one server. */
export interface Party {
  readonly tally: Tally;
  /** All come in; how many seconds that takes. */
  open(): Promise<number>;
  /** Makes so many messages of each sender ready. */
  prepare(count: number): Promise<void>;
  /** The sender says its next message. */
  say(sender: number): void;
  close(): void;
}

/** What a load came to. */
export interface Loaded {
  readonly deliveries: number;
  readonly seconds: number;
  /** Seconds of processor of the server … */
  readonly serverCpu: number;
  /** … and of this process. */
  readonly loadCpu: number;
}

/** As many messages as go through, with so many of each sender under way. */
export async function saturate(
  party: Party,
  { pid, seconds, window }: { readonly pid: number; readonly seconds: number; readonly window: number },
): Promise<Loaded> {
  const { memberCount, senderCount } = party.tally;
  return await measured(party, {
    pid,
    seconds,
    warmMs: WARM_MS,
    dueMax: window * senderCount * (memberCount - 1),
  });
}

/** The next message only when all have the one before. */
export async function oneByOne(
  party: Party,
  { pid, seconds }: { readonly pid: number; readonly seconds: number },
): Promise<Loaded> {
  return await measured(party, { pid, seconds, warmMs: WARM_MS / 2, dueMax: 1 });
}

/** Says the next message, of the senders in turn, whenever fewer deliveries than that are due. */
async function measured(
  party: Party,
  { pid, seconds, warmMs, dueMax }: {
    readonly pid: number;
    readonly seconds: number;
    readonly warmMs: number;
    readonly dueMax: number;
  },
): Promise<Loaded> {
  const { tally } = party;
  let next = 0;
  let isOver = false;
  const sayMore = () => {
    while (!isOver && tally.dueCount < dueMax) {
      party.say(next);
      next = (next + 1) % tally.senderCount;
    }
  };
  tally.onDelivered = sayMore;
  sayMore();
  await pause(warmMs);
  const meter = new Meter(pid, Deno.pid);
  const before = tally.delivered;
  await pause(seconds * 1000);
  const loaded = loadedSince(meter, tally.delivered - before);
  isOver = true;
  tally.onDelivered = () => {};
  await drained(tally);
  return loaded;
}

/** So many messages a second, each of another sender: milliseconds of all deliveries, sorted. */
export async function converse(
  party: Party,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<Float64Array> {
  const { tally } = party;
  tally.time();
  for (let count = 0; count < perSecond * seconds; count++) {
    // Not in step with any timer of the server's.
    await pause(1000 / perSecond * (0.5 + Math.random()));
    party.say(Math.floor(Math.random() * tally.senderCount));
  }
  await drained(tally);
  return tally.timed();
}

/** Waits until all has come that was said; what does not is a problem. */
export async function drained(tally: Tally): Promise<void> {
  const untilMs = performance.now() + DRAIN_MS_MAX;
  while (tally.dueCount > 0 && performance.now() < untilMs) await pause(20);
  const missing = tally.missing();
  if (missing !== "") tally.problem(missing);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function loadedSince(meter: Meter, deliveries: number): Loaded {
  const { seconds, cpu: [serverCpu = NaN, loadCpu = NaN] } = meter.read();
  return { deliveries, seconds, serverCpu, loadCpu };
}
