/** Keys that came before everybody, by clocks that nobody can check: first in rank, heard, and never to be reached. */

import { assert, assertEquals } from "@std/assert";
import { atticOf, goHome } from "../fixtures/node/shared_room.ts";
import { assertTalkGoesOn } from "../fixtures/hostile/room_with_attacker.ts";
import { Villain, WALL_MS } from "../fixtures/hostile/attacker.ts";
import { writeEntry } from "../../src/room/entry.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";

/** Time for a room to find a host when its first one is gone and those behind it do not answer. */
const HOSTED_MS_MAX = 30_000;

Deno.test("Thirty who joined before all others and answer nobody do not keep a room without a host", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(820, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const { room: { id: room } } = await bob.run({ do: "join", room: "Attic" });
  const segment = alice.host.attachments[1]?.segment;
  assert(segment !== undefined);
  const villains = Array.from({ length: 30 }, (_, index) => new Villain(10 + index));
  const [first] = villains;
  assert(first !== undefined);
  await first.call(world, "mallory");
  first.stranger.meet(room);
  for (const { stranger: { signer } } of villains) {
    const draft = { room, number: 1, prev: "", clock: 2, wallMs: WALL_MS, kind: "join", name: "m", body: "" };
    first.stranger.pass(room, writeEntry(draft, signer, denoCrypto()).line);
  }
  await world.time.runFor(1_000);
  first.stranger.hangUp();
  for (const villain of villains) segment.link(await villain.beacon(world, { name: "m" }), "silent");
  await world.time.runFor(1_000);
  alice.powerOff();
  await bob.run({ do: "send", to: "#Attic", text: "is anybody there?" });
  const isRead = () =>
    carol.events.some((event) => event.event === "entry" && event.row.text === "is anybody there?");
  assert(await world.time.runUntil(isRead, HOSTED_MS_MAX), "no host in time");
  await world.time.runFor(60_000);
  await assertTalkGoesOn(world, bob, carol);
  assertEquals((await bob.run({ do: "members", room: "#Attic" })).members.length, 33);
  await goHome(world);
});
