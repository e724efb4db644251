/** Reaches peers and rooms for a user who waits: connecting to an address, joining a room. */

import { DialError } from "../client/dial.ts";
import { PROTOCOL_CODES, ProtocolError, UsageError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Endpoint } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { nameKey } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { TAG_CHARS_MIN } from "../room/view.ts";
import { parseEndpoint } from "./address.ts";
import type { Authoring } from "./authoring.ts";
import type { Conversations, NearbyRoom } from "./conversations.ts";
import { nearest } from "./nearest.ts";
import { ID_START_CHARS_MIN, type People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Steering } from "./steering.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Replies } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** Time for a peer to say who it is, behind its handshake. */
const PROFILE_MS_MAX = 5_000;
/** Time for a room's entries to come when we join it. */
const JOIN_MS_MAX = 10_000;
/** Characters of a room's id that tell it from others of its title. */
const ID_SHOWN_CHARS = 8;

/** What reaching needs. */
export interface ReachingParts {
  readonly me: PeerId;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly switchboard: Switchboard;
  readonly authoring: Authoring;
  readonly waiters: Waiters;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  /** What we are called now. */
  myName(): string;
}

/** The reach of one node. */
export class Reaching {
  readonly #parts: ReachingParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: ReachingParts) {
    this.#parts = parts;
  }

  /** Connects to an address, whoever is there, and keeps the peer as a contact. @throws {WorldError} with the reason, {UsageError} if it is ourselves. */
  async connect(endpoint: Endpoint): Promise<Replies["connect"]> {
    const { people, waiters, switchboard, conversations, sessions } = this.#parts;
    const { peer } = await this.#dial(endpoint);
    const isKnown = () => peer !== undefined && people.profileOf(peer) !== undefined;
    const isGone = () => peer === undefined || !sessions.links.has(peer);
    await waiters.until(() => isKnown() || isGone(), PROFILE_MS_MAX);
    if (peer === undefined || !isKnown()) {
      const why = isGone()
        ? 'the session was refused; see the notices of "earshot status"'
        : "it did not say who it is";
      throw new WorldError(`Cannot connect to ${place(endpoint)}: ${why}`);
    }
    switchboard.befriend(peer);
    const hosted = (people.profileOf(peer)?.rooms ?? []).map((room) => room.id);
    return { peer: people.row(peer), rooms: conversations.rows().filter((room) => hosted.includes(room.id)) };
  }

  /** Joins a room by its title, its id or the address of who relays it. @throws {WorldError}, {UsageError}. */
  async join(text: string): Promise<Replies["join"]> {
    const { rooms, conversations, people } = this.#parts;
    const endpoint = parseEndpoint(text);
    const room = endpoint === null ? this.#nearbyRoom(text) : await this.#roomAt(endpoint);
    const known = rooms.get(room.id);
    if (known?.isIn) return { room: conversations.row(known), note: "You are in that room already" };
    const [host] = room.hosts;
    if (host === undefined) {
      throw new WorldError(`Cannot join "${safeLine(room.title)}": nobody who has it is here`);
    }
    const keeper = known ?? rooms.joining(room.id);
    if (!await this.#joinAt(keeper, host)) {
      await rooms.drop(room.id);
      throw new WorldError(
        `Cannot join "${safeLine(room.title)}": ${people.labelOf(host)} did not send it within ${
          JOIN_MS_MAX / 1000
        } s. Try again`,
      );
    }
    return { room: conversations.row(keeper), note: this.#sameNameNote(keeper) };
  }

  /** False if the room's entries do not come in time. Our join is written behind all of them, so it does not stand in the middle of the past. */
  async #joinAt(keeper: RoomKeeper, host: PeerId): Promise<boolean> {
    const { steering, waiters, sessions, authoring } = this.#parts;
    const { id } = keeper.replica;
    steering.joinAt(id, host);
    try {
      const isHere = () => {
        const link = sessions.links.get(host);
        return keeper.replica.info !== undefined && link !== undefined && keeper.hasAllOf(link);
      };
      if (!await waiters.until(isHere, JOIN_MS_MAX)) return false;
      // Somebody may have asked for the same twice, and the first is through.
      if (!keeper.isIn) await authoring.write(keeper, { kind: "join", body: "", doing: "join the room" });
      return true;
    } finally {
      steering.endJoin(id);
    }
  }

  /** A room of that title or id that somebody here relays. @throws {UsageError}. */
  #nearbyRoom(text: string): NearbyRoom {
    const { conversations, rooms } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const nearby = [...conversations.nearby().values()];
    const titled = nearby.filter((room) => nameKey(room.title) === nameKey(wanted));
    const isStart = (id: string) =>
      wanted.length >= ID_START_CHARS_MIN && id.startsWith(wanted.toLowerCase());
    const found = titled.length > 0 ? titled : nearby.filter((room) => isStart(room.id));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      const choices = found.map((room) => `${room.id.slice(0, ID_SHOWN_CHARS)} (${this.#hostName(room)})`)
        .join(", ");
      throw new UsageError(
        `More than one room here is called "${safeLine(wanted)}". Say which by its id: ${choices}`,
      );
    }
    const own = rooms.list().find(({ isIn, replica: { id, info } }) =>
      isIn && (nameKey(info?.title ?? "") === nameKey(wanted) || isStart(id))
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
    const { peer, rooms } = await this.connect(endpoint);
    const [only] = rooms;
    const who = `${peer.name} at ${place(endpoint)}`;
    if (only === undefined) {
      throw new WorldError(`${who} relays no room. Talk to them directly: earshot send ${peer.name} TEXT`);
    }
    if (rooms.length > 1) {
      const titles = rooms.map((room) => `"${room.title}"`).join(", ");
      throw new UsageError(`${who} relays several rooms: ${titles}. Join one by its title`);
    }
    return { id: only.id, title: only.title, memberCount: only.members, hosts: [peer.id] };
  }

  /** Two of one name are told apart on every screen; the user should know why. */
  #sameNameNote(keeper: RoomKeeper): string | null {
    const { me, myName } = this.#parts;
    const isTwin = ({ id, isIn, name }: { id: PeerId; isIn: boolean; name: string }) =>
      id !== me && isIn && nameKey(name) === nameKey(myName());
    if (!keeper.replica.members().some(isTwin)) return null;
    return `Somebody here is called "${myName()}" too, so you are shown as "${myName()}·${
      me.slice(0, TAG_CHARS_MIN)
    }". ` +
      'Choose another name with "earshot nick NAME"';
  }

  async #dial(endpoint: Endpoint): Promise<Link> {
    const { sessions, signal } = this.#parts;
    try {
      return await sessions.dial(endpoint, { signal });
    } catch (error) {
      const cannot = `Cannot connect to ${place(endpoint)}`;
      if (error instanceof DialError) throw new WorldError(`${cannot}: ${error.message}`, { cause: error });
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code === "self") {
        throw new UsageError(`${cannot}: that is this earshot itself`, { cause: error });
      }
      throw new WorldError(`${cannot}: ${PROTOCOL_CODES[error.code].says}`, { cause: error });
    }
  }
}

function place({ address, port }: Endpoint): string {
  return `${address} port ${port}`;
}
