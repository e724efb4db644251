/** The arguments and options of one command, as they were typed. Pure. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { type CommandSpec, formatUsage } from "./command_spec.ts";
import type { CommandTable } from "./command_table.ts";
import { type GivenOptions, quoteToken, type Token } from "./tokens.ts";

/** What a command parses. */
export interface CommandInput<OptionName extends string = string> {
  readonly command: CommandSpec;
  /** The arguments: everything typed after the command that is not an option. */
  readonly args: readonly Token[];
  readonly options: GivenOptions<OptionName>;
  /** Wall time. */
  readonly nowMs: number;
  readonly table: CommandTable;
}

/** All arguments as one text. */
export function joinArgs({ args }: Pick<CommandInput, "args">): string {
  return args.map(({ text }) => text).join(" ");
}

/** The argument. @throws {UsageError} if it is missing. */
export function requireArg(text: string | undefined, name: string, command: CommandSpec): string {
  if (text !== undefined && text.trim() !== "") return text;
  // A shell drops an unquoted "#" and everything after it.
  const code = name === "TO" || name === "ROOM" ? "argument.missing-place" : "argument.missing";
  throw new UsageError(message(code, { name, usage: formatUsage(command) }));
}

/** All arguments as one text. @throws {UsageError} if there are none. */
export function requireAllArgs(input: CommandInput, name: string): string {
  return requireArg(joinArgs(input), name, input.command);
}

/** Refuses arguments from the given position on. @throws {UsageError} if there are any. */
export function refuseArgsFrom(position: number, { args, command }: CommandInput): void {
  const extra = args[position];
  if (extra === undefined) return;
  throw new UsageError(
    message("argument.unexpected", { text: quoteToken(extra.text), usage: formatUsage(command) }),
  );
}
