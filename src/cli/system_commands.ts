/** Commands that make earshot at home in the user's system. */

import type { CommandSpec } from "./spec.ts";

/** In the order of help. */
export const SYSTEM_COMMANDS = [
  {
    name: "completions",
    args: "bash|zsh|fish|powershell",
    summary: "print what lets Tab complete commands and options in a shell",
    more: [
      'For bash, put this line into ~/.bashrc: eval "$(earshot completions bash)"',
      "For zsh, write it to a file _earshot in a folder of $fpath; for fish, to ~/.config/fish/completions/earshot.fish. For PowerShell, put this line into the file that $PROFILE names: earshot completions powershell | Out-String | Invoke-Expression",
    ],
    examples: ["earshot completions bash", "earshot completions fish"],
    options: [],
  },
] as const satisfies readonly CommandSpec[];
