import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { BeaconDraft } from "../../src/discovery/beacon.ts";
import {
  type DatagramEffect,
  DatagramHandler,
  OTHER_VERSION_MS_MIN,
  toEndpointKey,
} from "../../src/discovery/datagram_handler.ts";
import { PeerTable, UNPINNED_PEERS_MAX } from "../../src/discovery/peer_table.ts";
import type { Crypto } from "../../src/ports/crypto.ts";
import type { Endpoint } from "../../src/ports/network.ts";
import { type PeerId, toPeerId } from "../../src/room/id.ts";
import { bytesOf, crypto, network, roomOf, signerOf } from "../fixtures/discovery/beacons.ts";

const WLAN = network("wlan0 192.168.1.5/24");
const LO = network("lo 127.0.0.1/8");
const PLACE = {
  networks: [WLAN, LO],
  own: new Set(
    [{ address: "192.168.1.5", port: 40_000 }, { address: "192.168.1.5", port: 9999 }].map(toEndpointKey),
  ),
};
const SELF = 1;
const SELF_INSTANCE = 5_000;

/** Our ears, and what they know. */
class Ears {
  readonly peers = new PeerTable();
  readonly datagramHandler: DatagramHandler;

  constructor(withCrypto: Crypto = crypto) {
    this.datagramHandler = new DatagramHandler({
      id: keyOf(SELF),
      instance: SELF_INSTANCE,
      crypto: withCrypto,
      peers: this.peers,
    });
  }

  hear(bytes: Uint8Array, from: Endpoint, nowMs = 0): readonly DatagramEffect[] {
    return this.datagramHandler.handle({ bytes, from, place: PLACE }, nowMs);
  }

  /** What happens on a beacon of somebody, in words. */
  kinds(
    number: number,
    changes: Partial<BeaconDraft>,
    options: Partial<Endpoint> & { nowMs?: number } = {},
  ): string[] {
    const { address = "192.168.1.77", port = 50_000, nowMs = 0 } = options;
    return this.hear(bytesOf(number, changes), { address, port }, nowMs).map(({ kind }) => kind);
  }

  get ids(): readonly PeerId[] {
    return this.peers.list().map(({ id }) => id);
  }
}

function keyOf(number: number): PeerId {
  return toPeerId(signerOf(number).publicKey);
}

Deno.test("Hearing answers a hello at its exact source, by the interface of that network", () => {
  const ears = new Ears();
  assertEquals(ears.hear(bytesOf(2), { address: "192.168.1.77", port: 50_123 }), [
    { kind: "neighbour", address: "192.168.1.77" },
    { kind: "changed" },
    { kind: "answer", to: { address: "192.168.1.77", port: 50_123 }, by: WLAN },
  ]);
  assertEquals(ears.ids, [keyOf(2)]);
});

Deno.test("Hearing answers every hello, a beat only from those it did not know, an answer never", () => {
  const ears = new Ears();
  assertEquals(ears.kinds(2, { kind: "beat" }), ["neighbour", "changed", "answer"]);
  assertEquals(ears.kinds(2, { kind: "beat", counter: 2 }, { nowMs: 1_000 }), ["neighbour", "again"]);
  assertEquals(ears.kinds(2, { kind: "hello", counter: 3 }, { nowMs: 2_000 }), [
    ...["neighbour", "again", "answer"],
  ]);
  assertEquals(ears.kinds(2, { kind: "beat", counter: 1, instance: 2_000 }, { nowMs: 3_000 }), [
    ...["neighbour", "changed", "answer"],
  ]);
  assertEquals(ears.kinds(3, { kind: "answer" }, { nowMs: 4_000 }), ["neighbour", "changed"]);
  assertEquals(ears.kinds(3, { kind: "answer", instance: 2_000 }, { nowMs: 4_000 }), [
    "neighbour",
    "changed",
  ]);
});

Deno.test("Hearing answers a replayed hello within the limits, and learns nothing from it", () => {
  const ears = new Ears();
  ears.kinds(2, { counter: 9, name: "Ada" });
  assertEquals(ears.kinds(2, { counter: 3, name: "Old Ada" }, { nowMs: 3_000 }), ["neighbour", "answer"]);
  assertEquals(ears.peers.get(keyOf(2))?.claimedName, "Ada");
});

Deno.test("Hearing drops what comes from outside, from system ports and from broadcast addresses, unread", () => {
  const cases: readonly Endpoint[] = [
    { address: "8.8.8.8", port: 50_000 },
    { address: "192.168.2.77", port: 50_000 },
    { address: "192.168.1.255", port: 50_000 },
    { address: "192.168.1.0", port: 50_000 },
    { address: "255.255.255.255", port: 50_000 },
    { address: "0.0.0.0", port: 50_000 },
    { address: "224.0.0.219", port: 50_000 },
    { address: "192.168.1.77", port: 0 },
    { address: "192.168.1.77", port: 53 },
    { address: "192.168.1.77", port: 1_023 },
  ];
  let checks = 0;
  const ears = new Ears({ ...crypto, verify: () => ++checks > 0 });
  for (const from of cases) assertEquals(ears.hear(bytesOf(2), from), [], toEndpointKey(from));
  assertEquals([checks, ears.datagramHandler.dropped.foreign], [0, cases.length]);
});

Deno.test("Hearing answers none of our own sockets", () => {
  const ears = new Ears();
  assertEquals(ears.kinds(2, { counter: 1 }, { address: "192.168.1.5", port: 40_000 }), ["changed"]);
  assertEquals(ears.kinds(2, { counter: 2 }, { address: "192.168.1.5", port: 9999 }), ["again"]);
  // Another node of this device.
  assertEquals(ears.kinds(3, {}, { address: "192.168.1.5", port: 50_000 }), ["changed", "answer"]);
});

Deno.test("Hearing takes those on this very device for no neighbours", () => {
  const ears = new Ears();
  assertEquals(ears.kinds(2, {}, { address: "127.0.0.1" }), ["changed", "answer"]);
  assertEquals(ears.kinds(3, {}, { address: "192.168.1.5" }), ["changed", "answer"]);
  assertEquals(ears.kinds(4, {}, { address: "192.168.1.6" }), ["neighbour", "changed", "answer"]);
});

Deno.test("Hearing knows its own echo", () => {
  const ears = new Ears();
  const own = bytesOf(SELF, { instance: SELF_INSTANCE });
  assertEquals(ears.hear(own, { address: "192.168.1.5", port: 40_000 }), [{ kind: "echo", by: WLAN }]);
  assertEquals(ears.hear(own, { address: "192.168.1.66", port: 40_000 }), [], "sent again by somebody else");
  assertEquals(ears.ids, []);
  assertEquals(ears.datagramHandler.doubleAt, null);
});

Deno.test("Hearing tells a live double from a replay of an earlier start", () => {
  const ears = new Ears();
  const from = { address: "192.168.1.66", port: 50_000 };
  const earlier = bytesOf(SELF, { instance: 4_000, counter: 7 });
  for (let nowMs = 0; nowMs < 10_000; nowMs += 1_000) assertEquals(ears.hear(earlier, from, nowMs), []);
  assertEquals(ears.datagramHandler.doubleAt, null);
  assertEquals(ears.hear(bytesOf(SELF, { instance: 4_000, counter: 8 }), from, 10_000), []);
  assertEquals(ears.datagramHandler.doubleAt, from);
  assertEquals(ears.ids, []);
});

Deno.test("Hearing counts what is no beacon of ours, and charges the address for it", () => {
  const ears = new Ears();
  const from = { address: "192.168.1.66", port: 50_000 };
  const forged = bytesOf(2).with(500, 1);
  ears.hear(new Uint8Array(0), from);
  ears.hear(new TextEncoder().encode("{}"), from);
  ears.hear(forged, from);
  ears.hear(bytesOf(2).with(4, 9), from);
  assertEquals(ears.datagramHandler.dropped, {
    foreign: 0,
    limited: 0,
    garbage: 2,
    forged: 1,
    otherVersion: 0,
  });
  for (let count = 0; count < 1_000; count++) ears.hear(forged, from);
  assertEquals(ears.datagramHandler.dropped, {
    foreign: 0,
    limited: 988,
    garbage: 2,
    forged: 13,
    otherVersion: 0,
  });
  assertEquals(ears.kinds(2, {}, { address: "192.168.1.77" }).length, 3, "others are still heard");
});

Deno.test("Hearing takes a device for one of another version when it says so for a while, not for one datagram or a burst", () => {
  const ears = new Ears();
  const from = { address: "192.168.1.66", port: 50_000 };
  const other = bytesOf(2).with(4, 9);
  for (let count = 0; count < 5; count++) ears.hear(other, from, count);
  for (let host = 2; host < 200; host++) ears.hear(other, { ...from, address: `192.168.1.${host}` }, 100);
  assertEquals(ears.datagramHandler.dropped.otherVersion, 0);
  ears.hear(other, from, 200);
  ears.hear(other, from, 200 + OTHER_VERSION_MS_MIN);
  assertEquals(ears.datagramHandler.dropped.otherVersion, 1);
});

Deno.test("Hearing checks at most 20 signatures a second for a flooding address, and in all a table full, then 200 a second", () => {
  let checks = 0;
  const ears = new Ears({ ...crypto, verify: () => ++checks > 0 });
  // Two in turn, for a copy is not checked at all.
  const flood = [bytesOf(2), bytesOf(2, { counter: 2 })] as const;
  // 50,000 hellos in one second: first from one address, then from all of the network.
  for (let count = 0; count < 50_000; count++) {
    ears.hear(flood[count % 2 === 0 ? 0 : 1], { address: "192.168.1.66", port: 50_000 }, count / 50);
  }
  assertEquals(checks, 79);
  for (let count = 0; count < 50_000; count++) {
    const address = `192.168.1.${1 + count % 253}`;
    ears.hear(flood[count % 2 === 0 ? 0 : 1], { address, port: 50_000 }, 1_000 + count / 50);
  }
  assertLessOrEqual(checks, 79 + 2 * UNPINNED_PEERS_MAX + 200);
  assertLessOrEqual(ears.ids.length, UNPINNED_PEERS_MAX);
});

Deno.test("Hearing checks a beacon once, though it comes by broadcast and to the group, and a forged one each time", () => {
  let checks = 0;
  const ears = new Ears({
    ...crypto,
    verify: (...claim) => {
      checks++;
      return crypto.verify(...claim);
    },
  });
  const from = { address: "192.168.1.66", port: 50_000 };
  const hello = bytesOf(2);
  assertEquals([hello, hello, hello].map((copy) => ears.hear(copy, from, 1).length), [3, 0, 0]);
  assertEquals(checks, 1);
  ears.hear(hello, { ...from, port: 50_001 }, 1);
  ears.hear(hello, from, 301);
  ears.hear(bytesOf(2, { counter: 2 }), from, 302);
  assertEquals(checks, 4);
  const forged = hello.with(-1, (hello.at(-1) ?? 0) ^ 1);
  for (let copy = 1; copy <= 3; copy++) ears.hear(forged, from, 303);
  assertEquals(checks, 7);
});

Deno.test("Hearing sends no more bytes to a forged source than were sent to us: amplification at most 1", () => {
  const ears = new Ears();
  const victim = { address: "192.168.1.99", port: 50_000 };
  const room = { id: roomOf(1), title: "A long title of a room", memberCount: 9 };
  const answer = bytesOf(SELF, { kind: "answer", name: "n".repeat(128), rooms: Array(9).fill(room) });
  for (const kind of ["hello", "beat", "answer"] as const) {
    let receivedBytes = 0;
    let sentBytes = 0;
    for (let counter = 1; counter <= 100; counter++) {
      const bytes = bytesOf(2 + counter, { kind, counter });
      const effects = ears.hear(bytes, victim, counter * 500);
      const answers = effects.filter((effect) => effect.kind === "answer");
      assertLessOrEqual(answers.length * answer.length, bytes.length, `one ${kind}`);
      receivedBytes += bytes.length;
      sentBytes += answers.length * answer.length;
    }
    assertLessOrEqual(sentBytes, receivedBytes);
  }
});

Deno.test("Hearing sends at most 10 answers at once to a forged source, and 5 a second", () => {
  const ears = new Ears();
  let answers = 0;
  for (let number = 2; number < 42; number++) {
    answers += ears.kinds(number, {}, { address: "192.168.1.99" }).filter((kind) => kind === "answer").length;
  }
  assertEquals(answers, 10);
});

Deno.test("Hearing knows all of a thousand who start in one moment, answers some, and says that the rest is to be told at once", () => {
  const ears = new Ears({ ...crypto, verify: () => true });
  const hall = { ...network("wlan0 10.7.0.5/16") };
  const kinds: string[] = [];
  for (let number = 2; number < 1_002; number++) {
    const from = { address: `10.7.${1 + (number >> 8)}.${number & 255}`, port: 50_000 };
    const bytes = bytesOf(number);
    const effects = ears.datagramHandler.handle(
      { bytes, from, place: { networks: [hall], own: new Set() } },
      1,
    );
    kinds.push(...effects.map(({ kind }) => kind));
  }
  assertEquals(ears.ids.length, 1_000);
  assertEquals([kinds.filter((kind) => kind === "answer").length, kinds.at(-1)], [32, "overrun"]);
});

Deno.test("Hearing listens to a copy of a burst in a crowd only 0.3 s after the last, and among few at once", () => {
  for (const [others, checksExpected] of [[10, 3], [64, 2]] as const) {
    let checks = 0;
    const ears = new Ears({ ...crypto, verify: () => ++checks > 0 });
    const from = (number: number) => ({ address: `192.168.1.${number + 100}`, port: 50_000 });
    for (let number = 2; number < 2 + others; number++) ears.hear(bytesOf(number), from(number), 0);
    checks = 0;
    for (const [counter, nowMs] of [[2, 150], [3, 450], [4, 750]] as const) {
      ears.hear(bytesOf(2, { counter }), from(2), nowMs);
    }
    assertEquals(checks, checksExpected, `among ${others}`);
  }
});

Deno.test("Hearing lets a forged name displace nobody", () => {
  const ears = new Ears();
  ears.kinds(2, { name: "Ada" });
  ears.kinds(3, { name: "Ada" }, { address: "192.168.1.66" });
  assertEquals(ears.peers.get(keyOf(2))?.endpoints, [{ address: "192.168.1.77", port: 9999 }]);
  assertEquals(ears.ids, [keyOf(2), keyOf(3)]);
});
