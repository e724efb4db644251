/** What to type next, for hints: in a shell one way, in the chat another. Pure. */

import { COMMAND_NAMES, type HintedCommand, ID_CHARS } from "../../messages/command_names.ts";
import type { PeerRow, RoomRow } from "../../api/commands.ts";

/** Words that every shell takes as they stand; a name like `$(reboot)` must not get into a line that is made to be copied. */
const PLAIN_WORD = /^(?!-)[\p{L}\p{M}\p{N}_·.-]+$/u;
const PLAIN_TITLE = /^(?!-)[\p{L}\p{M}\p{N}_. -]+$/u;

/** Where the hint is read. */
export interface HintContext {
  /** In the chat: a command begins with "/". */
  readonly isChat?: boolean;
}

/** The line that does it, such as "earshot accept bob" or "/accept bob". */
export function commandHint(
  deed: HintedCommand,
  words: string,
  { isChat = false }: HintContext,
): string {
  const [command, slash] = COMMAND_NAMES[deed];
  return `${isChat ? "/" : "earshot "}${isChat ? slash : command}${words === "" ? "" : ` ${words}`}`;
}

/** A peer where it is to be typed: the name, or the start of the id where a shell would not take the name as it stands. */
export function toPeerArg(
  { name, id }: Pick<PeerRow, "name" | "id">,
  { isChat = false }: HintContext,
): string {
  return isChat || PLAIN_WORD.test(name) ? name : id.slice(0, ID_CHARS);
}

/** A room where it is to be typed. */
export function toRoomArg(
  { title, id }: { readonly title: string; readonly id: RoomRow["id"] },
  { isChat = false }: HintContext,
): string {
  if (isChat || PLAIN_WORD.test(title)) return title;
  return PLAIN_TITLE.test(title) ? `"${title}"` : id.slice(0, ID_CHARS);
}
