/** What is being given: types only. */

import type { FileVersion } from "../../ports/program_files.ts";
import type { GivenFilePlan } from "./platforms.ts";

/** A file with its sum. */
export interface Gift extends GivenFilePlan {
  /** In hex. */
  readonly sha256: string;
  readonly mark: FileVersion;
}

/** What is being given. */
export interface Gifts {
  readonly version: string;
  readonly files: readonly Gift[];
  /** SHA-256 of the page's style, in base64: the one style that browsers may take there. */
  readonly styleHash: string;
}
