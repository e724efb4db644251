/** Help, from the table of commands. */

import {
  CONFIG_EXAMPLE,
  CONFIG_PARAGRAPHS,
  CONFIG_ROWS,
  ENVIRONMENT_ROWS,
  SYSTEM_VARIABLES,
} from "./config_help.ts";
import type { CommandSpec, OptionSpec } from "../command_line/command_spec.ts";
import { COMMAND_GROUPS, COMMON_OPTIONS, partsOf } from "../command_line/command_table.ts";
import { usageOf } from "../command_line/parsed_command.ts";

/** What earshot is, in one sentence. */
export const ABOUT = "chat with people within earshot, on one network, without internet";
/** What the exit codes mean. */
export const EXIT_CODES = [[0, "done"], [1, "failed"], [2, "wrong usage"], [3, "not yet"]] as const;

/** Columns that help is wrapped to: what every terminal has. */
const COLUMNS = 80;
const GAP = 2;
/** Columns of what is explained; the explanation needs the rest. */
const FIRST_COLUMNS_MAX = 24;

/** Help for everything: lines. */
export function renderOverview(): readonly string[] {
  return [
    `earshot: ${ABOUT}.`,
    ...COMMAND_GROUPS.flatMap(([title, commands]) => ["", `${title}:`, ...commandLines(commands)]),
    "",
    "Options of every command:",
    ...optionLines(COMMON_OPTIONS),
    "",
    'More about one: "earshot help send". What can be set: "earshot help config".',
    `Exit codes: ${EXIT_CODES.map((each) => each.join(" ")).join(", ")}.`,
  ];
}

/** A line for each command; the parts of one are in its own help. */
function commandLines(commands: readonly CommandSpec[]): string[] {
  const whole = commands.filter(({ name }) => !name.includes(" "));
  const rows = whole.map((command): [string, string] => {
    const parts = partsOf(command);
    const more = parts.length === 0 ? "" : ` (${parts.map(({ name }) => name.split(" ")[1]).join(", ")})`;
    return [usageOf(command), command.summary + more];
  });
  // All groups are as wide, so that they read as one list.
  return twoColumns(rows, FIRST_COLUMNS_MAX);
}

/** Help for config.json and the environment: lines. */
export function renderConfigHelp(): readonly string[] {
  return [
    ...CONFIG_PARAGRAPHS.flatMap((paragraph) => [...wrapParagraph(paragraph, COLUMNS), ""]),
    "Choices in config.json:",
    ...twoColumns(CONFIG_ROWS),
    "",
    "Example:",
    ...CONFIG_EXAMPLE.split("\n").map((line) => `  ${line}`),
    "",
    "Environment variables:",
    ...twoColumns(ENVIRONMENT_ROWS),
    "",
    "What is read of the system:",
    ...twoColumns(SYSTEM_VARIABLES),
  ];
}

/** Help for one command: lines. */
export function renderHelp(command: CommandSpec): readonly string[] {
  return [
    `${usageOf(command)}${command.options.length > 0 ? " [OPTIONS]" : ""}`,
    "",
    ...wrapParagraph(sentence(command.summary), COLUMNS),
    ...command.more.flatMap((paragraph) => ["", ...wrapParagraph(paragraph, COLUMNS)]),
    ...partLines(command),
    "",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    ...command.options.length === 0 ? [] : ["", "Options:", ...optionLines(command.options)],
    "",
    'Options of every command: "earshot help".',
  ];
}

function partLines(command: CommandSpec): string[] {
  const parts = partsOf(command);
  if (parts.length === 0) return [];
  return ["", ...twoColumns(parts.map((part): [string, string] => [usageOf(part), part.summary]))];
}

function optionLines(options: readonly OptionSpec[]): string[] {
  return twoColumns(options.map(({ name, short, value, summary }) => {
    const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
    return [short === undefined ? long : `-${short}, ${long}`, summary];
  }));
}

/** What is too long for the first column stands on a line of its own. */
function twoColumns(
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

/** The text in lines of at most so many columns; a longer word has its own. */
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

/** A summary as a sentence. */
export function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
