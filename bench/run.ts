/**
 * `deno task bench`: what a room costs its host, by loads that speak the whole protocol: handoff, handshake, identities,
 * signed entries, receipts. The server has one core and the load another. Each member must get each message once and in
 * order; else what is missing is said, and the exit code is 1. Every figure is one line of JSON; a table comes at the end.
 *
 *     --peers             ngircd, inspircd and mosquitto under the same loads (Debian, root: missing ones are installed)
 *     --reps 5            how often all is done
 *     --seconds 3         of each load
 *     --sizes 10,100,500,1000
 *     --window 16         messages of each busy sender that are under way
 *     --quick             one small room, a second of each: checks that nothing is lost, not how fast it is
 */

import { parseArgs } from "@std/cli/parse-args";
import { figureLine, Figures, figureTable } from "./fanout/figures.ts";
import { converse, drained, type Loaded, oneByOne, type Party, pause, saturate } from "./fanout/load.ts";
import { installPeers, type PeerName, PEERS, PeerServer } from "./fanout/peers.ts";
import { PlainParty } from "./fanout/plain_party.ts";
import { pinSelf, residentBytes } from "./fanout/processes.ts";
import { JoinError, SealedParty } from "./fanout/sealed_party.ts";
import { Served } from "./fanout/served.ts";
import { fromExecutable, fromSources, measureStart, type Startable } from "./fanout/starting.ts";
import { Tally } from "./fanout/tally.ts";
import { measureIdleMemory } from "./idle_memory.ts";

const SERVER_CORE = 0;
const LOAD_CORE = 1;
/** Until what comes behind the last join is done: acknowledgements of a thousand members take seconds. */
const SETTLE_MS = 3_000;
/** Members of the room for one message at a time, and for a conversation. */
const SINGLE_SIZE = 100;
const TALK_SIZE = 50;
const TALK_PER_SECOND = 20;
/** Messages that are signed before a crowd talks. */
const MESSAGES_READY = 40_000;
const MESSAGES_READY_QUICK = 4_000;
/** Others on loopback, for the memory of a node that hears them, and how long it hears the last. */
const HEARD_COUNT = 20;
const HEARD_MS = 5_000;

const args = parseArgs(Deno.args, {
  string: ["reps", "seconds", "sizes", "window"],
  boolean: ["peers", "quick"],
});
const isQuick = args.quick;
const reps = Number(args.reps ?? (isQuick ? 1 : 5));
const seconds = Number(args.seconds ?? (isQuick ? 1 : 3));
const sizes = String(args.sizes ?? (isQuick ? "20" : "10,100,500,1000")).split(",").map(Number);
const window = Number(args.window ?? 16);

if (Deno.build.os !== "linux") {
  say("These benchmarks read /proc and pin to cores: they need Linux.");
  Deno.exit(isQuick ? 0 : 1);
}
const figures = new Figures();
const problems: string[] = [];
if (args.peers) await installPeers();
const made = new AsyncDisposableStack();
const startables = isQuick ? [] : await makeStartables(made);
if (navigator.hardwareConcurrency > 1) await pinSelf(LOAD_CORE);
const serverCore = navigator.hardwareConcurrency > 1 ? SERVER_CORE : 0;
const servers: readonly ("earshot" | PeerName)[] = args.peers ? ["earshot", ...PEERS] : ["earshot"];
for (let rep = 1; rep <= reps; rep++) {
  for (const server of servers) {
    for (const size of sizes) await measureRoom(server, size, "crowd");
    if (isQuick) continue;
    await measureRoom(server, SINGLE_SIZE, "single");
    await measureRoom(server, TALK_SIZE, "talk");
    if (server === "earshot") await measureStarts();
  }
}
await made.disposeAsync();
for (const figure of figures.all) say(figureLine(figure));
say("");
say(figureTable(figures.all));
for (const problem of problems) say(`NOT AS IT MUST BE: ${problem}`);
say(problems.length === 0 ? "\nEach member got each message once and in order, in every run." : "");
Deno.exit(problems.length === 0 ? 0 : 1);

/** One room, from the first member to the last message. */
async function measureRoom(
  server: "earshot" | PeerName,
  size: number,
  load: "crowd" | "single" | "talk",
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "earshot-bench-" });
  await using parts = new AsyncDisposableStack();
  parts.defer(() => Deno.remove(folder, { recursive: true }));
  const senderCount = Math.min(size, size >= 500 ? 50 : 20);
  const tally = new Tally(size, senderCount);
  const { pid, party } = await opened(server, { folder, tally, parts });
  const note = (figure: string, unit: string, isMoreBetter: boolean, value: number) =>
    figures.note({ figure, unit, server, isMoreBetter }, value);
  const before = residentBytes(pid);
  parts.defer(() => party.close());
  const joinSeconds = await joined(party);
  if (typeof joinSeconds === "string") {
    return void problems.push(`${server}, ${size} members, ${load}: ${joinSeconds}`);
  }
  await pause(SETTLE_MS);
  if (load === "crowd") {
    note(`joins a second, ${size}`, "/s", true, size / joinSeconds);
    note(`memory a connection, ${size}`, "kB", false, (residentBytes(pid) - before) / 1000 / size);
    // As many as the fastest run so far has taken, and some: who signs is not measured here.
    await party.prepare(Math.ceil((isQuick ? MESSAGES_READY_QUICK : MESSAGES_READY) / senderCount));
    const loaded = await saturate(party, { pid, seconds, window });
    noteLoaded(`${size} members, ${senderCount} busy`, loaded, note);
    note(`resident memory after ${size} members were busy`, "MB", false, residentBytes(pid) / 1e6);
  } else if (load === "single") {
    noteLoaded(`${size} members, one message at a time`, await oneByOne(party, { pid, seconds }), note);
  } else {
    const times = await converse(party, { perSecond: TALK_PER_SECOND, seconds: seconds * 3 });
    const at = (share: number) =>
      (times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN) * 1000;
    const name = `delay at ${TALK_PER_SECOND} messages a second into ${size}`;
    for (const [word, share] of [["p50", 0.5], ["p99", 0.99], ["max", 1]] as const) {
      note(`${name}, ${word}`, "µs", false, at(share));
    }
  }
  await drained(tally);
  for (const problem of tally.problems) problems.push(`${server}, ${size} members, ${load}: ${problem}`);
  say(
    `${
      new Date().toISOString()
    } ${server}, ${size} members, ${load}: ${tally.saidCount} messages, ${tally.delivered} deliveries`,
  );
}

/** Seconds until all members are in the room, or why one could not join it. */
async function joined(party: Party): Promise<number | string> {
  try {
    return await party.open();
  } catch (error) {
    if (error instanceof JoinError) return error.message;
    throw error;
  }
}

function noteLoaded(
  name: string,
  { deliveries, seconds, serverCpu, loadCpu }: Loaded,
  note: (figure: string, unit: string, isMoreBetter: boolean, value: number) => void,
): void {
  note(`deliveries a second, ${name}`, "/s", true, deliveries / seconds);
  note(`processor for a million deliveries, ${name}`, "s", false, serverCpu / deliveries * 1e6);
  note(`the load's core, ${name}`, "%", false, loadCpu / seconds * 100);
}

async function opened(
  server: "earshot" | PeerName,
  { folder, tally, parts }: {
    readonly folder: string;
    readonly tally: Tally;
    readonly parts: AsyncDisposableStack;
  },
): Promise<{ readonly pid: number; readonly party: Party }> {
  if (server === "earshot") {
    const served = parts.use(await Served.start(folder, { core: serverCore }));
    const endpoint = { address: "127.0.0.1", port: served.port };
    return { pid: served.pid, party: new SealedParty(tally, { room: served.room, endpoint }) };
  }
  const peer = parts.use(await PeerServer.start(server, { folder, core: serverCore }));
  return { pid: peer.pid, party: new PlainParty(tally, { port: peer.port, kind: peer.kind }) };
}

/** Before any is pinned to a core: compiling uses all of them. */
async function makeStartables(
  parts: AsyncDisposableStack,
): Promise<readonly (readonly [what: string, startable: Startable])[]> {
  const executable = await fromExecutable(parts);
  const sources = ["from the sources", await fromSources()] as const;
  if (typeof executable !== "string") return [sources, ["the executable", executable]];
  say(`The executable's start and memory are not measured: ${executable}`);
  return [sources];
}

async function measureStarts(): Promise<void> {
  for (const [what, startable] of startables) {
    const note = (figure: string, unit: string, value: number) =>
      figures.note({ figure: `${figure}, ${what}`, unit, server: "earshot", isMoreBetter: false }, value);
    const folder = await Deno.makeTempDir({ prefix: "earshot-bench-" });
    try {
      for (const home of ["new home", "home it had"]) {
        const { readyMs, idleBytes, idlePercent } = await measureStart(startable, {
          folder,
          core: serverCore,
        });
        note(`from exec to ready beyond an empty program, ${home}`, "ms", readyMs);
        note(`memory when idle beyond a waiting program, ${home}`, "MB", idleBytes / 1e6);
        note(`processor when idle, ${home}`, "% of a core", idlePercent);
      }
      const { residentBytes } = await measureIdleMemory(startable.earshot, {
        peersCount: HEARD_COUNT,
        idleMs: HEARD_MS,
        folder,
      });
      note(`resident memory of a node that hears ${HEARD_COUNT} others`, "MB", residentBytes / 1e6);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
