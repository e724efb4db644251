/** Who is meant, contacts and requests. */

import { translationOf } from "./catalogue.ts";
import type { EN_PEOPLE } from "./en_people.ts";

/** German. */
export const DE_PEOPLE = translationOf<typeof EN_PEOPLE>()({
  "peer.self": "Das bist du",
  "peer.only-address": {
    text: "„{label}“ ist bisher nur eine gemerkte Adresse ({address}, Port {port})",
    hint: "Verbinde dich zuerst damit: {command}",
  },
  "peer.ambiguous": "Mehrere heißen „{name}“: {labels:list}. Sag, wen du meinst",
  "peer.unknown": { text: "Niemand hier heißt „{name}“", hint: "Sieh nach, wer da ist: {command}" },
  "peer.did-you-mean": "Niemand hier heißt „{name}“. Meinst du „{suggestion}“?",
  "peer.is-room": "Niemand hier heißt „{name}“, aber ein Raum heißt so. Schreib „#{name}“",
  "place.ambiguous": "Mehrere gemerkte Adressen heißen „{name}“: {addresses:list}. Nimm die Adresse",
  "contact.none": "{name} ist keiner deiner Kontakte",
  "contact.blocked": { text: "Du hast {name} blockiert", hint: "Um wieder zu reden: {command}" },
  "contact.remove-blocked": {
    text:
      "{name} lässt sich nicht entfernen: Du hast diese Person blockiert, und das Entfernen würde sie wieder hereinlassen",
    hint: "Hebe die Blockierung zuerst auf: {command}",
  },
  "contacts.not-saved":
    "{reason}. Die Änderung gilt, bis earshot endet, und wird gespeichert, sobald der Datenträger es zulässt",
  "request.none": "Von {name} liegt keine Anfrage vor, und auch von niemandem sonst",
  "request.others": "Von {name} liegt keine Anfrage vor. Offene Anfragen: {names:list}",
  "away.too-long": "Dieser Text ist zu lang: {length} Bytes; höchstens {max} sind erlaubt",
  "import.not-address": "„{text}“ ist keine IP-Adresse",
  "import.leading-zeros":
    "„{text}“ hat führende Nullen, die Programme verschieden lesen. Schreib {suggestion}",
  "import.not-port": "„{text}“ ist kein Port von 1 bis {max}",
  "import.card-without-address": "die Karte enthält keine IP-Adresse",
  "import.windows-1252":
    "Die Liste ist nicht in UTF-8, deshalb wurde sie als Windows-1252 gelesen. Prüfe die Namen mit Umlauten",
  "notice.bad-contact":
    "Zeile {line} von „{path}“ ist kein gültiger Kontakt: {reason}. Sie blieb, wie sie ist",
  "notice.impostor": {
    text:
      "Ein Gerät an {address} nennt sich „{name}“ wie dein Kontakt dort, hat aber einen anderen Schlüssel. Es wurde abgewiesen, denn es könnte jemand anderes sein",
    hint: "Falls dein Kontakt neu angefangen hat, entferne den alten: {command}",
  },
  "notice.address-reused":
    "Die letzte Adresse von {name} ({address}) benutzt jetzt jemand anderes; {name} wird weiter gesucht",
  "notice.repeated": {
    one: "{notice}. Das geschah seit der letzten Meldung noch einmal",
    other: "{notice}. Das geschah seit der letzten Meldung noch {count}-mal",
  },
  "notice.unreached": "{name} war nicht zu erreichen: {reason}",
  "notice.wrong-key": "Ein Gerät wurde abgewiesen, weil es einen anderen Schlüssel hat als erwartet",
  "notice.flood": {
    text:
      "{peer} sendet zu viel. Von diesem Gerät werden jetzt nur noch {perSecond} Zeilen pro Sekunde angenommen; alle anderen sind nicht betroffen",
    hint: "Um nichts mehr davon zu hören: {command}",
  },
});
