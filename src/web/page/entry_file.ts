/** The file that leads a browser to a one-time link: only its owner can read it, and it goes with the link. */

import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import { replaceFile } from "../../store/files/atomic_write.ts";

/** Time for a browser to start and to read the file; a cold one on a slow disk takes a while. */
const FILE_MS_MAX = 60_000;

/** What the file needs. */
export interface EntryFileParts {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Where it goes. */
  readonly path: string;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** One such file, for one link at a time. */
export class EntryFile {
  readonly #parts: EntryFileParts;
  readonly #timer: Timer;
  #link = "";
  /** One thing after the other; never rejects. */
  #last: Promise<boolean> = Promise.resolve(true);

  /** Writes nothing yet. */
  constructor(parts: EntryFileParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.remove());
  }

  /** Writes it; its path, or null if the disk does not take it: then the link has to be opened by hand. */
  async write(link: string): Promise<string | null> {
    const { disk, clock, path } = this.#parts;
    const bytes = new TextEncoder().encode(entryHtml(link));
    this.#link = link;
    this.#timer.wakeAt(clock.nowMs() + FILE_MS_MAX);
    return await this.#next(() => replaceFile(disk, { path, bytes })) ? path : null;
  }

  /** That link is worth nothing any more. */
  drop(link: string): void {
    if (link === this.#link) this.remove();
  }

  /** Removes it; none is harmless. What cannot be removed now is removed at the next start, and its link is worth nothing by then. */
  remove(): void {
    const { disk, path } = this.#parts;
    this.#timer.wakeAt(null);
    void this.#next(() => disk.remove(path));
  }

  /** Removes it for good. */
  async close(): Promise<void> {
    this.remove();
    this.#timer[Symbol.dispose]();
    await this.#last;
  }

  /** Runs it when its turn comes; whether the disk did it. */
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

/** The link is made of digits, letters, "-" and "_" only, so nothing in it has to be escaped. */
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
