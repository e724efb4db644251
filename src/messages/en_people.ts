/** Who is meant, contacts and requests. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_PEOPLE = {
  "peer.self": "That is you",
  "peer.only-address": {
    text: '"{label}" is only a saved address so far ({address} port {port})',
    hint: "Connect to it first: {command}",
  },
  "peer.ambiguous": 'More than one peer is called "{name}": {labels:list}. Say which one',
  "peer.unknown": { text: 'Nobody here is called "{name}"', hint: "See who is here: {command}" },
  "peer.did-you-mean": 'Nobody here is called "{name}". Did you mean "{suggestion}"?',
  "peer.is-room": 'Nobody here is called "{name}", but a room is. Write "#{name}"',
  "place.ambiguous":
    'More than one saved address is called "{name}": {addresses:list}. Use the address instead',
  "contact.none": "{name} is not one of your contacts",
  "contact.blocked": { text: "You have blocked {name}", hint: "To talk again: {command}" },
  "contact.remove-blocked": {
    text: "Cannot remove {name}: you have blocked them, and removing them would let them in again",
    hint: "Unblock them first: {command}",
  },
  "contacts.not-saved":
    "{reason}. The change counts until earshot stops, and is saved as soon as the disk allows it",
  "request.none": "{name} has no pending request, and neither does anybody else",
  "request.others": "{name} has no pending request. Pending requests: {names:list}",
  "away.too-long": "That text is too long: {length} bytes; the limit is {max}",
  "import.not-address": '"{text}" is not an IP address',
  "import.leading-zeros":
    '"{text}" has zeros in front, which programs read in different ways. Write {suggestion}',
  "import.not-port": '"{text}" is not a port from 1 to {max}',
  "import.card-without-address": "the card has no IP address",
  "import.windows-1252":
    "The list is not UTF-8, so it was read as Windows-1252. Check the names with letters beyond a to z",
  "notice.bad-contact": 'Line {line} of "{path}" is not a valid contact: {reason}. It was left as it is',
  "notice.impostor": {
    text:
      'A device at {address} calls itself "{name}", like your contact there, but has a different key. It was refused, because it may be somebody else',
    hint: "If your contact started anew, remove the old one: {command}",
  },
  "notice.address-reused":
    "Somebody else now uses {name}'s last address ({address}); still looking for {name}",
  "notice.repeated": {
    one: "{notice}. It happened once more since the last notice",
    other: "{notice}. It happened {count} more times since the last notice",
  },
  "notice.unreached": "{name} could not be reached: {reason}",
  "notice.wrong-key": "A device was refused because it has a different key than expected",
  "notice.flood": {
    text:
      "{peer} sends too much. Only {perSecond} lines a second are accepted from that device now; nobody else is affected",
    hint: "To hear nothing from it: {command}",
  },
} as const satisfies Texts;
