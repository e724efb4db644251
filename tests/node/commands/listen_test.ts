/** Waiting for others at another port than before. */

import { assert, assertEquals } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { assertSays } from "../../fixtures/node/failing_commands.ts";

Deno.test("listen waits at that port and no more at the old one, and who is connected stays so", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(1, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const before = (await alice.run({ do: "status" })).sessions;
  assertEquals(await alice.run({ do: "listen", port: 9950 }), { port: 9950 });
  await world.time.runFor(500);
  const status = await alice.run({ do: "status" });
  assertEquals([status.port, status.sessions, alice.node.port], [9950, before, 9950]);
  await carol.stop();
  await world.time.runFor(500);
  await carol.start();
  await world.time.runFor(5_000);
  await carol.run({ do: "send", to: "#Attic", text: "found you" });
  await world.time.runFor(1_000);
  assertEquals(await alice.texts("#Attic"), ["found you"]);
  assertEquals((await bob.run({ do: "connect", to: "192.168.43.1", port: 9950 })).peer.name, "alice");
  await assertSays(carol, [[
    { do: "connect", to: "192.168.43.1", port: 9999 },
    WorldError,
    "Cannot connect to 192.168.43.1 port 9999: the device is there, but earshot is not listening on that port",
  ]]);
  assertEquals(
    await alice.run({ do: "listen", port: 9950 }),
    { port: 9950 },
    "the same again is nothing new",
  );
  await goHome(world);
});

Deno.test("listen at a port that another program has leaves all as it was", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const other = alice.host.boot().tcp.listen({ address: "0.0.0.0", port: 9951 });
  await assertSays(alice, [[
    { do: "listen", port: 9951 },
    WorldError,
    "Cannot listen on port 9951: another program uses it. Others still reach you at port 9999",
  ]]);
  other.close();
  assertEquals((await alice.run({ do: "status" })).port, 9999);
  assertEquals((await bob.run({ do: "connect", to: "192.168.43.1" })).peer.name, "alice");
  await goHome(world);
});
