/** The open room "Attic" of Alice, who hosts it, and Bob, with somebody in it who means ill. */

import { assert, assertEquals } from "@std/assert";
import type { LogRow } from "../../src/node/vocabulary.ts";
import type { PeerId, RoomId } from "../../src/room/id.ts";
import { atticOf } from "../node/attic.ts";
import type { SimMachine, SimWorld } from "../sim/world.ts";
import { Villain } from "./villain.ts";

/** What the honest are promised: what one says in a room under attack is read by the others within this time. */
const HEARD_MS_MAX = 1_000;

/** All of it. */
export interface AtticScene {
  readonly world: SimWorld;
  readonly alice: SimMachine;
  readonly bob: SimMachine;
  readonly room: RoomId;
  /** Has a session with Alice, and is a member. */
  readonly villain: Villain;
}

/** The honest are there, and the villain has joined. */
export async function atticWithVillain(seed: number): Promise<AtticScene> {
  const { world, machines: [alice, bob] } = await atticOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const { room: { id: room } } = await alice.run({ do: "join", room: "Attic" });
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  await villain.tell(world, room, { kind: "join" });
  return { world, alice, bob, room, villain };
}

/** Says a line at each of the honest: the others read it soon, once, and all see the honest lines in the same order. */
export async function assertTalkGoesOn(world: SimWorld, ...honest: readonly SimMachine[]): Promise<void> {
  for (const machine of honest) {
    const text = `${machine.name} at ${world.time.nowMs}`;
    await machine.run({ do: "send", to: "#Attic", text });
    const isRead = (one: SimMachine) =>
      one.events.some((event) => event.event === "entry" && event.row.text === text);
    const areAll = await world.time.runUntil(() => honest.every(isRead), HEARD_MS_MAX);
    assert(areAll, `Not read by all within ${HEARD_MS_MAX} ms: "${text}"`);
  }
  await assertSameOrder(...honest);
}

/** All of the honest show the same honest lines in the same order, each once. */
export async function assertSameOrder(...honest: readonly SimMachine[]): Promise<void> {
  const authors = new Set(honest.map(({ node }) => node.id));
  const [first, ...others] = await Promise.all(honest.map((machine) => linesOf(machine, authors)));
  assert(first !== undefined);
  assertEquals(new Set(first).size, first.length, "something is there twice");
  for (const other of others) assertEquals(other, first);
}

/** The rows of the room at that machine. */
export async function rowsOf(machine: SimMachine): Promise<readonly LogRow[]> {
  return (await machine.run({ do: "log", to: "#Attic" })).rows;
}

async function linesOf(machine: SimMachine, authors: ReadonlySet<PeerId>): Promise<readonly string[]> {
  const rows = await rowsOf(machine);
  return rows.filter(({ author }) => authors.has(author)).map(({ author, number, text }) =>
    `${author} ${number} ${text}`
  );
}
