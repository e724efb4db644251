/** The completions of each shell that earshot knows. Pure. */

import type { CommandTable } from "../command_line/command_table.ts";
import type { Shell } from "../command_line/shells.ts";
import { renderBashCompletions } from "./completions_bash.ts";
import { renderFishCompletions } from "./completions_fish.ts";
import { renderPowershellCompletions } from "./completions_powershell.ts";
import { renderZshCompletions } from "./completions_zsh.ts";

const RENDERERS: Readonly<Record<Shell, (table: CommandTable) => string>> = {
  bash: renderBashCompletions,
  zsh: renderZshCompletions,
  fish: renderFishCompletions,
  powershell: renderPowershellCompletions,
};

/** The script that the shell reads; ends with a line break. */
export function renderCompletions(shell: Shell, table: CommandTable): string {
  return RENDERERS[shell](table);
}
