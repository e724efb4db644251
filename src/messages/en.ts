/** All messages in English, by topic. */

import { EN_CONTROL } from "./en_control.ts";
import { EN_NAMES } from "./en_names.ts";
import { EN_OFFERS } from "./en_offers.ts";

/** The English catalogue. */
export const EN = { ...EN_CONTROL, ...EN_NAMES, ...EN_OFFERS } as const;
