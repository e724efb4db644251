/** What a user means who wants to join a room. */

import { UsageError, WorldError } from "../errors.ts";
import type { Endpoint } from "../ports.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { isLink, parseLink, type RoomLink } from "../room/link.ts";
import { nameKey } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { TAG_CHARS_MIN } from "../room/view.ts";
import { parseEndpoint } from "./address.ts";
import { type Connecting, place } from "./connecting.ts";
import type { Conversations, NearbyRoom } from "./conversations.ts";
import { type Entering, JOIN_MS_MAX } from "./entering.ts";
import type { Invitation, Invitations } from "./invitations.ts";
import { nearest } from "./nearest.ts";
import { ID_START_CHARS_MIN, type People } from "./people.ts";
import type { Requests } from "./requests.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Replies } from "./vocabulary.ts";

/** Characters of a room's id that tell it from others of its title. */
const ID_SHOWN_CHARS = 8;

/** What reaching needs. */
export interface ReachingParts {
  readonly me: PeerId;
  readonly rooms: Rooms;
  readonly people: People;
  readonly conversations: Conversations;
  readonly connecting: Connecting;
  readonly entering: Entering;
  readonly invitations: Invitations;
  readonly requests: Requests;
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

  /** Joins a room by its title, its id, the address of who relays it, or an invitation. @throws {WorldError}, {UsageError}. */
  async join(text: string): Promise<Replies["join"]> {
    const { rooms, entering } = this.#parts;
    const link = isLink(text) ? linkOf(text) : this.#invitationTo(text)?.link;
    if (link !== undefined) {
      const known = rooms.get(link.room);
      return known?.isIn
        ? this.#alreadyIn(known)
        : this.#entered(await entering.joinBy(link, { isAsked: true }));
    }
    const endpoint = parseEndpoint(text);
    const left = endpoint === null ? this.#leftRoom(text) : undefined;
    if (left !== undefined) return this.#entered(await entering.comeBack(left));
    const room = endpoint === null ? this.#nearbyRoom(text) : await this.#roomAt(endpoint);
    const known = rooms.get(room.id);
    if (known?.isIn) return this.#alreadyIn(known);
    return this.#entered(await this.#joinNearby(room));
  }

  async #joinNearby({ id, title, hosts: [host] }: NearbyRoom): Promise<RoomKeeper> {
    const { rooms, people, connecting, entering } = this.#parts;
    if (host === undefined) {
      throw new WorldError(`Cannot join "${safeLine(title)}": nobody who has it is here`);
    }
    connecting.resume(host);
    const keeper = rooms.get(id) ?? rooms.joining(id);
    if (await entering.joinAt(keeper, { host, msMax: JOIN_MS_MAX })) return keeper;
    await rooms.drop(id);
    throw new WorldError(
      `Cannot join "${safeLine(title)}": ${people.labelOf(host)} did not send it within ${
        JOIN_MS_MAX / 1000
      } s. Try again`,
    );
  }

  #entered(keeper: RoomKeeper): Replies["join"] {
    return { room: this.#parts.conversations.row(keeper), note: this.#sameNameNote(keeper) };
  }

  #alreadyIn(keeper: RoomKeeper): Replies["join"] {
    return { room: this.#parts.conversations.row(keeper), note: "You are in that room already" };
  }

  /** The invitation to a room of that title or id, unless there is such a room around. @throws {UsageError} for several. */
  #invitationTo(text: string): Invitation | undefined {
    const { invitations, conversations, requests } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const isNamed = (id: RoomId, title: string) => nameKey(title) === nameKey(wanted) || isStart(id, wanted);
    if ([...conversations.nearby().values()].some(({ id, title }) => isNamed(id, title))) return undefined;
    const found = new Map(
      invitations.open().filter(({ link, title, from }) =>
        isNamed(link.room, title) && requests.isWelcome(from)
      ).map((invitation) => [invitation.link.room, invitation]),
    );
    if (found.size <= 1) return [...found.values()][0];
    const choices = [...found.values()].map(({ link, from }) =>
      `${shortId(link.room)} (${this.#parts.people.labelOf(from)})`
    );
    throw new UsageError(
      `You are invited to more than one room called "${safeLine(wanted)}". Say which by its id: ${
        choices.join(", ")
      }`,
    );
  }

  /** A room by invitation that we have left: we know what lets us in again. */
  #leftRoom(text: string): RoomKeeper | undefined {
    const wanted = text.replace(/^#/, "");
    return this.#parts.rooms.list().find(({ isIn, replica: { id, info } }) =>
      !isIn && info?.access === "invited" && (nameKey(info.title) === nameKey(wanted) || isStart(id, wanted))
    );
  }

  /** A room of that title or id that somebody here relays. @throws {UsageError}. */
  #nearbyRoom(text: string): NearbyRoom {
    const { conversations, rooms } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const nearby = [...conversations.nearby().values()];
    const titled = nearby.filter((room) => nameKey(room.title) === nameKey(wanted));
    const found = titled.length > 0 ? titled : nearby.filter((room) => isStart(room.id, wanted));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    if (found.length > 1) {
      const choices = found.map((room) => `${shortId(room.id)} (${this.#hostName(room)})`)
        .join(", ");
      throw new UsageError(
        `More than one room here is called "${safeLine(wanted)}". Say which by its id: ${choices}`,
      );
    }
    const own = rooms.list().find(({ isIn, replica: { id, info } }) =>
      isIn && (nameKey(info?.title ?? "") === nameKey(wanted) || isStart(id, wanted))
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
    const { peer, rooms } = await this.#parts.connecting.connectTo(endpoint);
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
}

function shortId(id: string): string {
  return id.slice(0, ID_SHOWN_CHARS);
}

function isStart(id: string, wanted: string): boolean {
  return wanted.length >= ID_START_CHARS_MIN && id.startsWith(wanted.toLowerCase());
}

function linkOf(text: string): RoomLink {
  const link = parseLink(text);
  if (link !== null) return link;
  throw new UsageError(
    "That link is not whole. It looks like earshot://192.168.43.1:9999/ROOM/SECRET/KEY, without blanks or line breaks inside; " +
      "copy all of it",
  );
}
