/** Files on disk: types only. src/deno and tests/sim implement them; tests/contracts says what both must do. */

/** A file that only grows. One call at a time. */
export interface AppendFile {
  readonly sizeBytes: number;
  /** Adds the bytes at the end, all or (on failure) perhaps some. @throws {DiskError}. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves once all that was appended would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  /** Cuts the file to the size. @throws {DiskError}. */
  truncate(sizeBytes: number): Promise<void>;
  close(): void;
}

/** Files. Paths are absolute. New files are mode 0600, new folders 0700. */
export interface Disk {
  /** The file from that byte on, all of it from 0, or null if there is none. @throws {DiskError}. */
  read(path: string, fromByte?: number): Promise<Uint8Array | null>;
  /** Fills as much of the buffer as there is from that byte on, while everything waits; how much it was. For what is small and rarely asked for. @throws {DiskError}. */
  readSync(path: string, into: Uint8Array, atByte: number): number;
  /** Bytes of the file, or null if there is none. @throws {DiskError}. */
  size(path: string): Promise<number | null>;
  /** Opens for appending, making the file if there is none. @throws {DiskError}. */
  openAppend(path: string): Promise<AppendFile>;
  /** Makes a new file with these bytes and syncs it. @throws {DiskError} "exists" and others. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  /** Renames, replacing a file of that name at once. @throws {DiskError}. */
  rename(from: string, to: string): Promise<void>;
  /** Makes a rename or a new file in that folder survive a power cut, where the system can. @throws {DiskError}. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file; none is harmless. @throws {DiskError}. */
  remove(path: string): Promise<void>;
  /** Makes the folder and those above it. @throws {DiskError}. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, sorted; empty if there is none. @throws {DiskError}. */
  list(path: string): Promise<readonly string[]>;
  /** Takes the lock file for this process until released or until the process ends, however it ends; null if another holds it. @throws {DiskError}. */
  lock(path: string): Promise<Disposable | null>;
}

/** What is at a path. */
export interface FileInfo {
  /** A link is one whatever it leads to; "other" is a device, a pipe and the like. */
  readonly kind: "file" | "folder" | "link" | "other";
  /** Of a file. */
  readonly sizeBytes: number;
  /** When its content was last changed, Unix ms; 0 where the system does not tell. */
  readonly modifiedMs: number;
}

/** A file that is read at any place. One call at a time. */
export interface ReadFile {
  /** Fills as much of the buffer as there is from that byte on; how much it was. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<number>;
  close(): void;
}

/** A file that is written at any place; what lies before it, and was never written, reads as zeros. One call at a time. */
export interface WriteFile {
  /** @throws {DiskError}. */
  write(bytes: Uint8Array, atByte: number): Promise<void>;
  /** Resolves once all that was written would survive a power cut. @throws {DiskError}. */
  sync(): Promise<void>;
  close(): void;
}

/** Large files, and folders that others gave names to. Paths are absolute. New files are mode 0600, new folders 0700; nothing is ever made to be run. */
export interface Files {
  /** What is at the path; null for nothing. With `follow` a link is what it leads to. @throws {DiskError}. */
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
  /** Removes a file, or a folder with all that is in it, and follows no links; nothing there is harmless. @throws {DiskError}. */
  removeAll(path: string): Promise<void>;
  /** Marks a file as one that came from elsewhere, so that the system warns before it is opened. Where there is no such mark, nothing happens. */
  markForeign(path: string): Promise<void>;
}
