import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  AdmissionDesk,
  BURST_PER_ADDRESS,
  PENDING_MAX,
  PENDING_PER_ADDRESS_MAX,
  RATE_PER_ADDRESS,
  SESSIONS_MAX,
  SESSIONS_PER_ADDRESS_MAX,
} from "../../src/host/admission.ts";

const ADA = "10.0.0.1";
const BOB = "10.0.0.2";

/** Asks at a moment, with no sessions open. */
function ask(desk: AdmissionDesk, address: string, nowMs = 0): number {
  const admission = desk.admit(address, { nowMs, sessionCount: 0, sessionsFromThereCount: 0 });
  return admission.kind === "admitted" ? 0 : admission.waitMs;
}

/** Asks, and is done at once if admitted. */
function visit(desk: AdmissionDesk, address: string, nowMs = 0): number {
  const waitMs = ask(desk, address, nowMs);
  if (waitMs === 0) desk.release(address);
  return waitMs;
}

/** Another address for each number. */
function address(number: number): string {
  return `10.1.${number >> 8}.${number & 255}`;
}

Deno.test("AdmissionDesk lets an address come 32 times in a row, then 8 times a second", () => {
  const desk = new AdmissionDesk();
  const waits = Array.from({ length: 33 }, () => visit(desk, ADA));
  assertEquals(waits, [...Array.from({ length: 32 }, () => 0), 125]);
  assertEquals(visit(desk, ADA, 100), 25);
  assertEquals(visit(desk, ADA, 125), 0);
  assertEquals(visit(desk, ADA, 125), 125);
  assertEquals(Array.from({ length: 9 }, () => visit(desk, ADA, 1_125)), [0, 0, 0, 0, 0, 0, 0, 0, 125]);
  assertEquals(visit(desk, BOB, 1_125), 0, "another address is not concerned");
});

Deno.test("AdmissionDesk fills up again in four seconds, and no further", () => {
  const desk = new AdmissionDesk();
  for (let count = 0; count < 32; count++) visit(desk, ADA);
  const after = Array.from({ length: 34 }, () => visit(desk, ADA, 3_600_000));
  assertEquals(after.filter((waitMs) => waitMs === 0).length, BURST_PER_ADDRESS);
});

Deno.test("AdmissionDesk lets one address have 8 under way, and the next when one is over", () => {
  const desk = new AdmissionDesk();
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) assertEquals(ask(desk, ADA), 0);
  assertEquals(ask(desk, ADA), 1_000);
  assertEquals(ask(desk, BOB), 0);
  desk.release(ADA);
  assertEquals([ask(desk, ADA), ask(desk, ADA)], [0, 1_000]);
});

Deno.test("AdmissionDesk lets 64 be under way in all", () => {
  const desk = new AdmissionDesk();
  for (let count = 0; count < PENDING_MAX; count++) assertEquals(ask(desk, address(count >> 3)), 0);
  assertEquals(ask(desk, ADA), 1_000);
  assertEquals(ask(desk, "127.0.0.1"), 1_000);
  desk.release(address(0));
  assertEquals([ask(desk, ADA), ask(desk, BOB)], [0, 1_000]);
});

Deno.test("AdmissionDesk counts open sessions and those under way, and asks for five seconds of patience", () => {
  const desk = new AdmissionDesk();
  const at = (sessionCount: number) => desk.admit(ADA, { nowMs: 0, sessionCount, sessionsFromThereCount: 0 });
  assertEquals(at(SESSIONS_MAX), { kind: "busy", waitMs: 5_000 });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "busy", waitMs: 5_000 });
  desk.release(ADA);
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
});

Deno.test("AdmissionDesk lets loopback have all places: it is one machine with many nodes", () => {
  for (const loopback of ["127.0.0.1", "127.8.8.8", "::1"]) {
    const desk = new AdmissionDesk();
    for (let count = 0; count < 1_000; count++) assertEquals(visit(desk, loopback), 0);
    for (let count = 0; count < PENDING_MAX; count++) assertEquals(ask(desk, loopback), 0);
    assertEquals(ask(desk, loopback), 1_000);
  }
});

Deno.test("AdmissionDesk remembers 1,024 addresses, and forgets first who has been silent longest", () => {
  const desk = new AdmissionDesk();
  const spend = (from: string) => {
    for (let count = 0; count < BURST_PER_ADDRESS; count++) visit(desk, from);
  };
  spend(ADA);
  spend(BOB);
  for (let count = 0; count < 1_022; count++) visit(desk, address(count));
  assertEquals(visit(desk, ADA), 125, "still known");
  visit(desk, address(1_022));
  assertEquals(visit(desk, ADA), 125, "heard lately");
  assertEquals(visit(desk, BOB), 0, "forgotten");
});

Deno.test("AdmissionDesk never forgets an address with something under way", () => {
  const desk = new AdmissionDesk();
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) ask(desk, ADA);
  for (let count = 0; count < 3_000; count++) visit(desk, address(count));
  assertEquals(ask(desk, ADA), 1_000);
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) desk.release(ADA);
  assertEquals(ask(desk, ADA), 0);
});

Deno.test("AdmissionDesk keeps its limits whatever is asked when, and the wait that it names is enough", () => {
  const step = fc.record({ from: fc.nat(2), afterMs: fc.nat(300), isEnd: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
    const desk = new AdmissionDesk();
    const pending = [0, 0, 0];
    const admittedMs: number[][] = [[], [], []];
    let nowMs = 0;
    for (const { from, afterMs, isEnd } of steps) {
      nowMs += afterMs;
      if (isEnd && (pending[from] ?? 0) > 0) {
        desk.release(address(from));
        pending[from] = (pending[from] ?? 0) - 1;
        continue;
      }
      const waitMs = ask(desk, address(from), nowMs);
      if (waitMs > 0) continue;
      pending[from] = (pending[from] ?? 0) + 1;
      admittedMs[from]?.push(nowMs);
      assert((pending[from] ?? 0) <= PENDING_PER_ADDRESS_MAX);
    }
    for (const moments of admittedMs) {
      moments.forEach((firstMs, first) =>
        moments.slice(first).forEach((lastMs, more) =>
          assert(more + 1 <= BURST_PER_ADDRESS + (lastMs - firstMs) * RATE_PER_ADDRESS / 1_000 + 1e-9)
        )
      );
    }
    for (const from of [0, 1, 2]) {
      while ((pending[from] ?? 0) > 0) {
        desk.release(address(from));
        pending[from] = (pending[from] ?? 0) - 1;
      }
      const waitMs = visit(desk, address(from), nowMs);
      if (waitMs > 0) assertEquals(visit(desk, address(from), nowMs + waitMs), 0);
    }
  }));
});

Deno.test("AdmissionDesk leaves places for others: one address has only so many sessions, loopback as many as there are", () => {
  const desk = new AdmissionDesk();
  const at = (address: string, sessionsFromThereCount: number) =>
    desk.admit(address, { nowMs: 0, sessionCount: 100, sessionsFromThereCount }).kind;
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX), "busy");
  assertEquals(at("127.0.0.1", SESSIONS_PER_ADDRESS_MAX), "admitted");
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX - 1), "admitted");
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX - 1), "busy", "one is on its way already");
});
