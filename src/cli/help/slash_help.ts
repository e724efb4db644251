/** Help in the chat: the most useful commands on one small screen, all commands, or one command. Pure. */

import { measureCells } from "../../text/sanitize.ts";
import { formatColumns } from "../format/table.ts";
import { formatSlashUsage, type SlashSpec } from "../command_line/command_spec.ts";
import { wrapText } from "../format/wrap.ts";

/** The narrowest column of summaries, in cells; below it they follow the command. */
const SUMMARY_CELLS_MIN = 30;
const GAP = 2;
const SENDING =
  "Everything else is sent to the open conversation. Begin a message with // to send one that begins with /.";
const KEYS = "Keys: Tab completes, Up shows earlier lines, Alt+Enter begins a new line in a message.";

/** One command to explain, "all" commands, or null for the most useful ones. */
export type SlashHelpTopic = SlashSpec | "all" | null;

/** Help as lines; `width` is that of the terminal, null for a pipe, which has no end. */
export function renderSlashHelp(
  slashes: readonly SlashSpec[],
  { topic, width }: { readonly topic: SlashHelpTopic; readonly width: number | null },
): readonly string[] {
  const fitting = (text: string) => width === null ? [text] : wrapText(text, width - 1);
  if (topic === "all" || (topic === null && width === null)) {
    return [...renderColumns(slashes, width), ...fitting(SENDING), ...fitting(KEYS)];
  }
  if (topic !== null) {
    return [formatSlashUsage(topic), sentence(topic.summary), ...topic.more].flatMap(fitting);
  }
  const first = slashes.filter(({ helpRank }) => helpRank !== null)
    .toSorted((left, right) => (left.helpRank ?? 0) - (right.helpRank ?? 0));
  const others = slashes.filter(({ helpRank }) => helpRank === null).map(({ name }) => `/${name}`);
  return [
    ...renderColumns(first, width),
    ...fitting(`More: ${others.join(" ")}`),
    ...fitting("/help COMMAND explains one command, /help all lists all of them."),
    ...fitting(SENDING),
    ...fitting(KEYS),
  ];
}

/** The command for a line of a user who forgot the slash, such as "/quit" for "exit"; null for any other line. */
export function findForgottenSlash(line: string): string | null {
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

/** Two columns, or lines of running text where the second would be too narrow. */
function renderColumns(slashes: readonly SlashSpec[], width: number | null): readonly string[] {
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
