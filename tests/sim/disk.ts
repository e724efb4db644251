/**
 * A disk in memory, as treacherous as a real one. A `SimDisk` is the machine's drive; `boot()` gives the Disk that one
 * process sees. When the process dies (`kill`) or the power fails (`crash`), that Disk's calls, those under way and later
 * ones, never come back; the next process boots anew.
 */

import { DiskError } from "../../src/errors.ts";
import type { AppendFile, Disk, Files } from "../../src/ports/storage.ts";
import { type DiskSnapshot, Drive } from "./drive.ts";
import { simFiles } from "./files.ts";

export type { DiskSnapshot } from "./drive.ts";

/** Where the disk takes time and chance from. */
export interface SimDiskOptions {
  /** Runs something after a while, such as SimTime.schedule. */
  readonly schedule: (delayMs: number, run: () => void) => void;
  /** A number in [0, 1) from the simulation's seed. */
  readonly fraction: () => number;
}

/** Longest time of a call, as on a machine with an SSD. */
const CALL_MS_MAX = 2;
/** Longest time of a call that syncs. */
const SYNC_MS_MAX = 8;

/** One process: its calls under way, each with what to leave of it if it is cut short. */
interface Life {
  isOver: boolean;
  readonly calls: Set<{ readonly cutShort: () => void }>;
}

interface CallOptions<T> {
  readonly maxMs: number;
  readonly effect: () => T;
  readonly cutShort: () => void;
}

/** The disk of one simulated machine. */
export class SimDisk {
  readonly #options: SimDiskOptions;
  readonly #drive: Drive;
  readonly #lives = new Set<Life>();
  #openCount = 0;
  readonly #locks = new Set<string>();

  constructor(options: SimDiskOptions) {
    this.#options = options;
    this.#drive = new Drive(options.fraction);
  }

  /** The Disk of a process that starts now. */
  boot(): Disk {
    const life: Life = { isOver: false, calls: new Set() };
    this.#lives.add(life);
    const drive = this.#drive;
    const call = <T>(effect: () => T) =>
      this.#call(life, { maxMs: CALL_MS_MAX, effect, cutShort: () => this.#perhaps(effect) });
    return {
      read: (path, fromByte = 0) => call(() => drive.read(slashed(path))?.slice(fromByte) ?? null),
      readSync: (path, into, atByte) => {
        const bytes = life.isOver ? null : drive.read(slashed(path));
        if (bytes === null) throw new DiskError("missing", `Cannot read "${path}"`);
        const read = bytes.subarray(atByte, atByte + into.length);
        into.set(read);
        return read.length;
      },
      size: (path) => call(() => drive.read(slashed(path))?.length ?? null),
      openAppend: (path) => call(() => this.#appendFile(life, slashed(path))),
      writeNew: (path, bytes) => this.#writeNew(life, { path: slashed(path), bytes: bytes.slice() }),
      rename: (from, to) => call(() => drive.rename(slashed(from), slashed(to))),
      syncFolder: (path) => {
        const effect = () => drive.syncFolder(slashed(path));
        return this.#call(life, { maxMs: SYNC_MS_MAX, effect, cutShort: () => {} });
      },
      remove: (path) => call(() => drive.remove(slashed(path))),
      makeFolder: (path) => call(() => drive.makeFolder(slashed(path))),
      list: (path) => call(() => drive.list(slashed(path))),
      lock: (path) => call(() => this.#lock(life, slashed(path))),
    };
  }

  /** The Files of a process that starts now. */
  bootFiles(): Files {
    const life: Life = { isOver: false, calls: new Set() };
    this.#lives.add(life);
    const call = <T>(effect: () => T, maxMs = CALL_MS_MAX) =>
      this.#call(life, { maxMs, effect, cutShort: () => this.#perhaps(effect) });
    return simFiles(this.#drive, {
      call,
      sync: (effect) => this.#call(life, { maxMs: SYNC_MS_MAX, effect, cutShort: () => {} }),
      onOpen: (change) => {
        if (!life.isOver) this.#openCount += change;
      },
    });
  }

  /** Large files that are open. */
  get openCount(): number {
    return this.#openCount;
  }

  /** Every process dies. What was written stays, a write under way is done in part, and locks are let go. */
  kill(): void {
    for (const life of this.#lives) {
      life.isOver = true;
      for (const call of life.calls) call.cutShort();
    }
    this.#lives.clear();
    this.#locks.clear();
    this.#openCount = 0;
  }

  /** The power fails: as `kill`, and what was not synced is lost, kept or torn, by chance. */
  crash(): void {
    this.kill();
    this.#drive.losePower();
  }

  /** Leaves space for so many more bytes; null for as many as wanted. */
  setFull(freeBytes: number | null): void {
    this.#drive.setFull(freeBytes);
  }

  /** Whether every call that would change something fails. */
  setReadOnly(isReadOnly: boolean): void {
    this.#drive.isReadOnly = isReadOnly;
  }

  /** The next so many syncs of files fail, and sync nothing. */
  failSyncs(count: number): void {
    this.#drive.syncsToFail = count;
  }

  /** A backup of all that a process would read now. */
  snapshot(): DiskSnapshot {
    return this.#drive.snapshot();
  }

  /** Kills the processes and puts a backup in place of everything, durably. */
  restore(snapshot: DiskSnapshot): void {
    this.kill();
    this.#drive.restore(snapshot);
  }

  /** How many syncs of files and folders were done. */
  get syncCount(): number {
    return this.#drive.syncCount;
  }

  /** How many appends and new files were written. */
  get writeCount(): number {
    return this.#drive.writeCount;
  }

  /** The bytes of a file as a process would read them now, or null; takes no time. */
  peek(path: string): Uint8Array | null {
    return this.#drive.read(slashed(path));
  }

  /** The paths of all files and folders, as a process would see them now. */
  paths(): readonly string[] {
    return this.#drive.paths();
  }

  /** The bytes of a file that a power cut could not take now, or null; takes no time. */
  durable(path: string): Uint8Array | null {
    return this.#drive.durable(slashed(path));
  }

  /** Makes or replaces a file from outside, as an editor does, durably and with its folders; takes no time. */
  put(path: string, bytes: Uint8Array): void {
    this.#drive.put(slashed(path), bytes);
  }

  #call<T>(life: Life, { maxMs, effect, cutShort }: CallOptions<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (life.isOver) return;
      const call = { cutShort };
      life.calls.add(call);
      this.#options.schedule(this.#options.fraction() * maxMs, () => {
        if (life.isOver) return;
        life.calls.delete(call);
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Of a call without halves that is cut short, all was done or nothing. */
  #perhaps(effect: () => unknown): void {
    if (this.#options.fraction() < 0.5) return;
    try {
      effect();
    } catch (error) {
      // A call that fails has no caller left to hear of it.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  #partOf(bytes: Uint8Array): Uint8Array {
    return bytes.slice(0, Math.floor(this.#options.fraction() * (bytes.length + 1)));
  }

  #appendFile(life: Life, path: string): AppendFile {
    const drive = this.#drive;
    const file = drive.open(path);
    let isOpen = true;
    const change = ({ maxMs, effect, cutShort }: CallOptions<void>) => {
      const checked = (run: () => void) => () => {
        if (!isOpen) throw new DiskError("failed", `Cannot use "${path}": it is closed`);
        if (drive.isReadOnly) throw new DiskError("read-only", `Cannot write "${path}"`);
        run();
      };
      return this.#call(life, {
        maxMs,
        effect: checked(effect),
        cutShort: () => this.#perhaps(checked(cutShort)),
      });
    };
    return {
      get sizeBytes() {
        return file.bytes.length;
      },
      append: (given) => {
        const bytes = given.slice();
        return change({
          maxMs: CALL_MS_MAX,
          effect: () => drive.append(file, bytes),
          cutShort: () => drive.append(file, this.#partOf(bytes)),
        });
      },
      sync: () => change({ maxMs: SYNC_MS_MAX, effect: () => drive.sync(file), cutShort: () => {} }),
      truncate: (sizeBytes) => {
        const cut = () => drive.cut(file, sizeBytes);
        return change({ maxMs: CALL_MS_MAX, effect: cut, cutShort: cut });
      },
      close() {
        isOpen = false;
      },
    };
  }

  #writeNew(
    life: Life,
    { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
  ): Promise<void> {
    const drive = this.#drive;
    return this.#call(life, {
      maxMs: SYNC_MS_MAX,
      effect: () => {
        const file = drive.create(path);
        try {
          drive.append(file, bytes);
          drive.sync(file);
        } catch (error) {
          drive.remove(path);
          throw error;
        }
      },
      cutShort: () => this.#perhaps(() => drive.append(drive.create(path), this.#partOf(bytes))),
    });
  }

  #lock(life: Life, path: string): Disposable | null {
    if (this.#locks.has(path)) return null;
    this.#drive.open(path);
    this.#locks.add(path);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (isHeld && !life.isOver) this.#locks.delete(path);
        isHeld = false;
      },
    };
  }
}

/** On Windows the code under test joins paths by backslash. */
function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
