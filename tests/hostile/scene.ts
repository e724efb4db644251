/** Alice, her contact Bob, and what her screens show. */

import { assert, assertEquals } from "@std/assert";
import {
  contactsShown,
  enteredShown,
  logShown,
  membersShown,
  peersShown,
  requestsShown,
  roomsShown,
  searchShown,
  statusShown,
} from "../../src/cli/answers.ts";
import { greetingLines } from "../../src/cli/greeting.ts";
import { eventLines } from "../../src/cli/screen.ts";
import { PLAIN } from "../../src/cli/style.ts";
import { hotspotOf, meet } from "../node/attic.ts";
import { Oracle } from "../room/terminal.ts";
import { HOME, type SimMachine, type SimWorld } from "../sim/world.ts";

const LOOK = { style: PLAIN, columns: null };

/** Alice at the hotspot's address .1, and Bob; they have talked to each other. */
export interface Scene {
  readonly world: SimWorld;
  readonly alice: SimMachine;
  readonly bob: SimMachine;
}

/** Both run, and are each other's contacts. */
export async function friends(seed: number): Promise<Scene> {
  const { world, machines: [alice, bob] } = hotspotOf(seed, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  for (const machine of [alice, bob]) await machine.start();
  await meet(world);
  await alice.run({ do: "send", to: "bob", text: "hello bob" });
  await bob.run({ do: "send", to: "alice", text: "hello alice" });
  await world.time.runFor(500);
  return { world, alice, bob };
}

/** Everything that Alice's screens can show: lists, conversations, requests, exports, events, files made to be read. */
export async function allLines({ world, alice }: Scene): Promise<readonly string[]> {
  const now = { ...LOOK, nowMs: alice.clock?.wallMs() ?? 0 };
  const lines: string[] = [];
  const peers = await alice.run({ do: "peers" });
  const rooms = await alice.run({ do: "rooms" });
  const ready = {
    event: "ready",
    id: alice.node.id,
    name: "alice",
    port: 9999,
    discoveryPort: 9999,
  } as const;
  lines.push(...peersShown(peers, now).lines, ...roomsShown(rooms, now).lines);
  lines.push(...contactsShown(await alice.run({ do: "contacts" }), now).lines);
  lines.push(...requestsShown(await alice.run({ do: "requests" }), now).lines);
  lines.push(...statusShown(await alice.run({ do: "status" })).lines);
  lines.push(...greetingLines({ ready, isNew: true, ...peers, ...rooms }));
  lines.push(...searchShown(await alice.run({ do: "search", text: "e" }), now).lines);
  for (const room of rooms.rooms.filter(({ joined, direct }) => joined || direct)) {
    lines.push(...enteredShown({ room, note: null }).lines);
    lines.push(...logShown(await alice.run({ do: "log", to: room.id }), LOOK).lines);
    lines.push(...membersShown(await alice.run({ do: "members", room: room.id }), now).lines);
    for (const format of ["txt", "md"] as const) {
      const { text } = await alice.run({ do: "export", to: room.id, format });
      lines.push(...text.split("\n"));
    }
  }
  lines.push(...alice.events.flatMap((event) => eventLines(event, LOOK)));
  const disk = alice.disk.boot();
  lines.push(...await world.time.drive(disk.list(`${HOME}/rooms`)));
  return lines;
}

/** None of the lines does anything to a terminal. */
export async function assertInert(lines: readonly string[]): Promise<void> {
  using oracle = new Oracle(6_000);
  const shown = lines.filter((line) => line.length < 2_000);
  for (const effect of await Promise.all(shown.map((line) => oracle.write(line)))) {
    const { heard, spoiled, columns, isPlain, row } = effect;
    assertEquals({ heard, spoiled, isPlain }, { heard: [], spoiled: [], isPlain: true }, row);
    assert(columns !== null, row);
  }
  for (const line of lines) {
    assert(!/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(line), JSON.stringify(line));
  }
}

/** The conversation as `earshot log` shows it, without the times of day. */
export async function logOf(machine: SimMachine, to: string): Promise<readonly string[]> {
  const { lines } = logShown(await machine.run({ do: "log", to }), LOOK);
  return lines.map((line) => line.replace(/^(?:\d\d:\d\d|\?\?:\?\?)(?= {2})/, "HH:MM"));
}

/** Alice's contacts: whether each is Bob, its name without the tag that it gets while somebody nearby looks like it, whether it is verified. */
export async function bobAsKept({ alice, bob }: Scene): Promise<readonly unknown[]> {
  const { contacts } = await alice.run({ do: "contacts" });
  return contacts.map(({ id, name, verified }) => [id === bob.node.id, name.split("·")[0], verified]);
}
