import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  AdmissionControl,
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
function ask(admission: AdmissionControl, address: string, nowMs = 0): number {
  const outcome = admission.admit(address, { nowMs, sessionCount: 0, addressSessionCount: 0 });
  return outcome.kind === "admitted" ? 0 : outcome.waitMs;
}

/** Asks, and is done at once if admitted. */
function visit(admission: AdmissionControl, address: string, nowMs = 0): number {
  const waitMs = ask(admission, address, nowMs);
  if (waitMs === 0) admission.release(address);
  return waitMs;
}

/** Another address for each number. */
function address(number: number): string {
  return `10.1.${number >> 8}.${number & 255}`;
}

Deno.test("AdmissionDesk lets an address come 32 times in a row, then 8 times a second", () => {
  const admission = new AdmissionControl();
  const waits = Array.from({ length: 33 }, () => visit(admission, ADA));
  assertEquals(waits, [...Array.from({ length: 32 }, () => 0), 125]);
  assertEquals(visit(admission, ADA, 100), 25);
  assertEquals(visit(admission, ADA, 125), 0);
  assertEquals(visit(admission, ADA, 125), 125);
  assertEquals(Array.from({ length: 9 }, () => visit(admission, ADA, 1_125)), [0, 0, 0, 0, 0, 0, 0, 0, 125]);
  assertEquals(visit(admission, BOB, 1_125), 0, "another address is not concerned");
});

Deno.test("AdmissionDesk fills up again in four seconds, and no further", () => {
  const admission = new AdmissionControl();
  for (let count = 0; count < 32; count++) visit(admission, ADA);
  const after = Array.from({ length: 34 }, () => visit(admission, ADA, 3_600_000));
  assertEquals(after.filter((waitMs) => waitMs === 0).length, BURST_PER_ADDRESS);
});

Deno.test("AdmissionDesk lets one address have 8 under way, and the next when one is over", () => {
  const admission = new AdmissionControl();
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) assertEquals(ask(admission, ADA), 0);
  assertEquals(ask(admission, ADA), 1_000);
  assertEquals(ask(admission, BOB), 0);
  admission.release(ADA);
  assertEquals([ask(admission, ADA), ask(admission, ADA)], [0, 1_000]);
});

Deno.test("AdmissionDesk lets 64 be under way in all", () => {
  const admission = new AdmissionControl();
  for (let count = 0; count < PENDING_MAX; count++) assertEquals(ask(admission, address(count >> 3)), 0);
  assertEquals(ask(admission, ADA), 1_000);
  assertEquals(ask(admission, "127.0.0.1"), 1_000);
  admission.release(address(0));
  assertEquals([ask(admission, ADA), ask(admission, BOB)], [0, 1_000]);
});

Deno.test("AdmissionDesk counts open sessions and those under way, and asks for five seconds of patience", () => {
  const admission = new AdmissionControl();
  const at = (sessionCount: number) =>
    admission.admit(ADA, { nowMs: 0, sessionCount, addressSessionCount: 0 });
  assertEquals(at(SESSIONS_MAX), { kind: "busy", waitMs: 5_000 });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
  assertEquals(at(SESSIONS_MAX - 2), { kind: "busy", waitMs: 5_000 });
  admission.release(ADA);
  assertEquals(at(SESSIONS_MAX - 2), { kind: "admitted" });
});

Deno.test("AdmissionDesk lets loopback have all places: it is one machine with many nodes", () => {
  for (const loopback of ["127.0.0.1", "127.8.8.8", "::1"]) {
    const admission = new AdmissionControl();
    for (let count = 0; count < 1_000; count++) assertEquals(visit(admission, loopback), 0);
    for (let count = 0; count < PENDING_MAX; count++) assertEquals(ask(admission, loopback), 0);
    assertEquals(ask(admission, loopback), 1_000);
  }
});

Deno.test("AdmissionDesk remembers 1,024 addresses, and forgets first who has been silent longest", () => {
  const admission = new AdmissionControl();
  const spend = (from: string) => {
    for (let count = 0; count < BURST_PER_ADDRESS; count++) visit(admission, from);
  };
  spend(ADA);
  spend(BOB);
  for (let count = 0; count < 1_022; count++) visit(admission, address(count));
  assertEquals(visit(admission, ADA), 125, "still known");
  visit(admission, address(1_022));
  assertEquals(visit(admission, ADA), 125, "heard lately");
  assertEquals(visit(admission, BOB), 0, "forgotten");
});

Deno.test("AdmissionDesk never forgets an address with something under way", () => {
  const admission = new AdmissionControl();
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) ask(admission, ADA);
  for (let count = 0; count < 3_000; count++) visit(admission, address(count));
  assertEquals(ask(admission, ADA), 1_000);
  for (let count = 0; count < PENDING_PER_ADDRESS_MAX; count++) admission.release(ADA);
  assertEquals(ask(admission, ADA), 0);
});

Deno.test("AdmissionDesk keeps its limits whatever is asked when, and the wait that it names is enough", () => {
  const step = fc.record({ from: fc.nat(2), afterMs: fc.nat(300), isEnd: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
    const admission = new AdmissionControl();
    const pending = [0, 0, 0];
    const admittedMs: number[][] = [[], [], []];
    let nowMs = 0;
    for (const { from, afterMs, isEnd } of steps) {
      nowMs += afterMs;
      if (isEnd && (pending[from] ?? 0) > 0) {
        admission.release(address(from));
        pending[from] = (pending[from] ?? 0) - 1;
        continue;
      }
      const waitMs = ask(admission, address(from), nowMs);
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
        admission.release(address(from));
        pending[from] = (pending[from] ?? 0) - 1;
      }
      const waitMs = visit(admission, address(from), nowMs);
      if (waitMs > 0) assertEquals(visit(admission, address(from), nowMs + waitMs), 0);
    }
  }));
});

Deno.test("AdmissionDesk leaves places for others: one address has only so many sessions, loopback as many as there are", () => {
  const admission = new AdmissionControl();
  const at = (address: string, sessionsFromThereCount: number) =>
    admission.admit(address, { nowMs: 0, sessionCount: 100, addressSessionCount: sessionsFromThereCount })
      .kind;
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX), "busy");
  assertEquals(at("127.0.0.1", SESSIONS_PER_ADDRESS_MAX), "admitted");
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX - 1), "admitted");
  assertEquals(at("192.168.43.9", SESSIONS_PER_ADDRESS_MAX - 1), "busy", "one is on its way already");
});
