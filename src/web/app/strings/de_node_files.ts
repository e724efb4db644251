/** What the node says of files, in German. */

import type { NodeSentences } from "./catalogue.ts";

/** The longer pattern before one that would fit as well. */
export const DE_NODE_FILES: NodeSentences = [
  // Offering (node/offering.ts, node/sharing.ts).
  ['There is nothing at "{1}"', "An „{1}“ ist nichts"],
  ['"{1}" is neither a file nor a folder', "„{1}“ ist weder eine Datei noch ein Ordner"],
  [
    '"{1}" cannot be offered by itself: offer what is in it',
    "„{1}“ lässt sich nicht als Ganzes anbieten: Biete an, was darin ist",
  ],
  ['There is no file in "{1}"', "In „{1}“ ist keine Datei"],
  [
    '"{1}" has more than {2} files. Offer it in parts, or packed into one file',
    "„{1}“ hat mehr als {2} Dateien. Biete es in Teilen an, oder in eine Datei gepackt",
  ],
  ['"{1}" is too large: {2}, and {3} are the most', "„{1}“ ist zu groß: {2}, und höchstens {3} gehen"],
  [
    'Cannot offer "{1}": it was changed while it was read. Try again',
    "„{1}“ lässt sich nicht anbieten: Es wurde geändert, während es gelesen wurde. Versuch es noch einmal",
  ],
  [
    '1 thing in "{1}" cannot be offered (links, or names that other systems do not take), and were left out',
    "Etwas in „{1}“ lässt sich nicht anbieten (Verweise, oder Namen, die andere Systeme nicht annehmen) und wurde weggelassen",
  ],
  [
    '{1} things in "{2}" cannot be offered (links, or names that other systems do not take), and were left out',
    "{1} Dinge in „{2}“ lassen sich nicht anbieten (Verweise, oder Namen, die andere Systeme nicht annehmen) und wurden weggelassen",
  ],
  ["The offer was written, and cannot be found", "Das Angebot ist geschrieben, aber nicht zu finden"],
  // Uploads (web/file_routes.ts).
  ["There is no such upload", "Davon ist nichts hochgeladen"],
  ["An upload is one file, or one folder", "Hochgeladen wird eine Datei oder ein Ordner"],
  ["That is no place for an upload", "Dorthin lässt sich nichts hochladen"],
  [
    "Something of that name was uploaded already",
    "Etwas mit diesem Namen ist schon dabei: Manche Systeme unterscheiden die Namen nicht",
  ],
  [
    "It does not fit on the disk of this node. Free some space and try again",
    "Auf dem Datenträger ist zu wenig Platz. Schaff Platz und versuch es noch einmal",
  ],
  // Fetching (node/fetch.ts, node/sharing.ts).
  [
    '"{1}" cannot be fetched: what it consists of is not what its offer says. Whoever offered it can do so anew',
    "„{1}“ lässt sich nicht holen: Es besteht aus anderem, als das Angebot sagt. Wer es angeboten hat, kann es neu anbieten",
  ],
  [
    '"{1}" does not fit: {2} are free in "{3}", and it takes {4}. Free some space or name another folder, and get it again',
    "„{1}“ passt nicht: In „{3}“ sind {2} frei, und es braucht {4}. Schaff Platz und hol es noch einmal",
  ],
  ['"{1}" is not being fetched', "„{1}“ wird gerade nicht geholt"],
  ['"{1}" was not asked for', "„{1}“ hat niemand geholt"],
  ['"{1}" is here already, at "{2}"', "„{1}“ ist schon da, in „{2}“"],
  [
    "Cannot keep files of that room: nothing of it is on disk yet",
    "Dateien dieses Raums lassen sich nicht behalten: Noch ist nichts von ihm auf dem Datenträger",
  ],
  ['There is no file "{1}" on offer.', "Eine Datei „{1}“ wird nicht angeboten."],
  [
    'What {1} sent of "{2}" is not what was offered: damaged or changed.',
    "Was {1} von „{2}“ geschickt hat, ist nicht, was angeboten wurde: beschädigt oder geändert.",
  ],
  [
    "It was thrown away, and that device is not asked for this again",
    "Es ist verworfen, und dieses Gerät wird danach nicht mehr gefragt",
  ],
  // The disk (store/trouble.ts).
  ['Cannot keep "{1}": {2}.', "„{1}“ lässt sich nicht behalten: {2}."],
  ["Cannot keep the upload: {1}.", "Das Hochgeladene lässt sich nicht behalten: {1}."],
  ["Cannot remove the upload: {1}.", "Das Hochgeladene lässt sich nicht entfernen: {1}."],
  ['Cannot read "{1}": {2}.', "„{1}“ lässt sich nicht lesen: {2}."],
  ['Cannot offer "{1}": {2}.', "„{1}“ lässt sich nicht anbieten: {2}."],
  ["Cannot offer that: {1}.", "Das lässt sich nicht anbieten: {1}."],
  ["Cannot remember what is offered: {1}.", "Das Angebot lässt sich nicht behalten: {1}."],
  ["Cannot remember that: {1}.", "Das lässt sich nicht behalten: {1}."],
  ["Cannot remove that: {1}.", "Das lässt sich nicht entfernen: {1}."],
  ["the disk is full", "Der Datenträger ist voll"],
  ["the disk is read-only", "Der Datenträger lässt sich nur lesen"],
  ["this user is not allowed to", "Dieser Benutzer darf das nicht"],
  ["something else of that name is in the way", "Etwas anderes mit diesem Namen ist im Weg"],
  ["the folder is missing", "Der Ordner fehlt"],
  ["The upload was cut short", "Das Hochladen brach ab"],
  ["The upload is too large", "Das Hochgeladene ist zu groß"],
  ["What was there is unharmed.", "Was da war, ist unversehrt."],
  ["Free some space and try again", "Schaff Platz und versuch es noch einmal"],
  ["Free some space and try again.", "Schaff Platz und versuch es noch einmal."],
  [
    "Check who may write there, or use another place",
    "Sieh nach, wer dort schreiben darf, oder nimm einen anderen Ort",
  ],
  [
    "Check who may write there, or use another place.",
    "Sieh nach, wer dort schreiben darf, oder nimm einen anderen Ort.",
  ],
  ["Check the disk and try again", "Prüf den Datenträger und versuch es noch einmal"],
  ["Check the disk and try again.", "Prüf den Datenträger und versuch es noch einmal."],
  [
    "What has come is kept: get it again to go on",
    "Was da ist, bleibt: Hol es noch einmal, dann geht es weiter",
  ],
];
