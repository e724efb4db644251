/** Brings what a replica has accepted to disk, in order, and takes back what the disk refuses. */

import { DiskError } from "../errors.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import type { Replica } from "../room/replica.ts";
import type { Vector } from "../room/vector.ts";

/**
 * UTF-16 units that may wait for the disk; what comes on top is given back at once. At three bytes each they stay below
 * the log's own limit, which would refuse one append and keep those around it.
 */
export const KEEPING_CHARS_MAX = 4 * 1024 * 1024;

/** Where lines are kept. */
export interface LineLog {
  /** Resolves when the lines would survive a power cut. @throws {DiskError}; then it rejects everything that waits, and none of those lines is there. */
  append(lines: readonly string[]): Promise<void>;
}

/** The way of one room's entries to its log. */
export class Keeping {
  readonly #replica: Replica;
  readonly #openLog: () => Promise<LineLog>;
  readonly #onHeld: (entries: readonly Entry[]) => void;
  readonly #onBug: (error: unknown) => void;
  readonly #held: Map<PeerId, number>;
  #pending: Entry[] = [];
  #pendingChars = 0;
  #log: Promise<LineLog> | undefined;
  #last: Promise<void> = Promise.resolve();
  /** Grows at each refusal of the disk: appends of an earlier epoch were taken back with the first that failed. */
  #epoch = 0;
  #isClosed = false;

  /** What the replica has now is taken as being on disk. The log is opened, or made, for the first new line. */
  constructor(parts: {
    readonly replica: Replica;
    readonly openLog: () => Promise<LineLog>;
    readonly onHeld: (entries: readonly Entry[]) => void;
    /** A bug in something that nobody waits for. */
    readonly onBug: (error: unknown) => void;
  }) {
    this.#replica = parts.replica;
    this.#openLog = parts.openLog;
    this.#onHeld = parts.onHeld;
    this.#onBug = parts.onBug;
    this.#held = parts.replica.vector();
  }

  /** How far the disk has each feed. */
  get held(): Vector {
    return this.#held;
  }

  /** UTF-16 units of the lines that wait for the disk. */
  get pendingChars(): number {
    return this.#pendingChars;
  }

  /** Whether the disk has it. */
  isHeld(entry: Entry): boolean {
    return entry.number <= (this.#held.get(entry.author) ?? 0);
  }

  /** Appends entries that the replica has just accepted. @throws {DiskError} after the replica gave them back. */
  async keep(entries: readonly Entry[]): Promise<void> {
    if (this.#pendingChars > KEEPING_CHARS_MAX) {
      // They are the newest of their feeds, so they alone can be taken back while the rest goes on.
      for (const entry of entries.toReversed()) this.#replica.takeBack(entry);
      throw new DiskError("failed", "The disk is too slow: too much waits to be written");
    }
    for (const entry of entries) this.#pending.push(entry);
    const lines = entries.map((entry) => entry.line);
    const chars = lines.reduce((sum, line) => sum + line.length, 0);
    this.#pendingChars += chars;
    const append = this.#append(entries, { lines, chars });
    this.#last = append.catch(() => undefined); // The caller hears of the failure; `settled` only waits for the end.
    await append;
  }

  /**
   * Keeps a line beside the replica's: the proof that its author signed two branches. `onKept` hears when it is on disk, and
   * all that was taken in before. A disk that refuses loses nothing that others do not have.
   */
  keepBeside(entry: Entry, onKept: () => void): void {
    this.#last = this.#opened().then((log) => log.append([entry.line])).then(onKept).catch((error) => {
      if (!(error instanceof DiskError)) this.#onBug(error);
    });
  }

  /** Resolves when nothing waits for the disk any more. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** Takes nothing more: what comes now is given back. Resolves as `settled`. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.settled();
  }

  async #append(
    entries: readonly Entry[],
    { lines, chars }: { readonly lines: readonly string[]; readonly chars: number },
  ): Promise<void> {
    const epoch = this.#epoch;
    try {
      const log = await this.#opened();
      // Refused meanwhile with what it builds on: written now, it would stand behind a gap.
      if (epoch !== this.#epoch) throw new DiskError("failed", "What came before could not be kept");
      if (this.#isClosed) throw new DiskError("failed", "earshot is stopping");
      await log.append(lines);
    } catch (error) {
      if (epoch === this.#epoch) this.#takeBack();
      throw error;
    }
    this.#pending.splice(0, entries.length);
    this.#pendingChars -= chars;
    for (const entry of entries) this.#held.set(entry.author, entry.number);
    this.#onHeld(entries);
  }

  #takeBack(): void {
    this.#epoch++;
    for (const entry of this.#pending.toReversed()) this.#replica.takeBack(entry);
    this.#pending = [];
    this.#pendingChars = 0;
  }

  /** The log, opened once; one that could not be opened is opened anew for the next line. */
  async #opened(): Promise<LineLog> {
    const opening = this.#log ??= this.#openLog();
    try {
      return await opening;
    } catch (error) {
      if (this.#log === opening) this.#log = undefined;
      throw error;
    }
  }
}
