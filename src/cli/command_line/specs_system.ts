/** Commands that make earshot at home in the user's system. */

import type { CommandSpec } from "./command_spec.ts";

const YES = { name: "yes", summary: "do it without asking" } as const;

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
  {
    name: "install",
    args: "",
    summary: "start earshot whenever you log in",
    more: [
      "It runs in the background and opens no browser. It is a user unit of systemd on Linux, an agent of launchd on macOS, an entry in the start-up folder on Windows. What will be done is shown first.",
      "Options such as --home, --name and --port count for the earshot that is started so.",
    ],
    examples: ["earshot install", "earshot install --yes --name alice --no-page"],
    options: [YES],
  },
  {
    name: "uninstall",
    args: "",
    summary: "take back what install did",
    more: ["What was said, contacts and keys stay."],
    examples: ["earshot uninstall"],
    options: [YES],
  },
] as const satisfies readonly CommandSpec[];
