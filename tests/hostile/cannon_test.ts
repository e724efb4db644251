/** Beacons that name somebody else's address do not make nodes fire at it. */

import { assert, assertEquals } from "@std/assert";
import {
  ADDRESS_BURST,
  ADDRESS_GAP_MS,
  ConnectLimiter,
  CONNECTS_BURST,
  CONNECTS_GAP_MS,
  ENDPOINT_GAP_MS,
  SUBNET_BURST,
  SUBNET_GAP_MS,
} from "../../src/client/connect_limiter.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { encodeBeacon } from "../../src/discovery/beacon.ts";
import { atticOf, goHome } from "../fixtures/node/shared_room.ts";
import { WALL_MS } from "../fixtures/hostile/attacker.ts";

const CRYPTO = denoCrypto();
const PORT = 9999;

Deno.test("A hundred signed beacons that claim a bystander's address for a room's host bring it a connect in five seconds", async () => {
  const { world, machines } = await atticOf(1100, ["alice", "bob", "carol"]);
  const [alice] = machines;
  assert(alice !== undefined);
  const { room: { id: room } } = await alice.run({ do: "join", room: "Attic" });
  const segment = alice.host.attachments[1]?.segment;
  assert(segment !== undefined);
  const bystander = world.network.host("bystander");
  bystander.attach(segment, { address: "192.168.43.77" });
  const { tcp, udp } = bystander.boot();
  const listener = tcp.listen({ address: "0.0.0.0", port: PORT });
  let connects = 0;
  const accepting = (async () => {
    for (let stream = await listener.accept(); stream !== null; stream = await listener.accept()) {
      connects++;
      stream.close();
    }
  })();
  const socket = udp.open({ address: "0.0.0.0", port: 0 }, { shared: false });
  const signers = Array.from(
    { length: 100 },
    (_, index) => CRYPTO.signer(new Uint8Array(32).fill(100 + index)),
  );
  const fromMs = world.time.nowMs;
  for (let round = 1; round <= 10; round++) {
    for (const signer of signers) {
      const bytes = encodeBeacon({
        kind: "beat",
        instance: WALL_MS,
        counter: round,
        beatSeconds: 600,
        rendezvousPort: PORT,
        merit: 3,
        name: "host",
        rooms: [{ id: room, title: "Attic", memberCount: 2 }],
      }, signer);
      await world.time.drive(socket.send(bytes, { address: "192.168.43.255", port: PORT }));
      await world.time.runFor(20);
    }
  }
  const gaps = Math.ceil((world.time.nowMs - fromMs) / ENDPOINT_GAP_MS) + 1;
  assert(connects > 0, "nobody asks whether the claims are true: this test tests nothing");
  assert(
    connects <= machines.length * gaps,
    `${connects} connects of ${machines.length} nodes in ${gaps} gaps`,
  );
  socket.close();
  listener.close();
  await world.time.drive(accepting);
  await goHome(world);
});

Deno.test("Connects to places that nobody has proven are bounded for each place, address, subnet and in all", () => {
  const nowMs = 1_000_000;
  const taken = (
    limiter: ConnectLimiter,
    places: readonly (readonly [address: string, port: number])[],
    atMs = nowMs,
  ) => places.filter(([address, port]) => limiter.take({ address, port }, atMs)).length;
  const many = (count: number) => Array.from({ length: count }, (_, index) => index);
  const one = new ConnectLimiter();
  assertEquals(taken(one, many(10).map(() => ["10.0.0.1", 9_999] as const)), 1);
  assertEquals(taken(one, [["10.0.0.1", 9_999]], nowMs + ENDPOINT_GAP_MS), 1);
  const ports = many(500).map((index) => ["10.0.0.1", 2_000 + index] as const);
  const address = new ConnectLimiter();
  assertEquals([taken(address, ports), taken(address, ports, nowMs + ADDRESS_GAP_MS)], [ADDRESS_BURST, 1]);
  const hosts = many(250).map((index) => [`10.0.0.${index + 1}`, 9_999] as const);
  const subnet = new ConnectLimiter();
  assertEquals([taken(subnet, hosts), taken(subnet, hosts, nowMs + SUBNET_GAP_MS)], [SUBNET_BURST, 1]);
  const everywhere = many(900).map((index) => [`10.${index % 250}.${index}.1`, 9_999] as const);
  const all = new ConnectLimiter();
  assertEquals([taken(all, everywhere), taken(all, everywhere, nowMs + CONNECTS_GAP_MS)], [
    CONNECTS_BURST,
    1,
  ]);
  all.noteProven({ address: "10.9.9.9", port: 1 });
  assertEquals(
    taken(all, many(50).map(() => ["10.9.9.9", 1] as const)),
    50,
    "where a session was, nothing holds",
  );
  const loopback = many(300).map((index) => ["127.0.0.1", 9_000 + index] as const);
  assertEquals(taken(new ConnectLimiter(), loopback), 300, "nodes of one machine find each other at once");
});
