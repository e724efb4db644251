/** The folder of our own executable, from outside: types only; src/deno/gift_source.ts implements them. */

/** What tells a file that was changed from the same one. */
export interface FileVersion {
  readonly sizeBytes: number;
  readonly changedMs: number | null;
}

/** A file that is being read. */
export interface ProgramFileReader {
  readonly version: FileVersion;
  /** Reads from that place on: the number of bytes, 0 at the end. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<number>;
  /** Again is harmless. */
  close(): void;
}

/** Where the executable is. */
export interface ProgramFiles {
  /** The name of the executable's file. */
  readonly ownName: string;
  /** What it was made for, as compilers call it, such as "x86_64-unknown-linux-gnu". */
  readonly triple: string;
  /** All plain files there; no folders, no links. @throws {DiskError}. */
  list(): Promise<readonly string[]>;
  /** Opens one of them. @throws {DiskError}. */
  open(name: string): Promise<ProgramFileReader>;
  /** SHA-256 of one of them, in hex, and what it was like then. @throws {DiskError}. */
  hash(name: string): Promise<{ readonly sha256: string; readonly mark: FileVersion }>;
}
