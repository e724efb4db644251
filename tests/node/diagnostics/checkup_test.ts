/** The checkup of whole nodes on a simulated network: what others are asked, and what they do when they are. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { DoctorReply, FindingAbout } from "../../../src/api/commands.ts";
import { HOME } from "../../sim/world.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";

Deno.test("doctor asks who is connected, and tells that they reach us", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(11, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const reply = await alice.run({ do: "doctor" });
  assertEquals(states(reply, ["reached", "heard", "clock", "rendezvous-port", "notice"]), "ok ok ok ok ok");
  assertEquals([reply.id, reply.version, reply.os], [alice.node.id, "sim", "linux"]);
  await goHome(world);
});

Deno.test("doctor tells again what it was told a moment ago, and knocks do not pile up", async () => {
  const { world, machines: [alice, bob] } = await atticOf(12, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const before = (await alice.run({ do: "status" })).sessions;
  const replies = await Promise.all([1, 2, 3].map(() => alice.run({ do: "doctor" })));
  assertEquals(replies.map((reply) => states(reply, ["reached"])), ["ok", "ok", "ok"]);
  await world.time.runFor(10_000);
  assertEquals(states(await alice.run({ do: "doctor" }), ["reached"]), "ok");
  await world.time.runFor(10_000);
  assertEquals((await alice.run({ do: "status" })).sessions, before, "a knock leaves no session behind");
  assertEquals((await alice.run({ do: "status" })).notices, []);
  await goHome(world);
});

Deno.test("doctor of somebody alone has nobody to ask, and says so", async () => {
  const { world, machines: [alice, bob] } = await atticOf(13, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await bob.stop();
  await world.time.runFor(1_000);
  const reply = await alice.run({ do: "doctor" });
  assertEquals(states(reply, ["reached", "clock", "heard"]), "unknown unknown none");
  await goHome(world);
});

Deno.test("doctor names what was found damaged at the start", async () => {
  const { world, machines: [alice, bob] } = await atticOf(14, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.stop();
  alice.disk.put(`${HOME}/contacts.dat`, new TextEncoder().encode("Grandma\tno-id-yet\n"));
  await alice.start();
  const { findings } = await alice.run({ do: "doctor" });
  assertEquals(findings.filter(({ about }) => about === "notice").map(({ state, found }) => [state, found]), [
    [
      "warn",
      `Line 1 of "${
        join(HOME, "contacts.dat")
      }" is not a valid contact: "no-id-yet" is not the id of a peer. It was left as it is.`,
    ],
  ]);
  await goHome(world);
});

function states({ findings }: DoctorReply, abouts: readonly FindingAbout[]): string {
  return abouts.map((about) => findings.find((one) => one.about === about)?.state ?? "none").join(" ");
}
