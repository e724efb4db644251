/** Messages and the logs that hold them. */

import { translationOf } from "./catalogue.ts";
import type { EN_SENDING } from "./en_sending.ts";

/** German. */
export const DE_SENDING = translationOf<typeof EN_SENDING>()({
  "send.empty": "Die Nachricht ist leer",
  "send.too-long":
    "Die Nachricht ist zu lang: {length} Bytes; höchstens {max} sind erlaubt. Sende sie in Teilen",
  "send.too-long-escaped":
    "Die Nachricht ist zu lang: Mit ausgeschriebenen Steuerzeichen hat sie {length} Bytes; höchstens {max} sind erlaubt. Sende sie in Teilen",
  "history.several-sides": "{sides:and} gehen nicht zusammen. Wähle eines",
  "history.no-message": "Diese Nachricht gibt es in diesem Gespräch nicht",
  "log.disk-failed":
    "Frühere Nachrichten lassen sich nicht lesen: {reason}. Starte earshot neu, dann wird das Protokoll neu gelesen; was fehlt, kommt von anderen Mitgliedern zurück",
  "log.cannot-serve":
    "Frühere Nachrichten lassen sich nicht an andere senden: {reason}. Starte earshot neu, dann wird das Protokoll neu gelesen",
  "log.cannot-keep":
    "Was andere sagen, lässt sich nicht speichern: {reason}. Sie haben es noch; earshot fragt alle paar Sekunden neu",
  "log.cut-short":
    "Die letzte Zeile von „{log}“ war unvollständig. Ihr Rest ({size:bytes}) liegt jetzt in „{path}“",
  "log.unknown": "Unbekanntes Gespräch in „{log}“; es blieb unberührt",
  "log.unreadable":
    "Einige Zeilen von „{log}“ sind nicht lesbar: {lines}. Sie bleiben; ihre Nachrichten kommen von anderen Mitgliedern zurück",
  "log.changed": {
    one:
      "Eine Zeile von „{log}“ wurde nachträglich geändert und wird nicht angezeigt. Sie bleibt; ihre Nachricht kommt von anderen Mitgliedern zurück",
    other:
      "{count} Zeilen von „{log}“ wurden nachträglich geändert und werden nicht angezeigt. Sie bleiben; ihre Nachrichten kommen von anderen Mitgliedern zurück",
  },
  "node.stopping-unread": "earshot wird beendet, bevor alle Nachrichten vom Datenträger gelesen waren",
  "habit.me": "Den Befehl /me gibt es nicht: In jeder Zeile steht dein Name. Schreib den Text als Nachricht",
  "habit.clear":
    "Den Befehl /clear gibt es nicht. /log 20 zeigt die letzten 20 Zeilen noch einmal, /export speichert alle",
});
