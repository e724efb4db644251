/** Addresses, ports, and reaching others. */

import { translationOf } from "./catalogue.ts";
import type { EN_CONNECTING } from "./en_connecting.ts";

/** German. */
export const DE_CONNECTING = translationOf<typeof EN_CONNECTING>()({
  "address.bad":
    "„{text}“ ist keine Adresse. Eine Adresse hat vier Zahlen von 0 bis 255, zum Beispiel 192.168.43.1",
  "port.bad": "„{text}“ ist kein Port. Ein Port ist eine ganze Zahl von 1 bis {max}",
  "connect.failed": "Verbinden mit {address}, Port {port}, geht nicht: {reason}",
  "connect.peer-failed": "Verbinden mit {name} geht nicht: {reason}",
  "connect.peer-failed-at": "Verbinden mit {name} an {address}, Port {port}, geht nicht: {reason}",
  "connect.unknown-place": {
    text: "Verbinden mit {name} geht nicht: Niemand hier kennt die jetzige Adresse",
    hint: "Wenn du sie kennst: {command}",
  },
  "connect.moved": {
    text:
      "Verbinden mit {name} geht nicht: Die letzte Adresse war {address}, Port {port}; {reason}. Sobald {name} in diesem Netz ist, findet earshot das",
    hint: "Wenn du die Adresse kennst: {command}",
  },
  "connect.moved-ago": {
    text:
      "Verbinden mit {name} geht nicht: Die letzte Adresse war {address}, Port {port} ({age:span} her); {reason}. Sobald {name} in diesem Netz ist, findet earshot das",
    hint: "Wenn du die Adresse kennst: {command}",
  },
  "connect.somebody-else": "dort ist jetzt jemand anderes",
  "connect.nobody-answers": "dort antwortet niemand",
  "connect.self": "das ist dieses earshot selbst",
  "connect.stopping": "earshot wird beendet",
  "connect.no-profile": "es hat nicht gesagt, wer es ist",
  "connect.ended": "es hat die Verbindung sofort beendet; dort ist gerade keine gewünscht",
  "connect.refused-here": {
    text: "die Verbindung wurde abgewiesen",
    hint: "Sieh dir die Meldungen an: {command}",
  },
  "connect.port-needs-address":
    "Ein Port braucht eine Adresse, zum Beispiel 192.168.43.1 {port}. Wo „{name}“ ist, findet earshot selbst heraus",
  "connect.two-ports": "Zwei Ports sind angegeben: {first} und {second}. Wähle einen",
  "dial.refused": "das Gerät ist da, aber an diesem Port wartet kein earshot",
  "dial.silent": "niemand hat innerhalb von {time:span} geantwortet",
  "dial.unreachable": "diese Adresse ist von diesem Netz aus nicht zu erreichen",
  "dial.malformed": "das ist keine Adresse",
  "dial.forbidden": "dieses System erlaubt es nicht",
  "dial.not-earshot": "an diesem Port antwortet etwas anderes als earshot",
  "dial.other-version": "dort läuft eine andere Version; aktualisiert earshot auf beiden Geräten",
  "dial.busy": "es ist beschäftigt; versuch es gleich noch einmal",
  "dial.closed": "es hat die Verbindung geschlossen",
  "dial.failed": "die Verbindung ist gescheitert",
  "protocol.bad-frame": "es hat einen Rahmen gesendet, der nicht zum Protokoll passt",
  "protocol.bad-record": "es hat einen Datensatz gesendet, der nicht zum Protokoll passt",
  "protocol.bad-handshake": "der Handschlag ist gescheitert",
  "protocol.bad-identity": "es hat seine Identität nicht bewiesen",
  "protocol.wrong-key": "es hat einen anderen Schlüssel als erwartet",
  "protocol.self": "das ist dieses earshot selbst",
  "protocol.too-slow": "es hat zu lange gebraucht",
  "protocol.too-much": "es hat mehr gesendet, als die Grenzen erlauben",
  "protocol.too-far-behind": "es hat zu langsam gelesen",
  "protocol.silent": "es war nichts davon zu hören",
  "protocol.duplicate": "eine andere Verbindung damit ist schon offen",
  "protocol.blocked": "es hat abgelehnt (blockiert)",
  "protocol.too-old": "dort läuft eine andere Version; aktualisiert earshot auf beiden Geräten",
  "protocol.leaving": "es ist gegangen",
  "protocol.failed": "dort ist ein interner Fehler aufgetreten",
  "listen.failed": "An Port {port} lässt sich nicht warten: {reason}. Wähle mit --port einen anderen",
  "listen.failed-later":
    "An Port {port} lässt sich nicht warten: {reason}. Andere erreichen dich weiter an Port {current}",
  "listen.forbidden": "dieses System erlaubt es nicht (Ports unter 1024 brauchen besondere Rechte)",
  "listen.taken": "ein anderes Programm benutzt ihn",
  "listen.all-taken": "ein anderes Programm benutzt ihn, und auch die Ports dahinter sind belegt",
  "listen.no-network": "Auf andere lässt sich nicht warten: Hier ist kein Netz",
});
