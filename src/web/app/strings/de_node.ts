/** What the node says in English, in German. A test holds the patterns against the node's own sentences. */

import type { NodeSentences } from "./catalogue.ts";
import { DE_DOCTOR } from "./de_doctor.ts";
import { DE_NODE_FILES } from "./de_node_files.ts";

/** The longer pattern before one that would fit as well. */
export const DE_NODE: NodeSentences = [
  ...DE_DOCTOR,
  ...DE_NODE_FILES,
  // The network (discovery/outlook.ts).
  [
    "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
    "Dieses Gerät ist mit keinem Netz verbunden. Verbinde es mit einem WLAN oder öffne einen Hotspot.",
  ],
  ["One other is heard on this very device.", "Auf diesem Gerät selbst läuft noch ein earshot."],
  ["{1} others are heard on this very device.", "Auf diesem Gerät selbst laufen {1} weitere earshot."],
  ["One other is heard on {1}.", "Jemand ist über {1} zu hören."],
  ["{1} others are heard on {2}.", "{1} andere sind über {2} zu hören."],
  ["Looking for others on {1}.", "Suche nach anderen über {1}."],
  [
    "Nothing can be sent on {1}: a firewall or a VPN on this device likely forbids it.",
    "Über {1} lässt sich nichts senden: Wahrscheinlich verbietet es eine Firewall oder ein VPN auf diesem Gerät.",
  ],
  ["Nobody has answered on {1}.", "Über {1} hat niemand geantwortet."],
  [
    "One device can be reached but does not listen on port {1}: earshot likely does not run there.",
    "Ein Gerät ist zu erreichen, wartet aber nicht an Port {1}: Wahrscheinlich läuft dort kein earshot.",
  ],
  [
    "{1} devices can be reached but do not listen on port {2}: earshot likely does not run there.",
    "{1} Geräte sind zu erreichen, warten aber nicht an Port {2}: Wahrscheinlich läuft dort kein earshot.",
  ],
  [
    "If others run earshot on this network, the access point likely keeps devices apart (client isolation), or a firewall drops UDP and TCP port {1}. Try a hotspot of one of your own devices.",
    "Falls andere in diesem Netz earshot benutzen, hält wahrscheinlich der Zugangspunkt die Geräte getrennt (Client-Isolation), oder eine Firewall verwirft UDP- und TCP-Port {1}. Versuch es mit einem Hotspot eines eurer Geräte.",
  ],
  [
    "UDP port {1} cannot be opened ({2}): this device finds others, but others find it only when it asks.",
    "UDP-Port {1} lässt sich nicht öffnen ({2}): Dieses Gerät findet andere, aber andere finden es nur, wenn es fragt.",
  ],
  [
    "This device does not hear its own broadcast on {1}: a firewall here likely drops UDP port {2}.",
    "Dieses Gerät hört seinen eigenen Rundruf über {1} nicht: Wahrscheinlich verwirft eine Firewall hier UDP-Port {2}.",
  ],
  [
    "Somebody nearby runs another version of earshot; update both devices.",
    "Jemand in der Nähe benutzt eine andere Version von earshot; aktualisiert beide Geräte.",
  ],
  [
    "Another earshot with this device's identity is heard from {1}: its folder was likely copied. Use a new one there.",
    "Von {1} ist ein anderes earshot mit der Identität dieses Geräts zu hören: Wahrscheinlich wurde der Ordner kopiert. Nimm dort einen neuen.",
  ],
  ["{1} here", "{1} da"],
  ["cannot be used ({1})", "nicht zu benutzen ({1})"],
  // Giving earshot to others (web/gift_giver.ts).
  [
    "Cannot give earshot to others: this device is not on any network. Join a Wi-Fi network or start a hotspot",
    "earshot lässt sich nicht weitergeben: Dieses Gerät ist in keinem Netz. Verbinde es mit einem WLAN oder öffne einen Hotspot",
  ],
  ["Cannot give earshot to others: {1}", "earshot lässt sich nicht weitergeben: {1}"],
  [
    'this earshot runs from its source, so there is no file to give. "deno task compile" makes one',
    "Dieses earshot läuft aus seinem Quelltext, es gibt also keine Datei. „deno task compile“ macht eine",
  ],
  [
    "this device is not on any network. Join a Wi-Fi network or start a hotspot",
    "Dieses Gerät ist in keinem Netz. Verbinde es mit einem WLAN oder öffne einen Hotspot",
  ],
  // What was typed.
  ["That text is too long: {1} bytes, and {2} fit", "Dieser Text ist zu lang: {1} Bytes, und {2} passen"],
  ["There is nothing to send: the text is empty", "Es gibt nichts zu senden: Der Text ist leer"],
  ["You are in that room already", "Du bist schon in diesem Raum"],
  ["That is you", "Das bist du"],
  // Reaching others.
  [
    '"{1}" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
    "„{1}“ ist keine Adresse: Sie hat vier Zahlen von 0 bis 255, zum Beispiel 192.168.43.1",
  ],
  [
    '"{1}" is not a port: it takes a whole number from 1 to {2}',
    "„{1}“ ist kein Port: Das ist eine ganze Zahl von 1 bis {2}",
  ],
  ['Nobody here is called "{1}".', "Niemand hier heißt „{1}“."],
  ["Which port is it: {1} or {2}? Name one", "Welcher Port ist es: {1} oder {2}? Nenne einen"],
  [
    'Cannot join "{1}": nobody who has it is here',
    "„{1}“ beitreten geht gerade nicht: Niemand, der ihn hat, ist da",
  ],
  [
    'Cannot join "{1}": {2} did not send it within {3} s. Try again',
    "„{1}“ beitreten hat nicht geklappt: {2} hat ihn in {3} s nicht geschickt. Versuch es noch einmal",
  ],
  [
    "Cannot join that room: the link has another secret than the room. Ask for a new link",
    "Beitreten geht nicht: Der Link hat ein anderes Geheimnis als der Raum. Bitte um einen neuen Link",
  ],
  [
    "A link says where you can be reached, and this earshot is not on a network.",
    "Ein Link sagt, wo du zu erreichen bist, und dieses earshot ist in keinem Netz.",
  ],
  [
    "Cannot connect to {1}: nobody answers there{2}",
    "Verbinden mit {1} geht nicht: Dort antwortet niemand{2}",
  ],
];
