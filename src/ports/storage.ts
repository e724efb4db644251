/**
 * Files on disk, as types only. src/deno and tests/sim implement them; tests/contracts holds both to the same
 * contract.
 */

/** A file that only grows. One call at a time. */
export interface AppendFile {
  readonly sizeBytes: number;
  /** Appends the bytes. A failure may have written some of them. @throws {DiskError}. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves once everything appended would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  /** Cuts the file to that size. @throws {DiskError}. */
  truncate(sizeBytes: number): Promise<void>;
  close(): void;
}

/** Small files. Paths are absolute. New files have mode 0600, new folders 0700. */
export interface Disk {
  /** The file's bytes from `fromByte` (default 0), or null if there is no file. @throws {DiskError}. */
  read(path: string, fromByte?: number): Promise<Uint8Array | null>;
  /**
   * Fills the buffer from that byte on, synchronously. Returns the number of bytes. Only for small, rare reads.
   * @throws {DiskError}.
   */
  readSync(path: string, into: Uint8Array, atByte: number): number;
  /** The file's size in bytes, or null if there is no file. @throws {DiskError}. */
  size(path: string): Promise<number | null>;
  /** Opens a file for appending, and creates it if needed. @throws {DiskError}. */
  openAppend(path: string): Promise<AppendFile>;
  /** Creates a file with these bytes and syncs it. @throws {DiskError} "exists" and others. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  /** Renames a file and replaces an existing one atomically. @throws {DiskError}. */
  rename(from: string, to: string): Promise<void>;
  /** Makes renames and new files in that folder survive a power cut, where the system can. @throws {DiskError}. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file. Does nothing if there is none. @throws {DiskError}. */
  remove(path: string): Promise<void>;
  /** Creates the folder and its parents. @throws {DiskError}. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder, sorted; empty if there is no folder. @throws {DiskError}. */
  list(path: string): Promise<readonly string[]>;
  /**
   * Takes the lock file until released, or until the process ends in any way. Null if another process holds it.
   * @throws {DiskError}.
   */
  lock(path: string): Promise<Disposable | null>;
}

/** What is at a path. */
export interface FileInfo {
  /** Links are "link" whatever they lead to; "other" is a device, a pipe or similar. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** The size of a file. */
  readonly sizeBytes: number;
  /** When its content last changed, Unix ms; 0 if the system does not tell. */
  readonly modifiedMs: number;
}

/** A file with random read access. One call at a time. */
export interface ReadFile {
  /** Fills the buffer from that byte on. Returns the number of bytes. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<number>;
  close(): void;
}

/** A file with random write access. Skipped ranges read as zeros. One call at a time. */
export interface WriteFile {
  /** @throws {DiskError}. */
  write(bytes: Uint8Array, atByte: number): Promise<void>;
  /** Resolves once everything written would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  close(): void;
}

/**
 * Large files, and folders with foreign names. Paths are absolute. New files have mode 0600, new folders 0700; none
 * is executable.
 */
export interface Files {
  /**
   * The kind, size and time of the path; null if there is nothing. With `follow` a link counts as its target. @throws
   * {DiskError}.
   */
  stat(path: string, options: { readonly follow: boolean }): Promise<FileInfo | null>;
  /** The names in a folder, sorted. @throws {DiskError}. */
  list(path: string): Promise<readonly string[]>;
  /** Opens a file to read. @throws {DiskError}. */
  openRead(path: string): Promise<ReadFile>;
  /**
   * Makes a folder that no other user can read or write, where the file system has permissions. One that is there already
   * is accepted, and its permissions are set, if it is no link and belongs to this user. @throws {DiskError} "denied" and others.
   */
  makePrivateFolder(path: string): Promise<void>;
  /**
   * Opens a file to write in it, making it if there is none; never by way of a link. With `within`, a folder that the path
   * lies below, the opened file is proven to be there before anything is written: no component below that folder is a link,
   * and the file has this one name and belongs to this user. @throws {DiskError} "denied" and others.
   */
  openWrite(path: string, options?: { readonly within: string }): Promise<WriteFile>;
  /**
   * Renames a file or folder, and never in place of anything. With `within`, no component of `from` below that folder may be
   * a link. @throws {DiskError} "exists", "denied" and others; across disks it fails.
   */
  moveNew(from: string, to: string, options?: { readonly within: string }): Promise<void>;
  /**
   * Removes a file, or a folder with its contents, without following links. Does nothing if there is none. @throws
   * {DiskError}.
   */
  removeAll(path: string): Promise<void>;
  /** Marks a file as foreign, so that the system warns before opening it. Does nothing where there is no such mark. */
  markForeign(path: string): Promise<void>;
}
