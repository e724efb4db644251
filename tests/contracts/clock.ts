import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import type { Clock } from "../../src/ports/time.ts";

/** A clock to try, and what makes its time go on while a promise is awaited. */
export interface ClockWorld {
  readonly clock: Clock;
  drive<T>(work: Promise<T>): Promise<T>;
}

/** What every Clock does. No case says that something happens in time, only that it happens, and in which order. */
export function clockContract(name: string, make: () => ClockWorld): void {
  for (const [behaviour, run] of CASES) {
    Deno.test(`${name} ${behaviour}`, async () => {
      const world = make();
      await world.drive(run(world.clock));
    });
  }
}

const CASES: readonly (readonly [behaviour: string, run: (clock: Clock) => Promise<void>])[] = [
  ["never goes back", async (clock) => {
    let lastMs = clock.nowMs();
    for (let count = 0; count < 5; count++) {
      await moment(clock, clock.nowMs() + 1);
      assertGreaterOrEqual(clock.nowMs(), lastMs);
      lastMs = clock.nowMs();
    }
  }],
  ["tells the date in whole milliseconds", (clock) => {
    assert(Number.isSafeInteger(clock.wallMs()));
    return Promise.resolve();
  }],
  ["fires a timer at its moment, not before", async (clock) => {
    const atMs = clock.nowMs() + 7.3;
    await moment(clock, atMs);
    assertGreaterOrEqual(clock.nowMs(), atMs);
  }],
  ["fires the earlier timer first, however they were armed", async (clock) => {
    const log = new Log(clock);
    const startMs = clock.nowMs();
    log.timer("third").wakeAt(startMs + 45);
    log.timer("first").wakeAt(startMs + 5);
    log.timer("second").wakeAt(startMs + 25);
    assertEquals(await log.until("third"), ["first", "second", "third"]);
  }],
  ["fires once", async (clock) => {
    const log = new Log(clock);
    log.timer("once").wakeAt(clock.nowMs() + 1);
    await log.until("once");
    log.timer("end").wakeAt(clock.nowMs() + 20);
    assertEquals(await log.until("end"), ["once", "end"]);
  }],
  ["forgets the moment before when a timer is armed for an earlier one", async (clock) => {
    const log = new Log(clock);
    const timer = log.timer("moved");
    timer.wakeAt(clock.nowMs() + 20);
    timer.wakeAt(clock.nowMs() + 1);
    await log.until("moved");
    log.timer("end").wakeAt(clock.nowMs() + 40);
    assertEquals(await log.until("end"), ["moved", "end"]);
  }],
  ["forgets the moment before when a timer is armed for a later one", async (clock) => {
    const log = new Log(clock);
    const timer = log.timer("moved");
    const startMs = clock.nowMs();
    timer.wakeAt(startMs + 1);
    timer.wakeAt(startMs + 40);
    log.timer("first").wakeAt(startMs + 20);
    assertEquals(await log.until("moved"), ["first", "moved"]);
  }],
  ["fires a timer again when it is armed again, also while it runs", async (clock) => {
    const log = new Log(clock);
    let count = 0;
    const timer = clock.timer(() => {
      log.add(`run ${++count}`);
      if (count < 3) timer.wakeAt(clock.nowMs() + 1);
    });
    timer.wakeAt(clock.nowMs() + 1);
    assertEquals(await log.until("run 3"), ["run 1", "run 2", "run 3"]);
  }],
  ["does not fire a timer that was disarmed, and fires it when it is armed again", async (clock) => {
    const log = new Log(clock);
    const timer = log.timer("disarmed");
    timer.wakeAt(clock.nowMs() + 1);
    timer.wakeAt(null);
    timer.wakeAt(null);
    log.timer("first").wakeAt(clock.nowMs() + 20);
    await log.until("first");
    timer.wakeAt(clock.nowMs() + 1);
    assertEquals(await log.until("disarmed"), ["first", "disarmed"]);
  }],
  ["never fires a timer that was disposed of, also when it is armed then", async (clock) => {
    const log = new Log(clock);
    const timer = log.timer("disposed");
    timer.wakeAt(clock.nowMs() + 1);
    timer[Symbol.dispose]();
    timer[Symbol.dispose]();
    timer.wakeAt(clock.nowMs() + 1);
    log.timer("end").wakeAt(clock.nowMs() + 20);
    assertEquals(await log.until("end"), ["end"]);
  }],
  ["fires for a past moment, but not before the code that armed it is through", async (clock) => {
    const log = new Log(clock);
    const startMs = clock.nowMs();
    log.timer("past").wakeAt(startMs - 1_000);
    log.timer("now").wakeAt(startMs);
    log.timer("always").wakeAt(-Infinity);
    log.add("armed");
    await Promise.resolve();
    log.add("microtask");
    await Promise.all(["past", "now", "always"].map((entry) => log.until(entry)));
    assertEquals(log.entries.slice(0, 2), ["armed", "microtask"]);
    assertEquals(log.entries.slice(2).sort(), ["always", "now", "past"]);
  }],
  ["does not fire early for a moment beyond what setTimeout takes", async (clock) => {
    const log = new Log(clock);
    using far = log.timer("in 50 days");
    far.wakeAt(clock.nowMs() + 2 ** 32);
    using never = log.timer("never");
    never.wakeAt(Infinity);
    log.timer("end").wakeAt(clock.nowMs() + 10);
    assertEquals(await log.until("end"), ["end"]);
  }],
];

function moment(clock: Clock, atMs: number): Promise<void> {
  return new Promise((resolve) => clock.timer(resolve).wakeAt(atMs));
}

/** What happened, in order. */
class Log {
  readonly entries: string[] = [];
  readonly #clock: Clock;
  readonly #waiting = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(entry: string): void {
    this.entries.push(entry);
    this.#waiting.get(entry)?.();
  }

  /** A timer that writes itself down. */
  timer(entry: string): ReturnType<Clock["timer"]> {
    return this.#clock.timer(() => this.add(entry));
  }

  /** All entries, once that one is there. */
  async until(entry: string): Promise<readonly string[]> {
    if (!this.entries.includes(entry)) {
      await new Promise<void>((resolve) => this.#waiting.set(entry, resolve));
    }
    return this.entries;
  }
}
