/** Whole nodes that sit in one room, for tests that begin when all is well. */

import { assert } from "@std/assert";
import type { Entry } from "../../src/room/entry.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { readEntry } from "../../src/room/entry.ts";
import type { Segment } from "../sim/segment.ts";
import { HOME, type SimMachine, SimWorld } from "../sim/world.ts";

const CRYPTO = denoCrypto();

/** Nodes of these names on one hotspot; none runs yet. */
export function hotspotOf(
  seed: number,
  names: readonly string[],
): { world: SimWorld; segment: Segment; machines: SimMachine[] } {
  const world = new SimWorld(seed);
  const segment = world.hotspot();
  const machines = names.map((name, index) =>
    world.machine(name, { segment, address: `192.168.43.${index === 0 ? 1 : 10 + index}` })
  );
  return { world, segment, machines };
}

/** Nodes of these names, all started and all in the room "Attic", which the first has opened. */
export async function atticOf(
  seed: number,
  names: readonly string[],
): Promise<{ world: SimWorld; machines: SimMachine[] }> {
  const { world, machines } = hotspotOf(seed, names);
  for (const machine of machines) await machine.start();
  await meet(world);
  const [first, ...others] = machines;
  await first?.run({ do: "host", title: "Attic" });
  await world.time.runFor(500);
  for (const other of others) await other.run({ do: "join", room: "Attic" });
  await world.time.runFor(1_000);
  return { world, machines };
}

/** Waits until every running node hears every other. */
export async function meet(world: SimWorld): Promise<void> {
  const up = world.machines.filter((machine) => machine.isUp);
  const hasMet = (machine: SimMachine) =>
    new Set(machine.events.flatMap((event) => event.event === "peer" ? [event.peer.id] : [])).size >=
      up.length - 1;
  assert(await world.time.runUntil(() => up.every(hasMet), 5_000), "The nodes do not find each other");
}

/** Stops all that run; nothing may be left open, and no node may have met a bug. */
export async function goHome(world: SimWorld): Promise<void> {
  for (const machine of world.machines) if (machine.isUp) await machine.stop();
  const left = world.machines.filter((machine) => machine.leftovers > 0).map(({ name }) => name);
  assert(left.length === 0, `Something is left open: ${left}`);
  assert(world.bugs.length === 0, `Bugs: ${world.bugs.map((bug) => bug instanceof Error ? bug.stack : bug)}`);
}

/** The entries that stand in the machine's logs, in their files' order. */
export async function filedEntries(machine: SimMachine): Promise<Entry[]> {
  const disk = machine.disk.boot();
  const entries: Entry[] = [];
  for (const folder of await disk.list(`${HOME}/rooms`)) {
    const bytes = machine.disk.peek(`${HOME}/rooms/${folder}/log.jsonl`) ?? new Uint8Array(0);
    for (const line of new TextDecoder().decode(bytes).split("\n").slice(0, -1)) {
      const entry = readEntry(line, CRYPTO);
      if (!("problem" in entry)) entries.push(entry);
    }
  }
  return entries;
}

/** The notices that a machine's user has seen. */
export function noticesOf(machine: SimMachine): string[] {
  return machine.events.flatMap((event) => event.event === "notice" ? [event.text] : []);
}
