/** The words behind "earshot contacts" as an invocation. Pure. */

import { UsageError } from "../../errors.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import type { Invocation } from "./invocation.ts";
import type { PEOPLE_COMMANDS } from "./specs_people.ts";
import { type ParsedCommand, refuseMore, required } from "./parsed_command.ts";
import { parseWaitState } from "./value_parsers.ts";
import type { Token } from "./tokens.ts";

/** The name of a part of "contacts". */
export type ContactCommandName = Extract<typeof PEOPLE_COMMANDS[number]["name"], `contacts ${string}`>;

/** What is to be done with the contacts. @throws {UsageError} with a sentence. */
export function contactInvocation(typed: ParsedCommand<ContactCommandName>): Invocation {
  const { command, words } = typed;
  const [first, ...rest] = words;
  if (command.name === "contacts import") return importing(typed);
  const name = command.name === "contacts add" ? "NAME, ID or ADDRESS" : "NAME";
  const peer = required(first?.text, name, command);
  switch (command.name) {
    case "contacts add":
      return adding(peer, rest);
    case "contacts remove":
      refuseMore(command, rest);
      return { do: "forget", peer };
    case "contacts rename":
      return { do: "save", peer, label: textOf(rest, "LABEL", typed) };
    case "contacts note":
      return { do: "note", peer, text: textOf(rest, "TEXT", typed) };
    case "contacts block":
    case "contacts unblock":
      refuseMore(command, rest);
      return { do: "block", peer, isBlocked: command.name === "contacts block" };
    case "contacts verify":
      refuseMore(command, rest);
      return verifying(peer, typed);
  }
}

function adding(peer: string, rest: readonly Token[]): Invocation {
  const label = rest.length === 0 ? null : rest.map((word) => word.text).join(" ");
  if (parseEndpoint(peer) !== null) return { do: "save-place", ...parseWaitState(peer, undefined), label };
  return { do: "save", peer, ...(label !== null && { label }) };
}

/** An empty text takes something away, but it has to be said. */
function textOf(
  words: readonly Token[],
  what: string,
  { command }: ParsedCommand<ContactCommandName>,
): string {
  if (words.length === 0) required(undefined, what, command);
  return words.map((word) => word.text).join(" ").trim();
}

function verifying(peer: string, { given }: ParsedCommand<ContactCommandName>): Invocation {
  if (given.has("yes") && given.has("no")) {
    throw new UsageError("The words were either the same or not: --yes and --no do not go together");
  }
  if (!given.has("yes") && !given.has("no")) return { do: "words", peer };
  return { do: "verify", peer, isVerified: given.has("yes") };
}

function importing({ command, words }: ParsedCommand<ContactCommandName>): Invocation {
  const [file, ...rest] = words;
  const path = required(file?.text, "FILE", command);
  refuseMore(command, rest);
  return { do: "import", file: path === "-" && file?.isLiteral === false ? null : path };
}
