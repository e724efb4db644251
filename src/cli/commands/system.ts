/** Commands that make earshot a part of the user's system. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { refuseArgsFrom, requireArg } from "../command_line/command_input.ts";
import { isShell, SHELLS } from "../command_line/shells.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { renderCompletions } from "../help/completions.ts";
import { defineCommand } from "./define_command.ts";
import { install, uninstall } from "../operations/install.ts";

const YES = { name: "yes", summary: "do it without asking" } as const;

const COMPLETIONS = defineCommand({
  name: "completions",
  args: "bash|zsh|fish|powershell",
  summary: "print a script that lets Tab complete commands and options in a shell",
  more: [
    'For bash, add this line to ~/.bashrc: eval "$(earshot completions bash)"',
    "For zsh, save it as a file _earshot in a folder of $fpath; for fish, as ~/.config/fish/completions/earshot.fish. For PowerShell, add this line to the file that $PROFILE names: earshot completions powershell | Out-String | Invoke-Expression",
  ],
  examples: ["earshot completions bash", "earshot completions fish"],
  parse: (input) => {
    refuseArgsFrom(1, input);
    const text = requireArg(input.args[0]?.text, "SHELL", input.command);
    if (isShell(text)) return { do: "completions", shell: text };
    throw new UsageError(message("value.shell", { shells: SHELLS, text: quoteToken(text) }));
  },
  explain: async ({ shell }, { output, table }) =>
    await output.lines(renderCompletions(shell, table).trimEnd().split("\n")),
});

const INSTALL = defineCommand({
  name: "install",
  summary: "start earshot whenever you log in",
  more: [
    "It runs in the background and does not open a browser. It is a user unit of systemd on Linux, an agent of launchd on macOS, and an entry in the startup folder on Windows. The command shows what it will do first.",
    "Options such as --home, --name and --port apply to the earshot that starts at login.",
  ],
  examples: ["earshot install", "earshot install --yes --name alice --no-page"],
  options: [YES],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "install", isSure: input.options.has("yes") };
  },
  run: install,
});

const UNINSTALL = defineCommand({
  name: "uninstall",
  summary: "undo install",
  more: ["Messages, contacts and keys are kept."],
  examples: ["earshot uninstall"],
  options: [YES],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "uninstall", isSure: input.options.has("yes") };
  },
  run: uninstall,
});

/** In the order of help. */
export const SYSTEM_COMMANDS = [COMPLETIONS, INSTALL, UNINSTALL] as const;
