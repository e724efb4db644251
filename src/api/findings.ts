/** Makes findings of messages. */

import { formatForShell, joinMessages } from "../messages/format_message.ts";
import type { Message } from "../messages/message.ts";
import type { Finding, FindingMessages } from "./commands.ts";

/** A finding as the node makes it: messages only. */
export interface FindingDraft extends Pick<Finding, "about" | "state"> {
  readonly looked: Message;
  readonly found: readonly Message[];
  readonly advice?: readonly Message[];
  readonly commands?: readonly string[];
}

/** The finding with its English text beside the messages. */
export function toFinding(draft: FindingDraft): Finding {
  const { about, state, looked, found, advice = [], commands = [] } = draft;
  const messages: FindingMessages = { looked, found, advice };
  return {
    about,
    looked: formatForShell(looked),
    state,
    found: joinMessages(found, formatForShell),
    advice: joinMessages(advice, formatForShell),
    commands,
    messages,
  };
}
