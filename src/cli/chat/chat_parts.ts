/** The surroundings that the parts of one chat share. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { RoomRow } from "../../api/commands.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { PeerId } from "../../room/id.ts";
import type { SlashSpec } from "../command_line/command_spec.ts";
import type { ChatUi } from "../terminal/chat_ui.ts";
import type { FormatContext } from "../format/entries.ts";
import type { Environment } from "../environment/environment.ts";
import type { ChatView } from "./chat_view.ts";

/** One chat's surroundings. */
export interface ChatParts {
  readonly environment: Environment;
  readonly runner: NodeApi;
  readonly ui: ChatUi;
  readonly chatView: ChatView;
  /** The commands that can be typed. */
  readonly slashes: readonly SlashSpec[];
}

/** The context of lines that are made now. */
export function toChatFormatContext({ environment, ui }: ChatParts): FormatContext {
  const { style, columns } = ui.output;
  return { nowMs: environment.ports.clock.wallMs(), style, columns, isChat: true };
}

/** The open conversation. @throws {UsageError} without one. */
export function requireOpen({ chatView }: ChatParts): RoomRow {
  const { open } = chatView;
  if (open !== null) return open;
  throw new UsageError(message("chat.none-open"));
}

/** The id of the open room. @throws {UsageError} without one, and in a direct conversation. */
export function requireOpenRoom(parts: ChatParts): string {
  const open = requireOpen(parts);
  if (!open.direct) return open.id;
  throw new UsageError(message("chat.direct-open"));
}

/** The named peer, or the peer of the open direct conversation; `usage` says how to name one. @throws {UsageError} if there is none. */
export function requirePeer({ chatView }: ChatParts, name: string | null, usage: string): string | PeerId {
  const found = name ?? (chatView.open?.direct === true ? chatView.open.peer : null);
  if (found !== null) return found;
  throw new UsageError(message("chat.no-peer", { usage }));
}
