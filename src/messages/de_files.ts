/** Offering files and downloading them, and giving earshot itself to others. */

import { translationOf } from "./catalogue.ts";
import type { EN_FILES } from "./en_files.ts";

/** German. */
export const DE_FILES = translationOf<typeof EN_FILES>()({
  "upload.unknown": "Diesen Upload gibt es nicht",
  "upload.one-only": "Ein Upload ist eine Datei oder ein Ordner",
  "upload.bad-place": "Dorthin lässt sich nichts hochladen",
  "upload.busy": "Zu viele Uploads laufen schon",
  "upload.exists": "Etwas mit diesem Namen ist schon hochgeladen",
  "upload.no-space": "Auf dem Datenträger ist zu wenig Platz. Schaff Platz und versuch es noch einmal",
  "offer.nothing-named": "Nenne eine Datei oder einen Ordner zum Anbieten",
  "offer.nothing-there": "Unter „{path}“ gibt es nichts",
  "offer.not-a-file": "„{name}“ ist weder eine Datei noch ein Ordner",
  "offer.no-name": "„{path}“ selbst lässt sich nicht anbieten. Biete den Inhalt an",
  "offer.list-too-long": "Die Liste der Dateien in „{name}“ ist zu lang. Biete die Ordner darin einzeln an",
  "offer.empty": "In „{name}“ ist keine Datei",
  "offer.too-many": "„{name}“ hat mehr als {max} Dateien. Biete es in Teilen oder als ein Archiv an",
  "offer.too-large": "„{name}“ ist zu groß: {size:bytes}; höchstens {max:bytes} sind erlaubt",
  "offer.changed":
    "„{name}“ lässt sich nicht anbieten: Es wurde geändert, während es gelesen wurde. Versuch es noch einmal",
  "offer.lost": "Das Angebot ist gespeichert, aber nicht zu finden",
  "offer.skipped": {
    one:
      "{count} Eintrag in „{name}“ wurde weggelassen: Verweise und Namen, die andere Systeme nicht erlauben, lassen sich nicht anbieten",
    other:
      "{count} Einträge in „{name}“ wurden weggelassen: Verweise und Namen, die andere Systeme nicht erlauben, lassen sich nicht anbieten",
  },
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
  "path.not-absolute": "„{path}“ ist kein absoluter Pfad",
  "path.no-folder": "Einen Ordner „{path}“ gibt es nicht",
  "get.unknown": {
    text: "Eine Datei „{name}“ wird nicht angeboten",
    hint: "Sieh dir die Dateien an: {command}",
  },
  "get.bad-manifest":
    "„{name}“ lässt sich nicht herunterladen: Der Inhalt passt nicht zum Angebot. Wer es angeboten hat, kann es neu anbieten",
  "get.no-space":
    "„{name}“ passt nicht: Es braucht {needed:bytes}, und in „{folder}“ sind {free:bytes} frei. Schaff Platz oder nenne einen anderen Ordner, und hol es noch einmal",
  "get.no-space-beside":
    "„{name}“ passt nicht: Es braucht {needed:bytes}, und in „{folder}“ sind {free:bytes} frei, von denen andere Downloads {reserved:bytes} brauchen. Schaff Platz oder nenne einen anderen Ordner, und hol es noch einmal",
  "get.no-space-for-rest":
    "Der Rest von „{name}“ passt nicht: In „{folder}“ sind nur {free:bytes} frei. Was da ist, bleibt: Schaff Platz, und hol es noch einmal, um fortzufahren",
  "get.not-downloading": "„{name}“ wird gerade nicht heruntergeladen",
  "get.not-requested": "„{name}“ wurde nicht angefordert",
  "get.have-it": "„{name}“ ist schon da, in „{path}“",
  "get.no-folder":
    "Dateien dieses Raums lassen sich nicht speichern: Noch ist nichts von ihm auf dem Datenträger",
  "get.disk-failed":
    "„{name}“ lässt sich nicht speichern: {reason}. Was da ist, bleibt: Hol es noch einmal, um fortzufahren",
  "get.bad-data":
    "{peer} hat Daten von „{name}“ gesendet, die nicht zum Angebot passen (beschädigt oder geändert). Sie sind verworfen, und dieses Gerät wird danach nicht mehr gefragt",
  "export.missing-files": {
    one:
      "{count} Datei ist nicht dabei, weil sie seit der Ankunft verschoben, geändert oder gelöscht wurde: {names:list}",
    other:
      "{count} Dateien sind nicht dabei, weil sie seit der Ankunft verschoben, geändert oder gelöscht wurden: {names:list}",
  },
  "doing.offer-file": "„{name}“ anbieten",
  "doing.look-at": "„{path}“ ansehen",
  "doing.look-there": "Dort nachsehen",
  "doing.remove-file": "Entfernen",
  "doing.start-over": "Neu anfangen",
  "doing.remember-offer": "Das Angebot speichern",
  "doing.remember": "Speichern",
  "doing.tidy-up": "Aufräumen",
  "doing.save-upload": "Das Hochgeladene speichern",
  "doing.remove-upload": "Das Hochgeladene entfernen",
  "give.cannot": "earshot lässt sich nicht weitergeben: {reason}",
  "give.from-source":
    "dieses earshot läuft aus seinem Quelltext, es gibt also keine Datei. „deno task compile“ erzeugt eine",
  "give.no-network": "dieses Gerät ist in keinem Netz. Verbinde es mit einem WLAN oder öffne einen Hotspot",
  "give.not-online": "dieses earshot ist nicht im Netz",
  "give.no-port": "kein Port lässt sich öffnen ({problem})",
  "give.unknown-system": "das System dieses Programms ist unbekannt ({triple})",
  "give.unreadable": "{detail} ({problem})",
});
