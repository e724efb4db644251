/** Help in the chat: what is needed first on one small screen, all of it, or one command. Pure. */

import { measureCells } from "../../text/sanitize.ts";
import { formatColumns } from "../format/table.ts";
import {
  findSlashCommand,
  formatSlashUsage,
  SLASH_COMMANDS,
  type SlashCommandSpec,
  type SlashName,
} from "../command_line/slash_commands.ts";
import { wrapText } from "../format/wrap.ts";

/** With these one gets along; with the lines around them they fill 24 rows. */
const FIRST: readonly SlashName[] = [
  "host",
  "join",
  "msg",
  "go",
  "leave",
  "who",
  "peers",
  "rooms",
  "connect",
  "requests",
  "search",
  "help",
  "quit",
];
/** Cells of explanations below which they do not stand in a column of their own. */
const SUMMARY_CELLS_MIN = 30;
const GAP = 2;
const SAYING = "Anything else is said in the open conversation. //text says a text that begins with /.";
const KEYS = "Keys: Tab completes, Up brings back earlier lines, Alt+Enter begins a new line in a message.";

/** What is needed first, "all", or one command, as lines; `width` is that of the terminal, null for a pipe, which has no end. */
export function renderSlashHelp(
  about: SlashCommandSpec | "all" | null,
  width: number | null,
): readonly string[] {
  const fitting = (text: string) => width === null ? [text] : wrapText(text, width - 1);
  if (about === "all" || (about === null && width === null)) {
    return [...explained(SLASH_COMMANDS, width), ...fitting(SAYING), ...fitting(KEYS)];
  }
  if (about !== null) {
    return [formatSlashUsage(about), sentence(about.summary), ...about.more ?? []].flatMap(fitting);
  }
  const others = SLASH_COMMANDS.filter(({ name }) => !FIRST.includes(name)).map(({ name }) => `/${name}`);
  return [
    ...explained(FIRST.flatMap((name) => findSlashCommand(name) ?? []), width),
    ...fitting(`And: ${others.join(" ")}`),
    ...fitting("/help COMMAND says more about one, /help all about each."),
    ...fitting(SAYING),
    ...fitting(KEYS),
  ];
}

/** What somebody means who forgot the slash, such as "/quit" by "exit"; null for what may be meant as it is. */
export function forgottenSlash(line: string): string | null {
  switch (line.trim().toLowerCase()) {
    case "help":
    case "?":
      return "/help";
    case "quit":
    case "exit":
      return "/quit";
    default:
      return null;
  }
}

/** In two columns, or one below the other where these would be too narrow. */
function explained(slashes: readonly SlashCommandSpec[], width: number | null): readonly string[] {
  if (width === null) {
    return formatColumns(slashes.map((slash) => [`  ${formatSlashUsage(slash)}`, slash.summary]));
  }
  const left = Math.max(...slashes.map((slash) => measureCells(formatSlashUsage(slash)))) + GAP;
  const right = width - 1 - left;
  return slashes.flatMap((slash) => {
    const usage = formatSlashUsage(slash);
    if (right < SUMMARY_CELLS_MIN) return wrapText(`${usage}: ${slash.summary}`, width - 1);
    return wrapText(slash.summary, right).map((line, at) => `${(at === 0 ? usage : "").padEnd(left)}${line}`);
  });
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
