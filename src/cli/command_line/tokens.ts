/** Splits a command line into options with their values, and everything else. Pure. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../../errors.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { CommandSpec, OptionSpec } from "./command_spec.ts";
import { type CommandTable, COMMON_OPTIONS } from "./command_table.ts";

/** A word that is not an option. After "--" every word is literal. */
export interface Token {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** The options that were given. */
export interface GivenOptions<Name extends string = string> {
  /** The form in which each option was written, by its name. */
  readonly written: ReadonlyMap<string, string>;
  has(name: Name): boolean;
  /** The last value given, or null. */
  value(name: Name): string | null;
  /** All values, or null for none. */
  values(name: Name): readonly string[] | null;
}

/** A command line in pieces. */
export interface SplitCommandLine {
  readonly tokens: readonly Token[];
  readonly options: GivenOptions;
}

/** The key under which the parser gathers the words that are not options. */
const REST = "_";

/** Splits the words; keeps unknown options for `checkOptions`. @throws {UsageError} for a missing or unexpected value. */
export function splitTokens(words: readonly string[], { options }: CommandTable): SplitCommandLine {
  const written = new Map<string, string>();
  const valued = options.filter(({ value }) => value !== undefined).map(({ name }) => name);
  const parsed = parseArgs(removeSwitches(words, { options, written }), {
    string: [...valued, REST],
    collect: valued,
    alias: Object.fromEntries(
      options.flatMap(({ name, short }) => short === undefined ? [] : [[name, short]]),
    ),
    "--": true,
    unknown: (arg, key) => key === undefined || !written.set(key, readOptionName(arg)),
  });
  for (const { name, value } of options) {
    if (value === undefined || !toStrings(parsed[name]).includes("")) continue;
    const rawName = written.get(name) ?? `--${name}`;
    throw new UsageError(message("option.value-missing", { option: rawName, value }));
  }
  const values = (name: string) => toStrings(parsed[name]);
  return {
    tokens: [
      ...toStrings(parsed[REST]).map((text) => ({ text, isLiteral: false })),
      ...toStrings(parsed["--"]).map((text) => ({ text, isLiteral: true })),
    ],
    options: {
      written,
      has: (name) => written.has(name),
      value: (name) => values(name).at(-1) ?? null,
      values: (name) => values(name).length === 0 ? null : values(name),
    },
  };
}

/**
 * Takes the switches out, and notes how each known option was written. The parser would take the word "true" or "false"
 * after a switch for its value, although it may be the message. It would also take `-_` and `--_` for the list of words.
 */
function removeSwitches(
  words: readonly string[],
  { options, written }: {
    readonly options: readonly OptionSpec[];
    readonly written: Map<string, string>;
  },
): string[] {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const others = words.slice(0, end).filter((word) => {
    const rawName = readOptionName(word);
    if (isRestKey(word)) {
      written.set(REST, rawName);
      return false;
    }
    const option = findOption(rawName, options);
    if (option === undefined) return true;
    written.set(option.name, rawName);
    if (option.value !== undefined || word === rawName) return option.value !== undefined;
    throw new UsageError(
      message("option.value-unexpected", {
        option: rawName,
        text: quoteToken(word.slice(rawName.length + 1)),
      }),
    );
  });
  return [...others, ...words.slice(end)];
}

/** Whether the parser would read `_` as the name of an option: `--_`, `--no-_`, or a `_` among letters such as `-a_`. */
function isRestKey(word: string): boolean {
  return /^--(?:no-)?_(?:\.|=|$)|^-[^-=]*_/s.test(word);
}

function findOption(rawName: string, options: readonly OptionSpec[]): OptionSpec | undefined {
  return options.find(({ name, short }) =>
    rawName === `--${name}` || (short !== undefined && rawName === `-${short}`)
  );
}

function readOptionName(word: string): string {
  return word.startsWith("-") ? word.replace(/=.*$/s, "") : word;
}

function toStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Checks that the command takes every given option. @throws {UsageError}. */
export function checkOptions(
  { written }: GivenOptions,
  { command, table }: { readonly command: CommandSpec; readonly table: CommandTable },
): void {
  const allowed = [...COMMON_OPTIONS, ...command.options].map(({ name }): string => name);
  for (const [name, rawName] of written) {
    if (allowed.includes(name)) continue;
    if (table.options.some((option) => option.name === name)) {
      throw new UsageError(
        command.name === ""
          ? message("option.no-command", { option: rawName })
          : message("option.other-command", { option: rawName, name: command.name }),
      );
    }
    const suggestion = rawName.startsWith("--") ? findNearest(name, allowed) : null;
    throw new UsageError(describeUnknownOption(rawName, { command, suggestion }));
  }
}

function describeUnknownOption(
  rawName: string,
  { command, suggestion }: { readonly command: CommandSpec; readonly suggestion: string | null },
): Message {
  const option = quoteToken(rawName);
  if (suggestion !== null) return message("option.unknown-similar", { option, suggestion });
  if (command.name === "send") return message("option.unknown-text", { option });
  const words = command.name === "" ? [] : command.name.split(" ");
  return message("option.unknown", { option }, hintAt("help", ...words));
}

/** Makes foreign text safe for a sentence. */
export function quoteToken(text: string): string {
  return sanitizeLine(text, { maxCells: 40 });
}
