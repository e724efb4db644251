/** Carries out what screens ask for. Every command ends in a reply, or in an error that says what to do. */

import { DiskError, UsageError, WorldError } from "../errors.ts";
import { BODY_BYTES_MAX, byteLength, TEXT_BYTES_MAX } from "../room/entry.ts";
import { entryText } from "../room/entry_line.ts";
import type { PeerId } from "../room/id.ts";
import { nameKey, parseName, parseTitle } from "../room/name.ts";
import { receiptState } from "../room/receipt.ts";
import { explained } from "../store/trouble.ts";
import type { Authoring } from "./authoring.ts";
import type { Checkup } from "./checkup.ts";
import type { Connecting } from "./connecting.ts";
import type { ContactBook } from "./contact_book.ts";
import { type Conversations, requireIn } from "./conversations.ts";
import type { Inviting } from "./inviting.ts";
import type { People } from "./people.ts";
import type { Presence } from "./presence.ts";
import type { Reaching } from "./reaching.ts";
import type { Reading } from "./reading.ts";
import type { Requests } from "./requests.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sharing } from "./sharing.ts";
import type { Steering } from "./steering.ts";
import type { Switchboard } from "./switchboard.ts";
import type { GiveReply } from "./give_reply.ts";
import type { Turn } from "./giver.ts";
import type { Command, DoctorReply, Replies, ReplyTo, RoomRow, StatusReply } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

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

/** What commands work with. */
export interface CommandsParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly switchboard: Switchboard;
  readonly reaching: Reaching;
  readonly connecting: Connecting;
  readonly inviting: Inviting;
  readonly requests: Requests;
  readonly contactBook: ContactBook;
  readonly reading: Reading;
  readonly presence: Presence;
  readonly sharing: Sharing;
  readonly authoring: Authoring;
  readonly checkup: Checkup;
  readonly waiters: Waiters;
  /** What we are called now. */
  myName(): string;
  /** Keeps the name for the next start. @throws {WorldError}. */
  setName(name: string): Promise<void>;
  /** What discovery makes of the network, in sentences. */
  outlook(): string;
  status(): StatusReply;
  /** Null only tells. @throws {WorldError}. */
  give(turn: Turn | null): Promise<GiveReply>;
  /** Opens the rendezvous port there instead; the port. @throws {WorldError}; then the old one stays. */
  listen(port: number): number;
  rescan(): void;
  stop(): void;
}

/** The commands of one node. */
export class Commands {
  readonly #parts: CommandsParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /** Runs one; what needs a room whose log is not read yet waits until it is. @throws {WorldError}, {UsageError}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    const { unread } = this.#parts.rooms;
    if (unread.folders.length > 0 && !WITHOUT_ROOMS.has(command.do)) await this.#untilRead(command);
    // Each case returns the reply of its own command, which the compiler cannot follow through the union.
    return await this.#run(command) as ReplyTo<C>;
  }

  /** Only for the rooms that are meant where that can be told; they are read before the others. */
  async #untilRead(command: Command): Promise<void> {
    const { conversations, rooms: { unread } } = this.#parts;
    const meant = command.do === "log" || command.do === "send" ? conversations.roomsMeant(command) : null;
    await (meant === null ? unread.all() : Promise.all(meant.map((id) => unread.first(id))));
    const isLeft = meant === null ? unread.folders.length > 0 : meant.some((id) => unread.has(id));
    if (isLeft) throw new WorldError("earshot is stopping: not all that was said was read from the disk");
  }

  async #run(command: Command): Promise<Replies[Command["do"]]> {
    const { people, conversations, contactBook, reading, requests, connecting, inviting, presence, sharing } =
      this.#parts;
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
        return { peers: people.rows(people.here()), outlook: this.#parts.outlook() };
      case "rooms":
        return { rooms: conversations.rows(), outlook: this.#parts.outlook() };
      case "members":
        return conversations.members(command.room);
      case "contacts":
        return contactBook.rows();
      case "save":
        return await contactBook.save(command);
      case "forget":
        return await contactBook.forget(command);
      case "note":
        return await contactBook.note(command);
      case "block":
        return await contactBook.block(command);
      case "words":
        return await contactBook.words(command);
      case "verify":
        return await contactBook.verify(command);
      case "import":
        return await contactBook.takeOver(command);
      case "host":
        return { room: await this.#host(command) };
      case "listen":
        return { port: this.#parts.listen(command.port) };
      case "join":
        return await this.#parts.reaching.join(command.room);
      case "invite":
        return await inviting.invite(command);
      case "renew":
        return await inviting.renew(command);
      case "leave":
        return { room: await this.#leave(command.room) };
      case "connect":
        return await connecting.connect(command);
      case "disconnect":
        return connecting.disconnect(command);
      case "requests":
        return requests.rows();
      case "accept":
        return await requests.accept(command);
      case "ignore":
        return await requests.ignore(command);
      case "send":
        return await this.#send(command.to, command.text);
      case "offer":
        return await this.#offer(command);
      case "files":
        return sharing.files(command);
      case "get":
        return await sharing.get(command);
      case "pause":
        return await sharing.pause(command);
      case "cancel":
        return await sharing.cancel(command);
      case "wait":
        return await this.#wait(command);
      case "log":
        return await readBack(() => reading.log(command));
      case "search":
        return await readBack(() => reading.search(command));
      case "export":
        return await readBack(() => reading.export(command));
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
    if ("problem" in parsed) throw new UsageError(`Cannot open the room: ${parsed.problem}`);
    const { rooms, conversations, me, steering, switchboard } = this.#parts;
    const own = rooms.list().find(({ isIn, replica: { info } }) =>
      isIn && info?.access === (isInvited ? "invited" : "open") && info.founders.includes(me) &&
      nameKey(info.title) === nameKey(parsed.title)
    );
    const keeper = own ??
      await explained(
        `open the room "${parsed.title}"`,
        () => rooms.create({ title: parsed.title, name: this.#parts.myName(), isInvited }),
      );
    steering.decide();
    switchboard.tellProfile();
    return conversations.row(keeper);
  }

  async #leave(text: string): Promise<RoomRow> {
    const { conversations, steering, authoring } = this.#parts;
    const keeper = conversations.find(text.startsWith("#") ? text : `#${text}`);
    if (conversations.otherOf(keeper) !== undefined) {
      throw new UsageError(
        "That is a conversation of two: it has nothing to leave. To hear no more of somebody, block them",
      );
    }
    if (!keeper.isIn) throw new WorldError(`You have left "${conversations.titleOf(keeper)}" already`);
    await authoring.write(keeper, { kind: "leave", body: "", doing: "leave the room" });
    steering.poke();
    return conversations.row(keeper);
  }

  async #send(to: string, text: string): Promise<Replies["send"]> {
    const { conversations, authoring } = this.#parts;
    if (text.trim() === "") throw new UsageError("There is nothing to send: the text is empty");
    const size = byteLength(text);
    if (size > TEXT_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: ${size} bytes, and ${TEXT_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const lineSize = byteLength(entryText(text));
    if (lineSize > BODY_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: with its control characters written out it takes ${lineSize} bytes, ` +
          `and ${BODY_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const keeper = conversations.find(to);
    requireIn(keeper, "send that");
    this.#turnTo(keeper);
    const number = await authoring.write(keeper, { kind: "text", body: text, doing: "send that" });
    return {
      room: keeper.replica.id,
      title: conversations.titleOf(keeper),
      number,
      state: receiptState(number, keeper.receipts),
    };
  }

  async #offer(command: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    this.#turnTo(this.#parts.conversations.find(command.to));
    return await this.#parts.sharing.offer(command);
  }

  /** Whoever writes to somebody wants to hear of them: not while they are blocked, and no longer only when asked. */
  #turnTo(keeper: RoomKeeper): void {
    const { conversations, people, connecting } = this.#parts;
    const other = conversations.otherOf(keeper);
    if (other === undefined) return;
    const row = people.row(other);
    if (!row.blocked) return connecting.resume(other);
    throw new UsageError(
      `You have blocked ${row.name}. To talk again: earshot contacts unblock ${row.name}`,
    );
  }

  async #wait(command: Extract<Command, { do: "wait" }>): Promise<Replies["wait"]> {
    const keeper = this.#parts.rooms.get(command.room);
    if (keeper === undefined) throw new UsageError("There is no such room");
    const isReached = () => {
      const state = receiptState(command.number, keeper.receipts);
      return state === "everywhere" || state === command.until;
    };
    const reached = await this.#parts.waiters.until(isReached, Math.min(command.ms, WAIT_MS_MAX));
    return { state: receiptState(command.number, keeper.receipts), isReached: reached };
  }

  async #nick(text: string): Promise<string> {
    const parsed = parseName(text);
    if ("problem" in parsed) throw new UsageError(`Cannot take that name: ${parsed.problem}`);
    const { name } = parsed;
    const { me, rooms, conversations, switchboard } = this.#parts;
    if (name === this.#parts.myName()) return name;
    for (const keeper of rooms.list().filter((room) => room.isIn)) {
      const taken = keeper.replica.members().find((one) =>
        one.id !== me && one.isIn && nameKey(one.name) === nameKey(name)
      );
      if (taken === undefined) continue;
      throw new UsageError(
        `Cannot take the name "${name}": somebody in "${
          conversations.titleOf(keeper)
        }" is called so. Choose another`,
      );
    }
    await this.#parts.setName(name);
    switchboard.tellProfile();
    await this.#parts.authoring.announceName(rooms.list());
    return name;
  }
}

/** What was said long ago is read from the disk again. @throws {WorldError} if it is not there any more. */
async function readBack<T>(read: () => T | Promise<T>): Promise<T> {
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
