/** Parses a line that was typed in the chat: a text to send, or a command. Pure. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { findNearest } from "../../node/support/did_you_mean.ts";
import { findSlash, type SlashSpec } from "../command_line/command_spec.ts";
import { checkText } from "../command_line/value_parsers.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { findHabitHint, translateOldName } from "./old_names.ts";
import type { PreparedSlash, SlashCommand } from "./slash_command.ts";

/** The command that ends the chat. The session carries it out itself. */
export const QUIT = "quit";

/** A parsed line. */
export type ParsedInput =
  | { readonly kind: "nothing" | "quit" }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "command"; readonly slash: SlashCommand; readonly prepared: PreparedSlash };

/** Parses the line. @throws {UsageError} with a sentence. */
export function parseInput(line: string, slashes: readonly SlashCommand[]): ParsedInput {
  if (line.trim() === "") return { kind: "nothing" };
  // The programs before this one ended with this line.
  if (line.trim().toLowerCase() === "#quit") return { kind: "quit" };
  if (line.startsWith("//")) return { kind: "say", text: checkText(line.slice(1)) };
  if (!line.startsWith("/")) return { kind: "say", text: checkText(line) };
  const [, name = "", text = ""] = /^\/(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const slash = findSlash(slashes, translateOldName(name, text));
  if (slash === undefined) throw toUnknownSlashError(name, slashes);
  const words = text === "" ? [] : text.split(/\s+/);
  const prepared = slash.prepare({ slash, text, words, slashes });
  return slash.name === QUIT ? { kind: "quit" } : { kind: "command", slash, prepared };
}

function toUnknownSlashError(name: string, slashes: readonly SlashSpec[]): UsageError {
  const habit = findHabitHint(name);
  if (habit !== null) return new UsageError(habit);
  const suggestion = findNearestSlash(name, slashes);
  return new UsageError(
    suggestion === null
      ? message("slash.mistyped", { name: quoteToken(name) })
      : message("slash.mistyped-similar", { name: quoteToken(name), suggestion }),
  );
}

/** The chat command whose name is most like a name that none has; null if none is like it. */
export function findNearestSlash(name: string, slashes: readonly SlashSpec[]): string | null {
  return findNearest(name, slashes.map((slash) => slash.name));
}
