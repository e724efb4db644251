/** A line that was typed into the chat, as what to do. Pure. */

import { UsageError } from "../errors.ts";
import { nearest } from "../node/nearest.ts";
import { parseName, parseTitle } from "../room/name.ts";
import { checkedText } from "./args.ts";
import { columns } from "./columns.ts";
import { countOf, placeOf, roomOrPlaceOf } from "./values.ts";
import { shown } from "./words.ts";

/** Without arguments. One type for each name, so that a switch can tell them apart. */
type Plain<Name extends string> = Name extends string ? { readonly do: Name } : never;

/** What a line asks for. */
export type Action =
  | Plain<"nothing" | "help" | "quit" | "peers" | "rooms" | "contacts" | "status" | "rescan">
  /** To the open room. */
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "message"; readonly to: string; readonly text: string }
  /** Opens a room of ours, or joins one. */
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "host"; readonly title: string }
  /** Null for the open room. */
  | { readonly do: "leave"; readonly room: string | null }
  | { readonly do: "connect"; readonly address: string; readonly port: number }
  | { readonly do: "nick"; readonly name: string }
  | { readonly do: "log"; readonly last: number }
  /** Null for a name made of the room's. */
  | { readonly do: "export"; readonly file: string | null };

/** Lines that /log shows where no number is given. */
const LAST = 20;

/** What can be typed: the command, its arguments, and what it does. */
const SLASHES = [
  ["join", "ROOM", "open one of your rooms, or join one: what you type goes there"],
  ["host", "TITLE", "open a new room that anybody near may join"],
  ["msg", "NAME TEXT", "say something to one person"],
  ["peers", "", "who is here"],
  ["rooms", "", "which rooms there are"],
  ["log", "[COUNT]", "what was said in the open room"],
  ["leave", "[ROOM]", "leave the open room, or another one"],
  ["nick", "NAME", "change what others call you"],
  ["export", "[FILE]", "write the open room as text"],
  ["connect", "ADDRESS [PORT]", "connect to somebody by address"],
  ["contacts", "", "whom you have talked to"],
  ["rescan", "", "look for others again"],
  ["status", "", "how this node and its network do"],
  ["help", "", "this list"],
  ["quit", "", "end (Ctrl-D does too)"],
] as const;

type Slash = typeof SLASHES[number][0];

/** What the line asks for. @throws {UsageError} with a sentence. */
export function actionOf(line: string): Action {
  if (line.trim() === "") return { do: "nothing" };
  if (line.startsWith("//")) return { do: "say", text: checkedText(line.slice(1)) };
  if (!line.startsWith("/")) return { do: "say", text: checkedText(line) };
  const [, typed = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const slash = SLASHES.find(([name]) => name === typed.toLowerCase())?.[0];
  if (slash === undefined) throw noSlash(typed);
  return slashAction(slash, rest);
}

/** All that can be typed, as lines. */
export function inputHelp(): readonly string[] {
  const rows = SLASHES.map(([name, args, what]) => [`  /${name}${args === "" ? "" : ` ${args}`}`, what]);
  return [...columns(rows), "Anything else is said in the open room. //text says a text that begins with /."];
}

function slashAction(slash: Slash, rest: string): Action {
  switch (slash) {
    case "peers":
    case "rooms":
    case "contacts":
    case "status":
    case "rescan":
    case "help":
    case "quit":
      if (rest !== "") throw new UsageError(`"${shown(rest)}" is too much: it is just "/${slash}"`);
      return { do: slash };
    case "join":
      return { do: "join", room: roomOrPlaceOf(required(rest, slash)) };
    case "host":
      return { do: "host", title: titleOf(required(rest, slash)) };
    case "msg": {
      const [, to = "", text = ""] = /^(\S+)\s*(.*)$/s.exec(required(rest, slash)) ?? [];
      return { do: "message", to, text: checkedText(required(text, slash)) };
    }
    case "log":
      return { do: "log", last: rest === "" ? LAST : countOf(rest, "/log") };
    case "leave":
      return { do: "leave", room: rest === "" ? null : rest };
    case "nick":
      return { do: "nick", name: nameOf(required(rest, slash)) };
    case "export":
      return { do: "export", file: rest === "" ? null : rest };
    case "connect": {
      const [address = "", port, ...more] = required(rest, slash).split(/\s+/);
      if (more.length > 0) throw new UsageError(usage(slash));
      return { do: "connect", ...placeOf(address, port) };
    }
  }
}

function noSlash(typed: string): UsageError {
  const suggestion = nearest(typed, SLASHES.map(([name]) => name));
  const hint = suggestion === null ? "/help shows what there is" : `Did you mean /${suggestion}?`;
  return new UsageError(
    `There is no /${shown(typed)}. ${hint}. To say it, type // in place of /`.replace("?.", "?"),
  );
}

function required(text: string, slash: Slash): string {
  if (text !== "") return text;
  throw new UsageError(usage(slash));
}

function usage(slash: Slash): string {
  const args = SLASHES.find(([name]) => name === slash)?.[1] ?? "";
  return `It goes like this: /${slash} ${args}`;
}

function titleOf(text: string): string {
  const parsed = parseTitle(text.replace(/^#/, ""));
  if ("title" in parsed) return parsed.title;
  throw new UsageError(parsed.problem);
}

function nameOf(text: string): string {
  const parsed = parseName(text);
  if ("name" in parsed) return parsed.name;
  throw new UsageError(parsed.problem);
}
