/**
 * What is on a simulated disk, without time and processes. It keeps apart what was written and what would survive a
 * power cut: bytes survive by `sync`, names (new files and folders, renames, removals) by `syncFolder`, nothing else does.
 */

import { DiskError } from "../../src/errors.ts";

/** All files (bytes) and folders (null) at one moment, as a backup has them. */
export type DiskSnapshot = ReadonlyMap<string, Uint8Array | null>;

/** A file, whatever its name is by now. */
export interface DriveFile {
  bytes: Uint8Array;
  /** What was done since the last sync, newest last, so that a power cut can undo it. */
  unsynced: Undoable[];
  /** Goes up with each change: what a clock would say. */
  revision: number;
}

/** A change of a file's bytes. Of a write somewhere in it, all that was there before is kept. */
interface Undoable {
  readonly kind: "append" | "cut" | "write";
  readonly bytes: Uint8Array;
}

/** What a name stands for: a file, or null for a folder. */
type Node = DriveFile | null;

/** A change that a power cut may undo: the names now stand for this, or for nothing (undefined). */
interface NameChange {
  readonly folders: readonly string[];
  readonly names: readonly (readonly [path: string, node: Node | undefined])[];
}

/** How often a power cut loses a change of names that was not synced (and with it the later ones of that folder). */
const LOSS_CHANCE = 0.3;
/** How often the torn end of a file is zeros instead of missing (the size reached the disk, the data did not). */
const ZEROS_CHANCE = 0.25;

/** Files and folders, with "/" between them; every method is done at once or throws DiskError. */
export class Drive {
  /** How many syncs of files and folders were done. */
  syncCount = 0;
  /** How many appends and new files were written. */
  writeCount = 0;
  /** The next so many syncs of files fail, and sync nothing. */
  syncsToFail = 0;
  /** Whether whatever would change something fails. */
  isReadOnly = false;
  readonly #fraction: () => number;
  #names = new Map<string, Node>();
  #durableNames = new Map<string, Node>();
  #nameChanges: NameChange[] = [];
  #capacityBytes = Infinity;

  constructor(fraction: () => number) {
    this.#fraction = fraction;
  }

  setFull(freeBytes: number | null): void {
    this.#capacityBytes = freeBytes === null ? Infinity : this.#usedBytes() + freeBytes;
  }

  read(path: string): Uint8Array | null {
    const node = this.#names.get(path);
    if (node === null) throw new DiskError("failed", `Cannot read "${path}": it is a folder`);
    return node?.bytes.slice() ?? null;
  }

  paths(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** What would be left of a file if it lost all that may be lost. */
  durable(path: string): Uint8Array | null {
    const node = this.#durableNames.get(path);
    if (node === undefined || node === null || !hasFolders(this.#durableNames, path)) return null;
    return node.unsynced.toReversed().reduce(undone, node.bytes);
  }

  list(path: string): readonly string[] {
    if (this.#names.get(path)) throw new DiskError("failed", `Cannot list "${path}": it is a file`);
    const folder = withoutEnd(path);
    const inside = [...this.#names.keys()].filter((name) => folderOf(name) === folder);
    return inside.map((name) => name.slice(folder.length + 1)).sort();
  }

  open(path: string): DriveFile {
    const node = this.#names.get(path);
    if (node === null) throw new DiskError("failed", `Cannot open "${path}": it is a folder`);
    this.mustBeWritable(path);
    return node ?? this.#newFile(path);
  }

  /** Writes what fits. */
  append(file: DriveFile, bytes: Uint8Array): void {
    this.writeCount++;
    const fitting = bytes.slice(0, Math.max(0, this.#capacityBytes - this.#usedBytes()));
    file.unsynced.push({ kind: "append", bytes: fitting });
    file.bytes = joined(file.bytes, fitting);
    file.revision++;
    if (fitting.length < bytes.length) throw new DiskError("full", "Cannot write");
  }

  /** Writes at a place, with zeros before it where nothing was. */
  write(file: DriveFile, bytes: Uint8Array, atByte: number): void {
    this.writeCount++;
    const end = Math.max(file.bytes.length, atByte + bytes.length);
    if (end - file.bytes.length > this.#capacityBytes - this.#usedBytes()) {
      throw new DiskError("full", "Cannot write");
    }
    const changed = new Uint8Array(end);
    changed.set(file.bytes);
    changed.set(bytes, atByte);
    file.unsynced.push({ kind: "write", bytes: file.bytes });
    file.bytes = changed;
    file.revision++;
  }

  /** What the name stands for: a file, null for a folder, undefined for nothing. */
  look(path: string): DriveFile | null | undefined {
    return this.#names.get(withoutEnd(path));
  }

  /** Renames a file, or a folder with all in it, to where nothing is. */
  moveNew(from: string, to: string): void {
    if (this.#names.get(from) === undefined) throw new DiskError("missing", `Cannot move "${from}"`);
    if (this.#names.has(to)) throw new DiskError("exists", `Cannot move to "${to}"`);
    this.mustBeWritable(to);
    const moved = [...this.#names].filter(([path]) => path === from || path.startsWith(`${from}/`));
    const names = moved.flatMap(([path, node]) =>
      [[path, undefined], [to + path.slice(from.length), node]] as const
    );
    this.#change({ folders: [folderOf(from), folderOf(to)], names });
  }

  /** Removes a file, or a folder with all in it. */
  removeAll(path: string): void {
    if (!this.#names.has(path)) return;
    this.mustBeWritable(path);
    const gone = [...this.#names.keys()].filter((name) => name === path || name.startsWith(`${path}/`));
    this.#change({ folders: [folderOf(path)], names: gone.map((name) => [name, undefined] as const) });
  }

  cut(file: DriveFile, sizeBytes: number): void {
    file.unsynced.push({ kind: "cut", bytes: file.bytes.slice(sizeBytes) });
    file.bytes = file.bytes.slice(0, sizeBytes);
  }

  sync(file: DriveFile): void {
    if (this.syncsToFail > 0) {
      this.syncsToFail--;
      throw new DiskError("failed", "Cannot sync");
    }
    this.syncCount++;
    file.unsynced = [];
  }

  /** A new, empty file. */
  create(path: string): DriveFile {
    if (this.#names.has(path)) throw new DiskError("exists", `Cannot write "${path}"`);
    this.mustBeWritable(path);
    return this.#newFile(path);
  }

  rename(from: string, to: string): void {
    const node = this.#names.get(from);
    if (node === undefined) throw new DiskError("missing", `Cannot rename "${from}"`);
    if (node === null || this.#names.get(to) === null) {
      throw new DiskError("failed", `Cannot rename a folder`);
    }
    this.mustBeWritable(to);
    this.#change({ folders: [folderOf(from), folderOf(to)], names: [[from, undefined], [to, node]] });
  }

  remove(path: string): void {
    const node = this.#names.get(path);
    if (node === undefined) return;
    if (node === null) throw new DiskError("failed", `Cannot remove "${path}": it is a folder`);
    this.mustBeWritable(path);
    this.#change({ folders: [folderOf(path)], names: [[path, undefined]] });
  }

  makeFolder(path: string): void {
    for (const folder of [...foldersAbove(path), path]) {
      const node = this.#names.get(folder);
      if (node === null) continue;
      if (node !== undefined) throw new DiskError("exists", `Cannot make the folder "${path}"`);
      this.mustBeWritable(folder);
      this.#change({ folders: [folderOf(folder)], names: [[folder, null]] });
    }
  }

  syncFolder(path: string): void {
    const folder = withoutEnd(path);
    if (this.#names.get(folder) !== null && !isTop(folder)) {
      throw new DiskError("missing", `Cannot sync "${path}"`);
    }
    this.syncCount++;
    const isHere = (change: NameChange) => change.folders.includes(folder);
    for (const change of this.#nameChanges.filter(isHere)) apply(this.#durableNames, change);
    this.#nameChanges = this.#nameChanges.filter((change) => !isHere(change));
  }

  /** @throws {DiskError} "read-only", or "missing" if a folder above is. */
  mustBeWritable(path: string): void {
    if (this.isReadOnly) throw new DiskError("read-only", `Cannot write "${path}"`);
    if (!hasFolders(this.#names, path)) {
      throw new DiskError("missing", `Cannot write "${path}": there is no such folder`);
    }
  }

  /** Whatever was not synced happened only up to some moment, another one for each file and folder. */
  losePower(): void {
    const stopped = new Set<string>();
    for (const change of this.#nameChanges) {
      const isLost = change.folders.some((folder) => stopped.has(folder)) || this.#fraction() < LOSS_CHANCE;
      if (!isLost) apply(this.#durableNames, change);
      else for (const folder of change.folders) stopped.add(folder);
    }
    this.#nameChanges = [];
    // What lies in a folder that is lost is lost with it.
    for (const path of this.#durableNames.keys()) {
      if (!hasFolders(this.#durableNames, path)) this.#durableNames.delete(path);
    }
    this.#names = new Map(this.#durableNames);
    for (const node of new Set(this.#names.values())) {
      if (node !== null) this.#loseUnsynced(node);
    }
  }

  snapshot(): DiskSnapshot {
    return new Map([...this.#names].map(([path, node]) => [path, node?.bytes.slice() ?? null]));
  }

  /** Puts the backup in place of everything, durably. */
  restore(snapshot: DiskSnapshot): void {
    this.#nameChanges = [];
    this.#names = new Map(
      [...snapshot].map(([path, bytes]) => [path, bytes === null ? null : durable(bytes)]),
    );
    this.#durableNames = new Map(this.#names);
  }

  /** Makes or replaces a file durably, with the folders above it. */
  put(path: string, bytes: Uint8Array): void {
    const names: NameChange["names"] = [
      ...foldersAbove(path).map((folder) => [folder, null] as const),
      [path, durable(bytes)],
    ];
    apply(this.#names, { folders: [], names });
    apply(this.#durableNames, { folders: [], names });
  }

  #newFile(path: string): DriveFile {
    const file = durable(new Uint8Array(0));
    this.#change({ folders: [folderOf(path)], names: [[path, file]] });
    return file;
  }

  #change(change: NameChange): void {
    apply(this.#names, change);
    this.#nameChanges.push(change);
  }

  #usedBytes(): number {
    let used = 0;
    for (const node of this.#names.values()) used += node?.bytes.length ?? 0;
    return used;
  }

  /** Undoes all that was done to the file after some moment since its last sync; an append at that moment is torn. */
  #loseUnsynced(file: DriveFile): void {
    const keptCount = Math.floor(this.#fraction() * (file.unsynced.length + 1));
    file.bytes = file.unsynced.slice(keptCount).toReversed().reduce(undone, file.bytes);
    const torn = file.unsynced[keptCount];
    if (torn?.kind === "append") {
      const part = torn.bytes.slice(0, Math.floor(this.#fraction() * (torn.bytes.length + 1)));
      const zeroCount = this.#fraction() < ZEROS_CHANCE ? torn.bytes.length - part.length : 0;
      file.bytes = joined(joined(file.bytes, part), new Uint8Array(zeroCount));
    }
    file.unsynced = [];
  }
}

/** The bytes as they were before that. */
function undone(bytes: Uint8Array, done: Undoable): Uint8Array {
  if (done.kind === "write") return done.bytes;
  return done.kind === "cut" ? joined(bytes, done.bytes) : bytes.slice(0, bytes.length - done.bytes.length);
}

function durable(bytes: Uint8Array): DriveFile {
  return { bytes: bytes.slice(), unsynced: [], revision: 0 };
}

function apply(names: Map<string, Node>, change: NameChange): void {
  for (const [path, node] of change.names) {
    if (node === undefined) names.delete(path);
    else names.set(path, node);
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

/** "/home" lies in the top, which is "" here. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** The top of the drive is always there. Windows puts a letter before it. */
function isTop(folder: string): boolean {
  return folder === "" || /^[A-Za-z]:$/.test(folder);
}

/** The top as callers write it, "/", ends in a separator. */
function withoutEnd(path: string): string {
  return path.replace(/\/$/, "");
}

/** From the top down. */
function foldersAbove(path: string): string[] {
  const folder = folderOf(path);
  return isTop(folder) ? [] : [...foldersAbove(folder), folder];
}

function hasFolders(names: ReadonlyMap<string, Node>, path: string): boolean {
  return foldersAbove(path).every((folder) => names.get(folder) === null);
}
