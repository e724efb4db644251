/** Help, from the table of commands. */

import {
  CONFIG_EXAMPLE,
  CONFIG_PARAGRAPHS,
  CONFIG_ROWS,
  ENVIRONMENT_ROWS,
  SYSTEM_VARIABLES,
} from "./config_help.ts";
import { type CommandSpec, formatUsage, type OptionSpec } from "../command_line/command_spec.ts";
import { type CommandTable, COMMON_OPTIONS } from "../command_line/command_table.ts";

/** A description of earshot in one sentence. */
export const ABOUT = "chat with people within earshot, on one network, without internet";
/** The meaning of the exit codes. */
export const EXIT_CODES = [[0, "done"], [1, "failed"], [2, "wrong usage"], [3, "not yet"]] as const;

/** The width of help: every terminal has that many columns. */
const COLUMNS = 80;
const GAP = 2;
/** The widest first column; the explanation needs the rest. */
const FIRST_COLUMNS_MAX = 24;

/** Help for everything: lines. */
export function renderOverview(table: CommandTable): readonly string[] {
  return [
    `earshot: ${ABOUT}.`,
    ...table.groups.flatMap(([title, commands]) => ["", `${title}:`, ...formatCommands(commands, table)]),
    "",
    "Options of every command:",
    ...formatOptions(COMMON_OPTIONS),
    "",
    'More about a command: "earshot help send". Settings: "earshot help config".',
    `Exit codes: ${EXIT_CODES.map((each) => each.join(" ")).join(", ")}.`,
  ];
}

/** A line for each command; subcommands are in the help of their command. */
function formatCommands(commands: readonly CommandSpec[], table: CommandTable): string[] {
  const whole = commands.filter(({ name }) => !name.includes(" "));
  const rows = whole.map((command): [string, string] => {
    const words = table.subcommands(command).map(({ name }) => name.split(" ")[1]);
    const more = words.length === 0 ? "" : ` (${words.join(", ")})`;
    return [formatUsage(command), command.summary + more];
  });
  // All groups are as wide, so that they read as one list.
  return toColumns(rows, FIRST_COLUMNS_MAX);
}

/** Help for config.json and the environment: lines. */
export function renderConfigHelp(): readonly string[] {
  return [
    ...CONFIG_PARAGRAPHS.flatMap((paragraph) => [...wrapParagraph(paragraph, COLUMNS), ""]),
    "Settings in config.json:",
    ...toColumns(CONFIG_ROWS),
    "",
    "Example:",
    ...CONFIG_EXAMPLE.split("\n").map((line) => `  ${line}`),
    "",
    "Environment variables:",
    ...toColumns(ENVIRONMENT_ROWS),
    "",
    "Read from the system:",
    ...toColumns(SYSTEM_VARIABLES),
  ];
}

/** Help for one command: lines. */
export function renderHelp(command: CommandSpec, table: CommandTable): readonly string[] {
  return [
    `Usage: ${formatUsage(command)}${command.options.length > 0 ? " [OPTIONS]" : ""}`,
    "",
    ...wrapParagraph(toSentence(command.summary), COLUMNS),
    ...command.more.flatMap((paragraph) => ["", ...wrapParagraph(paragraph, COLUMNS)]),
    ...formatSubcommands(command, table),
    "",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    ...command.options.length === 0 ? [] : ["", "Options:", ...formatOptions(command.options)],
    "",
    'Options of every command: "earshot help".',
  ];
}

function formatSubcommands(command: CommandSpec, table: CommandTable): string[] {
  const subcommands = table.subcommands(command);
  if (subcommands.length === 0) return [];
  return ["", ...toColumns(subcommands.map((each): [string, string] => [formatUsage(each), each.summary]))];
}

function formatOptions(options: readonly OptionSpec[]): string[] {
  return toColumns(options.map(({ name, short, value, summary }) => {
    const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
    return [short === undefined ? long : `-${short}, ${long}`, summary];
  }));
}

/** A text that is too long for the first column has a line of its own. */
function toColumns(
  rows: readonly (readonly [string, string])[],
  width = Math.min(FIRST_COLUMNS_MAX, Math.max(...rows.map(([left]) => left.length))),
): string[] {
  const indent = " ".repeat(GAP + width + GAP);
  return rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrapParagraph(right, COLUMNS - indent.length);
    const rest = more.map((line) => indent + line);
    if (left.length > width) return [`${" ".repeat(GAP)}${left}`, indent + first, ...rest];
    return [`${" ".repeat(GAP)}${left.padEnd(width)}${" ".repeat(GAP)}${first}`, ...rest];
  });
}

/** Breaks the text into lines of at most `columns`; a longer word has a line of its own. */
export function wrapParagraph(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Makes a sentence of a summary. */
export function toSentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
