/**
 * What earshot tells its user, as data: a code, values and sometimes a hint at a command. Whoever shows it turns it into
 * a sentence of the user's language (format_message.ts). It is plain JSON, so it crosses the control address as it is.
 */

import type { IsHinted, MessageData, MessageValues } from "./catalogue.ts";
import type { CommandHint } from "./command_names.ts";
import type { EN } from "./en.ts";

/** The code of a message. Codes are stable: scripts may rely on them. */
export type MessageCode = keyof typeof EN;

/** One thing to tell. */
export interface Message extends MessageData {
  readonly code: MessageCode;
}

/** The message that a JSON value is; null for anything else. A code that this version does not know is kept. */
export function parseMessage(value: unknown): Message | null {
  if (typeof value !== "object" || value === null) return null;
  const { code, values, hint }: Record<string, unknown> = { ...value };
  if (typeof code !== "string" || typeof values !== "object" || values === null) return null;
  // Node and front end are of one version as a rule; formatMessage copes with codes and values of another.
  return { code, values, ...hint !== undefined && { hint } } as Message;
}

type Given<Each> = IsHinted<Each> extends true ? [values: MessageValues<Each>, hint: CommandHint]
  : keyof MessageValues<Each> extends never ? []
  : [values: MessageValues<Each>];

/** A message; its values and whether it takes a hint follow from the English text of its code. */
export function message<Code extends MessageCode>(
  code: Code,
  ...[values, hint]: Given<(typeof EN)[Code]>
): Message {
  const given: Message["values"] = { ...values };
  return hint === undefined ? { code, values: given } : { code, values: given, hint };
}
