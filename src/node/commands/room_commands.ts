/** Commands about rooms of our own: open one, leave one, list them and their members. */

import { toOutlook } from "../../api/outlook.ts";
import { message } from "../../messages/message.ts";
import type { Command, Replies, RoomRow } from "../../api/commands.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { PeerId } from "../../room/id.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { parseTitle, toNameKey } from "../../text/name.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";

export interface RoomCommandsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly connectionManager: ConnectionManager;
  readonly localProfile: LocalProfile;
  readonly entryAuthor: EntryAuthor;
  readonly network: LocalNetwork;
  readonly name: LocalName;
}

/** The room commands of one node. */
export class RoomCommands {
  readonly #parts: RoomCommandsParts;

  constructor(parts: RoomCommandsParts) {
    this.#parts = parts;
  }

  /** Our conversations and the rooms nearby. */
  list(): Replies["rooms"] {
    const { conversations, network } = this.#parts;
    return { rooms: conversations.listRows(), ...toOutlook(network.messages) };
  }

  /** Opens a room, or finds the one of that title that we opened before. @throws {UsageError}, {WorldError}. */
  async host({ title, isInvited = false }: Extract<Command, { do: "host" }>): Promise<Replies["host"]> {
    const parsed = parseTitle(title.replace(/^#/, ""));
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const { rooms, conversations, me, connectionManager, localProfile, name } = this.#parts;
    const own = rooms.list().find(({ isIn, replica: { info } }) =>
      isIn && info?.access === (isInvited ? "invited" : "open") && info.founders.includes(me) &&
      toNameKey(info.title) === toNameKey(parsed.title)
    );
    const localRoom = own ??
      await formatDiskError(
        message("doing.open-room", { room: parsed.title }),
        () => rooms.create({ title: parsed.title, name: name.current, isInvited }),
      );
    connectionManager.decide();
    localProfile.tell();
    return { room: conversations.toRow(localRoom) };
  }

  /** Leaves a room. @throws {UsageError}, {WorldError}. */
  async leave({ room }: Extract<Command, { do: "leave" }>): Promise<{ readonly room: RoomRow }> {
    const { conversations, connectionManager, entryAuthor } = this.#parts;
    const localRoom = conversations.find(room.startsWith("#") ? room : `#${room}`);
    if (localRoom.directPeer !== undefined) {
      throw new UsageError(message("room.leave-direct"));
    }
    if (!localRoom.isIn) {
      throw new WorldError(message("room.left-already", { room: conversations.titleOf(localRoom) }));
    }
    await entryAuthor.write(localRoom, { kind: "leave", body: "", doing: message("doing.leave") });
    connectionManager.schedule();
    return { room: conversations.toRow(localRoom) };
  }
}
