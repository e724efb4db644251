/** What the parts of one chat share. */

import { UsageError } from "../errors.ts";
import type { CommandRunner, RoomRow } from "../node/vocabulary.ts";
import type { PeerId } from "../room/id.ts";
import type { Face } from "./face.ts";
import type { Now } from "./screen.ts";
import type { Stage } from "./stage.ts";
import type { Talk } from "./talk.ts";

/** One chat's surroundings. */
export interface ChatParts {
  readonly stage: Stage;
  readonly runner: CommandRunner;
  readonly face: Face;
  readonly talk: Talk;
}

/** For lines that are made now. */
export function chatNow({ stage, face }: ChatParts): Now {
  const { style, columns } = face.output;
  return { nowMs: stage.ports.clock.wallMs(), style, columns, isChat: true };
}

/** The open conversation. @throws {UsageError} without one. */
export function requireOpen({ talk }: ChatParts): RoomRow {
  const { open } = talk;
  if (open !== null) return open;
  throw new UsageError(
    "No conversation is open. /join ROOM, /msg NAME or /host TITLE opens one; /help shows more",
  );
}

/** Whom the user means: by name, or the other one of the open direct conversation. @throws {UsageError} if there is none. */
export function whom({ talk }: ChatParts, name: string | null): string | PeerId {
  const found = name ?? (talk.open?.direct === true ? talk.open.peer : null);
  if (found !== null) return found;
  throw new UsageError("Say whom you mean, by name: no direct conversation is open");
}
