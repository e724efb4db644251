/** Rooms: finding, joining, inviting, and the limits of what can be written. */

import { translationOf } from "./catalogue.ts";
import type { EN_ROOMS } from "./en_rooms.ts";

/** German. */
export const DE_ROOMS = translationOf<typeof EN_ROOMS>()({
  "room.no-such": "Diesen Raum gibt es nicht",
  "room.ambiguous": "Mehrere deiner Räume heißen „#{title}“. Nenne die ID: {ids:list}",
  "room.not-joined": { text: "Du bist noch nicht in „#{title}“", hint: "Tritt zuerst bei: {command}" },
  "room.unknown": { text: "Du hast keinen Raum namens „#{title}“", hint: "Sieh dir die Räume an: {command}" },
  "room.did-you-mean": "Du hast keinen Raum namens „#{title}“. Meinst du „#{suggestion}“?",
  "room.leave-direct":
    "Ein Gespräch zu zweit lässt sich nicht verlassen. Um von jemandem nichts mehr zu hören, blockiere die Person",
  "room.left-already": "Du hast #{room} schon verlassen",
  "room.damaged":
    "Beitreten geht nicht: Das Protokoll des Raums in „{folder}“ ist am Anfang beschädigt und blieb, wie es ist. Verschieb den Ordner und tritt neu bei; die Nachrichten kommen von den anderen Mitgliedern zurück",
  "room.wrong-secret":
    "Beitreten geht nicht: Das Geheimnis im Link passt nicht zum Raum. Bitte um einen neuen Link",
  "room.loading": "Dieses Gespräch wird noch vom Datenträger gelesen. Versuch es gleich noch einmal",
  "join.already": "Du bist schon in diesem Raum",
  "join.nobody-has-it": "„#{title}“ beitreten geht nicht: Niemand, der ihn hat, ist da",
  "join.not-sent":
    "„#{title}“ beitreten hat nicht geklappt: {host} hat ihn nicht innerhalb von {time:span} geschickt. Versuch es noch einmal",
  "join.invited-to-several":
    "Du bist in mehrere Räume namens „{title}“ eingeladen. Nenne die ID: {choices:list}",
  "join.ambiguous": "Mehrere Räume hier heißen „{title}“. Nenne die ID: {choices:list}",
  "join.unknown": { text: "Kein Raum hier heißt „{title}“", hint: "Sieh dir die Räume an: {command}" },
  "join.did-you-mean": "Kein Raum hier heißt „{title}“. Meinst du „{suggestion}“?",
  "join.hosts-none": {
    text: "{peer} an {address}, Port {port}, stellt keinen Raum bereit",
    hint: "Schreib direkt: {command}",
  },
  "join.hosts-several":
    "{peer} an {address}, Port {port}, stellt mehrere Räume bereit: {titles:list}. Tritt einem mit seinem Titel bei",
  "join.same-name": {
    text: "Hier heißt noch jemand „{name}“, deshalb wirst du als „{label}“ angezeigt",
    hint: "Um einen anderen Namen zu wählen: {command}",
  },
  "join.bad-link":
    "Dieser Link ist unvollständig. Er sieht so aus: earshot://192.168.43.1:9999/ROOM/SECRET/KEY, ohne Leerzeichen und Zeilenumbrüche. Kopiere ihn ganz",
  "join.nobody-admits":
    "Beitreten geht nicht: Keines der Mitglieder hier lässt dich ein. {trouble}. Versuch es noch einmal, wenn Mitglieder in der Nähe sind, oder bitte um einen neuen Link",
  "join.stopping": "Beitreten geht nicht: earshot wird beendet",
  "join.inviter-ignorant": "{inviter} hat den Link erstellt, hat aber den Raum oder sein Geheimnis nicht",
  "join.inviter-away": "Das Mitglied, das den Link erstellt hat, ist nicht da",
  "join.inviter-replaced":
    "An {address}, Port {port}, ist jetzt jemand anderes als das Mitglied, das den Link erstellt hat",
  "invite.blocked": "{name} lässt sich nicht einladen: Du hast diese Person blockiert",
  "invite.not-member": "{name} ist nicht in #{room}",
  "invite.offline":
    "Ein Link enthält deine jetzige Adresse, deshalb lässt er sich nur in einem Netz erstellen",
  "invite.secret-lost":
    "Das Geheimnis von #{room} ist nicht mehr in diesem Ordner. Du bist weiter Mitglied; bitte ein anderes um einen Link",
  "move.followed":
    "{name} ist mit #{room} in einen neuen Raum umgezogen; du bist mit umgezogen. Die Nachrichten des alten Raums bleiben",
  "write.behind":
    "{doing} geht nicht: Andere Mitglieder haben Nachrichten von dir, die diesem Ordner fehlen. Ist er eine alte Sicherung? Sie kommen zurück, sobald eines dieser Mitglieder da ist; versuch es dann noch einmal",
  "write.already-in": "{doing} geht nicht: Du bist schon in diesem Raum",
  "write.already-left": "{doing} geht nicht: Du hast diesen Raum schon verlassen",
  "write.left": "{doing} geht nicht: Du hast diesen Raum verlassen. Tritt ihm zuerst wieder bei",
  "write.direct": "{doing} geht nicht: Das ist ein Gespräch zu zweit. Öffne zuerst einen Raum",
  "write.full": {
    text: "{doing} geht nicht: Du hast so viel geschrieben, wie in einen Raum passt",
    hint: "Mach in einem neuen weiter: {command}",
  },
  "write.crowded": {
    text:
      "{doing} geht nicht: In diesem Raum haben schon {max} Mitglieder geschrieben, mehr passen nicht hinein",
    hint: "Bitte die Mitglieder um eine Einladung in einen anderen Raum, oder öffne einen: {command}",
  },
  "share.author-full": {
    text:
      "{author} hat in einem Raum mehr geschrieben, als dieses Gerät von Leuten behält, die nicht deine Kontakte sind ({max} Nachrichten oder {size:bytes}). Weitere werden hier weggelassen",
    hint: "Um sie zu behalten, nimm die Person als Kontakt auf: {command}",
  },
  "share.disk-low":
    "Nachrichten von Leuten, die nicht deine Kontakte sind, werden nicht mehr gespeichert: Auf dem Datenträger sind nur noch {free:bytes} frei. Sie kommen, sobald Platz ist",
  "share.home-full":
    "In diesem Ordner sind {max} Nachrichten oder mehr, deshalb werden neue von Leuten, die nicht deine Kontakte sind, nicht gespeichert. Um Platz zu schaffen, verlasse Räume, die du nicht brauchst, beende earshot und verschieb ihre Ordner",
  "place.direct": "einem Gespräch zu zweit",
  "notice.forked-own":
    "In {place} wurden zwei verschiedene Nachrichten mit deinem Schlüssel als Nummer {number} unterschrieben. Hat ein anderes Gerät eine Kopie dieses Ordners? Die erste wird angezeigt; beide bleiben",
  "notice.forked":
    "{author} hat in {place} zwei verschiedene Nachrichten als Nummer {number} unterschrieben. Verlass dich nicht auf das, was dort steht. Die erste wird angezeigt; beide bleiben",
  "notice.feed-full":
    "{author} hat in {place} so viel geschrieben, wie in einen Raum passt ({max} Nachrichten, oder weniger lange). Weitere werden weggelassen",
  "notice.crowded": {
    text: "In {place} haben {max} Mitglieder geschrieben, mehr passen nicht hinein. Neue werden weggelassen",
    hint: "Um ohne sie weiterzumachen, öffne einen Raum mit Einladung und lade ein, wen du kennst: {command}",
  },
  "doing.send": "Senden",
  "doing.join": "Beitreten",
  "doing.leave": "Verlassen",
  "doing.leave-old": "Den alten Raum verlassen",
  "doing.tell-move": "Den neuen Raum ankündigen",
  "doing.invite": "Einladen",
  "doing.move": "Umziehen",
  "doing.send-invitation": "Die Einladung senden",
  "doing.open-room": "#{room} öffnen",
  "doing.announce-name": "Deinen Namen bekanntgeben",
  "doing.offer": "Anbieten",
});
