/** The files that are given to others: types only. */

import type { FileVersion } from "../../ports/program_files.ts";
import type { GivenFilePlan } from "./platforms.ts";

/** A file with its SHA-256. */
export interface ServedFile extends GivenFilePlan {
  /** In hex. */
  readonly sha256: string;
  readonly mark: FileVersion;
}

/** All given files. */
export interface ServedFiles {
  readonly version: string;
  readonly files: readonly ServedFile[];
  /** SHA-256 of the page's style, in base64. Browsers apply no other style there. */
  readonly styleHash: string;
}
