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
    `.TH EARSHOT 1 ${date} ${quoted(`earshot ${version}`)} "User Commands"`,
    // Options must not be hyphenated.
    ".nh",
    ".SH NAME",
    `earshot \\- ${escaped(ABOUT)}`,
    ".SH SYNOPSIS",
    ".B earshot",
    ".RI [ COMMAND ]",
    ".RI [ OPTIONS ]",
    ".SH DESCRIPTION",
    prose(
      "Every earshot is host and client at once. They find each other on one network; when one leaves, the others go on. There is no account, no server and no setup. Without a command, earshot starts the chat.",
    ),
    ".SH COMMANDS",
    ...table.groups.flatMap(([title, commands]) => [
      `.SS ${quoted(title)}`,
      ...commands.flatMap((command: CommandSpec) => commandLines(command)),
    ]),
    ".SH OPTIONS",
    "Every command takes these options.",
    ...COMMON_OPTIONS.flatMap(optionLines),
    ".SH FILES",
    ".TP",
    ".I config.json",
    ...CONFIG_PARAGRAPHS.flatMap((paragraph, index) => [...index === 0 ? [] : [".IP"], prose(paragraph)]),
    ...indented([
      ...CONFIG_ROWS.flatMap(explainedLines),
      ".PP",
      ".EX",
      ...CONFIG_EXAMPLE.split("\n").map(text),
      ".EE",
    ]),
    ".SH ENVIRONMENT",
    ...[...ENVIRONMENT_ROWS, ...SYSTEM_VARIABLES].flatMap(explainedLines),
    '.SH "EXIT STATUS"',
    ...EXIT_CODES.flatMap(([code, meaning]) => [".TP", `.B ${code}`, prose(toSentence(meaning))]),
  ];
}

function commandLines(command: CommandSpec): readonly string[] {
  return [
    ".TP",
    `.B ${quoted(formatUsage(command))}`,
    prose(toSentence(command.summary)),
    ...command.more.flatMap((paragraph) => [".IP", prose(paragraph)]),
    ...indented(command.options.flatMap(optionLines)),
    ...indented([".PP", ".EX", ...command.examples.map(text), ".EE"]),
  ];
}

function explainedLines([name, meaning]: ConfigRow): readonly string[] {
  return [".TP", `.B ${quoted(name)}`, prose(toSentence(meaning))];
}

function optionLines(option: OptionSpec): readonly string[] {
  const written = listForms(option).map((form) => `\\fB${escaped(form)}\\fR`).join(", ");
  const value = option.value === undefined ? "" : ` \\fI${escaped(option.value)}\\fR`;
  return [".TP", written + value, prose(toSentence(option.summary))];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [".RS", ...lines, ".RE"];
}

/** Text that is filled anew, in short lines as roff's readers like them. */
function prose(paragraph: string): string {
  return wrapParagraph(paragraph, SOURCE_COLUMNS).map(text).join("\n");
}

/** A line of text. One that begins with a dot or a quote would be a macro. */
function text(line: string): string {
  return escaped(line).replace(/^(?=[.'])/, "\\&");
}

/** An argument of a macro, which may have blanks. */
function quoted(argument: string): string {
  return `"${escaped(argument).replaceAll('"', "\\(dq")}"`;
}

/** roff makes typographic signs of what has to stay as it is typed, and reads ASCII alone everywhere. */
function escaped(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll(/[^\x20-\x7e]/gu, (char) => `\\[u${codeOf(char)}]`);
}

function codeOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
