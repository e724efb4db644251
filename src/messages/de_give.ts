/** Giving earshot itself to others. */

import { translationOf } from "./catalogue.ts";
import type { EN_GIVE } from "./en_give.ts";

/** German. */
export const DE_GIVE = translationOf<typeof EN_GIVE>()({
  "give.cannot": "earshot lässt sich nicht weitergeben: {reason}",
  "give.from-source":
    "dieses earshot läuft aus seinem Quelltext, es gibt also keine Datei. „deno task compile“ erzeugt eine",
  "give.no-network": "dieses Gerät ist in keinem Netz. Verbinde es mit einem WLAN oder öffne einen Hotspot",
  "give.not-online": "dieses earshot ist nicht im Netz",
  "give.no-port": "kein Port lässt sich öffnen ({problem})",
  "give.unknown-system": "das System dieses Programms ist unbekannt ({triple})",
  "give.unreadable": "{detail} ({problem})",
});
