/** The commands and options of earshot: one table for parsing and for help. */

import { FILE_COMMANDS } from "./specs_files.ts";
import { NODE_COMMANDS } from "./specs_node.ts";
import { PEOPLE_COMMANDS } from "./specs_people.ts";
import { ROOM_COMMANDS } from "./specs_rooms.ts";
import type { CommandSpec, OptionSpec } from "./command_spec.ts";
import { SYSTEM_COMMANDS } from "./specs_system.ts";
import { TALK_COMMANDS } from "./specs_messages.ts";

/** Options of every command. */
export const COMMON_OPTIONS = [
  { name: "home", value: "FOLDER", summary: "keep everything there, not in the usual place" },
  {
    name: "portable",
    summary: "keep everything beside the executable, in the folder earshot-home, as on a stick",
  },
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
  {
    name: "log-file",
    value: "FILE",
    summary: "write into this file what the node does, without what is said",
  },
  {
    name: "log-level",
    value: "error|warn|info|debug",
    summary: "how much to write there (info)",
  },
  { name: "json", summary: "print JSON, one object a line, for scripts" },
  { name: "quiet", short: "q", summary: "print only what was asked for" },
  { name: "plain", summary: "chat line by line, for screen readers" },
  { name: "no-typing", summary: "do not tell others that you are typing" },
  { name: "no-browser", summary: "open no browser" },
  { name: "no-page", summary: "serve no page for the browser" },
  { name: "no-color", summary: "print without colours" },
  { name: "help", short: "h", summary: "show help" },
  { name: "version", summary: "show the version" },
] as const satisfies readonly OptionSpec[];

/** The commands by what they are about, in the order of help. */
export const COMMAND_GROUPS = [
  ["Talk", TALK_COMMANDS],
  ["Files", FILE_COMMANDS],
  ["People", PEOPLE_COMMANDS],
  ["Rooms", ROOM_COMMANDS],
  ["This node", NODE_COMMANDS],
  ["Your system", SYSTEM_COMMANDS],
] as const satisfies readonly (readonly [string, readonly CommandSpec[]])[];

/** All commands. */
export const COMMANDS = [
  ...TALK_COMMANDS,
  ...FILE_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...ROOM_COMMANDS,
  ...NODE_COMMANDS,
  ...SYSTEM_COMMANDS,
] as const satisfies readonly CommandSpec[];

/** The name of a command; empty for earshot without one. */
export type CommandName = typeof COMMANDS[number]["name"];
/** The name of any option. */
export type OptionName =
  | typeof COMMON_OPTIONS[number]["name"]
  | typeof COMMANDS[number]["options"][number]["name"];
/** A command of the table. */
export type KnownCommand = CommandSpec & { readonly name: CommandName };

/** The command of that name. */
export function findCommand(name: string): KnownCommand | undefined {
  return COMMANDS.find((command) => command.name === name);
}

/** The commands that begin with this one's name, such as "contacts add". */
export function partsOf({ name }: CommandSpec): readonly KnownCommand[] {
  return name === "" ? [] : COMMANDS.filter((command) => command.name.startsWith(`${name} `));
}

/** Every option there is, once. What it means may differ between commands; how it is typed does not. */
export function allOptions(): readonly OptionSpec[] {
  const own = COMMANDS.flatMap((command): readonly OptionSpec[] => command.options);
  return [...new Map([...COMMON_OPTIONS, ...own].map((option) => [option.name, option])).values()];
}
