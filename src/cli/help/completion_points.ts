/** What can be typed after each command, for the completions of all shells: read from the table of commands. Pure. */

import type { CommandSpec, OptionSpec } from "../command_line/command_spec.ts";
import { type CommandTable, COMMON_OPTIONS } from "../command_line/command_table.ts";

/** A word to type, and its meaning. */
export interface Suggestion {
  readonly word: string;
  readonly summary: string;
}

/** The kind of a value or an argument: one of some words, a file, a folder, or anything. */
export type ValueKind =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "any" };

/** The words and options that can follow a command. */
export interface CompletionPoint {
  /** The command's name, such as "contacts add"; empty before any command. */
  readonly command: string;
  /** Commands, subcommands, or the words that its argument may be. */
  readonly words: readonly Suggestion[];
  /** The kind of its argument. */
  readonly argument: ValueKind["kind"];
  readonly options: readonly OptionSpec[];
}

/** A point for every command. */
export function completionPoints(table: CommandTable): readonly CompletionPoint[] {
  return table.commands.map((command) => toPoint(command, table));
}

/** The commands that have subcommands, such as "contacts". */
export function listParents(table: CommandTable): readonly string[] {
  return table.commands.filter((command) => table.subcommands(command).length > 0).map(({ name }) => name);
}

/** The options that take a value. */
export function listValuedOptions({ options }: CommandTable): readonly OptionSpec[] {
  return options.filter(({ value }) => value !== undefined);
}

/** The branches of a shell's `case` that offer the values of options; `offer` writes the code for one kind of value. */
export function formatValueCases(table: CommandTable, offer: (value: ValueKind) => string): string {
  return listValuedOptions(table).map((option) =>
    `  ${listForms(option).join("|")}) ${offer(parseValueKind(option.value ?? ""))}; return ;;`
  ).join("\n");
}

/** The forms of an option, the long one last. */
export function listForms({ name, short }: OptionSpec): readonly string[] {
  return short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
}

/** Reads the kind of a value from its name in help: "passed|everywhere" are words, FILE is a file, FOLDER a folder. */
export function parseValueKind(value: string): ValueKind {
  const bare = value.replace(/^\[(.*)\]$/, "$1").replace(/\|-$/, "");
  if (/^[a-z]+(?:\|[a-z]+)*$/.test(bare)) return { kind: "words", words: bare.split("|") };
  if (bare === "FILE") return { kind: "file" };
  return { kind: bare === "FOLDER" ? "folder" : "any" };
}

function toPoint(command: CommandSpec, table: CommandTable): CompletionPoint {
  const subcommands = table.subcommands(command).map((part) => toSuggestion(part, command.name.length + 1));
  const argument = parseValueKind(command.args);
  const words = argument.kind === "words" ? argument.words.map((word) => ({ word, summary: "" })) : [];
  return {
    command: command.name,
    words: [
      ...subcommands,
      ...words,
      ...takesCommand(command) ? listFirstWords(table) : [],
      ...listTopics(command),
    ],
    argument: argument.kind,
    options: [...command.options, ...COMMON_OPTIONS],
  };
}

/** Before any command, and behind "help". */
function takesCommand({ name, args }: CommandSpec): boolean {
  return name === "" || args.includes("COMMAND");
}

/** The words that may stand in place of a command. */
function listTopics({ args }: CommandSpec): readonly Suggestion[] {
  const topics = args.replaceAll(/[[\]]/g, "").split("|");
  return topics.includes("COMMAND") ? topics.slice(1).map((word) => ({ word, summary: "" })) : [];
}

function listFirstWords(table: CommandTable): readonly Suggestion[] {
  return table.commands.filter(({ name }) => /^\w+$/.test(name)).map((command) => toSuggestion(command, 0));
}

function toSuggestion({ name, summary }: CommandSpec, from: number): Suggestion {
  return { word: name.slice(from), summary };
}
