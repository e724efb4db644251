/** The disk for a node whose home was locked before it starts: it is given that lock when it asks for it. */

import type { AppendFile, Disk } from "../../ports/storage.ts";

/** The lock, and what it is of. */
export interface TakenLock {
  readonly path: string;
  /** Null if it could not be taken before; then the node tries itself. */
  readonly lock: Disposable | null;
}

/** All of a disk, with a lock that is held already. Disposing lets the lock go if nobody has asked for it. */
export class LockedDisk implements Disk, Disposable {
  readonly #disk: Disk;
  readonly #path: string;
  #lock: Disposable | null;
  #isTaken = false;

  constructor(disk: Disk, { path, lock }: TakenLock) {
    this.#disk = disk;
    this.#path = path;
    this.#lock = lock;
  }

  /** Whether somebody else was found to hold the lock. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  async lock(path: string): Promise<Disposable | null> {
    if (path !== this.#path) return await this.#disk.lock(path);
    const lock = this.#lock ?? await this.#disk.lock(path);
    this.#lock = null;
    this.#isTaken = lock === null;
    return lock;
  }

  read(path: string, fromByte?: number): Promise<Uint8Array | null> {
    return this.#disk.read(path, fromByte);
  }

  readSync(path: string, into: Uint8Array, atByte: number): number {
    return this.#disk.readSync(path, into, atByte);
  }

  size(path: string): Promise<number | null> {
    return this.#disk.size(path);
  }

  openAppend(path: string): Promise<AppendFile> {
    return this.#disk.openAppend(path);
  }

  writeNew(path: string, bytes: Uint8Array): Promise<void> {
    return this.#disk.writeNew(path, bytes);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#disk.rename(from, to);
  }

  syncFolder(path: string): Promise<void> {
    return this.#disk.syncFolder(path);
  }

  remove(path: string): Promise<void> {
    return this.#disk.remove(path);
  }

  makeFolder(path: string): Promise<void> {
    return this.#disk.makeFolder(path);
  }

  list(path: string): Promise<readonly string[]> {
    return this.#disk.list(path);
  }

  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]();
    this.#lock = null;
  }
}
