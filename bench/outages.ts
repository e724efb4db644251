/** What is done to the members of a crowd while they talk, and how long it costs them. */

import type { Crowd } from "./crowd.ts";
import type { Load } from "./load.ts";
import type { Member } from "./member.ts";

/** Between two random kills: some come while the one before is still starting, most later. */
const KILL_GAP_MS = { min: 200, max: 2_200 } as const;

/** What becomes of a room's host. */
export interface Outage {
  readonly what: "host killed" | "host's link cut";
  /** Resolves when it is done. */
  strike(host: Member): Promise<void>;
  /** Undoes it. */
  heal(host: Member): Promise<void>;
}

/** What an outage cost. */
export interface Cost {
  /** From the strike until the last of the others has a line that another of them said behind it. */
  readonly goneMs: number;
  /** From the healing until the one who was struck has a line that another one said behind it. */
  readonly backMs: number;
}

/** With SIGKILL; then it starts again. */
export const KILLED: Outage = {
  what: "host killed",
  strike: (host) => host.ends("SIGKILL"),
  heal: (host) => host.returns(),
};

/** As by switching its Wi-Fi off: nobody else is told. Its user goes on typing. */
export const CUT: Outage = {
  what: "host's link cut",
  strike: ({ host }) => host.cut(),
  heal: ({ host }) => host.mend(),
};

/** Strikes the room's host, whoever it is, and heals it again. */
export async function suffer(
  outage: Outage,
  { crowd, load, restMs }: { readonly crowd: Crowd; readonly load: Load; readonly restMs: number },
): Promise<Cost> {
  const host = await crowd.host();
  const others = crowd.members.filter((member) => member !== host);
  await rest(restMs);
  // Only what is said when the link is down counts: before, the host may still pass it on. A signal needs no such time.
  if (outage !== KILLED) await outage.strike(host);
  const struckAtMs = performance.now();
  const struck = outage === KILLED ? outage.strike(host) : Promise.resolve();
  const heardAtMs = await load.heardByAll(others, { speakers: others, fromMs: struckAtMs });
  await struck;
  await rest(restMs);
  const healedAtMs = performance.now();
  const healed = outage.heal(host);
  const backAtMs = await load.heardByAll([host], { speakers: others, fromMs: healedAtMs });
  await healed;
  return { goneMs: heardAtMs - struckAtMs, backMs: backAtMs - healedAtMs };
}

/** Kills members at random, one every second or so, each of which starts again at once; resolves when all run. */
export async function killAtRandom(crowd: Crowd, count: number): Promise<void> {
  const returning = new Map<Member, Promise<void>>();
  for (let number = 1; number <= count; number++) {
    await rest(KILL_GAP_MS.min + Math.random() * (KILL_GAP_MS.max - KILL_GAP_MS.min));
    const member = crowd.members[Math.floor(Math.random() * crowd.members.length)];
    if (member === undefined) continue;
    await member.ends("SIGKILL");
    returning.set(member, member.returns());
  }
  await Promise.all(returning.values());
}

/** Lets time pass. */
export function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
