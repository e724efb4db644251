/** Help in the chat: what is needed first on one small screen, all of it, or one command. Pure. */

import { cellsOf } from "../room/text.ts";
import { columns } from "./columns.ts";
import { findSlash, SLASHES, type SlashName, type SlashSpec, slashUsage } from "./slashes.ts";
import { wrapped } from "./wrap.ts";

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
export function slashHelp(about: SlashSpec | "all" | null, width: number | null): readonly string[] {
  const fitting = (text: string) => width === null ? [text] : wrapped(text, width - 1);
  if (about === "all" || (about === null && width === null)) {
    return [...explained(SLASHES, width), ...fitting(SAYING), ...fitting(KEYS)];
  }
  if (about !== null) {
    return [slashUsage(about), sentence(about.summary), ...about.more ?? []].flatMap(fitting);
  }
  const others = SLASHES.filter(({ name }) => !FIRST.includes(name)).map(({ name }) => `/${name}`);
  return [
    ...explained(FIRST.flatMap((name) => findSlash(name) ?? []), width),
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
function explained(slashes: readonly SlashSpec[], width: number | null): readonly string[] {
  if (width === null) return columns(slashes.map((slash) => [`  ${slashUsage(slash)}`, slash.summary]));
  const left = Math.max(...slashes.map((slash) => cellsOf(slashUsage(slash)))) + GAP;
  const right = width - 1 - left;
  return slashes.flatMap((slash) => {
    const usage = slashUsage(slash);
    if (right < SUMMARY_CELLS_MIN) return wrapped(`${usage}: ${slash.summary}`, width - 1);
    return wrapped(slash.summary, right).map((line, at) => `${(at === 0 ? usage : "").padEnd(left)}${line}`);
  });
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
