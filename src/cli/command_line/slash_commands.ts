/** What can be typed in a chat behind "/": one table for parsing, help and completion. */

/** What an argument is, for completion. */
export type ArgKind = "peer" | "conversation" | "room" | "request" | "slash" | "answer" | "switch" | "file";

/** One command. */
export interface SlashCommandSpec {
  readonly name: string;
  readonly args: string;
  readonly summary: string;
  /** Behind the summary, where one asks for this command alone. */
  readonly more?: readonly string[];
  /** What its arguments are, in order. */
  readonly completes?: readonly ArgKind[];
}

/** All of them, in the order of help: talking, getting to others, people, rooms, the rest. */
export const SLASH_COMMANDS = [
  {
    name: "join",
    args: "ROOM",
    summary: "join a room, or open one of yours",
    more: [
      "What you type then goes there.",
      "ROOM is a title, an address (192.168.43.1) or a link (earshot://…).",
    ],
    completes: ["room"],
  },
  {
    name: "host",
    args: "[--invited] TITLE",
    summary: "open a new room that anybody near may join",
    more: [
      "With --invited only those who have its link may: see /help invite.",
      "/host 9999 (a port alone) waits for others at that TCP port instead.",
    ],
  },
  {
    name: "msg",
    args: "NAME [TEXT]",
    summary: "talk to one person",
    more: ["Without a text it opens the conversation: what you type then goes there."],
    completes: ["peer"],
  },
  {
    name: "go",
    args: "[NAME|NUMBER]",
    summary: "go to another conversation (Alt+1, Alt+2, …)",
    more: [
      "Alt+1 to Alt+0 are keys for the first ten.",
      "Without a name it goes to the next one with something unread (Alt+A).",
    ],
    completes: ["conversation"],
  },
  { name: "leave", args: "[ROOM]", summary: "leave the open room, or another one", completes: ["room"] },
  {
    name: "connect",
    args: "NAME|ADDRESS [PORT]",
    summary: "reach somebody by name or address",
    more: ["The port is 9999 if none is given: /connect 192.168.43.1 9998."],
    completes: ["peer"],
  },
  { name: "disconnect", args: "[NAME]", summary: "end the connection with somebody", completes: ["peer"] },
  { name: "peers", args: "", summary: "who is here" },
  { name: "rooms", args: "", summary: "which rooms there are" },
  {
    name: "who",
    args: "[ROOM]",
    summary: "who takes part in the open conversation",
    completes: ["conversation"],
  },
  { name: "requests", args: "", summary: "who wants to talk to you" },
  { name: "accept", args: "NAME", summary: "talk to somebody who asked for it", completes: ["request"] },
  { name: "ignore", args: "NAME", summary: "set a request aside", completes: ["request"] },
  { name: "block", args: "[NAME]", summary: "hear nothing more of somebody", completes: ["peer"] },
  { name: "unblock", args: "[NAME]", summary: "hear of them again", completes: ["peer"] },
  {
    name: "verify",
    args: "[NAME] [yes|no]",
    summary: "compare six words, to be sure who somebody is",
    completes: ["peer", "answer"],
  },
  { name: "contacts", args: "", summary: "whom you keep" },
  {
    name: "save",
    args: "[PEER] NAME",
    summary: "keep a contact, under a name of your own",
    more: ["In a direct conversation the NAME alone will do."],
    completes: ["peer"],
  },
  {
    name: "note",
    args: "NAME TEXT",
    summary: "note something about somebody, for yourself",
    more: ["/contacts shows it. A dash in place of TEXT removes it."],
    completes: ["peer"],
  },
  { name: "forget", args: "NAME", summary: "remove a contact; what was said is kept", completes: ["peer"] },
  {
    name: "invite",
    args: "[#ROOM] [NAME…]",
    summary: "show the open room's link, and send it to NAME",
    completes: ["peer", "peer", "peer"],
  },
  {
    name: "renew",
    args: "[without NAME…]",
    summary: "give the open room a new link, without some",
    more: ["All members but those move to a new room; what was said in the old one is kept."],
    completes: ["answer", "peer", "peer"],
  },
  {
    name: "file",
    args: "PATH",
    summary: "offer a file or folder in the open conversation",
    more: [
      "Nothing is sent before somebody asks for it. Leave it where it is as long as others may want it.",
    ],
  },
  { name: "files", args: "", summary: "files that are on offer there" },
  {
    name: "get",
    args: "[FILE]",
    summary: "fetch a file, or go on with it",
    more: ["FILE is a number of /files or a name; without it the newest that was offered."],
    completes: ["file"],
  },
  { name: "pause", args: "FILE", summary: "stop fetching a file for now", completes: ["file"] },
  {
    name: "cancel",
    args: "FILE",
    summary: "fetch a file no more, or offer it no more",
    completes: ["file"],
  },
  { name: "log", args: "[COUNT]", summary: "what was said in the open conversation" },
  { name: "search", args: "TEXT", summary: "find it in all conversations" },
  {
    name: "export",
    args: "[--force] [FILE]",
    summary: "write the open conversation to a file",
    more: ["Its ending says how: .txt, .md or .json. With --force it replaces a file that is there."],
  },
  { name: "nick", args: "NAME", summary: "change what others call you" },
  { name: "away", args: "[TEXT]", summary: "tell others that you are away" },
  { name: "back", args: "", summary: "tell them that you are back" },
  { name: "rescan", args: "", summary: "look for others again" },
  { name: "status", args: "", summary: "how this node and its network do" },
  { name: "doctor", args: "", summary: "why others are not found, and what to do" },
  {
    name: "give",
    args: "[on|all|off]",
    summary: "give earshot to people here who have none",
    more: [
      "Shows where they get it, and the sum that they compare.",
      'With "all" also what lies beside this program for other systems: only if you put it there.',
    ],
    completes: ["switch"],
  },
  {
    name: "help",
    args: "[COMMAND|all]",
    summary: "what can be typed, or more about one",
    completes: ["slash"],
  },
  { name: "quit", args: "", summary: "end (Ctrl-D does too)" },
] as const satisfies readonly SlashCommandSpec[];

/** The name of one. */
export type SlashName = typeof SLASH_COMMANDS[number]["name"];

/** The command of that name, in any case of letters. */
export function findSlashCommand(name: string): SlashCommandSpec & { readonly name: SlashName } | undefined {
  return SLASH_COMMANDS.find((slash) => slash.name === name.toLowerCase());
}

/** How it is typed. */
export function formatSlashUsage({ name, args }: SlashCommandSpec): string {
  return `/${name}${args === "" ? "" : ` ${args}`}`;
}
