/** What was typed behind a command, and what every command refuses. Pure. */

import { UsageError } from "../../errors.ts";
import type { CommandSpec } from "./command_spec.ts";
import type { KnownCommand } from "./command_table.ts";
import { type Given, quoteToken, type Token } from "./tokens.ts";

/** A command with what stands behind it. */
export interface ParsedCommand<Name extends string = KnownCommand["name"]> {
  readonly command: CommandSpec & { readonly name: Name };
  /** Behind the command, without options. */
  readonly words: readonly Token[];
  readonly given: Given;
  /** Wall time. */
  readonly nowMs: number;
}

/** All words as one text. */
export function allOf({ words }: Pick<ParsedCommand, "words">): string {
  return words.map((word) => word.text).join(" ");
}

/** The text. @throws {UsageError} if there is none. */
export function required(text: string | undefined, what: string, command: CommandSpec): string {
  if (text !== undefined && text.trim() !== "") return text;
  // Shells drop what stands behind an unquoted "#".
  const hint = what === "TO" || what === "ROOM" ? '. A room\'s "#" needs quotes in a shell: "#Kitchen"' : "";
  throw new UsageError(`${what} is missing: ${usageOf(command)}${hint}`);
}

/** @throws {UsageError} if there are words left. */
export function refuseMore(command: CommandSpec, more: readonly Token[]): void {
  const [first] = more;
  if (first === undefined) return;
  throw new UsageError(`"${quoteToken(first.text)}" is too much: it is just "${usageOf(command)}"`);
}

/** How a command is written. */
export function usageOf({ name, args }: CommandSpec): string {
  return ["earshot", name, args].filter((part) => part !== "").join(" ");
}
