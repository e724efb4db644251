/** Completions for fish. Pure. */

import type { OptionSpec } from "../command_line/command_spec.ts";
import {
  type CompletionPoint,
  completionPoints,
  listForms,
  listParents,
  listValuedOptions,
  parseValueKind,
} from "./completion_points.ts";
import type { CommandTable } from "../command_line/command_table.ts";

/** The script. */
export function renderFishCompletions(table: CommandTable): string {
  const valued = listValuedOptions(table);
  return `# earshot's completions for fish: earshot completions fish > ~/.config/fish/completions/earshot.fish

# The command that was typed before the cursor; empty for none.
function __earshot_command
    set -l command
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
            continue
        end
        switch $word
            case --
                return
            case ${valued.flatMap(listForms).join(" ")}
                set is_value 1
            case '-*'
            case '*'
                if test (count $command) -eq 0
                    set command $word
                else if test (count $command) -eq 1; and contains -- $command[1] ${
    listParents(table).join(" ")
  }
                    set command $command $word
                end
        end
    end
    string join ' ' -- $command
end

function __earshot_at
    contains -- -- (commandline -opc); and return 1
    test "$(__earshot_command)" = "$argv[1]"
end

complete -c earshot -f
${completionPoints(table).flatMap(formatPoint).join("\n")}
`;
}

function formatPoint(point: CompletionPoint): readonly string[] {
  const start = `complete -c earshot -n ${quoteFish(`__earshot_at ${quoteFish(point.command)}`)}`;
  const words = point.words.map(({ word, summary }) =>
    `${start} -a ${word}${summary === "" ? "" : ` -d ${quoteFish(summary)}`}`
  );
  const paths = point.argument === "file" || point.argument === "folder"
    ? [`${start}${formatPaths(point.argument)}`]
    : [];
  return [...words, ...paths, ...point.options.map((option) => `${start}${formatOption(option)}`)];
}

function formatOption({ name, short, value, summary }: OptionSpec): string {
  const written = `${short === undefined ? "" : ` -s ${short}`} -l ${name}`;
  return `${written}${value === undefined ? "" : ` -x${formatValue(value)}`} -d ${quoteFish(summary)}`;
}

function formatValue(value: string): string {
  const is = parseValueKind(value);
  if (is.kind === "words") return ` -a ${quoteFish(is.words.join(" "))}`;
  return is.kind === "any" ? "" : formatPaths(is.kind);
}

function formatPaths(kind: "file" | "folder"): string {
  return kind === "file" ? " -a '(__fish_complete_path)'" : " -a '(__fish_complete_directories)'";
}

function quoteFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
