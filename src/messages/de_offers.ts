/** Limits of offers, and contents that are no longer where they were. */

import { translationOf } from "./catalogue.ts";
import type { EN_OFFERS } from "./en_offers.ts";

/** German. */
export const DE_OFFERS = translationOf<typeof EN_OFFERS>()({
  "offer.list-short": {
    one:
      "{wanted} Einträge lassen sich nicht anbieten: Nur noch {count} passt in die Liste dieser Unterhaltung. Nichts wurde angeboten. Leg sie in einen Ordner und biete ihn an",
    other:
      "{wanted} Einträge lassen sich nicht anbieten: Nur noch {count} passen in die Liste dieser Unterhaltung. Nichts wurde angeboten. Leg sie in einen Ordner und biete ihn an",
  },
  "offer.list-full": {
    text:
      "Das lässt sich nicht anbieten: Die Liste der Angebote in dieser Unterhaltung ist voll. Nichts wurde angeboten",
    hint: "Öffne einen anderen Raum, und biete dort einen Ordner an: {command}",
  },
});
