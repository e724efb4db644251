/** Names of people, titles of rooms, notes. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_NAMES = {
  "name.empty": "Names cannot be empty",
  "name.too-long": "Names have at most {max} characters; this one has {length}",
  "name.spaces": 'Names cannot contain spaces. Try "{suggestion}"',
  "name.invisible": "Names cannot contain invisible characters; this one contains {character}",
  "name.reserved-first": 'Names cannot begin with "{character}"',
  "name.reserved": 'Names cannot contain "{character}"',
  "name.displayed-differently":
    'Names must look exactly as typed; this one would be displayed as "{displayed}"',
  "name.taken-in-room": 'Somebody in #{room} is already called "{name}". Choose another name',
  "name.taken": '"{name}" is {owner}. Choose another name',
  "name.owner-contact": "already the name of {peer}",
  "name.owner-label": "already your name for {peer}",
  "name.owner-place": "already your name for {address} port {port}",
  "title.empty": "Room titles cannot be empty",
  "title.too-long": "Room titles have at most {max} characters; this one has {length}",
  "title.too-many-bytes": "Room titles have at most {max} bytes; this one has {length}",
  "title.invisible": "Room titles cannot contain invisible characters; this one contains {character}",
  "title.displayed-differently":
    'Room titles must look exactly as typed; this one would be displayed as "{displayed}"',
  "note.too-long": "Notes have at most {max} characters; this one has {length}",
} as const satisfies Texts;
