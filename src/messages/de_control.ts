/** The control address, the page's socket and what ends a command early. */

import { translationOf } from "./catalogue.ts";
import type { EN_CONTROL } from "./en_control.ts";

/** German. */
export const DE_CONTROL = translationOf<typeof EN_CONTROL>()({
  "control.no-path": "Unter diesem Pfad gibt es nichts",
  "control.only-post": "Hier werden nur POST-Anfragen beantwortet",
  "control.not-json-type": "Der Inhalt muss vom Typ application/json sein",
  "control.too-long": "Der Befehl ist zu lang; höchstens {max} Bytes sind erlaubt",
  "control.not-json": "Der Inhalt ist kein gültiges JSON",
  "control.bad-command": "{problem}",
  "control.is-file": "„isFile“ muss true oder false sein",
  "control.no-page": "Dieses earshot hat keine Seite: Es wurde mit --no-page gestartet",
  "control.wrong-host": "Der Host-Header passt nicht zu dieser Adresse",
  "control.from-web-page": "Webseiten dürfen diese Adresse nicht benutzen",
  "control.wrong-token": "Das Token fehlt oder ist falsch",
  "control.busy": "Zu viele Befehle sind noch in Arbeit. Versuch es gleich noch einmal",
  "page.not-entered": "Dieser Browser ist nicht angemeldet, oder earshot wurde neu gestartet",
  "page.body-too-long": "Der Inhalt ist zu lang",
  "page.no-token": "Der Inhalt muss ein Objekt mit einem „token“ sein",
  "page.link-used":
    "Dieser Link wurde schon benutzt, oder earshot wurde neu gestartet. Einen neuen gibt „earshot page“",
  "page.too-many": "Zu viele Seiten sind offen",
  "page.only-websocket": "Hier werden nur WebSocket-Verbindungen beantwortet",
  "page.file-not-here": "Diese Datei ist nicht hier",
  "page.is-folder": "„{name}“ ist ein Ordner. Er liegt in „{path}“",
  "page.not-shown": "Dateien dieser Art werden nicht angezeigt",
  "page.too-large-to-show": "Zum Anzeigen ist das zu groß",
  "page.only-method": "Hier werden nur {allow}-Anfragen beantwortet",
  "node.stopped": "earshot wurde beendet, bevor das erledigt war",
  "node.bug": "Im laufenden earshot ist ein interner Fehler aufgetreten. Deine Daten sind sicher",
  "bug.no-log":
    "Das ist ein Fehler in earshot: {cause}. Deine Daten sind sicher. Starte es mit EARSHOT_DEBUG=1, um mehr zu sehen",
  "bug.logged": "Das ist ein Fehler in earshot: {cause}. Deine Daten sind sicher. Mehr steht in „{path}“",
  "text.any": "{text}",
});
