/** Files treated as one byte string in the order of a manifest. */

import { dirname } from "@std/path";
import { DiskError } from "../../errors.ts";
import type { Disk, Files, ReadFile, WriteFile } from "../../ports/storage.ts";
import { SerialQueue } from "../files/serial_queue.ts";

const SYNCS_AT_ONCE = 16;
/** Bytes written before they are synced in parallel with further writes. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/** A file of a content and its local path. */
export interface ContentFile {
  /** Absolute. */
  readonly path: string;
  readonly sizeBytes: number;
}

/** A range of one file: `at` is its offset in the file, `from` its offset in the requested range. */
interface Slice {
  readonly index: number;
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

/** The offsets of the files in the byte string. */
class Layout {
  readonly #starts: readonly number[];
  readonly #sizes: readonly number[];

  constructor(files: readonly ContentFile[]) {
    let start = 0;
    this.#sizes = files.map(({ sizeBytes }) => sizeBytes);
    this.#starts = files.map(({ sizeBytes }) => {
      const at = start;
      start += sizeBytes;
      return at;
    });
  }

  /** The file ranges within the given range. */
  *slices(atByte: number, length: number): Generator<Slice> {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= atByte) low = middle;
      else high = middle;
    }
    let from = 0;
    for (let index = low; from < length && index < this.#starts.length; index++) {
      const at = atByte + from - (this.#starts[index] ?? 0);
      const here = Math.min((this.#sizes[index] ?? 0) - at, length - from);
      if (here <= 0) continue;
      yield { index, at, from, length: here };
      from += here;
    }
  }
}

/** Reads a content. */
export class ContentReader {
  readonly #files: Files;
  readonly #content: readonly ContentFile[];
  readonly #layout: Layout;
  readonly #turn = new SerialQueue();
  #open: { readonly index: number; readonly file: ReadFile } | null = null;
  #isClosed = false;

  constructor(files: Files, content: readonly ContentFile[]) {
    this.#files = files;
    this.#content = content;
    this.#layout = new Layout(content);
  }

  /** Fills the buffer from that byte on. False if the files have become shorter. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<boolean> {
    return this.#turn.run(async () => {
      for (const { index, at, from, length } of this.#layout.slices(atByte, into.length)) {
        const file = await this.#fileAt(index);
        if (await file.read(into.subarray(from, from + length), at) < length) return false;
      }
      return true;
    });
  }

  /** Closes the open file after pending reads. The next read opens it again. */
  release(): Promise<void> {
    return this.#turn.run(() => Promise.resolve(this.#closeFile()));
  }

  /** Closes the reader for good after pending reads. */
  close(): Promise<void> {
    return this.#turn.run(() => {
      this.#isClosed = true;
      return Promise.resolve(this.#closeFile());
    });
  }

  #closeFile(): void {
    this.#open?.file.close();
    this.#open = null;
  }

  async #fileAt(index: number): Promise<ReadFile> {
    if (this.#open?.index === index) return this.#open.file;
    if (this.#isClosed) throw new DiskError("failed", "The content is closed");
    this.#open?.file.close();
    this.#open = null;
    const file = await this.#files.openRead(this.#content[index]?.path ?? "");
    this.#open = { index, file };
    return file;
  }
}

/** Writes a content into files and folders that it creates. */
export class ContentWriter {
  readonly #disk: Disk;
  readonly #files: Files;
  readonly #content: readonly ContentFile[];
  readonly #layout: Layout;
  readonly #turn = new SerialQueue();
  readonly #options: { readonly within: string } | undefined;
  readonly #folders = new Set<string>();
  /** Files that were opened before. */
  readonly #begun = new Set<number>();
  #open: { readonly index: number; readonly file: WriteFile } | null = null;
  #unsyncedBytes = 0;
  #flush: Promise<void> | null = null;
  #flushError: unknown = null;

  constructor(
    { disk, files }: { readonly disk: Disk; readonly files: Files },
    content: readonly ContentFile[],
    within: string | null,
  ) {
    this.#options = within === null ? undefined : { within };
    this.#disk = disk;
    this.#files = files;
    this.#content = content;
    this.#layout = new Layout(content);
  }

  /** Writes the bytes at that offset. @throws {DiskError}. */
  write(bytes: Uint8Array, atByte: number): Promise<void> {
    return this.#turn.run(async () => {
      for (const { index, at, from, length } of this.#layout.slices(atByte, bytes.length)) {
        const file = await this.#fileAt(index);
        await file.write(bytes.subarray(from, from + length), at);
        this.#unsyncedBytes += length;
        if (this.#unsyncedBytes >= FLUSH_BYTES && this.#flush === null) this.#beginFlush(index);
      }
    });
  }

  /** Creates empty files. Resolves when all files exist and would survive a power cut. @throws {DiskError}. */
  finish(): Promise<void> {
    return this.#turn.run(async () => {
      this.#closeFile();
      await this.#flush;
      if (this.#flushError !== null) throw this.#flushError;
      for (const [index, { sizeBytes }] of this.#content.entries()) {
        if (sizeBytes === 0) await this.#fileAt(index);
      }
      this.#closeFile();
      // Several at once, because a disk combines concurrent syncs into one write.
      const waiting = [...this.#content];
      const sync = async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          await this.#sync(next.path);
          await this.#requireWhole(next);
        }
      };
      await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, sync));
      for (const folder of this.#folders) await this.#disk.syncFolder(folder);
    });
  }

  /** Closes the files after pending writes. */
  close(): Promise<void> {
    return this.#turn.run(async () => {
      this.#closeFile();
      await this.#flush;
    });
  }

  /**
   * Syncs written bytes while more arrive; the system alone would leave a gigabyte for the end. It uses a handle of
   * its own, so that writing continues. A failure is reported at the end, because the system may report it only once.
   */
  #beginFlush(index: number): void {
    const path = this.#content[index]?.path ?? "";
    this.#unsyncedBytes = 0;
    this.#flush = this.#sync(path).catch((error) => {
      this.#flushError ??= error;
    }).finally(() => this.#flush = null);
  }

  async #requireWhole({ path, sizeBytes }: ContentFile): Promise<void> {
    const fact = await this.#files.stat(path, { follow: false });
    if (fact?.kind === "file" && fact.sizeBytes === sizeBytes) return;
    throw createChangedError(path);
  }

  async #sync(path: string): Promise<void> {
    // Opening a removed file for writing would create it again.
    if (await this.#files.stat(path, { follow: false }) === null) return;
    const file = await this.#files.openWrite(path, this.#options);
    try {
      await file.sync();
    } finally {
      file.close();
    }
  }

  async #fileAt(index: number): Promise<WriteFile> {
    if (this.#open?.index === index) return this.#open.file;
    this.#closeFile();
    const path = this.#content[index]?.path ?? "";
    const folder = dirname(path);
    if (!this.#folders.has(folder)) {
      await this.#disk.makeFolder(folder);
      this.#folders.add(folder);
    }
    // A file created again would have holes in place of earlier bytes.
    if (this.#begun.has(index) && await this.#files.stat(path, { follow: false }) === null) {
      throw createChangedError(path);
    }
    const file = await this.#files.openWrite(path, this.#options);
    this.#begun.add(index);
    this.#open = { index, file };
    return file;
  }

  #closeFile(): void {
    this.#open?.file.close();
    this.#open = null;
  }
}

function createChangedError(path: string): DiskError {
  return new DiskError("failed", `"${path}" was removed or changed while it came`);
}
