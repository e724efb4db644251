/** Carries out what screens ask for. Every command ends in a reply, or in an error that says what to do. */

import { message } from "../../messages/message.ts";
import { DiskError, UsageError, WorldError } from "../../errors.ts";
import { BODY_BYTES_MAX, TEXT_BYTES_MAX } from "../../room/entry.ts";
import { byteLength } from "../../encoding/utf8.ts";
import { encodeEntryText } from "../../room/entry_encoding.ts";
import type { PeerId } from "../../room/id.ts";
import { parseName, parseTitle, toNameKey } from "../../text/name.ts";
import { toReceiptState } from "../../room/receipts.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { Checkup } from "../diagnostics/checkup.ts";
import type { Connect } from "./connect.ts";
import type { ContactCommands } from "./contact_commands.ts";
import { type ConversationDirectory, requireIn } from "../views/conversation_directory.ts";
import type { Invite } from "./invite.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { Presence } from "../peers/presence.ts";
import type { JoinTarget } from "./join_target.ts";
import type { History } from "../views/history.ts";
import type { Requests } from "./answer_requests.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { FileService } from "../transfers/file_service.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { GiveReply } from "../../api/give.ts";
import type { GiveTurn } from "../support/self_distribution.ts";
import type { Command, DoctorReply, Replies, ReplyTo, RoomRow, StatusReply } from "../../api/commands.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";

/** The longest that a screen can wait for a receipt. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;

/** What needs no conversation, or tells how it is just now. */
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

export interface CommandHandlerParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly conversations: ConversationDirectory;
  readonly localProfile: LocalProfile;
  readonly joinTarget: JoinTarget;
  readonly connect: Connect;
  readonly invite: Invite;
  readonly requests: Requests;
  readonly contactCommands: ContactCommands;
  readonly history: History;
  readonly presence: Presence;
  readonly fileService: FileService;
  readonly entryAuthor: EntryAuthor;
  readonly checkup: Checkup;
  readonly waiters: ConditionWaiters;
  /** What we are called now. */
  myName(): string;
  /** Keeps the name for the next start. @throws {WorldError}. */
  setName(name: string): Promise<void>;
  /** What discovery makes of the network, in sentences. */
  outlook(): string;
  status(): StatusReply;
  /** Null only tells. @throws {WorldError}. */
  give(turn: GiveTurn | null): Promise<GiveReply>;
  /** Opens the rendezvous port there instead; the port. @throws {WorldError}; then the old one stays. */
  listen(port: number): number;
  rescan(): void;
  stop(): void;
}

/** The commands of one node. */
export class CommandHandler {
  readonly #parts: CommandHandlerParts;

  constructor(parts: CommandHandlerParts) {
    this.#parts = parts;
  }

  /** Runs one; what needs a room whose log is not read yet waits until it is. @throws {WorldError}, {UsageError}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    const { loading } = this.#parts.rooms;
    if (loading.folders.length > 0 && !WITHOUT_ROOMS.has(command.do)) await this.#waitUntilLoaded(command);
    // Each case returns the reply of its own command, which the compiler cannot follow through the union.
    return await this.#run(command) as ReplyTo<C>;
  }

  /** Only for the rooms that are meant where that can be told; they are read before the others. */
  async #waitUntilLoaded(command: Command): Promise<void> {
    const { conversations, rooms: { loading } } = this.#parts;
    const meant = command.do === "log" || command.do === "send"
      ? conversations.findMeantRooms(command)
      : null;
    await (meant === null ? loading.waitForAll() : Promise.all(meant.map((id) => loading.loadNext(id))));
    const isLeft = meant === null ? loading.folders.length > 0 : meant.some((id) => loading.has(id));
    if (isLeft) throw new WorldError("earshot is stopping: not all that was said was read from the disk");
  }

  async #run(command: Command): Promise<Replies[Command["do"]]> {
    const {
      peerDirectory,
      conversations,
      contactCommands,
      history,
      requests,
      connect,
      invite,
      presence,
      fileService,
    } = this.#parts;
    switch (command.do) {
      case "status":
        return this.#parts.status();
      case "doctor":
        return await this.#doctor();
      case "give":
        return await this.#parts.give(
          command.isOn === undefined ? null : { isOn: command.isOn, withOthers: command.withOthers ?? false },
        );
      case "peers":
        return { peers: peerDirectory.toRows(peerDirectory.listPresent()), outlook: this.#parts.outlook() };
      case "rooms":
        return { rooms: conversations.listRows(), outlook: this.#parts.outlook() };
      case "members":
        return conversations.listMembers(command.room);
      case "contacts":
        return contactCommands.list();
      case "save":
        return await contactCommands.save(command);
      case "forget":
        return await contactCommands.forget(command);
      case "note":
        return await contactCommands.note(command);
      case "block":
        return await contactCommands.block(command);
      case "words":
        return await contactCommands.compareWords(command);
      case "verify":
        return await contactCommands.verify(command);
      case "import":
        return await contactCommands.importContacts(command);
      case "host":
        return { room: await this.#host(command) };
      case "listen":
        return { port: this.#parts.listen(command.port) };
      case "join":
        return await this.#parts.joinTarget.join(command.room);
      case "invite":
        return await invite.invite(command);
      case "renew":
        return await invite.renew(command);
      case "leave":
        return { room: await this.#leave(command.room) };
      case "connect":
        return await connect.connect(command);
      case "disconnect":
        return connect.disconnect(command);
      case "requests":
        return requests.list();
      case "accept":
        return await requests.accept(command);
      case "ignore":
        return await requests.ignore(command);
      case "send":
        return await this.#send(command.to, command.text);
      case "offer":
        return await this.#offer(command);
      case "files":
        return fileService.list(command);
      case "get":
        return await fileService.get(command);
      case "pause":
        return await fileService.pause(command);
      case "cancel":
        return await fileService.cancel(command);
      case "wait":
        return await this.#wait(command);
      case "log":
        return await readHistory(() => history.log(command));
      case "search":
        return await readHistory(() => history.search(command));
      case "export":
        return await readHistory(() => history.export(command));
      case "nick":
        return { name: await this.#nick(command.name) };
      case "away":
        return presence.setAway(command);
      case "typing":
        return presence.typing(command);
      case "rescan":
        this.#parts.rescan();
        return {};
      case "stop":
        this.#parts.stop();
        return {};
    }
  }

  async #doctor(): Promise<DoctorReply> {
    const found = await this.#parts.checkup.run();
    const { id, version, home } = this.#parts.status();
    return { id, version, home, ...found };
  }

  async #host({ title, isInvited = false }: Extract<Command, { do: "host" }>): Promise<RoomRow> {
    const parsed = parseTitle(title.replace(/^#/, ""));
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const { rooms, conversations, me, connectionManager, localProfile } = this.#parts;
    const own = rooms.list().find(({ isIn, replica: { info } }) =>
      isIn && info?.access === (isInvited ? "invited" : "open") && info.founders.includes(me) &&
      toNameKey(info.title) === toNameKey(parsed.title)
    );
    const localRoom = own ??
      await formatDiskError(
        `open the room "${parsed.title}"`,
        () => rooms.create({ title: parsed.title, name: this.#parts.myName(), isInvited }),
      );
    connectionManager.decide();
    localProfile.tell();
    return conversations.toRow(localRoom);
  }

  async #leave(text: string): Promise<RoomRow> {
    const { conversations, connectionManager, entryAuthor } = this.#parts;
    const localRoom = conversations.find(text.startsWith("#") ? text : `#${text}`);
    if (localRoom.directPeer !== undefined) {
      throw new UsageError(
        "That is a conversation of two: it has nothing to leave. To hear no more of somebody, block them",
      );
    }
    if (!localRoom.isIn) throw new WorldError(`You have left "${conversations.titleOf(localRoom)}" already`);
    await entryAuthor.write(localRoom, { kind: "leave", body: "", doing: "leave the room" });
    connectionManager.schedule();
    return conversations.toRow(localRoom);
  }

  async #send(to: string, text: string): Promise<Replies["send"]> {
    const { conversations, entryAuthor } = this.#parts;
    if (text.trim() === "") throw new UsageError("There is nothing to send: the text is empty");
    const size = byteLength(text);
    if (size > TEXT_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: ${size} bytes, and ${TEXT_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const lineSize = byteLength(encodeEntryText(text));
    if (lineSize > BODY_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: with its control characters written out it takes ${lineSize} bytes, ` +
          `and ${BODY_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const localRoom = conversations.find(to);
    requireIn(localRoom, "send that");
    this.#resumeDirectPeer(localRoom);
    const number = await entryAuthor.write(localRoom, { kind: "text", body: text, doing: "send that" });
    return {
      room: localRoom.replica.id,
      title: conversations.titleOf(localRoom),
      number,
      state: toReceiptState(number, localRoom.receipts),
    };
  }

  async #offer(command: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    this.#resumeDirectPeer(this.#parts.conversations.find(command.to));
    return await this.#parts.fileService.offer(command);
  }

  /** Whoever writes to somebody wants to hear of them: not while they are blocked, and no longer only when asked. */
  #resumeDirectPeer(localRoom: LocalRoom): void {
    const { peerDirectory, connect } = this.#parts;
    const other = localRoom.directPeer;
    if (other === undefined) return;
    const row = peerDirectory.toRow(other);
    if (!row.blocked) return connect.resume(other);
    throw new UsageError(
      `You have blocked ${row.name}. To talk again: earshot contacts unblock ${row.name}`,
    );
  }

  async #wait(command: Extract<Command, { do: "wait" }>): Promise<Replies["wait"]> {
    const localRoom = this.#parts.rooms.get(command.room);
    if (localRoom === undefined) throw new UsageError("There is no such room");
    const isReached = () => {
      const state = toReceiptState(command.number, localRoom.receipts);
      return state === "everywhere" || state === command.until;
    };
    const reached = await this.#parts.waiters.waitUntil(isReached, Math.min(command.ms, WAIT_MS_MAX));
    return { state: toReceiptState(command.number, localRoom.receipts), isReached: reached };
  }

  async #nick(text: string): Promise<string> {
    const parsed = parseName(text);
    if ("problem" in parsed) throw new UsageError(parsed.problem);
    const { name } = parsed;
    const { me, rooms, conversations, localProfile } = this.#parts;
    if (name === this.#parts.myName()) return name;
    for (const localRoom of rooms.list().filter((room) => room.isIn)) {
      const taken = localRoom.replica.members().find((one) =>
        one.id !== me && one.isIn && toNameKey(one.name) === toNameKey(name)
      );
      if (taken === undefined) continue;
      throw new UsageError(
        message("name.taken-in-room", { name, room: conversations.titleOf(localRoom) }),
      );
    }
    await this.#parts.setName(name);
    localProfile.tell();
    await this.#parts.entryAuthor.announceName(rooms.list());
    return name;
  }
}

/** What was said long ago is read from the disk again. @throws {WorldError} if it is not there any more. */
async function readHistory<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new WorldError(
      `Cannot read what was said before: ${error.message}. Stop earshot and start it again: then the log is read anew, and what is missing comes back from others`,
      { cause: error },
    );
  }
}
