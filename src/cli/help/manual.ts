/** The manual page, from the same table as help: roff with the macros of man(7), for groff and mandoc. Pure. */

import {
  CONFIG_EXAMPLE,
  CONFIG_PARAGRAPHS,
  CONFIG_ROWS,
  type ConfigRow,
  ENVIRONMENT_ROWS,
  SYSTEM_VARIABLES,
} from "./config_help.ts";
import { ABOUT, EXIT_CODES, toSentence, wrapParagraph } from "./help.ts";
import { listForms } from "./completion_points.ts";
import { type CommandSpec, formatUsage, type OptionSpec } from "../command_line/command_spec.ts";
import { type CommandTable, COMMON_OPTIONS } from "../command_line/command_table.ts";

/** Columns before escapes; with them a line stays below the 80 that mandoc asks for. */
const SOURCE_COLUMNS = 64;

/** The edition in the head and foot of the page. */
export interface ManualEdition {
  readonly version: string;
  /** The date of printing, in wall time. */
  readonly nowMs: number;
}

/** The lines of the page. */
export function renderManual(table: CommandTable, { version, nowMs }: ManualEdition): readonly string[] {
  const date = new Date(nowMs).toISOString().slice(0, 10);
  return [
    `.TH EARSHOT 1 ${date} ${quoteArgument(`earshot ${version}`)} "User Commands"`,
    // Options must not be hyphenated.
    ".nh",
    ".SH NAME",
    `earshot \\- ${escapeRoff(ABOUT)}`,
    ".SH SYNOPSIS",
    ".B earshot",
    ".RI [ COMMAND ]",
    ".RI [ OPTIONS ]",
    ".SH DESCRIPTION",
    formatProse(
      "Every earshot is host and client at once. They find each other on one network; when one leaves, the others go on. There is no account, no server and no setup. Without a command, earshot starts the chat.",
    ),
    ".SH COMMANDS",
    ...table.groups.flatMap(([title, commands]) => [
      `.SS ${quoteArgument(title)}`,
      ...commands.flatMap((command: CommandSpec) => formatCommand(command)),
    ]),
    ".SH OPTIONS",
    "Every command takes these options.",
    ...COMMON_OPTIONS.flatMap(formatOption),
    ".SH FILES",
    ".TP",
    ".I config.json",
    ...CONFIG_PARAGRAPHS.flatMap((
      paragraph,
      index,
    ) => [...index === 0 ? [] : [".IP"], formatProse(paragraph)]),
    ...indentLines([
      ...CONFIG_ROWS.flatMap(formatExplained),
      ".PP",
      ".EX",
      ...CONFIG_EXAMPLE.split("\n").map(formatLine),
      ".EE",
    ]),
    ".SH ENVIRONMENT",
    ...[...ENVIRONMENT_ROWS, ...SYSTEM_VARIABLES].flatMap(formatExplained),
    '.SH "EXIT STATUS"',
    ...EXIT_CODES.flatMap(([code, meaning]) => [".TP", `.B ${code}`, formatProse(toSentence(meaning))]),
  ];
}

function formatCommand(command: CommandSpec): readonly string[] {
  return [
    ".TP",
    `.B ${quoteArgument(formatUsage(command))}`,
    formatProse(toSentence(command.summary)),
    ...command.more.flatMap((paragraph) => [".IP", formatProse(paragraph)]),
    ...indentLines(command.options.flatMap(formatOption)),
    ...indentLines([".PP", ".EX", ...command.examples.map(formatLine), ".EE"]),
  ];
}

function formatExplained([name, meaning]: ConfigRow): readonly string[] {
  return [".TP", `.B ${quoteArgument(name)}`, formatProse(toSentence(meaning))];
}

function formatOption(option: OptionSpec): readonly string[] {
  const written = listForms(option).map((form) => `\\fB${escapeRoff(form)}\\fR`).join(", ");
  const value = option.value === undefined ? "" : ` \\fI${escapeRoff(option.value)}\\fR`;
  return [".TP", written + value, formatProse(toSentence(option.summary))];
}

function indentLines(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [".RS", ...lines, ".RE"];
}

/** Text that is filled anew, in short lines as roff's readers like them. */
function formatProse(paragraph: string): string {
  return wrapParagraph(paragraph, SOURCE_COLUMNS).map(formatLine).join("\n");
}

/** A line of text. One that begins with a dot or a quote would be a macro. */
function formatLine(line: string): string {
  return escapeRoff(line).replace(/^(?=[.'])/, "\\&");
}

/** An argument of a macro, which may have blanks. */
function quoteArgument(argument: string): string {
  return `"${escapeRoff(argument).replaceAll('"', "\\(dq")}"`;
}

/** roff makes typographic signs of what has to stay as it is typed, and reads ASCII alone everywhere. */
function escapeRoff(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(/[^\x20-\x7e]/gu, (char) => `\\[u${formatCodePoint(char)}]`);
}

function formatCodePoint(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
