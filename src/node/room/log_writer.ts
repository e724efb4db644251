/** Brings what a replica has accepted to disk, in order, and takes back what the disk refuses. */

import { DiskError } from "../../errors.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { dropLine, type Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { IndexInputLine } from "../../store/log/log_index.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";

/**
 * UTF-8 bytes of lines that may wait for the disk; what comes on top is given back at once. They stay below the log's own
 * limit, which would refuse one append and keep those around it.
 */
export const LOG_WRITER_BYTES_MAX = 12 * 1024 * 1024;

/**
 * Between two appends of what others wrote, while it comes faster than that: a sync for each line is 22 % of the
 * thread's time where one message comes at a time. What comes after a pause is kept at once, and acknowledgements wait longer than this anyway.
 */
export const LOG_WRITER_PACE_MS = 20;
/**
 * So much longer for each follower whom we relay the room to, because they do not wait for our disk: of a busy room only our own
 * screen shows lines that much later, and of those who say them few wait for our acknowledgement alone.
 */
const LOG_WRITER_PACE_MS_A_FOLLOWER = 0.5;
/** Upper bound of the extra delay, however many followers there are. */
const LOG_WRITER_PACE_MS_MAX = 100;
/** Bytes that do not wait for that: somebody catches up, and is read no further while its lines lie here. */
const PACED_BYTES_MAX = 256 * 1024;

/** Where lines are kept. */
export interface LineLog {
  /** Resolves when the lines would survive a power cut. @throws {DiskError}; then it rejects everything that waits, and none of those lines is there. */
  append(lines: readonly IndexInputLine[]): Promise<void>;
}

/** What waits for the disk together. */
interface Batch {
  readonly entries: readonly Entry[];
  readonly isBeside: boolean;
  readonly sizeBytes: number;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * The way of one room's entries to its log. While one append is under way all further entries gather for the next, and
 * are told of together: in a busy room one sync and one look at everybody serve many lines.
 */
export class LogWriter {
  readonly #replica: Replica;
  readonly #openLog: () => Promise<LineLog>;
  readonly #onHeld: (entries: readonly Entry[]) => void;
  readonly #tasks: BackgroundTasks;
  readonly #clock: Clock;
  readonly #followerCount: () => number;
  readonly #timer: Timer;
  readonly #held: Map<PeerId, number>;
  /** In order; those of the append that is under way stand before the others. */
  #pending: Entry[] = [];
  #pendingBytes = 0;
  #waiting: Batch[] = [];
  #log: Promise<LineLog> | undefined;
  /** Undefined while nothing waits. */
  #writing: Promise<void> | undefined;
  #mayWriteAtMs = -Infinity;
  /** Something waits that the pace is not for. */
  #isUrgent = false;
  /** Ends the wait for the pace. */
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** What the replica has now is taken as being on disk. The log is opened, or made, for the first new line. */
  constructor(parts: {
    readonly clock: Clock;
    readonly replica: Replica;
    readonly openLog: () => Promise<LineLog>;
    /** How many we relay the room to now. */
    readonly followerCount: () => number;
    readonly onHeld: (entries: readonly Entry[]) => void;
    readonly tasks: BackgroundTasks;
  }) {
    this.#replica = parts.replica;
    this.#openLog = parts.openLog;
    this.#onHeld = parts.onHeld;
    this.#tasks = parts.tasks;
    this.#clock = parts.clock;
    this.#followerCount = parts.followerCount;
    this.#timer = parts.clock.timer(() => this.#wake?.());
    this.#held = parts.replica.vector();
  }

  /** How far the disk has each feed. */
  get held(): Vector {
    return this.#held;
  }

  /** UTF-8 bytes of the lines that wait for the disk. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Whether the disk has it. */
  isHeld(entry: Entry): boolean {
    return entry.number <= (this.#held.get(entry.author) ?? 0);
  }

  /**
   * Appends entries that the replica has just accepted; what others wrote `mayWait` for more to share the append.
   * @throws {DiskError} after the replica gave them back.
   */
  keep(
    entries: readonly Entry[],
    { mayWait }: { readonly mayWait: boolean } = { mayWait: false },
  ): Promise<void> {
    const problem = this.#pendingBytes > LOG_WRITER_BYTES_MAX
      ? "The disk is too slow: too much waits to be written"
      : this.#isClosed
      ? "earshot is stopping"
      : null;
    if (problem !== null) {
      // They are the newest of their feeds, so they alone can be taken back while the rest goes on.
      for (const entry of entries.toReversed()) this.#replica.takeBack(entry);
      return Promise.reject(new DiskError("failed", problem));
    }
    for (const entry of entries) this.#pending.push(entry);
    return this.#append(entries, { isBeside: false, mayWait });
  }

  /**
   * Keeps a line beside the replica's: the proof that its author signed two branches. `onKept` hears when it is on disk, and
   * all that was taken in before. A disk that refuses loses nothing that others do not have.
   */
  keepBeside(entry: Entry, onKept: () => void): void {
    if (this.#isClosed) return;
    this.#append([entry], { isBeside: true, mayWait: false }).then(onKept).catch((error) => {
      if (!(error instanceof DiskError)) this.#tasks.report(error);
    });
  }

  /** Resolves when nothing waits for the disk any more. */
  async waitUntilIdle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Takes nothing more: what comes now is given back. Resolves as `settled`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake?.();
    await this.waitUntilIdle();
    this.#timer[Symbol.dispose]();
  }

  #append(
    entries: readonly Entry[],
    { isBeside, mayWait }: { readonly isBeside: boolean; readonly mayWait: boolean },
  ): Promise<void> {
    const sizeBytes = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    this.#pendingBytes += sizeBytes;
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ entries, isBeside, sizeBytes, done });
    if (!mayWait) this.#isUrgent = true;
    if (!this.#isPaced) this.#wake?.();
    this.#writing ??= this.#writeAll();
    return done.promise;
  }

  /** Whether what waits may go on waiting. */
  get #isPaced(): boolean {
    return !this.#isUrgent && !this.#isClosed && this.#pendingBytes <= PACED_BYTES_MAX;
  }

  /** Resolves when the next append is due. */
  async #waitForPace(): Promise<void> {
    if (!this.#isPaced || this.#clock.nowMs() >= this.#mayWriteAtMs) return;
    const due = Promise.withResolvers<void>();
    this.#wake = due.resolve;
    this.#timer.wakeAt(this.#mayWriteAtMs);
    await due.promise;
    this.#wake = undefined;
    this.#timer.wakeAt(null);
  }

  /** Never rejects: every failure goes to those who wait. */
  async #writeAll(): Promise<void> {
    // One step later, so that all that comes in this turn shares the first append too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#waitForPace();
      const batches = this.#waiting;
      this.#waiting = [];
      this.#isUrgent = false;
      this.#mayWriteAtMs = this.#clock.nowMs() + paceMs(this.#followerCount());
      try {
        const log = await this.#ensureOpen();
        await log.append(
          batches.flatMap(({ entries, isBeside }) => entries.map((entry) => ({ entry, isBeside }))),
        );
      } catch (error) {
        // What came meanwhile builds on what was refused: written now, it would stand behind a gap.
        this.#refuse([...batches, ...this.#waiting], error);
        continue;
      }
      this.#hold(batches);
    }
    this.#writing = undefined;
  }

  #hold(batches: readonly Batch[]): void {
    const entries = batches.flatMap((batch) => batch.isBeside ? [] : batch.entries);
    this.#pending.splice(0, entries.length);
    for (const { sizeBytes } of batches) this.#pendingBytes -= sizeBytes;
    for (const { author, number } of entries) this.#held.set(author, number);
    try {
      if (entries.length > 0) this.#onHeld(entries);
      for (const entry of entries) dropLine(entry);
    } catch (error) {
      for (const { done } of batches) done.reject(error);
      return;
    }
    for (const { done } of batches) done.resolve();
  }

  #refuse(batches: readonly Batch[], error: unknown): void {
    for (const entry of this.#pending.toReversed()) this.#replica.takeBack(entry);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#waiting = [];
    for (const { done } of batches) done.reject(error);
  }

  /** The log, opened once; one that could not be opened is opened anew for the next line. */
  async #ensureOpen(): Promise<LineLog> {
    const opening = this.#log ??= this.#openLog();
    try {
      return await opening;
    } catch (error) {
      if (this.#log === opening) this.#log = undefined;
      throw error;
    }
  }
}

/** Between two appends of what others wrote, where so many follow us. */
function paceMs(followerCount: number): number {
  return Math.min(
    Math.max(LOG_WRITER_PACE_MS, LOG_WRITER_PACE_MS_A_FOLLOWER * followerCount),
    LOG_WRITER_PACE_MS_MAX,
  );
}
