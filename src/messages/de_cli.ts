/** The command line and the chat in a terminal. The page has none of these texts (tools/build_page.ts). */

import { translationOf } from "./catalogue.ts";
import type { EN_CLI } from "./en_cli.ts";

/** German. */
export const DE_CLI = translationOf<typeof EN_CLI>()({
  "value.port": "{what} braucht eine ganze Zahl von 1 bis {max}, nicht „{text}“",
  "value.session-ports":
    "--session-ports braucht zwei Ports von {min} bis {max}, den kleineren zuerst, wie 50000-50100, nicht „{text}“",
  "value.count": "{what} braucht eine ganze Zahl ab 1, nicht „{text}“",
  "value.give": "give braucht „on“, „all“ oder „off“, nicht „{text}“",
  "value.seconds": "{what} braucht Sekunden, von 0 bis {max}, nicht „{text}“",
  "value.address":
    "„{text}“ ist keine Adresse. Eine Adresse hat vier Zahlen, wie 192.168.43.1. Namen von Computern brauchen einen Namensserver, und ein Hotspot hat keinen",
  "value.ipv6": "„{text}“ ist keine Adresse: IPv6-Adressen sehen aus wie fe80::1 oder [fe80::1]:{port}",
  "value.link":
    "Dieser Link ist unvollständig. Er sieht so aus: earshot://ADDRESS:PORT/ROOM/SECRET/KEY. Kopiere ihn ganz, ohne Zeilenumbrüche",
  "value.moment": "{what} braucht eine Zeit wie 2026-11-20, „2026-11-20 14:00“ oder 14:00, nicht „{text}“",
  "value.log-level": "--log-level braucht einen dieser Werte: {levels:list}, nicht „{text}“",
  "value.wait": "--wait braucht „passed“ oder „everywhere“, nicht „{text}“",
  "value.format": "--format braucht „txt“, „md“ oder „json“, nicht „{text}“",
  "value.shell": "Ergänzungen gibt es für {shells:list}, nicht für „{text}“",
  "option.unknown": { text: "Die Option {option} gibt es nicht", hint: "Siehe „{command}“" },
  "option.unknown-similar": "Die Option {option} gibt es nicht. Meinst du --{suggestion}?",
  "option.unknown-text":
    "Die Option {option} gibt es nicht. Um einen Text zu senden, der mit „-“ beginnt, schreib „--“ davor",
  "option.other-command": "{option} ist keine Option von „earshot {name}“",
  "option.no-command": "{option} ist keine Option von earshot ohne Befehl",
  "option.value-missing": "{option} braucht einen Wert: {option} {value}",
  "option.value-unexpected": "{option} nimmt keinen Wert, aber „{text}“ steht dahinter",
  "option.needs": "{option} braucht {others:or}",
  "option.exclusive": "{first} und {second} lassen sich nicht zusammen verwenden",
  "option.two-homes":
    "--home und --portable lassen sich nicht zusammen verwenden: Beide nennen den Ordner für alles",
  "option.with-files": "--with-files FOLDER lässt sich nicht mit -o FILE oder --all FOLDER verwenden",
  "option.since-late": "--since ist später als --until, deshalb würde nichts exportiert",
  "argument.missing": "{name} fehlt. So wird es geschrieben: {usage}",
  "argument.missing-place":
    '{name} fehlt. So wird es geschrieben: {usage}. Setz in einer Shell das „#“ eines Raums in Anführungszeichen: "#Kitchen"',
  "argument.unexpected": "„{text}“ ist hier zu viel. So wird es geschrieben: {usage}",
  "argument.beside-all": "„{text}“ ist hier zu viel: --all FOLDER exportiert jedes Gespräch",
  "command.unknown": { text: "Den Befehl „{name}“ gibt es nicht", hint: "Siehe „{command}“" },
  "command.unknown-similar": "Den Befehl „{name}“ gibt es nicht. Meinst du „{suggestion}“?",
  "command.unknown-second": "Den Befehl „{name}“ gibt es nicht. Es gibt: {names:list}",
  "command.no-help": "Es gibt keine Hilfe",
  "slash.usage": "So wird es geschrieben: {usage}",
  "slash.unknown": "Den Befehl /{name} gibt es nicht. /help zeigt die Befehle",
  "slash.unknown-similar": "Den Befehl /{name} gibt es nicht. Meinst du /{suggestion}?",
  "slash.mistyped":
    "Den Befehl /{name} gibt es nicht. /help zeigt die Befehle. Um es als Nachricht zu senden, schreib // statt /",
  "slash.mistyped-similar":
    "Den Befehl /{name} gibt es nicht. Meinst du /{suggestion}? Um es als Nachricht zu senden, schreib // statt /",
  "slash.forgotten": "Befehle beginnen mit einem Schrägstrich: {line}",
  "chat.none-open":
    "Kein Gespräch ist offen. Öffne eins mit /join ROOM, /msg NAME oder /host TITLE; /help zeigt mehr",
  "chat.direct-open":
    "Das geht in einem Raum, aber ein Gespräch zu zweit ist offen. Öffne einen Raum mit /join ROOM",
  "chat.no-peer": "Wen meinst du? So wird es geschrieben: {usage}",
  "chat.no-conversations": "Es gibt noch keine Gespräche",
  "chat.no-number": "Das Gespräch {number} gibt es nicht. Es gibt: {names:list}",
  "chat.several": "Mehrere Gespräche beginnen so: {names:list}",
  "chat.none-unread": "Keine ungelesenen Nachrichten",
  "chat.no-offer": "Hier gibt es nichts herunterzuladen. /files zeigt die angebotenen Dateien",
  "chat.node-stopped": "Der Knoten wurde sofort beendet",
  "host.is-port":
    '„{port}“ sieht aus wie ein Port, und ein Raum braucht einen Titel. Um an diesem Port zu lauschen: earshot --port {port}, oder /host {port} im Chat. Um einen Raum mit diesem Titel zu öffnen: earshot host "#{port}"',
  "input.no-lines": "Die Eingabe ist kein Text: Eine Zeile hat mehr als {max} Zeichen",
  "input.too-long": "Die Nachricht ist zu lang: Sie hat mehr als {max} Bytes. Sende sie in Teilen",
  "input.not-text": "Die Standardeingabe ist kein UTF-8-Text",
  "import.too-long": "Die Liste der Kontakte ist zu lang: mehr als {max} Bytes",
  "import.no-file": "Eine Datei „{path}“ gibt es nicht",
  "get.failed": "„{name}“ ließ sich nicht herunterladen",
  "get.stopped": "„{name}“ wird nicht mehr heruntergeladen: Das wurde anderswo beendet",
  "get.withdrawn": "„{name}“ wird nicht mehr angeboten",
  "output.in-home":
    "„{path}“ liegt in earshots eigenem Ordner, der nur für seine eigenen Dateien da ist. Nichts wurde geschrieben. Wähl einen anderen Ordner",
  "output.device":
    "„{path}“ lässt sich nicht schreiben: In Windows ist „{name}“ ein Gerät. Nichts wurde geschrieben. Wähl einen anderen Namen",
  "output.character":
    "„{path}“ lässt sich nicht schreiben: In Windows darf kein Name „{character}“ enthalten. Nichts wurde geschrieben. Wähl einen anderen Namen",
  "log-file.foreign":
    "„{path}“ ist kein Protokoll von earshot und bleibt deshalb unberührt. Wähl eine andere Datei",
  "node.none": "Mit dem Ordner „{home}“ läuft kein earshot",
  "node.none-start": "Mit dem Ordner „{home}“ läuft kein earshot. Starte es mit „earshot“",
  "node.runs-already":
    "Mit dem Ordner „{home}“ läuft schon ein earshot (Prozess {pid}). Beende es mit „earshot stop“, oder nimm mit --home einen anderen Ordner",
  "node.still-running": "earshot (Prozess {pid}) sollte aufhören, läuft aber noch",
  "node.gone": "Das earshot, das hier lief (Prozess {pid}), wurde beendet",
  "node.page-closed":
    "Die Seite lässt sich auf 127.0.0.1 nicht öffnen ({reason}). Außerhalb dieses Geräts braucht sie nichts, aber andere Befehle und Browser brauchen sie",
  "node.control-closed":
    "Die Steueradresse lässt sich auf 127.0.0.1 nicht öffnen ({reason}). Außerhalb dieses Geräts braucht sie nichts, aber andere Befehle und Browser brauchen sie",
  "portable.no-executable":
    "--portable behält alles neben earshots Programmdatei, aber dieses earshot läuft aus seinem Quelltext. Nenne einen Ordner mit --home",
  "portable.cannot":
    "In „{folder}“ lässt sich nicht alles behalten: {reason}. Leg earshot in einen eigenen Ordner, oder starte es ohne --portable",
  "portable.why-full": "Der Datenträger ist voll",
  "portable.why-read-only": "Der Datenträger ist schreibgeschützt",
  "portable.why-denied": "Dieser Benutzer darf dort nicht schreiben",
  "portable.why-exists": "Eine Datei mit diesem Namen ist im Weg",
  "portable.why-missing": "Den Ordner der Programmdatei gibt es nicht mehr",
  "portable.why-held": "Ein anderes Programm hat dort eine Datei geöffnet",
  "portable.why-failed": "Der Datenträger arbeitet nicht richtig",
  "install.none": "earshot ist hier nicht installiert: „{path}“ gibt es nicht",
  "install.no-folder":
    "Der Ordner für Programme, die beim Anmelden starten, ist nicht zu finden: Die Umgebung nennt ihn nicht",
  "install.foreign":
    "„{path}“ wurde nicht von earshot geschrieben und bleibt deshalb unberührt. Verschieb es zuerst",
  "install.failed": "Installieren geht nicht: „{line}“ ist fehlgeschlagen. „{path}“ wurde wieder entfernt",
  "install.failed-saying":
    "Installieren geht nicht: „{line}“ ist fehlgeschlagen ({said}). „{path}“ wurde wieder entfernt",
  "install.no-terminal":
    "Das ist kein Terminal, deshalb ist keine Rückfrage möglich. Um trotzdem fortzufahren: --yes",
});
