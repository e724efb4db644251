/** German, as the page has it. */

import { DE } from "./de.ts";
import type { Speech } from "./format_message.ts";

/** German. */
export const GERMAN: Speech = {
  tag: "de",
  texts: DE,
  and: "und",
  or: "oder",
  decimalPoint: ",",
  units: {
    second: ["Sekunde", "Sekunden"],
    minute: ["Minute", "Minuten"],
    hour: ["Stunde", "Stunden"],
    day: ["Tag", "Tage"],
  },
  bytes: ["Byte", "Bytes"],
};
