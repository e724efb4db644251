/** What is being given: types only. */

import type { FileMark } from "./gift_source.ts";
import type { GiftPlan } from "./gift_targets.ts";

/** A file with its sum. */
export interface Gift extends GiftPlan {
  /** In hex. */
  readonly sha256: string;
  readonly mark: FileMark;
}

/** What is being given. */
export interface Gifts {
  readonly version: string;
  readonly files: readonly Gift[];
  /** SHA-256 of the page's style, in base64: the one style that browsers may take there. */
  readonly styleHash: string;
}
