/** What the page says of files, in German. */

import type { Catalogue } from "./catalogue.ts";
import type { EN_FILES } from "./en_files.ts";

/** The texts. */
export const DE_FILES: Pick<Catalogue, keyof typeof EN_FILES> = {
  "notice.file": "bietet „{name}“ an",
  "notice.folder": "bietet den Ordner „{name}“ an",

  "file.get": "Holen",
  "file.getAgain": "Noch einmal",
  "file.pause": "Anhalten",
  "file.goOn": "Weiter",
  "file.cancel": "Abbrechen",
  "file.withdraw": "Nicht mehr anbieten",
  "file.save": "Speichern …",
  "file.copyPath": "Pfad kopieren",
  "file.pathCopied": "Kopiert: {path}",
  "file.pathIs": "Es liegt in {path}",

  "file.offered": "noch nicht geholt",
  "file.seeking": "wartet auf jemanden, der es hat",
  "file.checking": "prüft, was schon da ist",
  "file.paused": "angehalten",
  "file.pausedAt": "angehalten, {size} sind da",
  "file.here": "da",
  "file.mine": "andere können es von dir holen",
  "file.mineGone": "nicht mehr angeboten",
  "file.gone": "war da, und ist es nicht mehr",
  "file.failed": "hat nicht geklappt",
  "file.got": "{size} sind da",
  "file.left": "noch {time}",
  "file.sources": "von {names}",
  "file.count": { one: "{count} Datei", other: "{count} Dateien" },
  "file.program": "Ein Programm ({ending}): Öffne es nur, wenn du weißt, was es tut",
  "file.really": "Endet auf {ending}",
  "file.progress": "Wie weit {name} ist",
  "file.picture": "{name}, von {from}",
  "file.enlarge": "{name} vergrößern",
  "file.notShown": "Dieses Bild lässt sich nicht zeigen. Speichern lässt es sich.",
  "file.toldHere": "{name} ist da",
  "file.toldPart": "{name}: {percent} Prozent",

  "file.list": "Dateien",
  "file.none": "Hier hat noch niemand eine Datei angeboten.",
  "file.more": { one: "{count} weitere zeigen", other: "{count} weitere zeigen" },

  "file.notEntered":
    "Dieser Browser ist nicht eingelassen, oder earshot wurde neu gestartet. Lade die Seite neu.",
  "file.unreached": "Es ist nicht mehr da oder lässt sich nicht lesen.",
  "file.busy": "Mehr nimmt earshot gerade nicht an. Versuch es gleich noch einmal.",

  "send.menu": "Dateien senden",
  "send.title": "Dateien an {title} senden",
  "send.how": "Wähle Dateien oder einen Ordner, zieh sie hierher, oder füge sie aus der Zwischenablage ein.",
  "send.list": "Was gesendet wird",
  "send.files": "Dateien wählen …",
  "send.folder": "Ordner wählen …",
  "send.remove": "{name} weglassen",
  "send.toOne": "{name} kann sie von dir holen und entscheidet selbst darüber.",
  "send.toRoom": {
    one: "Alle in {title} ({count} Mitglied) und wer später dazukommt können sie holen.",
    other: "Alle in {title} ({count} Mitglieder) und wer später dazukommt können sie holen.",
  },
  "send.go": "Senden",
  "send.goSize": "Senden ({size})",
  "send.empty": "Darin ist keine Datei",
  "send.many": "Mehr als 100.000 Dateien: Sende sie in Teilen oder gepackt",
  "send.deep": "Zu tief verschachtelte Ordner: Sende sie gepackt",
  "send.unread": "Der Browser kann es nicht lesen",
  "send.dropHere": "Hier loslassen, um an {title} zu senden",
  "send.underWay": "Unterwegs",
  "send.waiting": "wartet",
  "send.sending": "wird an earshot übergeben: {done} von {size}",
  "send.offering": "wird angeboten: {done} von {size} gelesen",
  "send.progress": "Wie weit das Senden von {name} ist",
  "send.again": "Noch einmal",
};
