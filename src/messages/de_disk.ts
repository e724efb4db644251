/** The disk, the home and its files. */

import { translationOf } from "./catalogue.ts";
import type { EN_DISK } from "./en_disk.ts";

/** German. */
export const DE_DISK = translationOf<typeof EN_DISK>()({
  "disk.full": "der Datenträger ist voll",
  "disk.read-only": "der Datenträger ist schreibgeschützt",
  "disk.denied": "dieser Benutzer hat keine Berechtigung",
  "disk.exists": "etwas anderes mit diesem Namen ist im Weg",
  "disk.held": "ein anderes Programm hat es geöffnet",
  "disk.missing": "der Ordner fehlt",
  "disk.failed": "{detail}",
  "disk-failed.full":
    "{doing} geht nicht: {reason}. Vorhandene Daten sind unversehrt. Schaff Platz und versuch es noch einmal",
  "disk-failed.permission":
    "{doing} geht nicht: {reason}. Vorhandene Daten sind unversehrt. Prüf die Rechte dort, oder nimm einen anderen Ort",
  "disk-failed.held":
    "{doing} geht nicht: {reason}. Vorhandene Daten sind unversehrt. Schließ dieses Programm und versuch es noch einmal. Vielleicht ist es ein Editor, ein Virenscanner oder eine Sicherung",
  "disk-failed.other":
    "{doing} geht nicht: {reason}. Vorhandene Daten sind unversehrt. Prüf den Datenträger und versuch es noch einmal",
  "doing.read": "„{path}“ lesen",
  "doing.write": "„{path}“ schreiben",
  "doing.save": "„{path}“ speichern",
  "doing.remove": "„{path}“ entfernen",
  "doing.copy": "„{name}“ kopieren",
  "doing.make-folder": "Den Ordner „{path}“ anlegen",
  "doing.open-debug-log": "Das Debug-Protokoll „{path}“ öffnen",
  "doing.read-rooms": "Die Räume lesen",
  "doing.read-contacts": "Die Kontakte „{path}“ lesen",
  "doing.save-contacts": "Die Kontakte „{path}“ speichern",
  "doing.open-home": "Den Ordner „{path}“ öffnen",
  "doing.read-home": "Den Ordner „{path}“ lesen",
  "doing.save-identity": "Eine neue Identität in „{path}“ speichern",
  "doing.read-identity": "Die Identitätsdatei „{path}“ lesen",
  "home.missing": "In „{folder}“ ist kein earshot-Ordner. Nenne mit --home einen anderen",
  "home.too-large":
    "Dieser Ordner hat etwa {lines} Zeilen, und earshot fasst höchstens {max}. Nichts wurde geändert. Verschieb das größte Gespräch an einen anderen Ort und starte earshot neu: „{folder}“ ({size:bytes}). Sein log.jsonl ist einfacher Text und bleibt lesbar",
  "home.later-version":
    "Der Ordner „{folder}“ gehört zu einem neueren earshot (Format {version}; dieses kennt {known}). Nichts wurde geändert. Nimm das neuere earshot, oder mit --home einen anderen Ordner",
  "home.in-use":
    "Den Ordner „{folder}“ benutzt ein anderes earshot. Beende es mit „earshot stop“, oder nimm mit --home einen anderen Ordner",
  "home.in-use-by":
    "Den Ordner „{folder}“ benutzt ein anderes earshot (Prozess {pid}). Beende es mit „earshot stop“, oder nimm mit --home einen anderen Ordner",
  "home.no-default":
    "Es ist nicht klar, wohin die Dateien sollen: {variable} ist nicht gesetzt. Nenne mit --home einen Ordner",
  "contacts.later-version":
    "Die Kontakte „{path}“ gehören zu einem neueren earshot (Format {version}; dieses kennt {known}). Nichts wurde geändert. Nimm das neuere earshot, oder verschieb die Datei",
  "config.bad":
    "„{path}“ ist nicht zu gebrauchen: {problem}. Nichts wurde geändert. Berichtige die Datei, oder verschieb sie, um die Vorgaben zu benutzen",
  "config.not-json": "sie ist kein gültiges JSON ({detail})",
  "config.not-object": "sie ist kein JSON-Objekt",
  "config.version": "ihre Version ist {version}; dieses earshot kennt nur Version {known}",
  "config.choice": "„{key}“ muss {rule} sein, nicht {value}",
  "config.name": "„name“ ist {value}. {reason}",
  "identity.damaged":
    "Die Identitätsdatei „{path}“ ist beschädigt: {problem}. Sie blieb, wie sie ist. Leg eine Sicherung an ihre Stelle, oder verschieb sie, um mit einer neuen Identität anzufangen",
  "export.exists":
    "„{path}“ gibt es schon. Nichts wurde geschrieben. Ersetze es mit --force, oder nimm einen anderen Namen",
  "page.not-remembered":
    "{reason}. Bis sich das speichern lässt, müssen Browser nach einem Neustart neu eingelassen werden",
});
