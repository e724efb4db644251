/** Completions for PowerShell, from 5.1 (Windows) on. Pure. */

import {
  type CompletionPoint,
  completionPoints,
  listForms,
  listParents,
  listValuedOptions,
  parseValueKind,
  type Suggestion,
} from "./completion_points.ts";
import type { CommandTable } from "../command_line/command_table.ts";

/** The script. Files and folders are completed by PowerShell itself where nothing is suggested. */
export function renderPowershellCompletions(table: CommandTable): string {
  const valued = listValuedOptions(table);
  const choices = valued.flatMap((option) => {
    const value = parseValueKind(option.value ?? "");
    return value.kind === "words" ? [{ option, words: value.words }] : [];
  });
  return `# earshot's completions for PowerShell: earshot completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName earshot -ScriptBlock {
    param($typed, $ast, $cursor)
    $valued = @(${valued.flatMap(listForms).map(quotePowershell).join(", ")})
    $groups = @(${listParents(table).map(quotePowershell).join(", ")})
    $choices = @{
${
    choices.flatMap(({ option, words }) =>
      listForms(option).map((form) =>
        `        ${quotePowershell(form)} = @(${words.map(quotePowershell).join(", ")})`
      )
    ).join("\n")
  }
    }
    $spots = @{
${completionPoints(table).map(formatPoint).join("\n")}
    }
    $command = ''
    $option = ''
    foreach ($element in ($ast.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $cursor) { break }
        $word = $element.Extent.Text.Trim('"', "'")
        if ($word -ceq '--') { return }
        if ($option -ne '') { $option = ''; continue }
        if ($valued -ccontains $word) { $option = $word; continue }
        if ($word.StartsWith('-')) { continue }
        if ($command -eq '') { $command = $word } elseif ($groups -ccontains $command) { $command = "$command $word" }
    }
    if ($option -ne '') {
        $found = @($choices[$option] | Where-Object { $_ } | ForEach-Object { , @($_, $_) })
    } elseif ($spots.ContainsKey($command)) {
        $found = $spots[$command]
    } else {
        return
    }
    # Dashes only where one was typed: commands come first.
    $found | Where-Object { $_[0].StartsWith($typed) -and ($typed.StartsWith('-') -or -not $_[0].StartsWith('-')) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
    }
}
`;
}

function formatPoint({ command, words, options }: CompletionPoint): string {
  const all = [...words, ...options.map(({ name, summary }) => ({ word: `--${name}`, summary }))];
  return `        ${quotePowershell(command)} = @(\n${all.map(formatPair).join(",\n")}\n        )`;
}

/** A tooltip must not be empty. */
function formatPair({ word, summary }: Suggestion): string {
  return `            @(${quotePowershell(word)}, ${quotePowershell(summary === "" ? word : summary)})`;
}

function quotePowershell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
