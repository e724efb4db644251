/** The entry that makes a system start earshot at login, and the programs that activate it. Pure. */

import { assertNever } from "../../errors.ts";
import type { AutostartKind } from "../../ports/host_system.ts";

/** Is in every entry, so that earshot recognizes its own. */
export const MARK = 'Written by "earshot install". "earshot uninstall" removes it.';
const UNIT = "earshot.service";
/** launchd wants names that nobody else has. */
const LABEL = "io.github.earshot.node";

/** The program to start, and the place of its entry. */
export interface AutostartOptions {
  /** Where this user's entries belong. */
  readonly folder: string;
  readonly userId: number;
  /** The program and its words. */
  readonly words: readonly string[];
}

/** An entry. */
export interface Autostart {
  /** The file that is the entry. */
  readonly path: string;
  readonly text: string;
  /** Run when the file is written: programs with their words. */
  readonly start: readonly (readonly string[])[];
  /** Run before the file is removed. */
  readonly stop: readonly (readonly string[])[];
  /** Run when it was removed. */
  readonly forget: readonly (readonly string[])[];
}

/** The entry for that system. */
export function createAutostart(starter: AutostartKind, options: AutostartOptions): Autostart {
  switch (starter) {
    case "systemd":
      return createSystemdUnit(options);
    case "launchd":
      return createLaunchdAgent(options);
    case "startup-folder":
      return createStartupEntry(options);
    default:
      return assertNever(starter);
  }
}

function createSystemdUnit({ folder, words }: AutostartOptions): Autostart {
  const [program = "", ...more] = words;
  const text = `# ${MARK}
[Unit]
Description=earshot, a messenger for people within earshot

[Service]
ExecStart=${
    [quoteUnitWord(program), ...more.map((word) => quoteUnitWord(word).replaceAll("$", "$$$$"))].join(" ")
  }
# An earshot that runs already with this home ends this one; it is tried again until that one is gone.
Restart=on-failure
RestartSec=10
SuccessExitStatus=130 143
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`;
  const systemctl = (...rest: string[]) => ["systemctl", "--user", ...rest];
  return {
    path: `${folder}/${UNIT}`,
    text,
    start: [systemctl("daemon-reload"), systemctl("enable", "--now", UNIT)],
    stop: [systemctl("disable", "--now", UNIT)],
    forget: [systemctl("daemon-reload")],
  };
}

/** systemd.service(5), "Command lines"; "$" is special in arguments only, so their maker doubles it. */
function quoteUnitWord(word: string): string {
  const escaped = word
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("%", "%%");
  return `"${escaped}"`;
}

function createLaunchdAgent({ folder, userId, words }: AutostartOptions): Autostart {
  const path = `${folder}/${LABEL}.plist`;
  const log = `${folder.replace(/\/[^/]*\/?$/, "")}/Logs/earshot.log`;
  const domain = `gui/${userId}`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${MARK} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    <string>${escapeXml(word)}</string>`).join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>StandardErrorPath</key>
  <string>${escapeXml(log)}</string>
</dict>
</plist>
`;
  return {
    path,
    text,
    start: [["launchctl", "bootstrap", domain, path]],
    stop: [["launchctl", "bootout", `${domain}/${LABEL}`]],
    forget: [],
  };
}

function escapeXml(word: string): string {
  return word.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A script, because a program of the console would come with a large window; this one is small. */
function createStartupEntry({ folder, words }: AutostartOptions): Autostart {
  const path = `${folder}\\earshot.cmd`;
  const lines = [
    "@echo off",
    `rem ${MARK}`,
    "rem What follows is UTF-8.",
    "chcp 65001 >nul",
    `start "earshot" /min ${words.map(quoteBatchWord).join(" ")}`,
  ];
  return {
    path,
    text: lines.map((line) => `${line}\r\n`).join(""),
    // The shell opens it, as it does at login: earshot may not start cmd, which could start anything.
    start: [["rundll32", "shell32.dll,ShellExec_RunDLL", path]],
    stop: [],
    forget: [],
  };
}

/** Within quotes cmd leaves all but "%" alone; a quote is doubled for both cmd and the program, and backslashes before the last quote too. */
function quoteBatchWord(word: string): string {
  return `"${word.replaceAll("%", "%%").replaceAll('"', '""').replace(/\\+$/, "$&$&")}"`;
}
