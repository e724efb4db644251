/** The words behind "earshot", told apart: options with their values, and all else. Pure. */

import { parseArgs } from "node:util";
import { UsageError } from "../errors.ts";
import { nearest } from "../node/nearest.ts";
import { safeLine } from "../room/text.ts";
import { allOptions, type CommandSpec, COMMON_OPTIONS, type OptionName } from "./table.ts";

/** A word that is no option. Behind "--" nothing is special. */
export interface Word {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** The words, told apart. */
export interface Given {
  readonly words: readonly Word[];
  /** The names of the options, as they were written. */
  readonly written: ReadonlyMap<string, string>;
  has(name: OptionName): boolean;
  /** The last value given, or null. */
  value(name: OptionName): string | null;
  /** All values, or null for none. */
  values(name: OptionName): readonly string[] | null;
}

/**
 * Tells the words apart; unknown options too, for `checkOptions`. @throws {UsageError} for a value that is missing or too much.
 * Not @std/cli's parser: behind a switch that one swallows the words "true" and "false", which may be the message.
 */
export function sortWords(args: readonly string[]): Given {
  const known = allOptions();
  const options = Object.fromEntries(known.map(({ name, short, value }) => [name, {
    type: value === undefined ? "boolean" as const : "string" as const,
    multiple: true,
    ...(short !== undefined && { short }),
  }]));
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: Word[] = [];
  const written = new Map<string, string>();
  const values = new Map<string, string[]>();
  let isLiteral = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") isLiteral = true;
    if (token.kind === "positional") words.push({ text: token.value, isLiteral });
    if (token.kind !== "option") continue;
    written.set(token.name, token.rawName);
    const spec = known.find(({ name }) => name === token.name);
    if (spec === undefined) continue;
    if (spec.value === undefined) {
      if (token.value === undefined) continue;
      throw new UsageError(`${token.rawName} takes no value, but "${shown(token.value)}" was given`);
    }
    const isMissing = token.value === undefined || token.value === "" ||
      (token.inlineValue !== true && /^-./.test(token.value));
    if (isMissing) throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${spec.value}`);
    values.set(token.name, [...values.get(token.name) ?? [], token.value]);
  }
  return {
    words,
    written,
    has: (name) => written.has(name),
    value: (name) => values.get(name)?.at(-1) ?? null,
    values: (name) => values.get(name) ?? null,
  };
}

/** Lets only the command's own options through. @throws {UsageError}. */
export function checkOptions({ written }: Given, command: CommandSpec): void {
  const fitting = [...COMMON_OPTIONS, ...command.options];
  for (const [name, rawName] of written) {
    if (fitting.some((option) => option.name === name)) continue;
    const dashes = 'To say something that begins with "-", put "--" before it';
    if (allOptions().some((option) => option.name === name)) {
      const of = command.name === "" ? "earshot without a command" : `"earshot ${command.name}"`;
      throw new UsageError(`${rawName} is not an option of ${of}`);
    }
    const suggestion = rawName.startsWith("--") ? nearest(name, fitting.map((option) => option.name)) : null;
    const hint = suggestion !== null
      ? `Did you mean --${suggestion}?`
      : command.name === "send"
      ? dashes
      : `See "earshot help${command.name === "" ? "" : ` ${command.name}`}"`;
    throw new UsageError(`There is no option ${shown(rawName)}. ${hint}`);
  }
}

/** Foreign text for a sentence. */
export function shown(text: string): string {
  return safeLine(text, { maxCells: 40 });
}
