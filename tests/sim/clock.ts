/**
 * Simulated time. Nothing here waits: the next event is taken from a queue, the time becomes that event's moment, the
 * event runs, and all promises that it settled run their course before the next one. So hours pass in milliseconds, and
 * a seed gives the same run each time.
 */

import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../../src/ports/time.ts";
import { EventQueue, type SimEvent } from "./event_queue.ts";

/** So many events at one moment mean that the code under test goes round in circles; the run then fails. */
const EVENTS_AT_A_MOMENT_MAX = 100_000;
/** How much simulated time `drive` gives before it calls the work stuck. */
const DRIVE_MS_MAX = 24 * 60 * 60 * 1000;
/** What the machines believe the date to be at the start: 2026-01-01. */
const WALL_START_MS = 1_767_225_600_000;

/** The time of one simulated world. */
export class SimTime {
  readonly #events = new EventQueue();
  #nowMs = 0;
  #eventsAtMoment = 0;

  /** Milliseconds since the world began; may be fractional. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs something after a while; events of one moment run in the order in which they were scheduled. */
  schedule(delayMs: number, run: () => void): SimEvent {
    return this.scheduleAt(this.#nowMs + delayMs, run);
  }

  /** The same for a moment of `nowMs`, not before now. */
  scheduleAt(atMs: number, run: () => void): SimEvent {
    if (!(atMs >= this.#nowMs)) throw new RangeError(`Not a moment to come: ${atMs}`);
    return this.#events.add(atMs, run);
  }

  /** The clock of one machine, or of one process if it is to be killed alone. The wall clock may be wrong by years. */
  clock({ wallOffsetMs = 0 }: { readonly wallOffsetMs?: number } = {}): SimClock {
    return new SimClock(this, WALL_START_MS + wallOffsetMs);
  }

  /** Lets everything happen up to and at a moment of `nowMs`. */
  async run(untilMs: number): Promise<void> {
    await this.#runWhile(() => true, untilMs);
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Lets everything happen for a while. */
  async runFor(durationMs: number): Promise<void> {
    await this.run(this.#nowMs + durationMs);
  }

  /** Lets things happen until the condition holds, checked after each event; false if it did not within `limitMs` from now. */
  async runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = this.#nowMs + limitMs;
    await this.#runWhile(() => !condition(), untilMs);
    if (condition()) return true;
    this.#nowMs = untilMs;
    return false;
  }

  /** Lets things happen until the work is done, and gives its result. @throws {Error} if nothing is left that could end it. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const onEnd = () => void (isDone = true);
    work.then(onEnd, onEnd);
    if (await this.runUntil(() => isDone, DRIVE_MS_MAX)) return await work;
    throw new Error("The work is stuck: it waits for something that will not happen");
  }

  async #runWhile(goesOn: () => boolean, untilMs: number): Promise<void> {
    for (;;) {
      // One turn of the real event loop: Deno empties its queue of microtasks before the next.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!goesOn()) return;
      const event = this.#events.takeNext(untilMs);
      if (event === null) return;
      this.#advanceTo(event.atMs);
      event.run();
    }
  }

  #advanceTo(atMs: number): void {
    this.#eventsAtMoment = atMs > this.#nowMs ? 0 : this.#eventsAtMoment + 1;
    if (this.#eventsAtMoment > EVENTS_AT_A_MOMENT_MAX) {
      throw new Error(`Time stands still at ${atMs} ms: event follows event without end`);
    }
    this.#nowMs = atMs;
  }
}

/** One machine's view of the simulated time. */
export class SimClock implements Clock {
  readonly #time: SimTime;
  readonly #armed = new Set<SimTimer>();
  #wallAtStartMs: number;
  #isStopped = false;

  constructor(time: SimTime, wallAtStartMs: number) {
    this.#time = time;
    this.#wallAtStartMs = wallAtStartMs;
  }

  nowMs(): number {
    return this.#time.nowMs;
  }

  /** Whole milliseconds, as Date.now gives. */
  wallMs(): number {
    return Math.floor(this.#wallAtStartMs + this.#time.nowMs);
  }

  timer(run: () => void): Timer {
    return new SimTimer({ time: this.#time, armed: this.#armed, isStopped: () => this.#isStopped }, run);
  }

  /** Somebody sets the date, or the machine hears of the right one. */
  jumpWall(byMs: number): void {
    this.#wallAtStartMs += byMs;
  }

  /** How many timers wait; zero once all that ran here has ended properly. */
  get armedCount(): number {
    return this.#armed.size;
  }

  /** The process dies: its timers never fire again. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#armed) timer.wakeAt(null);
  }
}

interface TimerHome {
  readonly time: SimTime;
  readonly armed: Set<SimTimer>;
  readonly isStopped: () => boolean;
}

class SimTimer implements Timer {
  readonly #home: TimerHome;
  readonly #run: () => void;
  #event: SimEvent | null = null;
  #isDisposed = false;

  constructor(home: TimerHome, run: () => void) {
    this.#home = home;
    this.#run = run;
  }

  wakeAt(atMs: number | null): void {
    // A node that hears a crowd says the same moment with each datagram.
    if (atMs !== null && this.#event?.atMs === atMs) return;
    this.#event?.cancel();
    this.#event = null;
    this.#home.armed.delete(this);
    if (atMs === null || this.#isDisposed || this.#home.isStopped()) return;
    this.#home.armed.add(this);
    this.#event = this.#home.time.scheduleAt(Math.max(atMs, this.#home.time.nowMs), () => this.#fire());
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.wakeAt(null);
  }

  #fire(): void {
    this.#event = null;
    this.#home.armed.delete(this);
    this.#run();
  }
}
