/** Commands to talk, and to find again what was said. */

import { type CommandSpec, LAST } from "./command_spec.ts";

/** In the order of help. */
export const TALK_COMMANDS = [
  {
    name: "",
    args: "",
    summary: "chat: who is here is shown, what you type goes to the open room",
    more: [
      "Starts a node and shows what happens. Type /help there for what can be typed. If earshot runs already with this home, it is used.",
      "When lines are piped in, they are taken as if they were typed, and it ends behind the last one. Without any input it stays as a node.",
    ],
    examples: ["earshot", "earshot --name alice", "earshot --port 9999"],
    options: [],
  },
  {
    name: "chat",
    args: "[TO]",
    summary: "the same, with that room or person open",
    more: [
      'TO is "#room" (in quotes: shells take # for a comment), a name, or the start of an id.',
      "With --plain nothing on the screen is ever changed once it is written: for screen readers, and for terminals that cannot move their cursor.",
    ],
    examples: ['earshot chat "#Kitchen"', "earshot chat bob --plain"],
    options: [],
  },
  {
    name: "send",
    args: "TO TEXT|-",
    summary: "say something in a room, or to one person",
    more: [
      'TO is "#room" (in quotes: shells take # for a comment), a name, or the start of an id. TEXT may be several words; "-" reads it from standard input (64 KiB at most).',
      "It is done once the text is on this disk: it goes out as soon as somebody who should have it is near. With --wait it waits until the text is on one other device (passed) or on every member's (everywhere), and exits with 3 if that takes longer than --timeout; the text is kept and goes all the same.",
    ],
    examples: [
      'earshot send "#Kitchen" tea is ready',
      "earshot send bob hello --wait passed",
      'uptime | earshot send "#Kitchen" -',
    ],
    options: [
      { name: "wait", value: "passed|everywhere", summary: "wait until the text has come so far" },
      { name: "timeout", value: "SECONDS", summary: "how long to wait for that (30)" },
    ],
  },
  {
    name: "log",
    args: "TO",
    summary: "show what was said",
    more: [
      "Your own lines that no other device has yet end in (kept here only). What blocked people said is left out; exports have it.",
    ],
    examples: ['earshot log "#Kitchen" --last 20', "earshot log bob --follow"],
    options: [
      LAST,
      { name: "follow", short: "f", summary: "go on with what is said from now on, until Ctrl-C" },
    ],
  },
  {
    name: "search",
    args: "TEXT",
    summary: "find what was said, in all conversations",
    more: [
      "Capitals and small letters are the same, and so are wide and narrow ones. The newest 50 are shown, or as many as --last says. What blocked people said is left out.",
    ],
    examples: ["earshot search pancakes", "earshot search door code --last 5"],
    options: [LAST],
  },
  {
    name: "export",
    args: "TO",
    summary: "write a conversation to a file, or all of them",
    more: [
      "As text for people (txt), as Markdown (md) or as JSON with all that was signed (json). Every member who has the same lines gets the same file (in one time zone). What blocked people said is in it.",
      'A time is 2026-11-20, "2026-11-20 14:00" or 14:00 (of today), as clocks show it here. --until 2026-11-20 takes that whole day in.',
    ],
    examples: [
      'earshot export "#Kitchen" -o kitchen.txt',
      'earshot export bob --since 2026-11-20 --until "2026-11-21 12:00"',
      "earshot export bob -o bob.md",
      "earshot export --all ./chats --format json",
      'earshot export "#Kitchen" --with-files ./kitchen',
    ],
    options: [
      {
        name: "output",
        short: "o",
        value: "FILE",
        summary: "write to this file, which must not be there yet",
      },
      { name: "format", value: "txt|md|json", summary: "how to write it (as the file's name ends, or txt)" },
      { name: "since", value: "TIME", summary: "from this time on" },
      { name: "until", value: "TIME", summary: "up to this time" },
      {
        name: "all",
        value: "FOLDER",
        summary: "every conversation, each in a file of its own in that folder",
      },
      {
        name: "with-files",
        value: "FOLDER",
        summary: "the conversation and all files of it that are here, in that folder",
      },
      { name: "force", summary: "replace files that are there" },
    ],
  },
  {
    name: "away",
    args: "[TEXT]",
    summary: "tell others that you are away, and why",
    more: ["Those who are connected see it beside your name. Messages come all the same."],
    examples: ["earshot away", "earshot away lunch until two"],
    options: [],
  },
  {
    name: "back",
    args: "",
    summary: "you are not away any more",
    more: [],
    examples: ["earshot back"],
    options: [],
  },
  {
    name: "nick",
    args: "NAME",
    summary: "change what others call you",
    more: [],
    examples: ["earshot nick alice"],
    options: [],
  },
] as const satisfies readonly CommandSpec[];
