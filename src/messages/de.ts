/** All messages in German, by topic. */

import { DE_CONTROL } from "./de_control.ts";
import { DE_NAMES } from "./de_names.ts";
import { DE_OFFERS } from "./de_offers.ts";
import type { MessageText } from "./catalogue.ts";
import type { MessageCode } from "./message.ts";

/** The German catalogue. */
export const DE: Readonly<Record<MessageCode, MessageText>> = { ...DE_CONTROL, ...DE_NAMES, ...DE_OFFERS };
