/** The page's texts about files in German. */

import type { Catalogue } from "./catalogue.ts";
import type { EN_FILES } from "./en_files.ts";

/** The texts. */
export const DE_FILES: Pick<Catalogue, keyof typeof EN_FILES> = {
  "notice.file": "bietet „{name}“ an",
  "notice.folder": "bietet den Ordner „{name}“ an",

  "file.get": "Herunterladen",
  "file.getAgain": "Noch einmal versuchen",
  "file.pause": "Pause",
  "file.goOn": "Fortsetzen",
  "file.cancel": "Abbrechen",
  "file.withdraw": "Nicht mehr anbieten",
  "file.save": "Speichern …",
  "file.copyPath": "Pfad kopieren",
  "file.pathCopied": "Kopiert: {path}",
  "file.pathIs": "Es liegt in {path}",

  "file.offered": "noch nicht heruntergeladen",
  "file.seeking": "wartet auf jemanden, der die Datei hat",
  "file.checking": "prüft, was schon da ist",
  "file.paused": "pausiert",
  "file.pausedAt": "pausiert, {size} empfangen",
  "file.here": "heruntergeladen",
  "file.mine": "von dir angeboten",
  "file.mineGone": "nicht mehr angeboten",
  "file.gone": "nicht mehr da",
  "file.failed": "fehlgeschlagen",
  "file.got": "{size} empfangen",
  "file.left": "noch {time}",
  "file.sources": "von {names}",
  "file.count": { one: "{count} Datei", other: "{count} Dateien" },
  "file.program": "Ein Programm ({ending}). Öffne es nur, wenn du weißt, was es tut",
  "file.really": "Endet auf {ending}",
  "file.progress": "Fortschritt von {name}",
  "file.picture": "{name}, von {from}",
  "file.enlarge": "{name} vergrößern",
  "file.notShown": "Dieses Bild kann nicht gezeigt werden. Du kannst es speichern.",
  "file.toldHere": "{name} ist heruntergeladen",
  "file.toldPart": "{name}: {percent} Prozent",

  "file.list": "Dateien",
  "file.none": "Hier wurden noch keine Dateien angeboten.",
  "file.more": { one: "{count} weitere zeigen", other: "{count} weitere zeigen" },

  "file.notEntered":
    "Dieser Browser ist nicht angemeldet, oder earshot wurde neu gestartet. Lade die Seite neu.",
  "file.unreached": "Die Datei ist nicht mehr da oder kann nicht gelesen werden.",
  "file.busy": "earshot ist mit anderen Dateien beschäftigt. Versuch es gleich noch einmal.",

  "send.menu": "Dateien senden",
  "send.title": "Dateien an {title} senden",
  "send.how": "Wähle Dateien oder einen Ordner, zieh sie hierher oder füge sie aus der Zwischenablage ein.",
  "send.list": "Gewählte Dateien",
  "send.files": "Dateien wählen …",
  "send.folder": "Ordner wählen …",
  "send.remove": "{name} entfernen",
  "send.toOne": "{name} entscheidet, ob sie heruntergeladen werden.",
  "send.toRoom": {
    one:
      "Das Mitglied von {title} (derzeit {count}) und alle, die später dazukommen, können sie herunterladen.",
    other:
      "Die Mitglieder von {title} (derzeit {count}) und alle, die später dazukommen, können sie herunterladen.",
  },
  "send.go": "Senden",
  "send.goSize": "Senden ({size})",
  "send.empty": "Dieser Ordner ist leer",
  "send.many": "Mehr als 100.000 Dateien: Sende sie in Teilen oder gepackt",
  "send.deep": "Die Ordner sind zu tief verschachtelt: Sende sie gepackt",
  "send.unread": "Der Browser kann die Datei nicht lesen",
  "send.dropHere": "Hier loslassen, um an {title} zu senden",
  "send.underWay": "Dateien, die gesendet werden",
  "send.waiting": "wartet",
  "send.sending": "wird zu earshot übertragen: {done} von {size}",
  "send.offering": "Angebot wird vorbereitet: {done} von {size} gelesen",
  "send.progress": "Fortschritt beim Senden von {name}",
  "send.again": "Noch einmal versuchen",
};
