/** Completions for bash, from 3.2 (macOS) on and without the package bash-completion. Pure. */

import {
  type CompletionPoint,
  completionPoints,
  formatValueCases,
  listForms,
  listParents,
  listValuedOptions,
  type ValueKind,
} from "./completion_points.ts";
import type { CommandTable } from "../command_line/command_table.ts";

/** The script. All words in it are letters, digits and dashes, so nothing needs quotes of its own. */
export function renderBashCompletions(table: CommandTable): string {
  return `# earshot's completions for bash: eval "\$(earshot completions bash)"

_earshot_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$typed")
}

_earshot_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$typed")
}

_earshot() {
  local IFS=$' \\t\\n' typed="\${COMP_WORDS[COMP_CWORD]}" option="" command="" index
  COMPREPLY=()
  # bash takes "=" for a word of its own.
  [[ $typed == "=" ]] && typed=""
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
    --) return ;;
    ${listValuedOptions(table).flatMap(listForms).join("|")})
      option="\${COMP_WORDS[index]}"
      [[ \${COMP_WORDS[index + 1]} == "=" ]] && ((index++))
      ((++index >= COMP_CWORD)) && break
      option=""
      ;;
    -*) ;;
    *)
      if [[ -z $command ]]; then
        command="\${COMP_WORDS[index]}"
      elif [[ ${listParents(table).map((group) => `$command == "${group}"`).join(" || ")} ]]; then
        command="$command \${COMP_WORDS[index]}"
      fi
      ;;
    esac
  done
  case "$option" in
  "") ;;
${formatValueCases(table, formatOffer)}
  esac
  case "$command" in
${completionPoints(table).map(formatBranch).join("\n")}
  esac
}

complete -F _earshot earshot
`;
}

function formatBranch({ command, words, argument, options }: CompletionPoint): string {
  const paths = argument === "file" || argument === "folder" ? formatOffer({ kind: argument }) : null;
  const plain = words.length > 0 ? `_earshot_words "${words.map(({ word }) => word).join(" ")}"` : ":";
  return `  "${command}")
    if [[ $typed == -* ]]; then
      _earshot_words "${options.map(({ name }) => `--${name}`).join(" ")}"
    else
      ${paths ?? plain}
    fi
    ;;`;
}

function formatOffer(value: ValueKind): string {
  switch (value.kind) {
    case "words":
      return `_earshot_words "${value.words.join(" ")}"`;
    case "file":
      return "_earshot_paths -f";
    case "folder":
      return "_earshot_paths -d";
    case "any":
      return ":";
  }
}
