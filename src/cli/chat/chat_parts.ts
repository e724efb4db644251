/** What the parts of one chat share. */

import { UsageError } from "../../errors.ts";
import type { NodeApi, RoomRow } from "../../api/commands.ts";
import type { PeerId } from "../../room/id.ts";
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
}

/** For lines that are made now. */
export function toChatFormatContext({ environment, ui }: ChatParts): FormatContext {
  const { style, columns } = ui.output;
  return { nowMs: environment.ports.clock.wallMs(), style, columns, isChat: true };
}

/** The open conversation. @throws {UsageError} without one. */
export function requireOpen({ chatView }: ChatParts): RoomRow {
  const { open } = chatView;
  if (open !== null) return open;
  throw new UsageError(
    "No conversation is open. /join ROOM, /msg NAME or /host TITLE opens one; /help shows more",
  );
}

/** Whom the user means: by name, or the other one of the open direct conversation. @throws {UsageError} if there is none. */
export function requirePeer({ chatView }: ChatParts, name: string | null): string | PeerId {
  const found = name ?? (chatView.open?.direct === true ? chatView.open.peer : null);
  if (found !== null) return found;
  throw new UsageError("Say whom you mean, by name: no direct conversation is open");
}
