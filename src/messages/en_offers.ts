/** Limits of offers, and contents that are no longer where they were. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_OFFERS = {
  "offer.list-short": {
    one:
      "Cannot offer {wanted} items: only {count} more fits into the list of this conversation. Nothing was offered. Put them into one folder and offer that",
    other:
      "Cannot offer {wanted} items: only {count} more fit into the list of this conversation. Nothing was offered. Put them into one folder and offer that",
  },
  "offer.list-full": {
    text: "Cannot offer that: the list of offers in this conversation is full. Nothing was offered",
    hint: "Open another room, and offer a folder there: {command}",
  },
} as const satisfies Texts;
