/** Commands for files. */

import type { CommandSpec } from "./command_spec.ts";

const IN = { name: "in", value: "TO", summary: "only in that room, or with that person" } as const;

/** In the order of help. */
export const FILE_COMMANDS = [
  {
    name: "file",
    args: "TO PATH…",
    summary: "offer files or folders in a room, or to one person",
    more: [
      "Nothing is sent before somebody asks for it. Whoever has got a file passes it on, also when you are away; until then it comes from this device, from where it lies: leave it there, and unchanged.",
      "Links in a folder are left out, and so are empty folders.",
    ],
    examples: ['earshot file "#Kitchen" photo.jpg', "earshot file bob ./holiday notes.txt"],
    options: [],
  },
  {
    name: "files",
    args: "[TO]",
    summary: "what is on offer, and how much of it is here",
    more: ["FILE in other commands is a number of this list, or a name."],
    examples: ["earshot files", 'earshot files "#Kitchen"'],
    options: [],
  },
  {
    name: "get",
    args: "FILE",
    summary: "fetch a file or folder, or go on with it",
    more: [
      "It comes from whoever has it, from several at once, and each piece is checked. What has come stays here whatever happens, so the same command goes on where it ended.",
      "It is kept in the room's folder files, or in the folder that --into names. Nothing that is there is ever replaced.",
      "Ends when all of it is here; with 3 if that takes longer than --timeout.",
    ],
    examples: ["earshot get 3", "earshot get photo.jpg --into ."],
    options: [
      { name: "into", value: "FOLDER", summary: "put it into this folder" },
      IN,
      { name: "timeout", value: "SECONDS", summary: "how long to wait for it (as long as it takes)" },
    ],
  },
  {
    name: "pause",
    args: "FILE",
    summary: "stop fetching a file for now",
    more: ["What has come is kept: earshot get goes on with it."],
    examples: ["earshot pause 3"],
    options: [IN],
  },
  {
    name: "cancel",
    args: "FILE",
    summary: "fetch a file no more, or offer it no more",
    more: [
      "What has come of it is removed. A file that is complete, and one of your own, stays where it is.",
    ],
    examples: ["earshot cancel 3"],
    options: [IN],
  },
] as const satisfies readonly CommandSpec[];
