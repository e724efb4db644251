/** The words behind "earshot" as an invocation, or a sentence that says what is wrong with them. Pure. */

import { assertNever, UsageError } from "../../errors.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import { contactInvocation } from "./contact_args.ts";
import type { ExportFormat } from "../../api/commands.ts";
import { parseTitle } from "../../text/name.ts";
import type { Exporting, Invocation } from "./invocation.ts";
import { type GlobalOptions, parseGlobalOptions } from "./global_options.ts";
import { isShell, type Shell, SHELLS } from "./shells.ts";
import { COMMANDS, findCommand, type KnownCommand, partsOf } from "./command_table.ts";
import { allOf, type ParsedCommand, refuseMore, required } from "./parsed_command.ts";
import {
  checkedText,
  parseCount,
  parseGiveTurn,
  parseMoment,
  parseNameValue,
  parseRoomOrAddress,
  parseSeconds,
  parseWaitState,
} from "./value_parsers.ts";
import { checkOptions, type Given, quoteToken, splitTokens, type Token } from "./tokens.ts";

/** How long `send --wait` waits where no time is given. */
const WAIT_MS = 30_000;
/** What a search shows where no number is given. */
const SEARCH_LAST = 50;

/** All that was typed. */
export interface ParsedCommandLine {
  readonly invocation: Invocation;
  readonly globalOptions: GlobalOptions;
}

/** Parses the words; `nowMs` is the wall time that a time without a date means. @throws {UsageError} with a sentence. */
export function parseCommandLine(
  words: readonly string[],
  { nowMs }: { readonly nowMs: number },
): ParsedCommandLine {
  const given = splitTokens(words);
  const { spec, rest } = commandOf(given.words);
  checkOptions(given, spec);
  const globalOptions = parseGlobalOptions(given);
  if (given.has("version")) return { invocation: { do: "version" }, globalOptions };
  if (given.has("help")) {
    return { invocation: { do: "help", about: given.words.length === 0 ? null : spec }, globalOptions };
  }
  return { invocation: invocationOf({ command: spec, words: rest, given, nowMs }), globalOptions };
}

/** The command that the words begin with, and the words behind it. */
function commandOf(
  [first, ...rest]: readonly Token[],
): { readonly spec: KnownCommand; readonly rest: readonly Token[] } {
  const spec = findCommand(first?.text ?? "");
  if (spec === undefined || first?.text === "") throw noCommand(first?.text ?? "");
  const parts = partsOf(spec);
  const [second, ...others] = rest;
  if (parts.length === 0 || second === undefined) return { spec, rest };
  if (second.text === "list") return { spec, rest: others };
  const part = parts.find(({ name }) => name === `${spec.name} ${second.text}`);
  if (part === undefined) throw noPart(spec, second.text);
  return { spec: part, rest: others };
}

function noCommand(text: string): UsageError {
  const names = COMMANDS.map((command): string => command.name).filter((name) => /^\w+$/.test(name));
  const suggestion = findNearest(text, names);
  const hint = suggestion === null ? 'See "earshot help"' : `Did you mean "${suggestion}"?`;
  return new UsageError(`There is no command "${quoteToken(text)}". ${hint}`);
}

function noPart(spec: KnownCommand, text: string): UsageError {
  const names = partsOf(spec).map(({ name }) => name.slice(spec.name.length + 1));
  const suggestion = findNearest(text, names);
  const hint = suggestion === null
    ? `There are: ${names.join(", ")}`
    : `Did you mean "${spec.name} ${suggestion}"?`;
  return new UsageError(`There is no command "${spec.name} ${quoteToken(text)}". ${hint}`);
}

function invocationOf(typed: ParsedCommand): Invocation {
  const { command, words, given } = typed;
  const all = allOf(typed);
  switch (command.name) {
    case "":
      return { do: "chat", to: null };
    case "chat":
      return { do: "chat", to: all.trim() === "" ? null : all };
    case "node":
    case "page":
    case "peers":
    case "rooms":
    case "contacts":
    case "requests":
    case "status":
    case "rescan":
    case "stop":
      refuseMore(command, words);
      return { do: command.name };
    case "doctor":
      refuseMore(command, words);
      return { do: "doctor", isReport: given.has("report") };
    case "give":
      refuseMore(command, words.slice(1));
      return { do: "give", ...parseGiveTurn(words[0]?.text), isQrRefused: given.has("no-qr") };
    case "help":
      return helpOn(typed);
    case "contacts add":
    case "contacts remove":
    case "contacts rename":
    case "contacts note":
    case "contacts block":
    case "contacts unblock":
    case "contacts verify":
    case "contacts import":
      return contactInvocation({ ...typed, command: { ...command, name: command.name } });
    case "accept":
    case "ignore":
    case "disconnect":
      return { do: command.name, peer: required(all, "NAME", command) };
    case "connect":
      refuseMore(command, words.slice(2));
      return {
        do: "connect",
        ...parseWaitState(required(words[0]?.text, "ADDRESS or NAME", command), words[1]?.text),
      };
    case "host":
      return {
        do: "host",
        title: hostedTitle(required(all, "TITLE", command)),
        isInvited: given.has("invited"),
      };
    case "join":
      return { do: "join", room: parseRoomOrAddress(required(all, "ROOM", command)) };
    case "leave":
      return { do: "leave", room: required(all, "ROOM", command) };
    case "who":
      return { do: "members", room: required(all, "ROOM", command).replace(/^#?/, "#") };
    case "invite": {
      const [room, ...peers] = words.map((word) => word.text);
      return { do: "invite", room: required(room, "ROOM", command), peers, isQrRefused: given.has("no-qr") };
    }
    case "renew": {
      const room = required(all, "ROOM", command);
      return { do: "renew", room, without: given.values("without") ?? [], isQrRefused: given.has("no-qr") };
    }
    case "file": {
      const [to, ...paths] = words.map((word) => word.text);
      required(paths[0], "PATH", command);
      return { do: "file", to: required(to, "TO", command), paths };
    }
    case "files":
      return { do: "files", to: all.trim() === "" ? null : all };
    case "get":
      return getting(typed);
    case "pause":
    case "cancel":
      return { do: command.name, file: required(all, "FILE", command), to: given.value("in") };
    case "send":
      return sending(typed);
    case "log":
      return {
        do: "log",
        to: required(all, "TO", command),
        last: lastIn(given),
        follow: given.has("follow"),
      };
    case "search":
      return { do: "search", text: required(all, "TEXT", command), last: lastIn(given) ?? SEARCH_LAST };
    case "export":
      return exporting(typed);
    case "away":
      return { do: "away", text: all.trim() };
    case "back":
      refuseMore(command, words);
      return { do: "away", text: null };
    case "install":
    case "uninstall":
      refuseMore(command, words);
      return { do: command.name, isSure: given.has("yes") };
    case "completions":
      refuseMore(command, words.slice(1));
      return { do: "completions", shell: shellOf(required(words[0]?.text, "SHELL", command)) };
    case "nick":
      return { do: "nick", name: parseNameValue(required(all, "NAME", command)) };
    default:
      return assertNever(command.name);
  }
}

function shellOf(text: string): Shell {
  if (isShell(text)) return text;
  throw new UsageError(`There are completions for ${SHELLS.join(", ")}, not for "${quoteToken(text)}"`);
}

function helpOn({ command, words, given }: ParsedCommand): Invocation {
  if (given.has("man")) {
    refuseMore(command, words);
    return { do: "manual" };
  }
  if (words.length === 0) return { do: "help", about: null };
  if (words[0]?.text === "config") {
    refuseMore(command, words.slice(1));
    return { do: "config-help" };
  }
  const { spec, rest } = commandOf(words);
  refuseMore(command, rest);
  return { do: "help", about: spec };
}

function lastIn(given: Given): number | null {
  const last = given.value("last");
  return last === null ? null : parseCount(last, "--last");
}

function sending({ command, words, given }: ParsedCommand): Invocation {
  const [to, ...rest] = words;
  const until = given.value("wait");
  if (until !== null && until !== "passed" && until !== "everywhere") {
    throw new UsageError(`--wait takes "passed" or "everywhere", not "${quoteToken(until)}"`);
  }
  const timeout = given.value("timeout");
  if (timeout !== null && until === null) {
    throw new UsageError("--timeout goes with --wait passed or --wait everywhere");
  }
  const isFromInput = rest.length === 1 && rest[0]?.text === "-" && !rest[0].isLiteral;
  return {
    do: "send",
    to: required(to?.text, "TO", command),
    text: isFromInput ? null : checkedText(required(allOf({ words: rest }), "TEXT", command)),
    until,
    timeoutMs: timeout === null ? WAIT_MS : parseSeconds(timeout, "--timeout"),
  };
}

function getting(typed: ParsedCommand): Invocation {
  const { command, given } = typed;
  const timeout = given.value("timeout");
  return {
    do: "get",
    file: required(allOf(typed), "FILE", command),
    to: given.value("in"),
    into: given.value("into"),
    timeoutMs: timeout === null ? null : parseSeconds(timeout, "--timeout"),
  };
}

function exporting(typed: ParsedCommand): Exporting {
  const { command, given, nowMs } = typed;
  const since = given.value("since");
  const until = given.value("until");
  const sinceMs = since === null ? null : parseMoment(since, { what: "--since", nowMs, edge: "start" });
  const untilMs = until === null ? null : parseMoment(until, { what: "--until", nowMs, edge: "end" });
  if (sinceMs !== null && untilMs !== null && sinceMs > untilMs) {
    throw new UsageError("--since is later than --until: nothing would be left");
  }
  const folder = given.value("all");
  const file = given.value("output");
  const force = given.has("force");
  const withFiles = given.value("with-files");
  const all = allOf(typed);
  const to = folder === null ? required(all, "TO", command) : null;
  if (folder !== null && file !== null) throw new UsageError("-o FILE and --all FOLDER do not go together");
  if (folder !== null && all !== "") {
    throw new UsageError(`--all FOLDER writes every conversation, so "${quoteToken(all)}" is too much`);
  }
  if (force && file === null && folder === null && withFiles === null) {
    throw new UsageError("--force goes with -o FILE, --all FOLDER or --with-files FOLDER");
  }
  if (withFiles !== null && (folder !== null || file !== null)) {
    throw new UsageError(
      "--with-files FOLDER is for one conversation, and names where it goes: without -o FILE and --all FOLDER",
    );
  }
  const path = folder ?? file;
  return { do: "export", to, sinceMs, untilMs, format: formatIn(given), path, force, withFiles };
}

function formatIn(given: Given): ExportFormat {
  const format = given.value("format");
  if (format !== null && !isFormat(format)) {
    throw new UsageError(`--format takes "txt", "md" or "json", not "${quoteToken(format)}"`);
  }
  const ending = /\.([^.]*)$/.exec(given.value("output") ?? "")?.[1]?.toLowerCase() ?? "";
  return format ?? (isFormat(ending) ? ending : "txt");
}

function isFormat(text: string): text is ExportFormat {
  return text === "txt" || text === "md" || text === "json";
}

/** A number alone was a port in the programs before this one. */
function hostedTitle(text: string): string {
  if (!/^\d+$/.test(text)) return titleOf(text);
  throw new UsageError(
    `A room is called by a title, and "${
      quoteToken(text)
    }" looks like a port. To wait for others at that port: ` +
      `earshot --port ${quoteToken(text)}, or /host ${
        quoteToken(text)
      } in the chat. A room of that title: earshot host "#${quoteToken(text)}"`,
  );
}

function titleOf(text: string): string {
  const parsed = parseTitle(text.replace(/^#/, ""));
  if ("title" in parsed) return parsed.title;
  throw new UsageError(parsed.problem);
}
