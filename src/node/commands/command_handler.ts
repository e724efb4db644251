/** Runs what screens ask for. Every command ends in a reply, or in an error that says what to do. */

import { message } from "../../messages/message.ts";
import type { Command, Replies, ReplyTo } from "../../api/commands.ts";
import { describeDiskReason, DiskError, WorldError } from "../../errors.ts";
import type { RoomLoader } from "../rooms/room_loader.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";

/** Commands that need no conversation, or tell how the node is just now: they do not wait for logs. */
const WITHOUT_ROOMS: ReadonlySet<Command["do"]> = new Set([
  "status",
  "doctor",
  "give",
  "peers",
  "listen",
  "away",
  "typing",
  "rescan",
  "stop",
]);

/** One function for each command. Each throws {WorldError} when it failed, and {UsageError} when it cannot be done as asked. */
export type NodeCommandTable = {
  readonly [Name in Command["do"]]: (
    command: Extract<Command, { do: Name }>,
  ) => Replies[Name] | Promise<Replies[Name]>;
};

export interface CommandHandlerParts {
  readonly table: NodeCommandTable;
  readonly loading: Pick<RoomLoader, "has" | "folders" | "loadNext" | "waitForAll">;
  readonly conversations: ConversationDirectory;
}

/** The commands of one node. */
export class CommandHandler {
  readonly #parts: CommandHandlerParts;

  constructor(parts: CommandHandlerParts) {
    this.#parts = parts;
  }

  /** Runs a command; one that needs a room whose log is not loaded yet waits for it. @throws {WorldError}, {UsageError}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    const { loading, table } = this.#parts;
    if (loading.folders.length > 0 && !WITHOUT_ROOMS.has(command.do)) await this.#waitUntilLoaded(command);
    // The table has each command's function under its name, which the compiler cannot follow through the union.
    const runCommand = table[command.do] as (command: C) => unknown;
    return await runCommand(command) as ReplyTo<C>;
  }

  /** Waits only for the rooms that are meant, where that can be told; they are loaded before the others. */
  async #waitUntilLoaded(command: Command): Promise<void> {
    const { conversations, loading } = this.#parts;
    const meant = command.do === "log" || command.do === "send"
      ? conversations.findMeantRooms(command)
      : null;
    await (meant === null ? loading.waitForAll() : Promise.all(meant.map((id) => loading.loadNext(id))));
    const isLeft = meant === null ? loading.folders.length > 0 : meant.some((id) => loading.has(id));
    if (isLeft) throw new WorldError(message("node.stopping-unread"));
  }
}

/** Reads old entries from the disk. @throws {WorldError} with advice if they are not there any more. */
export async function readHistory<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new WorldError(message("log.disk-failed", { reason: describeDiskReason(error) }), { cause: error });
  }
}
