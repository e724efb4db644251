/** Help, from the table of commands. */

import { COMMANDS, type CommandSpec, COMMON_OPTIONS, type OptionSpec } from "./table.ts";

/** Columns that help is wrapped to: what every terminal has. */
const COLUMNS = 80;
const GAP = 2;

/** Help for everything: lines. */
export function overview(): readonly string[] {
  const commands = COMMANDS.map((command): [string, string] => [usageOf(command), command.summary]);
  return [
    "earshot: chat with people within earshot, on one network, without internet.",
    "",
    "Commands:",
    ...twoColumns(commands),
    "",
    "Options of every command:",
    ...optionLines(COMMON_OPTIONS),
    "",
    'More about one: "earshot help send".',
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not yet.",
  ];
}

/** Help for one command: lines. */
export function helpFor(command: CommandSpec): readonly string[] {
  return [
    `${usageOf(command)}${command.options.length > 0 ? " [OPTIONS]" : ""}`,
    "",
    ...wrapped(sentence(command.summary), COLUMNS),
    ...command.more.flatMap((paragraph) => ["", ...wrapped(paragraph, COLUMNS)]),
    "",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    ...command.options.length === 0 ? [] : ["", "Options:", ...optionLines(command.options)],
    "",
    'Options of every command: "earshot help".',
  ];
}

/** How a command is written. */
export function usageOf({ name, args }: CommandSpec): string {
  return ["earshot", name, args].filter((part) => part !== "").join(" ");
}

function optionLines(options: readonly OptionSpec[]): string[] {
  return twoColumns(options.map(({ name, short, value, summary }) => {
    const long = `--${name}${value === undefined ? "" : ` ${value}`}`;
    return [short === undefined ? long : `-${short}, ${long}`, summary];
  }));
}

/** What is too long for the first column stands on a line of its own. */
function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(24, Math.max(...rows.map(([left]) => left.length)));
  const indent = " ".repeat(GAP + width + GAP);
  return rows.flatMap(([left, right]) => {
    const [first = "", ...more] = wrapped(right, COLUMNS - indent.length);
    const rest = more.map((line) => indent + line);
    if (left.length > width) return [`${" ".repeat(GAP)}${left}`, indent + first, ...rest];
    return [`${" ".repeat(GAP)}${left.padEnd(width)}${" ".repeat(GAP)}${first}`, ...rest];
  });
}

function wrapped(text: string, columns: number): string[] {
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

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
