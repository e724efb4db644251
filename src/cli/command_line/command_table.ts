/** All commands in the order of help, and the options that every command takes. */

import type { CommandSpec, OptionSpec } from "./command_spec.ts";

/** Options of every command. */
export const COMMON_OPTIONS = [
  { name: "home", value: "FOLDER", summary: "keep everything in this folder, not in the usual place" },
  {
    name: "portable",
    summary: "keep everything beside the executable, in the folder earshot-home, as on a USB stick",
  },
  { name: "name", value: "NAME", summary: "your name for others; earshot remembers it" },
  {
    name: "port",
    value: "PORT",
    summary: "listen on exactly this TCP port (9999 or the next free one)",
  },
  { name: "discovery-port", value: "PORT", summary: "find others on this UDP port (9999)" },
  {
    name: "interface",
    value: "NAME",
    isMany: true,
    summary: "use only this network interface; repeat it for more",
  },
  {
    name: "session-ports",
    value: "FROM-TO",
    summary: "use only these TCP ports for sessions, for a firewall",
  },
  {
    name: "log-file",
    value: "FILE",
    summary: "log what the node does to this file; messages are not logged",
  },
  {
    name: "log-level",
    value: "error|warn|info|debug",
    summary: "how much to log (info)",
  },
  { name: "json", summary: "print JSON, one object per line, for scripts" },
  { name: "quiet", short: "q", summary: "print only the result" },
  { name: "plain", summary: "chat line by line, for screen readers" },
  { name: "no-typing", summary: "do not tell others that you are typing" },
  { name: "no-browser", summary: "do not open a browser" },
  { name: "no-page", summary: "do not serve the page for browsers" },
  { name: "no-color", summary: "print without colours" },
  { name: "help", short: "h", summary: "show help" },
  { name: "version", summary: "show the version" },
] as const satisfies readonly OptionSpec[];

/** The name of an option that every command takes. */
export type CommonOptionName = typeof COMMON_OPTIONS[number]["name"];

/** Commands by topic. */
export type CommandGroups<Command extends CommandSpec = CommandSpec> = readonly (readonly [
  title: string,
  commands: readonly Command[],
])[];

/** All commands. */
export class CommandTable<Command extends CommandSpec = CommandSpec> {
  readonly groups: CommandGroups<Command>;
  readonly commands: readonly Command[];
  /** Each option once. Its meaning may differ between commands; its written form does not. */
  readonly options: readonly OptionSpec[];

  constructor(groups: CommandGroups<Command>) {
    this.groups = groups;
    this.commands = groups.flatMap(([, commands]) => commands);
    const own = this.commands.flatMap(({ options }) => options);
    this.options = [...new Map([...COMMON_OPTIONS, ...own].map((option) => [option.name, option])).values()];
  }

  /** Finds the command of that name. */
  find(name: string): Command | undefined {
    return this.commands.find((command) => command.name === name);
  }

  /** The commands of one word, without their subcommands. */
  get names(): readonly string[] {
    return this.commands.map(({ name }) => name).filter((name) => /^\w+$/.test(name));
  }

  /** The subcommands of a command, such as "contacts add". */
  subcommands({ name }: CommandSpec): readonly Command[] {
    return name === "" ? [] : this.commands.filter((command) => command.name.startsWith(`${name} `));
  }
}
