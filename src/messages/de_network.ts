/** The network, as discovery sees it. These are whole sentences. */

import { translationOf } from "./catalogue.ts";
import type { EN_NETWORK } from "./en_network.ts";

/** German. */
export const DE_NETWORK = translationOf<typeof EN_NETWORK>()({
  "network.none":
    "Dieses Gerät ist mit keinem Netz verbunden. Verbinde es mit einem WLAN oder öffne einen Hotspot.",
  "network.local": {
    one: "Auf diesem Gerät läuft noch ein earshot.",
    other: "Auf diesem Gerät laufen {count} weitere earshot.",
  },
  "network.heard": {
    one: "Jemand ist über {interfaces:list} zu hören.",
    other: "{count} andere sind über {interfaces:list} zu hören.",
  },
  "network.searching": "Suche nach anderen über {interfaces:list}.",
  "network.cannot-send":
    "Über {interfaces:list} lässt sich nichts senden: Wahrscheinlich verbietet es eine Firewall oder ein VPN auf diesem Gerät.",
  "network.no-answer": "Über {interfaces:list} hat niemand geantwortet.",
  "network.not-running": {
    one: "1 anderes Gerät ist online, aber dort läuft kein earshot.",
    other: "{count} andere Geräte sind online, aber dort läuft kein earshot.",
  },
  "network.isolated":
    "Falls andere in diesem Netz earshot benutzen, hält wahrscheinlich der Zugangspunkt die Geräte getrennt (Client-Isolation), oder eine Firewall verwirft UDP- und TCP-Port {port}. Versuch es mit einem Hotspot auf einem eurer Geräte.",
  "network.no-udp":
    "UDP-Port {port} lässt sich nicht öffnen ({problem}): Dieses Gerät findet andere, aber andere finden es nur, wenn es fragt.",
  "network.no-echo":
    "Dieses Gerät hört seinen eigenen Rundruf über {interfaces:list} nicht: Wahrscheinlich verwirft eine Firewall hier UDP-Port {port}.",
  "network.other-version":
    "Jemand in der Nähe benutzt eine andere Version von earshot; aktualisiert beide Geräte.",
  "network.double":
    "Von {address} ist ein anderes earshot mit der Identität dieses Geräts zu hören: Wahrscheinlich wurde der Ordner kopiert. Nimm dort einen neuen.",
  "interface.here": { one: "{count} da", other: "{count} da" },
  "interface.unusable": "nicht zu benutzen ({problem})",
});
