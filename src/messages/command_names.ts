/** The commands that messages hint at, and how each is typed: in a shell one way, in the chat another. */

/** Characters of an id that are shown: enough to mean one. */
export const ID_CHARS = 8;

/** The words behind "earshot" in a shell, and those behind "/" in the chat. */
export const COMMAND_NAMES = {
  accept: ["accept", "accept"],
  ignore: ["ignore", "ignore"],
  block: ["contacts block", "block"],
  unblock: ["contacts unblock", "unblock"],
  save: ["contacts add", "save"],
  verify: ["contacts verify", "verify"],
  connect: ["connect", "connect"],
  send: ["send", "msg"],
  host: ["host", "host"],
  join: ["join", "join"],
  renew: ["renew", "renew"],
  invite: ["invite", "invite"],
  requests: ["requests", "requests"],
  search: ["search", "search"],
  back: ["back", "back"],
  leave: ["leave", "leave"],
  forget: ["contacts remove", "forget"],
  note: ["contacts note", "note"],
  contacts: ["contacts", "contacts"],
  disconnect: ["disconnect", "disconnect"],
  peers: ["peers", "peers"],
  rooms: ["rooms", "rooms"],
  who: ["who", "who"],
  log: ["log", "log"],
  export: ["export", "export"],
  nick: ["nick", "nick"],
  away: ["away", "away"],
  rescan: ["rescan", "rescan"],
  status: ["status", "status"],
  file: ["file", "file"],
  files: ["files", "files"],
  get: ["get", "get"],
  pause: ["pause", "pause"],
  cancel: ["cancel", "cancel"],
  doctor: ["doctor", "doctor"],
  give: ["give", "give"],
  help: ["help", "help"],
} as const;

/** The name of a command in hints. */
export type HintedCommand = keyof typeof COMMAND_NAMES;

/** A word behind a command: a text, or somebody or something that has a name and an id. */
export type HintArgument = string | { readonly name: string; readonly id: string };

/** A command with what to type behind it. */
export interface CommandHint {
  readonly command: HintedCommand;
  readonly args: readonly HintArgument[];
}

/** Words that every shell takes as they stand; a name like `$(reboot)` must not get into a line that is made to be copied. */
const PLAIN_WORD = /^(?:--[a-z-]+|(?!-)[\p{L}\p{M}\p{N}_·.:/-]+)$/u;
const PLAIN_TITLE = /^(?!-)[\p{L}\p{M}\p{N}_. -]+$/u;

/** A hint at a command. */
export function hintAt(command: HintedCommand, ...args: readonly HintArgument[]): CommandHint {
  return { command, args };
}

/** The line for a shell, such as `earshot contacts unblock bob`. */
export function formatShellCommand({ command, args }: CommandHint): string {
  return ["earshot", COMMAND_NAMES[command][0], ...args.map(formatShellWord)].join(" ");
}

/** The line for the chat, such as `/unblock bob`. */
export function formatChatCommand({ command, args }: CommandHint): string {
  const words = args.map((arg) => typeof arg === "string" ? arg : arg.name);
  return [`/${COMMAND_NAMES[command][1]}`, ...words].join(" ");
}

/** A word as a shell takes it: the name where that is safe, else the start of the id, else the text in quotes. */
export function formatShellWord(arg: HintArgument): string {
  const name = typeof arg === "string" ? arg : arg.name;
  if (PLAIN_WORD.test(name)) return name;
  if (PLAIN_TITLE.test(name)) return `"${name}"`;
  return typeof arg === "string" ? `'${name.replaceAll("'", `'\\''`)}'` : arg.id.slice(0, ID_CHARS);
}
