/** The shells that earshot writes completions for. */

/** Names of shells, as the user types them. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
/** One of them. */
export type Shell = typeof SHELLS[number];

/** Whether earshot writes completions for a shell of that name. */
export function isShell(text: string): text is Shell {
  return SHELLS.some((shell) => shell === text);
}
