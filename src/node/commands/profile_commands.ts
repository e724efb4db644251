/** Commands about the user of this node: the name. */

import type { Command, Replies } from "../../api/commands.ts";
import { UsageError } from "../../errors.ts";
import { message } from "../../messages/message.ts";
import type { PeerId } from "../../room/id.ts";
import { parseName, toNameKey } from "../../text/name.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";

export interface ProfileCommandsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly conversations: ConversationDirectory;
  readonly localProfile: LocalProfile;
  readonly entryAuthor: EntryAuthor;
  readonly name: LocalName;
}

/** The profile commands of one node. */
export class ProfileCommands {
  readonly #parts: ProfileCommandsParts;

  constructor(parts: ProfileCommandsParts) {
    this.#parts = parts;
  }

  /** Changes the user's name, here and in all rooms. @throws {UsageError}, {WorldError}. */
  async nick({ name: wanted }: Extract<Command, { do: "nick" }>): Promise<Replies["nick"]> {
    const parsed = parseName(wanted);
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const { me, rooms, conversations, localProfile, entryAuthor, name } = this.#parts;
    if (parsed.name === name.current) return { name: parsed.name };
    for (const localRoom of rooms.list().filter((room) => room.isIn)) {
      const taken = localRoom.replica.members().find((one) =>
        one.id !== me && one.isIn && toNameKey(one.name) === toNameKey(parsed.name)
      );
      if (taken === undefined) continue;
      throw new UsageError(
        message("name.taken-in-room", { name: parsed.name, room: conversations.titleOf(localRoom) }),
      );
    }
    await name.change(parsed.name);
    localProfile.tell();
    await entryAuthor.announceName(rooms.list());
    return { name: parsed.name };
  }
}
