/** The commands and options of earshot: one table for parsing and for help. */

/** An option. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What to call its value in help; a switch has none. */
  readonly value?: string;
  /** May be given again, for one more value. */
  readonly isMany?: true;
  readonly summary: string;
}

/** A command. */
export interface CommandSpec {
  /** Empty for earshot without a command. */
  readonly name: string;
  /** Its arguments, as help shows them. */
  readonly args: string;
  readonly summary: string;
  /** Paragraphs behind the summary. */
  readonly more: readonly string[];
  readonly examples: readonly string[];
  readonly options: readonly OptionSpec[];
}

/** Options of every command. */
export const COMMON_OPTIONS = [
  { name: "home", value: "FOLDER", summary: "keep everything there, not in the usual place" },
  { name: "name", value: "NAME", summary: "what others call you; kept for the next time" },
  {
    name: "port",
    value: "PORT",
    summary: "listen for others at exactly this TCP port (9999 or the next free one)",
  },
  { name: "discovery-port", value: "PORT", summary: "find others at this UDP port (9999)" },
  {
    name: "interface",
    value: "NAME",
    isMany: true,
    summary: "use only this network interface; give it again for more",
  },
  {
    name: "session-ports",
    value: "FROM-TO",
    summary: "take sessions at these TCP ports only, for a firewall",
  },
  { name: "json", summary: "print JSON, one object a line, for scripts" },
  { name: "quiet", short: "q", summary: "print only what was asked for" },
  { name: "no-color", summary: "print without colours" },
  { name: "help", short: "h", summary: "show help" },
  { name: "version", summary: "show the version" },
] as const satisfies readonly OptionSpec[];

/** All commands, in the order of help. */
export const COMMANDS = [
  {
    name: "",
    args: "",
    summary: "chat: who is here is shown, what you type goes to the open room",
    more: [
      "Starts a node and shows what happens. Type /help there for what can be typed. If earshot runs already with this home, it is used.",
      "When lines are piped in, they are taken as if they were typed, and it ends behind the last one. Without any input it stays as a node.",
    ],
    examples: ["earshot", "earshot --name alice"],
    options: [],
  },
  {
    name: "node",
    args: "",
    summary: "run a node until it is stopped, without chat",
    more: [
      'Prints what happens: with --json first the event "ready", then every event, one object a line; with --quiet nothing but "ready".',
      'Ctrl-C or "earshot stop" ends it.',
    ],
    examples: ["earshot node", "earshot node --json --home ./bob --name bob"],
    options: [],
  },
  {
    name: "peers",
    args: "",
    summary: "show who is here",
    more: [
      "Everybody who is heard on the network or connected. Names are what people call themselves; the id is what they cannot change.",
    ],
    examples: ["earshot peers", "earshot peers --json"],
    options: [],
  },
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
    summary: "open a room that anybody near may join",
    more: [],
    examples: ["earshot host Kitchen", "earshot host Coffee corner"],
    options: [],
  },
  {
    name: "join",
    args: "ROOM|ADDRESS[:PORT]",
    summary: "join a room: by its title, by its id, or by who relays it",
    more: ["Where nobody is found by themselves, the address of the one who opened the room will do."],
    examples: ["earshot join Kitchen", "earshot join 192.168.43.1", "earshot join 192.168.43.1:9998"],
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
    name: "connect",
    args: "ADDRESS [PORT]",
    summary: "connect to somebody by address (port 9999 if none is given)",
    more: [
      "For networks where nobody is found by themselves. They become a contact, so later their name will do.",
    ],
    examples: ["earshot connect 192.168.43.1", "earshot connect 192.168.43.1 9998"],
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
    more: ["Your own lines that no other device has yet end in (kept here only)."],
    examples: ['earshot log "#Kitchen" --last 20', "earshot log bob --follow"],
    options: [
      { name: "last", short: "n", value: "COUNT", summary: "only so many lines" },
      { name: "follow", short: "f", summary: "go on with what is said from now on, until Ctrl-C" },
    ],
  },
  {
    name: "export",
    args: "TO",
    summary: "write a conversation as text",
    more: [
      "Every member who has the same lines gets the same file (in one time zone).",
      'A time is 2026-11-20, "2026-11-20 14:00" or 14:00 (of today), as clocks show it here. --until 2026-11-20 takes that whole day in.',
    ],
    examples: [
      'earshot export "#Kitchen" -o kitchen.txt',
      'earshot export bob --since 2026-11-20 --until "2026-11-21 12:00"',
    ],
    options: [
      { name: "since", value: "TIME", summary: "from this time on" },
      { name: "until", value: "TIME", summary: "up to this time" },
      {
        name: "output",
        short: "o",
        value: "FILE",
        summary: "write to this file, which must not be there yet",
      },
      { name: "force", summary: "replace the file if there is one" },
    ],
  },
  {
    name: "contacts",
    args: "",
    summary: "show whom you have talked to",
    more: ["They are lines of contacts.dat in the home, which can be edited by hand."],
    examples: ["earshot contacts"],
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
  {
    name: "status",
    args: "",
    summary: "show how this node does, and its network",
    more: [],
    examples: ["earshot status"],
    options: [],
  },
  {
    name: "rescan",
    args: "",
    summary: "look for others again, now",
    more: [],
    examples: ["earshot rescan"],
    options: [],
  },
  {
    name: "stop",
    args: "",
    summary: "stop the running node",
    more: [],
    examples: ["earshot stop"],
    options: [],
  },
  {
    name: "help",
    args: "[COMMAND]",
    summary: "show help",
    more: [],
    examples: ["earshot help send"],
    options: [],
  },
] as const satisfies readonly CommandSpec[];

/** The name of a command; empty for earshot without one. */
export type CommandName = typeof COMMANDS[number]["name"];
/** The name of any option. */
export type OptionName =
  | typeof COMMON_OPTIONS[number]["name"]
  | typeof COMMANDS[number]["options"][number]["name"];

/** The command of that name. */
export function findCommand(name: string): (CommandSpec & { readonly name: CommandName }) | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/** Every option there is, once. */
export function allOptions(): readonly OptionSpec[] {
  return [...COMMON_OPTIONS, ...COMMANDS.flatMap((command): readonly OptionSpec[] => command.options)];
}
