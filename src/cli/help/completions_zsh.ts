/** Completions for zsh: works as a file _earshot in $fpath, and sourced. Pure. */

import {
  type CompletionPoint,
  completionPoints,
  formatValueCases,
  listForms,
  listParents,
  listValuedOptions,
  type Suggestion,
  type ValueKind,
} from "./completion_points.ts";
import type { CommandTable } from "../command_line/command_table.ts";

/** The script. */
export function renderZshCompletions(table: CommandTable): string {
  return `#compdef earshot
# earshot's completions for zsh: earshot completions zsh > a file _earshot in a folder of $fpath

_earshot() {
  local option="" command="" index
  local -a suggestions
  for ((index = 2; index < CURRENT; index++)); do
    case "$words[index]" in
    --) return 1 ;;
    ${listValuedOptions(table).flatMap(listForms).join("|")})
      option="$words[index]"
      ((++index >= CURRENT)) && break
      option=""
      ;;
    -*) ;;
    *)
      if [[ -z "$command" ]]; then
        command="$words[index]"
      elif [[ ${listParents(table).map((group) => `"$command" == "${group}"`).join(" || ")} ]]; then
        command="$command $words[index]"
      fi
      ;;
    esac
  done
  # The value may stand behind "=" in the same word.
  if [[ -z "$option" && "$words[CURRENT]" == --*=* ]]; then
    option="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  case "$option" in
  "") ;;
${formatValueCases(table, formatOffer)}
  *) return 1 ;;
  esac
  case "$command" in
${completionPoints(table).map(formatBranch).join("\n")}
  *) return 1 ;;
  esac
}

if [[ "\${funcstack[1]}" == "_earshot" ]]; then
  _earshot "$@"
else
  compdef _earshot earshot
fi
`;
}

function formatBranch({ command, words, argument, options }: CompletionPoint): string {
  const paths = argument === "file" || argument === "folder" ? formatOffer({ kind: argument }) : null;
  const plain = words.length > 0 ? formatDescribed("command", words) : "return 1";
  return `  "${command}")
    if [[ "$words[CURRENT]" == -* ]]; then
      ${formatDescribed("option", options.map(({ name, summary }) => ({ word: `--${name}`, summary })))}
    else
      ${paths ?? plain}
    fi
    ;;`;
}

function formatDescribed(what: string, suggestions: readonly Suggestion[]): string {
  const list = suggestions.map(({ word, summary }) => quoteZsh(summary === "" ? word : `${word}:${summary}`));
  return `suggestions=(${list.join(" ")})
      _describe ${what} suggestions`;
}

function formatOffer(value: ValueKind): string {
  switch (value.kind) {
    case "words":
      return `compadd -- ${value.words.join(" ")}`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "any":
      return "_message value";
  }
}

function quoteZsh(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
