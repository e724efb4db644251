/** All messages in English, by topic. */

import { EN_CONTROL } from "./en_control.ts";
import { EN_NAMES } from "./en_names.ts";

/** The English catalogue. */
export const EN = { ...EN_CONTROL, ...EN_NAMES } as const;
