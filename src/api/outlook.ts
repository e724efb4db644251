/** The state of the network, as replies carry it. */

import { formatForShell, joinMessages } from "../messages/format_message.ts";
import type { Message } from "../messages/message.ts";

/** The network in a few sentences: in English for scripts, and as data. */
export interface Outlook {
  readonly outlook: string;
  readonly outlookMessages?: readonly Message[];
}

/** The network's messages as a reply has them. */
export function toOutlook(messages: readonly Message[]): Outlook {
  return { outlook: joinMessages(messages, formatForShell), outlookMessages: messages };
}
