/** What can be typed where, for the completions of all shells: read from the table of commands. Pure. */

import type { CommandSpec, OptionSpec } from "../command_line/command_spec.ts";
import { allOptions, COMMANDS, COMMON_OPTIONS, partsOf } from "../command_line/command_table.ts";

/** Something to type, and what it means. */
export interface Suggestion {
  readonly word: string;
  readonly summary: string;
}

/** What a value or an argument may be: one of some words, a file, a folder, or anything. */
export type ValueKind =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "any" };

/** What may follow a command. */
export interface CompletionPoint {
  /** The command's name, such as "contacts add"; empty before any command. */
  readonly command: string;
  /** Commands that begin here, the command's parts, or the words that its argument may be. */
  readonly words: readonly Suggestion[];
  /** What else its argument may be. */
  readonly argument: ValueKind["kind"];
  readonly options: readonly OptionSpec[];
}

/** A spot for every command. */
export function completionPoints(): readonly CompletionPoint[] {
  return COMMANDS.map(spotOf);
}

/** The commands that have parts, such as "contacts". */
export function groups(): readonly string[] {
  return COMMANDS.filter((command) => partsOf(command).length > 0).map(({ name }) => name);
}

/** The options that take a value. */
export function valuedOptions(): readonly OptionSpec[] {
  return allOptions().filter(({ value }) => value !== undefined);
}

/** For shells with `case`: what is offered as the value of each of them; `offer` says it in the shell's words. */
export function valueCases(offer: (value: ValueKind) => string): string {
  return valuedOptions().map((option) =>
    `  ${writtenForms(option).join("|")}) ${offer(valueKind(option.value ?? ""))}; return ;;`
  ).join("\n");
}

/** How an option can be written, the long form last. */
export function writtenForms({ name, short }: OptionSpec): readonly string[] {
  return short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
}

/** What the value that help calls so may be: "passed|everywhere" are words, FILE and FOLDER are what they say. */
export function valueKind(value: string): ValueKind {
  const bare = value.replace(/^\[(.*)\]$/, "$1").replace(/\|-$/, "");
  if (/^[a-z]+(?:\|[a-z]+)*$/.test(bare)) return { kind: "words", words: bare.split("|") };
  if (bare === "FILE") return { kind: "file" };
  return { kind: bare === "FOLDER" ? "folder" : "any" };
}

function spotOf(command: CommandSpec): CompletionPoint {
  const parts = partsOf(command).map((part) => suggestion(part, command.name.length + 1));
  const argument = valueKind(command.args);
  const words = argument.kind === "words" ? argument.words.map((word) => ({ word, summary: "" })) : [];
  return {
    command: command.name,
    words: [...parts, ...words, ...isAboutCommands(command) ? firstWords() : [], ...topicsOf(command)],
    argument: argument.kind,
    options: [...command.options, ...COMMON_OPTIONS],
  };
}

/** Before any command, and behind "help". */
function isAboutCommands({ name, args }: CommandSpec): boolean {
  return name === "" || args.includes("COMMAND");
}

/** What may stand in place of a command. */
function topicsOf({ args }: CommandSpec): readonly Suggestion[] {
  const topics = args.replaceAll(/[[\]]/g, "").split("|");
  return topics.includes("COMMAND") ? topics.slice(1).map((word) => ({ word, summary: "" })) : [];
}

function firstWords(): readonly Suggestion[] {
  return COMMANDS.filter(({ name }) => /^\w+$/.test(name)).map((command) => suggestion(command, 0));
}

function suggestion({ name, summary }: CommandSpec, from: number): Suggestion {
  return { word: name.slice(from), summary };
}
