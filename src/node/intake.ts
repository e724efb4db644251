/** What others say in a room, on its way to our disk: checked line by line, kept, or asked for again. */

import { DiskError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Clock, Crypto, Timer } from "../ports.ts";
import { type Entry, readEntry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import type { Replica } from "../room/replica.ts";
import { safeLine } from "../room/text.ts";
import type { Meeting } from "../wire/sync.ts";
import type { Keeping } from "./keeping.ts";

/** After a disk that refused: how long until the others are asked again for what could not be kept. */
export const RETRY_MS = 5_000;
/** UTF-16 units that may wait for the disk before the session that brings more is braked. */
const PENDING_CHARS_MAX = 1024 * 1024;

/** What an intake works with. */
export interface IntakeParts {
  readonly me: PeerId;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly replica: Replica;
  readonly keeping: Keeping;
  /** Entries of one feed that are taken in for now: of a stranger who begins a conversation only a few. */
  feedMax(): number;
  /** A sentence for the user. */
  onTrouble(text: string): void;
  /** Something is missing: everybody should be asked for all that we lack. */
  askAgain(): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** The intake of one room. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #retryTimer: Timer;
  #isRetryArmed = false;

  /** Starts nothing. */
  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#retryTimer = parts.clock.timer(() => {
      this.#isRetryArmed = false;
      parts.askAgain();
    });
  }

  /** Takes in lines that came over a link. A promise is a brake (see LinkOwner). */
  take(link: Link, meeting: Meeting, lines: readonly string[]): Promise<void> | undefined {
    const { keeping } = this.#parts;
    const accepted = lines.map((line) => this.#take(link, meeting, line)).filter((entry) => entry !== null);
    if (accepted.length === 0) return undefined;
    const kept = keeping.keep(accepted).catch((error) => this.#onLost(error));
    return keeping.pendingChars > PENDING_CHARS_MAX ? kept : undefined;
  }

  /** Stops the timer. */
  close(): void {
    this.#retryTimer[Symbol.dispose]();
  }

  /** The entry if it is new and good. A line that no honest node passes on ends the link. */
  #take(link: Link, meeting: Meeting, line: string): Entry | null {
    const entry = readEntry(line, this.#parts.crypto);
    if ("problem" in entry) {
      if (entry.problem !== "other-version") link.close("bad-record");
      return null;
    }
    if (entry.author !== this.#parts.me && entry.number > this.#parts.feedMax()) return null;
    const wasForked = this.#parts.replica.forked.has(entry.author);
    const outcome = this.#parts.replica.accept(entry);
    switch (outcome) {
      case "accepted":
        meeting.onReceived(entry);
        return entry;
      case "duplicate":
        meeting.onReceived(entry);
        return null;
      case "gap":
        // Something before it was lost here (a disk that refused): ask for everything again, once for all gaps. The gap
        // behind a fork never closes.
        if (!this.#parts.replica.forked.has(entry.author)) this.#retryLater();
        return null;
      case "fork":
        if (!wasForked) this.#onFork(entry);
        return null;
      case "full":
        return null;
      case "refused":
        link.close("bad-record");
        return null;
    }
  }

  /** The author signed two branches, as we see now. This one proof is kept in the log; more would be a way to fill our disk. */
  #onFork(entry: Entry): void {
    this.#parts.keeping.keepBeside(entry);
    const text = `${
      safeLine(entry.name)
    } has signed two different lines as number ${entry.number}: the one that came first is shown, both are kept`;
    this.#parts.onTrouble(text);
  }

  /** The disk refused what others sent; it was taken back, and is asked for again. */
  #onLost(error: unknown): void {
    if (!(error instanceof DiskError)) return this.#parts.onBug(error);
    const why = error.reason === "full" ? "the disk is full" : error.message;
    const text =
      `Cannot keep what others say: ${why}. They still have it, and it is asked for again every few seconds`;
    this.#parts.onTrouble(text);
    this.#retryLater();
  }

  /** Once for all that is missing: a timer that each gap set anew would never ring while an author goes on writing. */
  #retryLater(): void {
    if (this.#isRetryArmed) return;
    this.#isRetryArmed = true;
    this.#retryTimer.wakeAt(this.#parts.clock.nowMs() + RETRY_MS);
  }
}
