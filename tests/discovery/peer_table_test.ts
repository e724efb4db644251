import { assert, assertEquals } from "@std/assert";
import type { Beacon } from "../../src/discovery/beacon.ts";
import { HEARD_ADDRESSES_MAX } from "../../src/discovery/peer_record.ts";
import { PeerTable, UNPINNED_PEERS_MAX } from "../../src/discovery/peer_table.ts";
import type { Endpoint } from "../../src/ports/network.ts";
import { beaconOf, idOf, roomOf } from "../fixtures/discovery/beacons.ts";

/** Someone at an address, by its ephemeral port. */
function at(address: string): Endpoint {
  return { address, port: 50_000 };
}

/** A table that has heard Ada, instance 1000, counter 5, at 10.0.0.1 at the moment 0; her beat is 60 s. */
function heardAda(): PeerTable {
  const peers = new PeerTable();
  peers.upsert({ beacon: ada(), from: at("10.0.0.1") }, 0);
  return peers;
}

function ada(changes: Partial<Beacon> = {}): Beacon {
  return beaconOf({ id: idOf(1), instance: 1_000, counter: 5, ...changes });
}

function addressesOf(peers: PeerTable): string[] {
  return (peers.get(idOf(1))?.endpoints ?? []).map(({ address, port }) => `${address}:${port}`);
}

Deno.test("PeerTable tells what someone at an address says", () => {
  const rooms = [{ id: roomOf(1), title: "Attic", memberCount: 3 }];
  const peers = new PeerTable();
  assertEquals(peers.upsert({ beacon: ada({ rooms, roomsCount: 4 }), from: at("10.0.0.1") }, 7), "new");
  assertEquals(peers.list(), [{
    id: idOf(1),
    instance: 1_000,
    claimedName: "Ada",
    merit: 1,
    rooms,
    roomsCount: 4,
    endpoints: [{ address: "10.0.0.1", port: 9999 }],
    isHeard: true,
    heardAtMs: 7,
  }]);
  assertEquals(peers.get(idOf(2)), undefined);
});

Deno.test("PeerTable says what a newer beacon changed", () => {
  const room = { id: roomOf(1), title: "Attic", memberCount: 3 };
  const cases: readonly [string, Partial<Beacon>, string, string][] = [
    ["nothing", {}, "10.0.0.1", "known"],
    ["beat", { beatSeconds: 120 }, "10.0.0.1", "known"],
    ["name", { name: "Bob" }, "10.0.0.1", "changed"],
    ["port", { rendezvousPort: 10_000 }, "10.0.0.1", "changed"],
    ["rooms", { rooms: [room], roomsCount: 1 }, "10.0.0.1", "changed"],
    ["rooms that do not fit", { roomsCount: 7 }, "10.0.0.1", "changed"],
    ["address", {}, "10.0.0.2", "changed"],
  ];
  for (const [what, changes, address, change] of cases) {
    assertEquals(
      heardAda().upsert({ beacon: ada({ counter: 6, ...changes }), from: at(address) }, 10),
      change,
      what,
    );
  }
  const peers = heardAda();
  peers.upsert({ beacon: ada({ counter: 6, rooms: [room], roomsCount: 1 }), from: at("10.0.0.1") }, 10);
  const more = { ...room, memberCount: 4 };
  assertEquals(
    peers.upsert({ beacon: ada({ counter: 7, rooms: [more], roomsCount: 1 }), from: at("10.0.0.1") }, 20),
    "changed",
  );
});

Deno.test("PeerTable learns nothing from an older beacon", () => {
  const peers = heardAda();
  const before = peers.list();
  assertEquals(
    peers.upsert({
      beacon: ada({ counter: 4, name: "Mallory", rendezvousPort: 2000 }),
      from: at("10.0.0.66"),
    }, 10),
    "ignored",
  );
  assertEquals(peers.list(), before);
});

Deno.test("PeerTable takes an address at most from a copy, and ranks it behind those that brought news", () => {
  const peers = heardAda();
  assertEquals(peers.upsert({ beacon: ada({ name: "Mallory" }), from: at("10.0.0.66") }, 10), "changed");
  assertEquals(peers.upsert({ beacon: ada(), from: at("10.0.0.66") }, 20), "known");
  assertEquals(
    peers.upsert({ beacon: ada({ rendezvousPort: 2000 }), from: at("10.0.0.1") }, 30),
    "ignored",
    "a direct address stays as it is",
  );
  assertEquals(addressesOf(peers), ["10.0.0.1:9999", "10.0.0.66:9999"]);
  assertEquals(peers.get(idOf(1))?.claimedName, "Ada");
  assertEquals(peers.get(idOf(1))?.heardAtMs, 0, "a replay keeps nobody alive");
});

Deno.test("PeerTable ranks addresses by freshness", () => {
  const peers = heardAda();
  peers.upsert({ beacon: ada({ counter: 6 }), from: at("192.168.1.1") }, 10);
  assertEquals(addressesOf(peers), ["192.168.1.1:9999", "10.0.0.1:9999"]);
  peers.upsert({ beacon: ada({ counter: 7 }), from: at("10.0.0.1") }, 20);
  assertEquals(addressesOf(peers), ["10.0.0.1:9999", "192.168.1.1:9999"]);
});

Deno.test("PeerTable keeps a direct address however many copies arrive from elsewhere", () => {
  const peers = heardAda();
  for (let number = 100; number < 130; number++) {
    peers.upsert({ beacon: ada(), from: at(`10.0.0.${number}`) }, number);
  }
  assertEquals(addressesOf(peers).length, HEARD_ADDRESSES_MAX);
  assertEquals(addressesOf(peers)[0], "10.0.0.1:9999");
});

Deno.test("PeerTable drops an address that has been silent for three beats", () => {
  const peers = heardAda();
  for (let counter = 6; counter < 9; counter++) {
    peers.upsert({ beacon: ada({ counter }), from: at("192.168.1.1") }, (counter - 5) * 60_000 - 1);
    assertEquals(addressesOf(peers).length, 2);
  }
  peers.upsert({ beacon: ada({ counter: 9 }), from: at("192.168.1.1") }, 180_000);
  assertEquals(addressesOf(peers), ["192.168.1.1:9999"]);
});

Deno.test("PeerTable sees a restart: a later instance from the same address", () => {
  const peers = heardAda();
  const again = ada({ instance: 2_000, counter: 1, name: "Ada again", rendezvousPort: 10_000 });
  assertEquals(peers.upsert({ beacon: again, from: at("10.0.0.1") }, 10), "restarted");
  assertEquals(peers.get(idOf(1))?.claimedName, "Ada again");
  assertEquals(addressesOf(peers), ["10.0.0.1:10000"]);
  assertEquals(
    peers.upsert({ beacon: ada({ counter: 900 }), from: at("10.0.0.1") }, 20),
    "ignored",
    "a replay of the instance before",
  );
  assertEquals(peers.get(idOf(1))?.claimedName, "Ada again");
});

Deno.test("PeerTable lets another instance displace nothing while the current one keeps its beat", () => {
  const replayed = {
    counter: 9_000,
    name: "Mallory",
    rooms: [{ id: roomOf(6), title: "Trap", memberCount: 1 }],
  };
  for (const instance of [1, 999_999]) {
    const peers = heardAda();
    const before = peers.get(idOf(1));
    assertEquals(
      peers.upsert({ beacon: ada({ ...replayed, instance }), from: at("10.0.0.66") }, 60_000),
      "changed",
    );
    assertEquals(
      peers.get(idOf(1)),
      {
        ...before,
        endpoints: [{ address: "10.0.0.1", port: 9999 }, { address: "10.0.0.66", port: 9999 }],
      } as typeof before,
    );
  }
});

Deno.test("PeerTable believes another instance once the current one missed its beat", () => {
  for (const instance of [1, 999_999]) {
    const peers = heardAda();
    assertEquals(
      peers.upsert(
        { beacon: ada({ instance, counter: 1, name: "Elsewhere" }), from: at("10.0.0.9") },
        60_001,
      ),
      "restarted",
    );
    assertEquals(peers.get(idOf(1))?.claimedName, "Elsewhere");
    assertEquals(addressesOf(peers), ["10.0.0.9:9999", "10.0.0.1:9999"]);
  }
});

Deno.test("PeerTable keeps two keys of one name apart", () => {
  const peers = heardAda();
  assertEquals(
    peers.upsert({ beacon: beaconOf({ id: idOf(2), name: "Ada" }), from: at("10.0.0.66") }, 10),
    "new",
  );
  assertEquals(peers.list().map(({ id, claimedName }) => [id, claimedName]), [[idOf(1), "Ada"], [
    idOf(2),
    "Ada",
  ]]);
});

Deno.test("PeerTable has silent peers asked three times, then forgets them", () => {
  const peers = heardAda();
  assertEquals(peers.wakeAtMs, 75_000);
  assertEquals(peers.sweep(74_999), { isChanged: false, overdue: [] });
  const asked = { id: idOf(1), from: { address: "10.0.0.1", port: 50_000 } };
  assertEquals(peers.sweep(75_000), { isChanged: false, overdue: [{ ...asked, isLast: false }] });
  assertEquals(peers.wakeAtMs, 105_000);
  assertEquals(peers.sweep(105_000), { isChanged: false, overdue: [{ ...asked, isLast: false }] });
  assertEquals(peers.wakeAtMs, 150_000);
  assertEquals(peers.sweep(150_000), { isChanged: false, overdue: [{ ...asked, isLast: true }] });
  assertEquals(peers.wakeAtMs, 180_000);
  assertEquals(peers.sweep(180_000), { isChanged: true, overdue: [] });
  assertEquals(peers.list(), []);
  assertEquals(peers.wakeAtMs, null);
  assertEquals(peers.upsert({ beacon: ada(), from: at("10.0.0.1") }, 180_001), "new");
});

Deno.test("PeerTable asks nobody who answered", () => {
  const peers = heardAda();
  peers.sweep(75_000);
  peers.upsert({ beacon: ada({ counter: 6 }), from: at("10.0.0.1") }, 75_010);
  assertEquals(peers.sweep(150_009), { isChanged: false, overdue: [] });
  assertEquals(peers.wakeAtMs, 150_010);
});

Deno.test("PeerTable has a crowd that fell silent asked in parts", () => {
  const peers = new PeerTable();
  for (let number = 1; number <= 100; number++) {
    peers.upsert(
      { beacon: beaconOf({ id: idOf(number), beatSeconds: 60 }), from: at(`10.0.0.${number}`) },
      0,
    );
  }
  const asked = [75_000, 75_100, 75_200, 75_300].map((nowMs) =>
    peers.sweep(nowMs).overdue.map(({ id }) => id)
  );
  assertEquals(asked.map(({ length }) => length), [32, 32, 32, 4]);
  assertEquals(new Set(asked.flat()).size, 100);
  assertEquals(peers.wakeAtMs, 105_000);
});

Deno.test("PeerTable believes beats only within what an honest node tells", () => {
  for (const [beatSeconds, askAtMs] of [[0, 5_000], [1, 5_000], [65_535, 375_000]] as const) {
    const peers = new PeerTable();
    peers.upsert({ beacon: ada({ beatSeconds }), from: at("10.0.0.1") }, 0);
    assertEquals(peers.wakeAtMs, askAtMs, `${beatSeconds} s`);
  }
});

Deno.test("PeerTable keeps a pinned peer that fell silent, without its rooms", () => {
  const peers = new PeerTable();
  peers.pin(idOf(1));
  peers.upsert({
    beacon: ada({ rooms: [{ id: roomOf(1), title: "Attic", memberCount: 3 }], roomsCount: 1 }),
    from: at("10.0.0.1"),
  }, 0);
  assertEquals(peers.sweep(180_000), { isChanged: true, overdue: [] });
  assertEquals(peers.wakeAtMs, null);
  assertEquals(peers.sweep(999_999), { isChanged: false, overdue: [] });
  const [peer] = peers.list();
  assertEquals([peer?.isHeard, peer?.rooms, peer?.roomsCount, addressesOf(peers)], [false, [], 0, [
    "10.0.0.1:9999",
  ]]);
  assertEquals(peers.count(() => true), 0);
  assertEquals(
    peers.upsert({ beacon: ada(), from: at("10.0.0.1") }, 1_000_000),
    "ignored",
    "an old beacon does not wake it",
  );
  assertEquals(peers.upsert({ beacon: ada({ counter: 6 }), from: at("10.0.0.1") }, 1_000_001), "new");
  assertEquals(peers.get(idOf(1))?.isHeard, true);
  peers.unpin(idOf(1));
  peers.sweep(1_180_001);
  assertEquals(peers.list(), []);
});

Deno.test("PeerTable forgets a silent peer as soon as it is unpinned", () => {
  const peers = heardAda();
  peers.pin(idOf(1));
  peers.sweep(180_000);
  peers.unpin(idOf(1));
  assert((peers.wakeAtMs ?? Infinity) <= 180_000);
  assertEquals(peers.sweep(180_001), { isChanged: true, overdue: [] });
  assertEquals(peers.list(), []);
});

Deno.test("PeerTable counts those heard from such an address", () => {
  const peers = heardAda();
  peers.upsert({ beacon: beaconOf({ id: idOf(2) }), from: at("127.0.0.1") }, 0);
  peers.upsert({ beacon: ada({ counter: 6 }), from: at("127.0.0.1") }, 0);
  assertEquals(peers.count(() => true), 2);
  assertEquals(peers.count((address) => address === "10.0.0.1"), 1);
  assertEquals(peers.count((address) => address === "127.0.0.1"), 2);
});

Deno.test("PeerTable outlives a flood of 50,000 keys from one address: the flood pushes out itself", () => {
  const peers = new PeerTable();
  for (let number = 1; number <= 5; number++) {
    peers.upsert({ beacon: beaconOf({ id: idOf(number) }), from: at(`10.0.0.${number}`) }, 0);
  }
  for (let number = 0; number < 50_000; number++) {
    assertEquals(
      peers.upsert(
        { beacon: beaconOf({ id: idOf(1_000 + number) }), from: at("10.0.0.66") },
        1 + number / 50,
      ),
      "new",
    );
  }
  assertEquals(peers.list().length, UNPINNED_PEERS_MAX);
  for (let number = 1; number <= 5; number++) assert(peers.get(idOf(number)) !== undefined);
  assert(peers.get(idOf(50_999)) !== undefined);
});

Deno.test("PeerTable outlives a flood of keys from everywhere: pinned peers stay, the latest strangers too", () => {
  const peers = new PeerTable();
  peers.upsert({ beacon: beaconOf({ id: idOf(1) }), from: at("10.0.0.1") }, 0);
  peers.upsert({ beacon: beaconOf({ id: idOf(2) }), from: at("10.0.0.2") }, 0);
  peers.pin(idOf(1));
  for (let number = 0; number < 5_000; number++) {
    peers.upsert({
      beacon: beaconOf({ id: idOf(1_000 + number) }),
      from: at(`10.1.${number >> 8}.${number & 255}`),
    }, 1);
  }
  assertEquals(peers.list().length, UNPINNED_PEERS_MAX + 1);
  assert(peers.get(idOf(1)) !== undefined);
  assertEquals(peers.get(idOf(2)), undefined);
  assert(peers.get(idOf(5_999)) !== undefined);
});
