/** Commands about rooms. */

import { type CommandSpec, NO_QR } from "./command_spec.ts";

/** In the order of help. */
export const ROOM_COMMANDS = [
  {
    name: "rooms",
    args: "",
    summary: "show the rooms: yours and those around",
    more: [],
    examples: ["earshot rooms"],
    options: [],
  },
  {
    name: "host",
    args: "TITLE",
    summary: "open a room that anybody near may join, or only those invited",
    more: [
      'To wait for others at another port, start with "earshot --port 9999", or type /host 9999 in the chat.',
    ],
    examples: ["earshot host Kitchen", "earshot host Coffee corner", "earshot host Plans --invited"],
    options: [{ name: "invited", summary: "only those who have its link may join" }],
  },
  {
    name: "join",
    args: "ROOM|ADDRESS[:PORT]|LINK",
    summary: "join a room: by its title, its id, its link, or by who relays it",
    more: ["Where nobody is found by themselves, the address of the one who opened the room will do."],
    examples: [
      "earshot join Kitchen",
      "earshot join 192.168.43.1",
      "earshot join 192.168.43.1:9998",
      "earshot join earshot://192.168.43.1:9999/kkkkkkkkkkkkkkkkkkkkkkkkka/-/bbbbbbbbbbbbbbbb",
    ],
    options: [],
  },
  {
    name: "leave",
    args: "ROOM",
    summary: "leave a room; what was said in it is kept",
    more: [],
    examples: ["earshot leave Kitchen"],
    options: [],
  },
  {
    name: "who",
    args: "ROOM",
    summary: "show who takes part in a room",
    more: [],
    examples: ['earshot who "#Kitchen"'],
    options: [],
  },
  {
    name: "invite",
    args: "ROOM [NAME…]",
    summary: "show a room's link, as text and as a QR code, and send it to people",
    more: [
      'ROOM is one word: a title of several stands in quotes. Whoever is named finds the invitation in "earshot requests".',
      "The link says where you are now, so it is made while you are on a network. Whoever has the link of a room by invitation can join it, and pass it on.",
    ],
    examples: [
      'earshot invite "#Plans"',
      'earshot invite "Coffee corner" bob carol',
      'earshot invite "#Plans" --json',
    ],
    options: [NO_QR],
  },
  {
    name: "renew",
    args: "ROOM",
    summary: "move a room by invitation to a new one, with a new link",
    more: [
      "All its members are invited to the new one, but for those named with --without. The old link leads nowhere new; what was said before stays with those who have it.",
    ],
    examples: ['earshot renew "#Plans" --without eve', "earshot renew Plans --without eve --without mallory"],
    options: [
      { name: "without", value: "NAME", isMany: true, summary: "not this one; give it again for more" },
      NO_QR,
    ],
  },
] as const satisfies readonly CommandSpec[];
