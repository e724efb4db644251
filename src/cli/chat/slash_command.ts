/** The parts of a chat command: it is parsed first, and carried out then. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { formatSlashUsage, type SlashSpec } from "../command_line/command_spec.ts";
import { quoteToken } from "../command_line/tokens.ts";
import type { Printable } from "../format/output.ts";
import type { ChatContext } from "./chat_context.ts";

/** The input of a chat command. */
export interface SlashInput {
  readonly slash: SlashSpec;
  /** Everything typed after the command, without the blanks around it. */
  readonly text: string;
  /** The same as words. */
  readonly words: readonly string[];
  /** All chat commands. */
  readonly slashes: readonly SlashSpec[];
}

/** A chat command with its arguments. */
export interface PreparedSlash {
  /** Its parsed arguments, as tests compare them. */
  readonly action: object;
  /** Carries it out, and shows the reply. @throws {UsageError}, {WorldError}. */
  run(chat: ChatContext): Promise<void>;
}

/** A chat command. */
export interface SlashCommand extends SlashSpec {
  /** It names a peer or a room that a node may not have found yet: right after the start it is tried again. */
  readonly isRetried: boolean;
  /** It opens a conversation, whose head says enough: the typed line is not repeated. */
  readonly opensConversation: boolean;
  /** @throws {UsageError} with a sentence. */
  prepare(input: SlashInput): PreparedSlash;
}

/** A chat command as its file writes it. */
export interface SlashDefinition<Action extends object> {
  readonly name: string;
  readonly args?: string;
  readonly summary: string;
  readonly more?: readonly string[];
  readonly completes?: SlashSpec["completes"];
  readonly helpRank?: number;
  readonly isRetried?: true;
  readonly opensConversation?: true;
  /** @throws {UsageError} with a sentence. */
  parse(input: SlashInput): Action;
  /** Carries it out; a reply that is returned is shown. @throws {UsageError}, {WorldError}. */
  run(action: Action, chat: ChatContext): Promise<Printable | void>;
}

/** Makes a chat command of its definition. */
export function defineSlash<const Action extends object>(definition: SlashDefinition<Action>): SlashCommand {
  const { name, summary, args = "", more = [], completes = [], helpRank = null } = definition;
  return {
    name,
    args,
    summary,
    more,
    completes,
    helpRank,
    isRetried: definition.isRetried ?? false,
    opensConversation: definition.opensConversation ?? false,
    prepare: (input) => {
      if (args === "" && input.text !== "") {
        throw new UsageError(
          message("argument.unexpected", {
            text: quoteToken(input.text),
            usage: formatSlashUsage(input.slash),
          }),
        );
      }
      const action = definition.parse(input);
      return {
        action,
        run: async (chat) => {
          const reply = await definition.run(action, chat);
          if (reply !== undefined) await chat.ui.output.show(reply);
        },
      };
    },
  };
}

/** The error for arguments that do not fit. */
export function toUsageError({ slash }: SlashInput): UsageError {
  return new UsageError(message("slash.usage", { usage: formatSlashUsage(slash) }));
}

/** The text after the command. @throws {UsageError} if there is none. */
export function requireText(input: SlashInput): string {
  if (input.text !== "") return input.text;
  throw toUsageError(input);
}

/** The first word, and the text after it as it was typed. @throws {UsageError} if there is no word. */
export function splitFirstWord(input: SlashInput): { readonly first: string; readonly rest: string } {
  const [, first = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(requireText(input)) ?? [];
  return { first, rest };
}

/** Takes the quotes off a title: in a shell it stands in quotes, and so it does in some hints. */
export function unquote(title: string): string {
  return /^"(.+)"$/.exec(title)?.[1] ?? title;
}

/** Takes the dashes off a word that is an option in a shell, such as "--yes". */
export function withoutDashes(word: string | undefined): string | undefined {
  return word?.toLowerCase().replace(/^--/, "");
}
