import { assertEquals } from "@std/assert";
import {
  type ChargedConnection,
  countNewEntryPoints,
  countPoints,
  MEMBERSHIP_POINTS,
  NEWCOMER_POINTS,
  POINTS_BURST,
  POINTS_PER_SECOND,
  QUOTA_NOTICE_MS,
  Quotas,
} from "../../../src/node/support/quotas.ts";
import type { RoomId } from "../../../src/room/id.ts";
import { idOf } from "../../fixtures/net/connection_pair.ts";
import { SimTime } from "../../sim/clock.ts";

const ROOM = "a".repeat(26) as RoomId;

/** Quotas, links from addresses, and until when each was told to rest. */
function desk() {
  const time = new SimTime();
  const told: string[] = [];
  const quotas = new Quotas(time.clock(), (link) => told.push(link.remote.address));
  const rests = new Map<ChargedConnection, number>();
  const linkFrom = (address: string, key = 1): ChargedConnection => {
    const link: ChargedConnection = {
      remote: { address, port: 1 },
      peer: idOf(key),
      pauseReading: (untilMs) => void rests.set(link, untilMs),
    };
    return link;
  };
  return { time, told, quotas, rests, linkFrom };
}

Deno.test("Quotas let a device spend its burst, then make its links rest as long as their records cost", async () => {
  const { time, told, quotas, rests, linkFrom } = desk();
  const link = linkFrom("10.0.0.2");
  quotas.charge(link, POINTS_BURST);
  assertEquals([rests.size, told], [0, []]);
  quotas.charge(link, POINTS_PER_SECOND / 2);
  assertEquals([rests.get(link), told], [500, ["10.0.0.2"]]);
  await time.runFor(2_000);
  quotas.charge(link, POINTS_PER_SECOND * 1.5);
  assertEquals(rests.get(link), 500, "what it got back was enough");
  quotas.charge(link, POINTS_PER_SECOND);
  assertEquals(rests.get(link), 3_000);
});

Deno.test("Quotas give no more back than the burst, and tell of a device once a minute", async () => {
  const { time, told, quotas, rests, linkFrom } = desk();
  const link = linkFrom("10.0.0.2");
  await time.runFor(3_600_000);
  quotas.charge(link, POINTS_BURST + POINTS_PER_SECOND);
  assertEquals([rests.get(link), told.length], [3_601_000, 1]);
  await time.runFor(QUOTA_NOTICE_MS - 1);
  quotas.charge(link, POINTS_BURST);
  assertEquals(told.length, 1);
  await time.runFor(1);
  quotas.charge(link, 1);
  assertEquals(told.length, 2);
});

Deno.test("Quotas count by address, whatever the key; on loopback by key", () => {
  const { quotas, rests, linkFrom } = desk();
  const spent = linkFrom("10.0.0.2", 1);
  quotas.charge(spent, POINTS_BURST + 1);
  const [otherKey, otherDevice] = [linkFrom("10.0.0.2", 2), linkFrom("10.0.0.3", 1)];
  quotas.charge(otherKey, 1);
  quotas.charge(otherDevice, 1);
  assertEquals([rests.has(otherKey), rests.has(otherDevice)], [true, false]);
  const [one, two] = [linkFrom("127.0.0.1", 1), linkFrom("127.0.0.1", 2)];
  quotas.charge(one, POINTS_BURST + 1);
  quotas.charge(two, 1);
  assertEquals([rests.has(one), rests.has(two)], [true, false]);
});

Deno.test("Quotas remember 1,024 devices, and forget the one that was silent longest", () => {
  const { quotas, rests, linkFrom } = desk();
  const [first, second] = [linkFrom("10.1.0.1"), linkFrom("10.1.0.2")];
  for (const link of [second, first]) quotas.charge(link, POINTS_BURST + 1);
  rests.clear();
  for (let device = 0; device < 1_023; device++) {
    quotas.charge(linkFrom(`10.2.${device >> 8}.${device & 255}`), 1);
  }
  quotas.charge(first, 1);
  quotas.charge(second, 1);
  assertEquals([rests.has(first), rests.has(second)], [true, false]);
});

Deno.test("Lines cost by their length, vectors by their pairs, and who comes and goes more than who talks", () => {
  const lines = ["x", "x".repeat(1_023), "x".repeat(1_024), "x".repeat(131_072)];
  assertEquals(countPoints({ type: "entries", room: ROOM, lines }), 1 + 1 + 2 + 129);
  const vector = new Map(Array.from({ length: 64 }, (_, index) => [idOf(index), 1]));
  assertEquals(countPoints({ type: "have", room: ROOM, vector }), 2);
  assertEquals(countPoints({ type: "seen", room: ROOM, members: new Map() }), 1);
  assertEquals(countPoints({ type: "typing", room: ROOM }), 1);
  const cases = [[1, "join", NEWCOMER_POINTS], [2, "text", 0], [2, "name", MEMBERSHIP_POINTS]] as const;
  for (const [number, kind, points] of cases) assertEquals(countNewEntryPoints({ number, kind }), points);
});
