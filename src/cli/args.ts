/** The words behind "earshot" as an invocation, or a sentence that says what is wrong with them. Pure. */

import { assertNever, UsageError } from "../errors.ts";
import { nearest } from "../node/nearest.ts";
import type { WaitState } from "../node/vocabulary.ts";
import { byteLength, TEXT_BYTES_MAX } from "../room/entry.ts";
import { parseName, parseTitle } from "../room/name.ts";
import { type CommandName, COMMANDS, type CommandSpec, findCommand } from "./table.ts";
import { countOf, momentOf, placeOf, portOf, portRangeOf, roomOrPlaceOf, secondsAsMs } from "./values.ts";
import { checkOptions, type Given, shown, sortWords, type Word } from "./words.ts";

/** How long `send --wait` waits where no time is given. */
export const WAIT_MS = 30_000;

/** Without arguments. One type for each name, so that a switch can tell them apart. */
type Plain<Name extends string> = Name extends string ? { readonly do: Name } : never;

/** What is to be done. */
export type Invocation =
  | Plain<"chat" | "node" | "peers" | "rooms" | "contacts" | "status" | "rescan" | "stop" | "version">
  | { readonly do: "help"; readonly about: CommandSpec | null }
  | { readonly do: "host"; readonly title: string }
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "leave"; readonly room: string }
  | { readonly do: "connect"; readonly address: string; readonly port: number }
  | {
    readonly do: "send";
    readonly to: string;
    /** Null to read it from standard input. */
    readonly text: string | null;
    /** Null not to wait. */
    readonly until: WaitState | null;
    readonly timeoutMs: number;
  }
  | { readonly do: "log"; readonly to: string; readonly last: number | null; readonly follow: boolean }
  | {
    readonly do: "export";
    readonly to: string;
    readonly sinceMs: number | null;
    readonly untilMs: number | null;
    /** Null for standard output. */
    readonly file: string | null;
    readonly force: boolean;
  }
  | { readonly do: "nick"; readonly name: string };

/** The options of every command; null where one was not given. */
export interface Settings {
  readonly home: string | null;
  readonly name: string | null;
  readonly port: number | null;
  readonly discoveryPort: number | null;
  readonly interfaces: readonly string[] | null;
  readonly sessionPorts: { readonly from: number; readonly to: number } | null;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isColorRefused: boolean;
}

/** All that was typed. */
export interface Parsed {
  readonly invocation: Invocation;
  readonly settings: Settings;
}

/** Parses the words; `nowMs` is the wall time that a time without a date means. @throws {UsageError} with a sentence. */
export function parseArgs(words: readonly string[], { nowMs }: { readonly nowMs: number }): Parsed {
  const given = sortWords(words);
  const [typed, ...rest] = given.words;
  const spec = commandOf(typed);
  checkOptions(given, spec);
  const settings = settingsOf(given);
  if (given.has("version")) return { invocation: { do: "version" }, settings };
  if (given.has("help")) {
    return { invocation: { do: "help", about: typed === undefined ? null : spec }, settings };
  }
  return { invocation: invocationOf(spec, { words: rest, given, nowMs }), settings };
}

function commandOf(word: Word | undefined): CommandSpec & { readonly name: CommandName } {
  const found = findCommand(word?.text ?? "");
  if (found !== undefined && word?.text !== "") return found;
  throw noCommand(word?.text ?? "");
}

function noCommand(text: string): UsageError {
  const names = COMMANDS.map((command) => command.name).filter((name) => name !== "");
  const suggestion = nearest(text, names);
  const hint = suggestion === null ? 'See "earshot help"' : `Did you mean "${suggestion}"?`;
  return new UsageError(`There is no command "${shown(text)}". ${hint}`);
}

function settingsOf(given: Given): Settings {
  const name = given.value("name");
  const port = given.value("port");
  const discoveryPort = given.value("discovery-port");
  const sessionPorts = given.value("session-ports");
  return {
    home: given.value("home"),
    name: name === null ? null : nameOf(name, "--name"),
    port: port === null ? null : portOf(port, "--port"),
    discoveryPort: discoveryPort === null ? null : portOf(discoveryPort, "--discovery-port"),
    interfaces: given.values("interface"),
    sessionPorts: sessionPorts === null ? null : portRangeOf(sessionPorts),
    isJson: given.has("json"),
    isQuiet: given.has("quiet"),
    isColorRefused: given.has("no-color"),
  };
}

interface Typed {
  /** Behind the command. */
  readonly words: readonly Word[];
  readonly given: Given;
  readonly nowMs: number;
}

function invocationOf(command: CommandSpec & { readonly name: CommandName }, typed: Typed): Invocation {
  const { words, given } = typed;
  const all = words.map((word) => word.text).join(" ");
  switch (command.name) {
    case "":
      return { do: "chat" };
    case "node":
    case "peers":
    case "rooms":
    case "contacts":
    case "status":
    case "rescan":
    case "stop":
      refuseMore(command, words);
      return { do: command.name };
    case "help":
      refuseMore(command, words.slice(1));
      return { do: "help", about: words[0] === undefined ? null : commandOf(words[0]) };
    case "host":
      return { do: "host", title: titleOf(required(all, "TITLE", command)) };
    case "join":
      return { do: "join", room: roomOrPlaceOf(required(all, "ROOM", command)) };
    case "leave":
      return { do: "leave", room: required(all, "ROOM", command) };
    case "connect":
      refuseMore(command, words.slice(2));
      return { do: "connect", ...placeOf(required(words[0]?.text, "ADDRESS", command), words[1]?.text) };
    case "send":
      return sending(command, typed);
    case "log": {
      const last = given.value("last");
      return {
        do: "log",
        to: required(all, "TO", command),
        last: last === null ? null : countOf(last, "--last"),
        follow: given.has("follow"),
      };
    }
    case "export":
      return exporting(command, typed);
    case "nick":
      return { do: "nick", name: nameOf(required(all, "NAME", command), "That") };
    default:
      return assertNever(command.name);
  }
}

function sending(command: CommandSpec, { words, given }: Typed): Invocation {
  const [to, ...rest] = words;
  const until = given.value("wait");
  if (until !== null && until !== "passed" && until !== "everywhere") {
    throw new UsageError(`--wait takes "passed" or "everywhere", not "${shown(until)}"`);
  }
  const timeout = given.value("timeout");
  if (timeout !== null && until === null) {
    throw new UsageError("--timeout goes with --wait passed or --wait everywhere");
  }
  const isFromInput = rest.length === 1 && rest[0]?.text === "-" && !rest[0].isLiteral;
  return {
    do: "send",
    to: required(to?.text, "TO", command),
    text: isFromInput
      ? null
      : checkedText(required(rest.map((word) => word.text).join(" "), "TEXT", command)),
    until,
    timeoutMs: timeout === null ? WAIT_MS : secondsAsMs(timeout, "--timeout"),
  };
}

function exporting(command: CommandSpec, { words, given, nowMs }: Typed): Invocation {
  const since = given.value("since");
  const until = given.value("until");
  const sinceMs = since === null ? null : momentOf(since, { what: "--since", nowMs, edge: "start" });
  const untilMs = until === null ? null : momentOf(until, { what: "--until", nowMs, edge: "end" });
  if (sinceMs !== null && untilMs !== null && sinceMs > untilMs) {
    throw new UsageError("--since is later than --until: nothing would be left");
  }
  const file = given.value("output");
  if (given.has("force") && file === null) throw new UsageError("--force goes with -o FILE");
  const to = required(words.map((word) => word.text).join(" "), "TO", command);
  return { do: "export", to, sinceMs, untilMs, file, force: given.has("force") };
}

/** The text of a message. @throws {UsageError} if it is empty or too long. */
export function checkedText(text: string): string {
  if (text.trim() === "") throw new UsageError("There is nothing to send: the text is empty");
  const sizeBytes = byteLength(text);
  if (sizeBytes <= TEXT_BYTES_MAX) return text;
  throw new UsageError(
    `The text is too long to send: ${sizeBytes} bytes, and ${TEXT_BYTES_MAX} fit. Send it in parts`,
  );
}

function required(text: string | undefined, what: string, command: CommandSpec): string {
  if (text !== undefined && text.trim() !== "") return text;
  const usage = ["earshot", command.name, command.args].join(" ");
  // Shells drop what stands behind an unquoted "#".
  const hint = what === "TO" || what === "ROOM" ? '. A room\'s "#" needs quotes in a shell: "#Kitchen"' : "";
  throw new UsageError(`${what} is missing: ${usage}${hint}`);
}

function refuseMore(command: CommandSpec, more: readonly Word[]): void {
  const [first] = more;
  if (first === undefined) return;
  const usage = ["earshot", command.name, command.args].filter((part) => part !== "").join(" ");
  throw new UsageError(`"${shown(first.text)}" is too much: it is just "${usage}"`);
}

function nameOf(text: string, what: string): string {
  const parsed = parseName(text);
  if ("name" in parsed) return parsed.name;
  throw new UsageError(`${what} is not a name to take: ${parsed.problem}`);
}

function titleOf(text: string): string {
  const parsed = parseTitle(text.replace(/^#/, ""));
  if ("title" in parsed) return parsed.title;
  throw new UsageError(`Cannot open the room: ${parsed.problem}`);
}
