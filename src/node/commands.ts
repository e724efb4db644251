/** Carries out what screens ask for. Every command ends in a reply, or in an error that says what to do. */

import { UsageError, WorldError } from "../errors.ts";
import { BODY_BYTES_MAX, byteLength, TEXT_BYTES_MAX } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import { nameKey, parseName, parseTitle } from "../room/name.ts";
import { receiptState } from "../room/receipt.ts";
import { safeLine } from "../room/text.ts";
import { viewLines } from "../room/view.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import { explained } from "../store/trouble.ts";
import type { Authoring } from "./authoring.ts";
import { type Conversations, requireIn } from "./conversations.ts";
import type { People } from "./people.ts";
import type { Reaching } from "./reaching.ts";
import type { Rooms } from "./rooms.ts";
import type { Steering } from "./steering.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Command, Replies, ReplyTo, RoomRow, StatusReply } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** The longest that a screen can wait for a receipt. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;

/** What commands work with. */
export interface CommandsParts {
  readonly me: PeerId;
  readonly contacts: ContactsFile;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly switchboard: Switchboard;
  readonly reaching: Reaching;
  readonly authoring: Authoring;
  readonly waiters: Waiters;
  /** What we are called now. */
  myName(): string;
  /** Keeps the name for the next start. @throws {WorldError}. */
  setName(name: string): Promise<void>;
  /** What discovery makes of the network, in sentences. */
  outlook(): string;
  status(): StatusReply;
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

  /** Runs one. @throws {WorldError}, {UsageError}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    // Each case returns the reply of its own command, which the compiler cannot follow through the union.
    return await this.#run(command) as ReplyTo<C>;
  }

  async #run(command: Command): Promise<Replies[Command["do"]]> {
    const { people, conversations, contacts } = this.#parts;
    switch (command.do) {
      case "status":
        return this.#parts.status();
      case "peers":
        return { peers: people.rows(people.here()), outlook: this.#parts.outlook() };
      case "rooms":
        return { rooms: conversations.rows(), outlook: this.#parts.outlook() };
      case "contacts":
        return this.#contactRows(contacts);
      case "host":
        return { room: await this.#host(command.title) };
      case "join":
        return await this.#parts.reaching.join(command.room);
      case "leave":
        return { room: await this.#leave(command.room) };
      case "connect":
        return await this.#parts.reaching.connect(command);
      case "send":
        return await this.#send(command.to, command.text);
      case "wait":
        return await this.#wait(command);
      case "log":
        return await this.#log(command);
      case "export": {
        const keeper = conversations.find(command.to);
        return { title: conversations.titleOf(keeper), ...conversations.transcript(keeper, command) };
      }
      case "nick":
        return { name: await this.#nick(command.name) };
      case "rescan":
        this.#parts.rescan();
        return {};
      case "stop":
        this.#parts.stop();
        return {};
    }
  }

  #contactRows({ contacts }: ContactsFile): Replies["contacts"] {
    const rows = this.#parts.people.rows(contacts.all.map((contact) => contact.id));
    const broken = contacts.problems.map(({ lineNumber, text, reason }) => ({
      line: lineNumber,
      text: safeLine(text),
      reason,
    }));
    return { contacts: rows, broken };
  }

  async #host(title: string): Promise<RoomRow> {
    const parsed = parseTitle(title.replace(/^#/, ""));
    if ("problem" in parsed) throw new UsageError(`Cannot open the room: ${parsed.problem}`);
    const { rooms, conversations, me, steering, switchboard } = this.#parts;
    const own = rooms.list().find(({ isIn, replica: { info } }) =>
      isIn && info?.access === "open" && info.founders.includes(me) &&
      nameKey(info.title) === nameKey(parsed.title)
    );
    const keeper = own ??
      await explained(
        `open the room "${parsed.title}"`,
        () => rooms.create(parsed.title, this.#parts.myName()),
      );
    steering.decide();
    switchboard.tellProfile();
    return conversations.row(keeper);
  }

  async #leave(text: string): Promise<RoomRow> {
    const { conversations, steering, authoring } = this.#parts;
    const keeper = conversations.find(text.startsWith("#") ? text : `#${text}`);
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
    const lineSize = byteLength(JSON.stringify(text));
    if (lineSize > BODY_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: with its control characters written out it takes ${lineSize} bytes, ` +
          `and ${BODY_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const keeper = conversations.find(to);
    requireIn(keeper, "send that");
    const number = await authoring.write(keeper, { kind: "text", body: text, doing: "send that" });
    return {
      room: keeper.replica.id,
      title: conversations.titleOf(keeper),
      number,
      state: receiptState(number, keeper.receipts),
    };
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

  async #log(command: Extract<Command, { do: "log" }>): Promise<Replies["log"]> {
    const { conversations, rooms } = this.#parts;
    const keeper = conversations.find(command.to);
    const lines = viewLines(keeper.entries);
    const last = command.last === undefined ? lines : command.last > 0 ? lines.slice(-command.last) : [];
    const reply = { room: conversations.row(keeper), rows: conversations.logRows(keeper, last) };
    if (command.markRead !== false) await rooms.markRead(keeper);
    return reply;
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
    await this.#parts.authoring.announceName();
    return name;
  }
}
