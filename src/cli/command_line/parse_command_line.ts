/** Finds the command that the command line names, and lets it parse its arguments. Pure. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import type { CommandInput } from "./command_input.ts";
import type { CommandSpec } from "./command_spec.ts";
import type { CommandTable } from "./command_table.ts";
import { type GlobalOptions, parseGlobalOptions } from "./global_options.ts";
import { checkOptions, type GivenOptions, quoteToken, splitTokens, type Token } from "./tokens.ts";

/** A command that parses its own arguments. */
export interface ParsableCommand<Prepared> extends CommandSpec {
  /** @throws {UsageError} with a sentence. */
  prepare(input: CommandInput): Prepared;
}

/** A whole command line. */
export interface ParsedCommandLine<Prepared> {
  /** The command with its arguments; "version" where only the version is wanted. */
  readonly prepared: Prepared | "version";
  readonly globalOptions: GlobalOptions;
}

/** The moment and the commands that a command line is parsed with. */
export interface ParseContext<Prepared> {
  /** The wall time that a time without a date means. */
  readonly nowMs: number;
  readonly table: CommandTable<ParsableCommand<Prepared>>;
}

/** Parses the words after "earshot". @throws {UsageError} with a sentence. */
export function parseCommandLine<Prepared>(
  words: readonly string[],
  { nowMs, table }: ParseContext<Prepared>,
): ParsedCommandLine<Prepared> {
  const { tokens, options } = splitTokens(words, table);
  const { command, args } = findCommand(tokens, table);
  checkOptions(options, { command, table });
  const globalOptions = parseGlobalOptions(options);
  if (options.has("version")) return { prepared: "version", globalOptions };
  const input = options.has("help")
    ? { ...createHelpInput(tokens.length === 0 ? "" : command.name, table), options: NO_OPTIONS }
    : { command, args, options };
  return { prepared: input.command.prepare({ ...input, nowMs, table }), globalOptions };
}

const NO_OPTIONS: GivenOptions = {
  written: new Map(),
  has: () => false,
  value: () => null,
  values: () => null,
};

/** `earshot send --help` is `earshot help send`. */
function createHelpInput<Command extends CommandSpec>(
  name: string,
  table: CommandTable<Command>,
): { readonly command: Command; readonly args: readonly Token[] } {
  const command = table.find("help");
  if (command === undefined) throw new UsageError(message("command.no-help"));
  const args = name === "" ? [] : name.split(" ").map((text) => ({ text, isLiteral: false }));
  return { command, args };
}

/** The command that the tokens begin with, and its arguments. @throws {UsageError} if there is no such command. */
export function findCommand<Command extends CommandSpec>(
  [first, ...rest]: readonly Token[],
  table: CommandTable<Command>,
): { readonly command: Command; readonly args: readonly Token[] } {
  const command = table.find(first?.text ?? "");
  if (command === undefined || first?.text === "") throw toUnknownCommandError(first?.text ?? "", table);
  const subcommands = table.subcommands(command);
  const [second, ...args] = rest;
  if (subcommands.length === 0 || second === undefined) return { command, args: rest };
  if (second.text === "list") return { command, args };
  const subcommand = subcommands.find(({ name }) => name === `${command.name} ${second.text}`);
  if (subcommand === undefined) throw toUnknownSubcommandError(second.text, command, subcommands);
  return { command: subcommand, args };
}

function toUnknownCommandError(text: string, table: CommandTable): UsageError {
  const suggestion = findNearest(text, table.names);
  const name = quoteToken(text);
  return new UsageError(
    suggestion === null
      ? message("command.unknown", { name }, hintAt("help"))
      : message("command.unknown-similar", { name, suggestion }),
  );
}

function toUnknownSubcommandError(
  text: string,
  command: CommandSpec,
  subcommands: readonly CommandSpec[],
): UsageError {
  const names = subcommands.map(({ name }) => name.slice(command.name.length + 1));
  const suggestion = findNearest(text, names);
  const name = `${command.name} ${quoteToken(text)}`;
  return new UsageError(
    suggestion === null
      ? message("command.unknown-second", { name, names })
      : message("command.unknown-similar", { name, suggestion: `${command.name} ${suggestion}` }),
  );
}
