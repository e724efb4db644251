/** The folder of the running executable, as types only. src/deno/gift_source.ts implements them. */

/** Identifies one version of a file: any change of the file changes it. */
export interface FileVersion {
  readonly sizeBytes: number;
  readonly changedMs: number | null;
}

/** An open file. */
export interface ProgramFileReader {
  readonly version: FileVersion;
  /** Reads from that byte on. Returns the number of bytes, 0 at the end. @throws {DiskError}. */
  read(into: Uint8Array, atByte: number): Promise<number>;
  /** May be called repeatedly. */
  close(): void;
}

/** The files beside the running executable. */
export interface ProgramFiles {
  /** The file name of the executable. */
  readonly ownName: string;
  /** The compilation target as compilers name it, such as "x86_64-unknown-linux-gnu". */
  readonly triple: string;
  /** The plain files of that folder, without folders and links. @throws {DiskError}. */
  list(): Promise<readonly string[]>;
  /** Opens one of these files. @throws {DiskError}. */
  open(name: string): Promise<ProgramFileReader>;
  /** SHA-256 of one of these files in hex, and the version that was hashed. @throws {DiskError}. */
  hash(name: string): Promise<{ readonly sha256: string; readonly mark: FileVersion }>;
}
