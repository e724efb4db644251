/** Writes our own entries. All of them come from here, so this is where it is decided whether we may write. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { Body } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import { AUTHORS_MAX } from "../../room/replica.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import type { LocalName } from "./local_name.ts";
import type { LocalRoom } from "../room/local_room.ts";

export interface EntryAuthorParts {
  readonly me: PeerId;
  readonly name: LocalName;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** The author of one node's entries. */
export class EntryAuthor {
  readonly #parts: EntryAuthorParts;

  constructor(parts: EntryAuthorParts) {
    this.#parts = parts;
  }

  /** Writes an entry and returns its number. `doing` is a message such as "doing.send". @throws {WorldError}: then nothing was written or sent. */
  async write(
    localRoom: LocalRoom,
    what: { readonly kind: string; readonly body: Body; readonly doing: Message },
  ): Promise<number> {
    const { kind, body, doing } = what;
    if (localRoom.receipts.isBehindItself) {
      throw new WorldError(message("write.behind", { doing }));
    }
    if (localRoom.isIn === (kind === "join")) {
      throw new WorldError(message(localRoom.isIn ? "write.already-in" : "write.already-left", { doing }));
    }
    const closed = localRoom.replica.findLimit(this.#parts.me);
    if (closed === "full" && kind !== "leave") {
      throw new WorldError(message("write.full", { doing }, hintAt("host", "TITLE")));
    }
    if (closed === "crowded") {
      throw new WorldError(message("write.crowded", { doing, max: AUTHORS_MAX }, hintAt("host", "TITLE")));
    }
    const { name: { current: name } } = this.#parts;
    return (await formatDiskError(doing, () => localRoom.write({ kind, body, name }))).number;
  }

  /** Announces our name in the rooms that know us by another. @throws {WorldError}. */
  async announceName(localRooms: readonly LocalRoom[]): Promise<void> {
    const { me, name } = this.#parts;
    for (const localRoom of localRooms) {
      const known = localRoom.replica.lastName(me);
      if (
        !localRoom.isIn || known === undefined || known === name.current || localRoom.receipts.isBehindItself
      ) continue;
      if (localRoom.replica.findLimit(me) !== null) continue;
      await this.write(localRoom, { kind: "name", body: "", doing: message("doing.announce-name") });
    }
  }

  /** The same without a caller that waits: a failure becomes a notice. */
  announceNameSoon(localRoom: LocalRoom): void {
    const { notices, tasks } = this.#parts;
    tasks.track(
      this.announceName([localRoom]).catch((error) => {
        if (!(error instanceof WorldError)) throw error;
        notices.add(error.details);
      }),
    );
  }
}
