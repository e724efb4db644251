/** A file that sends a browser to a one-time link. Only its owner can read it, and it is removed with the link. */

import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { replaceFile } from "../../store/files/atomic_write.ts";

/** Time for a browser to start and read the file. A cold start from a slow disk takes several seconds. */
const FILE_MS_MAX = 60_000;

/** The parts that the file uses. */
export interface EntryFileParts {
  readonly disk: Disk;
  readonly clock: Clock;
  /** The path of the file. */
  readonly path: string;
  /** Hears of bugs in background work. */
  onBug(error: unknown): void;
}

/** The file, for one link at a time. */
export class EntryFile {
  readonly #parts: EntryFileParts;
  readonly #timer: Timer;
  #link = "";
  /** Writes and removals run one after the other. Never rejects. */
  #last: Promise<boolean> = Promise.resolve(true);

  constructor(parts: EntryFileParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.remove());
  }

  /** Writes the file. Returns its path, or null if the disk refuses it: then the user opens the link by hand. */
  async write(link: string): Promise<string | null> {
    const { disk, clock, path } = this.#parts;
    const bytes = new TextEncoder().encode(entryHtml(link));
    this.#link = link;
    this.#timer.wakeAt(clock.nowMs() + FILE_MS_MAX);
    return await this.#next(() => replaceFile(disk, { path, bytes })) ? path : null;
  }

  /** The link has expired: removes its file. */
  drop(link: string): void {
    if (link === this.#link) this.remove();
  }

  /** Removes the file, if there is one. One that cannot be removed now is removed at the next start; its link has expired by then. */
  remove(): void {
    const { disk, path } = this.#parts;
    this.#timer.wakeAt(null);
    void this.#next(() => disk.remove(path));
  }

  /** Removes the file, and writes no other. */
  async close(): Promise<void> {
    this.remove();
    this.#timer[Symbol.dispose]();
    await this.#last;
  }

  /** Runs an action in its turn. False if the disk refused it. */
  #next(run: () => Promise<void>): Promise<boolean> {
    return this.#last = this.#last.then(async () => {
      try {
        await run();
        return true;
      } catch (error) {
        if (!(error instanceof DiskError)) this.#parts.onBug(error);
        return false;
      }
    });
  }
}

/** The link has only digits, letters, "-" and "_", so it needs no escapes. */
function entryHtml(link: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${link}">
<title>earshot</title>
<p><a href="${link}" rel="noreferrer">Open earshot</a></p>
</html>
`;
}
