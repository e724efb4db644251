/** The completions of each shell that earshot knows. Pure. */

import { bashCompletions } from "./shell_bash.ts";
import { fishCompletions } from "./shell_fish.ts";
import { powershellCompletions } from "./shell_powershell.ts";
import { zshCompletions } from "./shell_zsh.ts";

const SHELLS = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
  powershell: powershellCompletions,
};

/** A shell whose completions earshot knows. */
export type Shell = keyof typeof SHELLS;

/** The names of the shells. */
export const SHELL_NAMES: readonly string[] = Object.keys(SHELLS);

/** Whether that is a shell that earshot knows. */
export function isShell(text: string): text is Shell {
  return Object.hasOwn(SHELLS, text);
}

/** The script that the shell reads; ends with a line break. */
export function completionsFor(shell: Shell): string {
  return SHELLS[shell]();
}
