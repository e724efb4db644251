/** Names of people, titles of rooms, notes. */

import { translationOf } from "./catalogue.ts";
import type { EN_NAMES } from "./en_names.ts";

/** German. */
export const DE_NAMES = translationOf<typeof EN_NAMES>()({
  "name.empty": "Ein Name darf nicht leer sein",
  "name.too-long": "Ein Name hat höchstens {max} Zeichen; dieser hat {length}",
  "name.spaces": "Ein Name darf keine Leerzeichen enthalten. Versuch es mit „{suggestion}“",
  "name.invisible": "Ein Name darf keine unsichtbaren Zeichen enthalten; dieser enthält {character}",
  "name.reserved-first": "Ein Name darf nicht mit „{character}“ beginnen",
  "name.reserved": "Ein Name darf „{character}“ nicht enthalten",
  "name.displayed-differently":
    "Ein Name muss genau so aussehen, wie er getippt ist; dieser würde als „{displayed}“ angezeigt",
  "name.taken-in-room": "In #{room} heißt schon jemand „{name}“. Wähle einen anderen Namen",
  "name.taken": "„{name}“ ist schon vergeben: {owner}. Wähle einen anderen Namen",
  "name.owner-contact": "So heißt {peer}",
  "name.owner-label": "So nennst du {peer}",
  "name.owner-place": "So nennst du {address}, Port {port}",
  "title.empty": "Ein Raumtitel darf nicht leer sein",
  "title.too-long": "Ein Raumtitel hat höchstens {max} Zeichen; dieser hat {length}",
  "title.too-many-bytes": "Ein Raumtitel hat höchstens {max} Bytes; dieser hat {length}",
  "title.invisible": "Ein Raumtitel darf keine unsichtbaren Zeichen enthalten; dieser enthält {character}",
  "title.displayed-differently":
    "Ein Raumtitel muss genau so aussehen, wie er getippt ist; dieser würde als „{displayed}“ angezeigt",
  "note.too-long": "Eine Notiz hat höchstens {max} Zeichen; diese hat {length}",
});
