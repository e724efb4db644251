/** A typed line as an action, or a sentence that says what is wrong with it. Pure. */

import { UsageError } from "../../errors.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import type { Command } from "../../api/commands.ts";
import { parseName, parseTitle } from "../../text/name.ts";
import { checkedText } from "../command_line/value_parsers.ts";
import {
  findSlashCommand,
  formatSlashUsage,
  SLASH_COMMANDS,
  type SlashCommandSpec,
  type SlashName,
} from "../command_line/slash_commands.ts";
import {
  parseAddressValue,
  parseCount,
  parseGiveTurn,
  parsePortValue,
  parseRoomOrAddress,
} from "../command_line/value_parsers.ts";
import { quoteToken } from "../command_line/tokens.ts";

/** Without arguments. One type for each name, so that a switch can tell them apart. */
type Plain<Name extends string> = Name extends string ? { readonly do: Name } : never;

/** Asked of the node as it is, and its answer shown. */
export type Question = Extract<
  Command,
  {
    do:
      | "peers"
      | "rooms"
      | "contacts"
      | "requests"
      | "status"
      | "doctor"
      | "give"
      | "rescan"
      | "nick"
      | "search"
      | "away"
      | "listen"
      | "forget"
      | "note"
      | "ignore";
  }
>;

/** What a line asks for. A null stands for the open conversation, or whom it is with. */
export type Action =
  | Plain<"nothing" | "quit">
  | { readonly do: "help"; readonly about: SlashCommandSpec | "all" | null }
  | { readonly do: "ask"; readonly command: Question }
  | { readonly do: "say"; readonly text: string }
  /** A null text only opens it. */
  | { readonly do: "message"; readonly to: string; readonly text: string | null }
  /** Null for the next one with something unread. */
  | { readonly do: "go"; readonly to: string | null }
  /** Opens a room of ours, or joins one. */
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "host"; readonly title: string; readonly isInvited: boolean }
  | { readonly do: "leave"; readonly room: string | null }
  | { readonly do: "who"; readonly room: string | null }
  | { readonly do: "connect"; readonly to: string; readonly port: number | null }
  | { readonly do: "disconnect"; readonly peer: string | null }
  | { readonly do: "accept"; readonly peer: string }
  | { readonly do: "block"; readonly peer: string | null; readonly isBlocked: boolean }
  /** `isSameTicket`: whether the words were the same; null to show them. */
  | { readonly do: "verify"; readonly peer: string | null; readonly isSame: boolean | null }
  | { readonly do: "save"; readonly peer: string | null; readonly name: string }
  | { readonly do: "invite"; readonly room: string | null; readonly peers: readonly string[] }
  | { readonly do: "renew"; readonly without: readonly string[] }
  /** As it was typed; without the quotes around it. */
  | { readonly do: "file"; readonly path: string }
  | Plain<"files">
  /** Null for the newest. */
  | { readonly do: "get"; readonly file: string | null }
  | { readonly do: "pause" | "cancel"; readonly file: string }
  | { readonly do: "log"; readonly last: number }
  /** Null for a name made of the conversation's. */
  | { readonly do: "export"; readonly file: string | null; readonly isForced: boolean };

/** Lines that /log shows where no number is given. */
const LAST = 20;
/** Matches that /search shows. */
const FOUND_MAX = 50;
const WITHOUT = "without";
/** In place of a note: there is to be none. */
const NO_NOTE = "-";

/** What the line asks for. @throws {UsageError} with a sentence. */
export function parseInput(line: string): Action {
  if (line.trim() === "") return { do: "nothing" };
  // What ended the programs before this one.
  if (line.trim().toLowerCase() === "#quit") return { do: "quit" };
  if (line.startsWith("//")) return { do: "say", text: checkedText(line.slice(1)) };
  if (!line.startsWith("/")) return { do: "say", text: checkedText(line) };
  const [, typed = "", rest = ""] = /^\/(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const slash = findSlashCommand(typed);
  if (slash === undefined) throw noSlash(typed);
  if (slash.args === "" && rest !== "") {
    throw new UsageError(`"${quoteToken(rest)}" is too much: it is just "/${slash.name}"`);
  }
  return slashAction(slash, rest);
}

function slashAction(slash: SlashCommandSpec & { readonly name: SlashName }, rest: string): Action {
  const words = rest === "" ? [] : rest.split(/\s+/);
  const [first, second, ...more] = words;
  switch (slash.name) {
    case "quit":
      return { do: "quit" };
    case "peers":
    case "rooms":
    case "contacts":
    case "requests":
    case "status":
    case "doctor":
    case "rescan":
      return { do: "ask", command: { do: slash.name } };
    case "give":
      if (second !== undefined) throw usage(slash);
      return { do: "ask", command: { do: "give", ...parseGiveTurn(first) } };
    case "help":
      return { do: "help", about: helpAbout(first) };
    case "join":
      return { do: "join", room: parseRoomOrAddress(unquoted(required(rest, slash))) };
    case "host":
      return hosting(required(rest, slash), slash);
    case "msg": {
      const [, to = "", text = ""] = /^(\S+)\s*(.*)$/s.exec(required(rest, slash)) ?? [];
      return { do: "message", to, text: text === "" ? null : checkedText(text) };
    }
    case "go":
      return { do: "go", to: rest === "" ? null : rest };
    case "leave":
    case "who":
      return { do: slash.name, room: rest === "" ? null : rest };
    case "connect":
      return connecting(words, slash);
    case "disconnect":
      return { do: "disconnect", peer: first ?? null };
    case "accept":
      return { do: "accept", peer: required(rest, slash) };
    case "ignore":
    case "forget":
      return { do: "ask", command: { do: slash.name, peer: required(rest, slash) } };
    case "block":
    case "unblock":
      return { do: "block", peer: first ?? null, isBlocked: slash.name === "block" };
    case "verify":
      return verifying(words, slash);
    case "save":
      if (first === undefined || more.length > 0) throw usage(slash);
      return second === undefined
        ? { do: "save", peer: null, name: first }
        : { do: "save", peer: first, name: second };
    case "note": {
      const [, peer = "", text = ""] = /^(\S+)\s*(.*)$/s.exec(required(rest, slash)) ?? [];
      if (text === "") throw usage(slash);
      return { do: "ask", command: { do: "note", peer, text: text === NO_NOTE ? "" : text } };
    }
    case "invite": {
      const [room, peers] = first?.startsWith("#") ? [first, words.slice(1)] : [null, words];
      return { do: "invite", room, peers };
    }
    case "renew":
      if (first !== undefined && (withoutDashes(first) !== WITHOUT || second === undefined)) {
        throw usage(slash);
      }
      return { do: "renew", without: words.slice(1) };
    case "file":
      return { do: "file", path: pathIn(required(rest, slash)) };
    case "files":
      return { do: "files" };
    case "get":
      return { do: "get", file: rest === "" ? null : unquoted(rest) };
    case "pause":
    case "cancel":
      return { do: slash.name, file: unquoted(required(rest, slash)) };
    case "log":
      return { do: "log", last: rest === "" ? LAST : parseCount(rest, "/log") };
    case "search":
      return { do: "ask", command: { do: "search", text: required(rest, slash), last: FOUND_MAX } };
    case "export":
      return exporting(rest);
    case "nick":
      return { do: "ask", command: { do: "nick", name: nameOf(required(rest, slash)) } };
    case "away":
      return { do: "ask", command: { do: "away", text: rest } };
    case "back":
      return { do: "ask", command: { do: "away", text: null } };
  }
}

function hosting(text: string, slash: SlashCommandSpec): Action {
  if (/^\d+$/.test(text)) {
    return { do: "ask", command: { do: "listen", port: parsePortValue(text, "/host") } };
  }
  const isInvited = /^--invited(\s|$)/.test(text);
  const title = isInvited ? required(text.replace(/^--invited\s*/, ""), slash) : text;
  const parsed = parseTitle(title.replace(/^#/, ""));
  if ("title" in parsed) return { do: "host", title: parsed.title, isInvited };
  throw new UsageError(parsed.problem);
}

function exporting(text: string): Action {
  const isForced = /^--force(\s|$)/.test(text);
  const file = isForced ? text.replace(/^--force\s*/, "") : text;
  return { do: "export", file: file === "" ? null : file, isForced };
}

/** In a shell a title stands in quotes, and so it does in some hints. */
function unquoted(title: string): string {
  return /^"(.+)"$/.exec(title)?.[1] ?? title;
}

/** A path as it is typed, or as terminals write one that is dropped on them: in quotes of either kind, or with backslashes before blanks. */
function pathIn(text: string): string {
  const quoted = /^"(.+)"$|^'(.+)'$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? text;
  // On Windows a backslash parts folders, and nothing escapes a blank.
  return /^[A-Za-z]:\\|^\\\\/.test(text) ? text : text.replace(/\\([ '"()&;$!\\])/g, "$1");
}

function connecting(words: readonly string[], slash: SlashCommandSpec): Action {
  const [to, port, ...more] = words;
  if (to === undefined || more.length > 0) throw usage(slash);
  if (parseEndpoint(to) === null && port === undefined) return { do: "connect", to, port: null };
  const place = parseAddressValue(to, port);
  return { do: "connect", to: place.address, port: place.port };
}

function verifying(words: readonly string[], slash: SlashCommandSpec): Action {
  const [last, ...before] = words.toReversed();
  const answer = withoutDashes(last);
  const isSame = answer === "yes" ? true : answer === "no" ? false : null;
  const [peer, ...more] = isSame === null ? words : before;
  if (more.length > 0) throw usage(slash);
  return { do: "verify", peer: peer ?? null, isSame };
}

/** In a shell these words are options, and who comes from there types them so. */
function withoutDashes(word: string | undefined): string | undefined {
  return word?.toLowerCase().replace(/^--/, "");
}

function helpAbout(word: string | undefined): SlashCommandSpec | "all" | null {
  if (word === undefined || word === "all") return word ?? null;
  const typed = word.replace(/^\//, "");
  const slash = findSlashCommand(typed);
  if (slash !== undefined) return slash;
  throw new UsageError(`There is no /${quoteToken(typed)}. ${likely(typed)}`);
}

function noSlash(typed: string): UsageError {
  const hint = likely(typed);
  return new UsageError(
    `There is no /${quoteToken(typed)}. ${hint}${
      hint.endsWith("?") ? "" : "."
    } To say it, type // in place of /`,
  );
}

function likely(typed: string): string {
  const suggestion = findNearest(typed, SLASH_COMMANDS.map(({ name }) => name));
  return suggestion === null ? "/help shows what there is" : `Did you mean /${suggestion}?`;
}

function required(text: string, slash: SlashCommandSpec): string {
  if (text !== "") return text;
  throw usage(slash);
}

function usage(slash: SlashCommandSpec): UsageError {
  return new UsageError(`It goes like this: ${formatSlashUsage(slash)}`);
}

function nameOf(text: string): string {
  const parsed = parseName(text);
  if ("name" in parsed) return parsed.name;
  throw new UsageError(parsed.problem);
}
