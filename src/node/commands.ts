/** Carries out what screens ask for. Every command ends in a reply, or in an error that says what to do. */

import { DialError } from "../client/dial.ts";
import { PROTOCOL_CODES, ProtocolError, UsageError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Endpoint } from "../ports.ts";
import { byteLength, TEXT_BYTES_MAX } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import { nameKey, parseName, parseTitle } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { viewLines } from "../room/view.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import { explained } from "../store/trouble.ts";
import { parseEndpoint } from "./address.ts";
import { type Conversations, type NearbyRoom, requireIn } from "./conversations.ts";
import { nearest } from "./nearest.ts";
import type { People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Steering } from "./steering.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Command, PeerRow, Replies, ReplyTo, RoomRow, StatusReply } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** Time for a peer to say who it is, behind its handshake. */
const PROFILE_MS_MAX = 5_000;
/** Time for a room's entries to come when we join it. */
const JOIN_MS_MAX = 10_000;
/** The longest that a screen can wait for a receipt. */
const WAIT_MS_MAX = 24 * 60 * 60 * 1000;

/** What commands work with. */
export interface CommandsParts {
  readonly me: PeerId;
  readonly contacts: ContactsFile;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly switchboard: Switchboard;
  readonly waiters: Waiters;
  /** Ends what commands have under way when the node stops. */
  readonly signal: AbortSignal;
  myName(): string;
  /** Keeps the name for the next start. @throws {WorldError}. */
  setName(name: string): Promise<void>;
  /** The outlook of discovery. */
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
        return await this.#join(command.room);
      case "leave":
        return { room: await this.#leave(command.room) };
      case "connect":
        return await this.#connect({ address: command.address, port: command.port });
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

  async #join(text: string): Promise<Replies["join"]> {
    const endpoint = parseEndpoint(text);
    const room = endpoint === null ? this.#nearbyRoom(text) : await this.#roomAt(endpoint);
    const { rooms, conversations, steering, waiters } = this.#parts;
    const known = rooms.get(room.id);
    if (known?.isIn) return { room: conversations.row(known), note: "You are in that room already" };
    const keeper = known ?? rooms.joining(room.id);
    const [host] = room.hosts;
    if (host === undefined) {
      throw new WorldError(`Cannot join "${safeLine(room.title)}": nobody who has it is here`);
    }
    steering.joinAt(room.id, host);
    try {
      const isHere = () => {
        const link = this.#parts.sessions.links.get(host);
        return keeper.replica.info !== undefined && link !== undefined && keeper.hasAllOf(link);
      };
      if (!await waiters.until(isHere, JOIN_MS_MAX)) {
        await rooms.drop(room.id);
        throw new WorldError(
          `Cannot join "${safeLine(room.title)}": ${
            this.#parts.people.labelOf(host)
          } did not send it within ${JOIN_MS_MAX / 1000} s. Try again`,
        );
      }
      // Somebody may have asked for the same twice, and the first is through.
      if (!keeper.isIn) await this.#write(keeper, { kind: "join", body: "" }, "join the room");
    } finally {
      steering.endJoin(room.id);
    }
    return { room: conversations.row(keeper), note: this.#sameNameNote(keeper) };
  }

  /** A room of that title or id that somebody here relays. @throws {UsageError}. */
  #nearbyRoom(text: string): NearbyRoom {
    const { conversations, rooms } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const nearby = [...conversations.nearby().values()];
    const titled = nearby.filter((room) => nameKey(room.title) === nameKey(wanted));
    const found = titled.length > 0
      ? titled
      : nearby.filter((room) => wanted.length >= 4 && room.id.startsWith(wanted.toLowerCase()));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      const choices = found.map((room) => `${room.id.slice(0, 8)} (${this.#hostName(room)})`).join(", ");
      throw new UsageError(
        `More than one room here is called "${safeLine(wanted)}". Say which by its id: ${choices}`,
      );
    }
    const own = rooms.list().find((keeper) =>
      keeper.isIn && nameKey(keeper.replica.info?.title ?? "") === nameKey(wanted)
    );
    if (own !== undefined) return { id: own.replica.id, title: wanted, memberCount: 0, hosts: [] };
    const suggestion = nearest(wanted, nearby.map((room) => room.title));
    const hint = suggestion === null
      ? 'See the rooms with "earshot rooms"'
      : `Did you mean "${safeLine(suggestion)}"?`;
    throw new UsageError(`No room here is called "${safeLine(wanted)}". ${hint}`);
  }

  #hostName(room: NearbyRoom): string {
    const [host] = room.hosts;
    return host === undefined ? "nobody" : this.#parts.people.labelOf(host);
  }

  /** The room that is relayed at an address. */
  async #roomAt(endpoint: Endpoint): Promise<NearbyRoom> {
    const { peer, rooms } = await this.#connect(endpoint);
    const [only] = rooms;
    if (only === undefined) {
      throw new WorldError(
        `${peer.name} at ${
          place(endpoint)
        } relays no room. Talk to them directly: earshot send ${peer.name} TEXT`,
      );
    }
    if (rooms.length > 1) {
      const titles = rooms.map((room) => `"${room.title}"`).join(", ");
      throw new UsageError(
        `${peer.name} at ${place(endpoint)} relays several rooms: ${titles}. Join one by its title`,
      );
    }
    return { id: only.id, title: only.title, memberCount: only.members, hosts: [peer.id] };
  }

  /** A name that somebody in the room has too is told apart on every screen; the user should know why. */
  #sameNameNote(keeper: RoomKeeper): string | null {
    const { me, myName } = this.#parts;
    const twin = keeper.replica.members().find((one) =>
      one.id !== me && one.isIn && nameKey(one.name) === nameKey(myName())
    );
    if (twin === undefined) return null;
    return `Somebody here is called "${myName()}" too, so you are shown as "${myName()}·${
      me.slice(0, 4)
    }". Choose another name with "earshot nick NAME"`;
  }

  async #leave(text: string): Promise<RoomRow> {
    const { conversations, steering } = this.#parts;
    const keeper = conversations.find(text.startsWith("#") ? text : `#${text}`);
    if (!keeper.isIn) throw new WorldError(`You have left "${conversations.titleOf(keeper)}" already`);
    await this.#write(keeper, { kind: "leave", body: "" }, "leave the room");
    steering.poke();
    return conversations.row(keeper);
  }

  async #connect(
    endpoint: Endpoint,
  ): Promise<{ readonly peer: PeerRow; readonly rooms: readonly RoomRow[] }> {
    const { people, waiters, switchboard, conversations, sessions } = this.#parts;
    const link = await this.#dial(endpoint);
    const { peer } = link;
    const isKnown = () => peer !== undefined && people.profileOf(peer) !== undefined;
    const isGone = () => peer === undefined || !sessions.links.has(peer);
    await waiters.until(() => isKnown() || isGone(), PROFILE_MS_MAX);
    if (peer === undefined || !isKnown()) {
      throw new WorldError(
        `Cannot connect to ${
          place(endpoint)
        }: it was refused, or it did not say who it is. See "earshot status"`,
      );
    }
    switchboard.befriend(peer);
    const hosted = (people.profileOf(peer)?.rooms ?? []).map((room) => room.id);
    return { peer: people.row(peer), rooms: conversations.rows().filter((room) => hosted.includes(room.id)) };
  }

  async #dial(endpoint: Endpoint): Promise<Link> {
    const { sessions, signal } = this.#parts;
    try {
      return await sessions.dial(endpoint, { signal });
    } catch (error) {
      if (error instanceof DialError) {
        throw new WorldError(`Cannot connect to ${place(endpoint)}: ${error.message}`, { cause: error });
      }
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code === "self") {
        throw new UsageError(`Cannot connect to ${place(endpoint)}: that is this earshot itself`);
      }
      throw new WorldError(`Cannot connect to ${place(endpoint)}: ${PROTOCOL_CODES[error.code].says}`, {
        cause: error,
      });
    }
  }

  async #send(to: string, text: string): Promise<Replies["send"]> {
    const { conversations } = this.#parts;
    if (text.trim() === "") throw new UsageError("There is nothing to send: the text is empty");
    const size = byteLength(text);
    if (size > TEXT_BYTES_MAX) {
      throw new UsageError(
        `The text is too long to send: ${size} bytes, and ${TEXT_BYTES_MAX} fit. Send it in parts`,
      );
    }
    const keeper = conversations.find(to);
    requireIn(keeper, "send that");
    const number = await this.#write(keeper, { kind: "text", body: text }, "send that");
    return {
      room: keeper.replica.id,
      title: conversations.titleOf(keeper),
      number,
      state: keeper.stateOf(number),
    };
  }

  async #wait(command: Extract<Command, { do: "wait" }>): Promise<Replies["wait"]> {
    const keeper = this.#parts.rooms.get(command.room);
    if (keeper === undefined) throw new UsageError("There is no such room");
    const isReached = () => {
      const state = keeper.stateOf(command.number);
      return state === "everywhere" || state === command.until;
    };
    const reached = await this.#parts.waiters.until(isReached, Math.min(command.ms, WAIT_MS_MAX));
    return { state: keeper.stateOf(command.number), isReached: reached };
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
    await this.announceName();
    switchboard.tellProfile();
    return name;
  }

  /** Says our name in every room of ours that knows us by another. */
  async announceName(): Promise<void> {
    const { me, rooms } = this.#parts;
    for (const keeper of rooms.list()) {
      const known = keeper.replica.lastName(me);
      if (keeper.isIn && known !== undefined && known !== this.#parts.myName() && !keeper.isBehindItself) {
        await this.#write(keeper, { kind: "name", body: "" }, "announce your name");
      }
    }
  }

  /** Writes an entry of ours; its number. @throws {WorldError}. */
  async #write(keeper: RoomKeeper, what: { kind: string; body: string }, doing: string): Promise<number> {
    if (keeper.isBehindItself) {
      throw new WorldError(
        `Cannot ${doing}: other members have lines of yours that this home lacks (is it an old backup?). ` +
          "They come back as soon as one of those members is here; try again then",
      );
    }
    const entry = await explained(doing, () => keeper.write({ ...what, name: this.#parts.myName() }));
    return entry.number;
  }
}

function place({ address, port }: Endpoint): string {
  return `${address} port ${port}`;
}
