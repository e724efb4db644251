/** Writes the entries that a replica accepted to its log, in order, and takes back those that the disk refuses. */

import { DiskError } from "../../errors.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { dropLine, type Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import type { Vector } from "../../room/version_vector.ts";
import type { IndexInputLine } from "../../store/log/log_index.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";

/**
 * UTF-8 bytes of lines that may wait for the disk; further entries are taken back at once. Below the log's own limit, which
 * would refuse one append and keep the ones around it.
 */
export const LOG_WRITER_BYTES_MAX = 12 * 1024 * 1024;

/**
 * Time between two appends of entries of others, while they come faster than that. A sync for each line takes 22 % of the
 * thread's time when messages come one at a time. An entry after a pause is written at once, and acknowledgements wait longer
 * than this anyway.
 */
export const LOG_WRITER_PACE_MS = 20;
/**
 * Extra time per follower: followers do not wait for our disk. In a busy room only our own screen shows entries that much
 * later, and few authors wait for our acknowledgement alone.
 */
const LOG_WRITER_PACE_MS_A_FOLLOWER = 0.5;
/** Upper bound of the extra delay, however many followers there are. */
const LOG_WRITER_PACE_MS_MAX = 100;
/** Bytes beyond which the next append does not wait: we catch up, and the sender is not read while its lines wait here. */
const PACED_BYTES_MAX = 256 * 1024;

/** A log that lines are appended to. */
export interface LineLog {
  /** Resolves when the lines would survive a power cut. @throws {DiskError}; then all appends that wait are rejected, and none of their lines is there. */
  append(lines: readonly IndexInputLine[]): Promise<void>;
}

/** Entries that wait for the disk together. */
interface Batch {
  readonly entries: readonly Entry[];
  readonly isBeside: boolean;
  readonly sizeBytes: number;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * The writer of one room's log. During an append, further entries gather for the next one and are reported together: in a
 * busy room one sync, and one pass over all members, serves many lines.
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
  /** In order; the entries of the present append come first. */
  #pending: Entry[] = [];
  #pendingBytes = 0;
  #waiting: Batch[] = [];
  #log: Promise<LineLog> | undefined;
  /** Undefined while nothing waits. */
  #writing: Promise<void> | undefined;
  #mayWriteAtMs = -Infinity;
  /** Whether an entry waits that must not be delayed. */
  #isUrgent = false;
  /** Ends the delay before the next append. */
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** All entries that the replica has now count as being on disk. The log is opened, or created, for the first new line. */
  constructor(parts: {
    readonly clock: Clock;
    readonly replica: Replica;
    readonly openLog: () => Promise<LineLog>;
    /** The number of followers that we relay the room to now. */
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

  /** UTF-8 bytes of lines that wait for the disk. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Whether the disk has the entry. */
  isHeld(entry: Entry): boolean {
    return entry.number <= (this.#held.get(entry.author) ?? 0);
  }

  /**
   * Appends entries that the replica has just accepted. With `mayWait`, for entries of others, more entries may share the append.
   * @throws {DiskError} after the replica took the entries back.
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
      // They are the newest of their feeds, so they can be taken back while the others stay.
      for (const entry of entries.toReversed()) this.#replica.takeBack(entry);
      return Promise.reject(new DiskError("failed", problem));
    }
    for (const entry of entries) this.#pending.push(entry);
    return this.#append(entries, { isBeside: false, mayWait });
  }

  /**
   * Appends a line beside the replica's entries: the proof that its author signed two branches. `onKept` is called when it and
   * all entries before it are on disk. If the disk refuses it, other members still have it.
   */
  keepBeside(entry: Entry, onKept: () => void): void {
    if (this.#isClosed) return;
    this.#append([entry], { isBeside: true, mayWait: false }).then(onKept).catch((error) => {
      if (!(error instanceof DiskError)) this.#tasks.report(error);
    });
  }

  /** Resolves when no entry waits for the disk. */
  async waitUntilIdle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Accepts no more entries: further ones are taken back. Resolves as `waitUntilIdle`. */
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

  /** Whether the waiting entries may wait longer. */
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

  /** Never rejects: each failure goes to the callers that wait. */
  async #writeAll(): Promise<void> {
    // One step later, so that all entries of this turn share the first append.
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
        // Later entries build on the refused ones: written now, they would stand behind a gap.
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

  /** The log, opened once. After a failure it is opened again for the next line. */
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

/** Time between two appends of entries of others, with that number of followers. */
function paceMs(followerCount: number): number {
  return Math.min(
    Math.max(LOG_WRITER_PACE_MS, LOG_WRITER_PACE_MS_A_FOLLOWER * followerCount),
    LOG_WRITER_PACE_MS_MAX,
  );
}
