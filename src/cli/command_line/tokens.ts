/** The words behind "earshot", told apart: options with their values, and all else. Pure. */

import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../errors.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { CommandSpec, OptionSpec } from "./command_spec.ts";
import { allOptions, COMMON_OPTIONS, type OptionName } from "./command_table.ts";

/** A word that is no option. Behind "--" nothing is special. */
export interface Token {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** The words, told apart. */
export interface Given {
  readonly words: readonly Token[];
  /** The names of the options, as they were written. */
  readonly written: ReadonlyMap<string, string>;
  has(name: OptionName): boolean;
  /** The last value given, or null. */
  value(name: OptionName): string | null;
  /** All values, or null for none. */
  values(name: OptionName): readonly string[] | null;
}

/** Tells the words apart; unknown options too, for `checkOptions`. @throws {UsageError} for a value that is missing or too much. */
export function splitTokens(args: readonly string[]): Given {
  const options = allOptions();
  const written = new Map<string, string>();
  const valued = options.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const parsed = parseArgs(withoutSwitches(args, written), {
    string: [...valued, "_"],
    collect: valued,
    alias: Object.fromEntries(
      options.flatMap(({ name, short }) => short === undefined ? [] : [[name, short]]),
    ),
    "--": true,
    unknown: (arg, key) => key === undefined || !written.set(key, nameIn(arg)),
  });
  for (const { name, value } of options) {
    if (value === undefined || !listOf(parsed[name]).includes("")) continue;
    const rawName = written.get(name) ?? `--${name}`;
    throw new UsageError(`${rawName} needs a value: ${rawName} ${value}`);
  }
  const values = (name: OptionName) => listOf(parsed[name]);
  return {
    words: [
      ...listOf(parsed._).map((text) => ({ text, isLiteral: false })),
      ...listOf(parsed["--"]).map((text) => ({ text, isLiteral: true })),
    ],
    written,
    has: (name) => written.has(name),
    value: (name) => values(name).at(-1) ?? null,
    values: (name) => values(name).length === 0 ? null : values(name),
  };
}

/**
 * Takes the switches out, and notes how all known options were written. The parser would take the word "true" or "false"
 * behind a switch for its value, and it may be the message.
 */
function withoutSwitches(args: readonly string[], written: Map<string, string>): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const others = args.slice(0, end).filter((arg) => {
    const spec = optionIn(arg);
    if (spec === undefined) return true;
    const rawName = nameIn(arg);
    written.set(spec.name, rawName);
    if (spec.value !== undefined || arg === rawName) return spec.value !== undefined;
    throw new UsageError(
      `${rawName} takes no value, but "${quoteToken(arg.slice(rawName.length + 1))}" was given`,
    );
  });
  return [...others, ...args.slice(end)];
}

/** The known option that the word names, if it does. */
function optionIn(arg: string): OptionSpec | undefined {
  const rawName = nameIn(arg);
  return allOptions().find(({ name, short }) =>
    rawName === `--${name}` || (short !== undefined && rawName === `-${short}`)
  );
}

function nameIn(arg: string): string {
  return arg.startsWith("-") ? arg.replace(/=.*$/s, "") : arg;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
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
    const suggestion = rawName.startsWith("--")
      ? findNearest(name, fitting.map((option) => option.name))
      : null;
    const hint = suggestion !== null
      ? `Did you mean --${suggestion}?`
      : command.name === "send"
      ? dashes
      : `See "earshot help${command.name === "" ? "" : ` ${command.name}`}"`;
    throw new UsageError(`There is no option ${quoteToken(rawName)}. ${hint}`);
  }
}

/** Foreign text for a sentence. */
export function quoteToken(text: string): string {
  return sanitizeLine(text, { maxCells: 40 });
}
