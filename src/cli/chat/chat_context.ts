/** The part of a chat that its commands work with. */

import type { ChatParts } from "./chat_parts.ts";
import type { ConversationOpener } from "./open_conversation.ts";

/** The surroundings of a chat command. */
export interface ChatContext extends ChatParts {
  readonly opener: ConversationOpener;
  /** Sends a text to a conversation. @throws as the node does. */
  say(to: string, text: string): Promise<void>;
}
