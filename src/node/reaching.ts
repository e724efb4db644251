/** Joins rooms for a user who waits. */

import { UsageError, WorldError } from "../errors.ts";
import type { Endpoint } from "../ports.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { isLink, parseLink, type RoomLink } from "../room/link.ts";
import { nameKey } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { TAG_CHARS_MIN } from "../room/view.ts";
import { parseEndpoint } from "./address.ts";
import type { Authoring } from "./authoring.ts";
import { type Connecting, place } from "./connecting.ts";
import type { Conversations, NearbyRoom } from "./conversations.ts";
import type { Invitation, Invitations } from "./invitations.ts";
import { nearest } from "./nearest.ts";
import { ID_START_CHARS_MIN, type People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Steering } from "./steering.ts";
import type { Replies } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** Time for a room's entries to come when we join it. */
const JOIN_MS_MAX = 10_000;
/** Time for somebody who may have a room, or may never have heard of it. */
const ASK_MS_MAX = 2_000;
/** Peers who are asked for a room whose inviter is not here. */
const ASKED_MAX = 8;
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
  readonly connecting: Connecting;
  readonly invitations: Invitations;
  readonly authoring: Authoring;
  readonly waiters: Waiters;
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
    if (isLink(text)) return await this.joinBy(linkOf(text));
    const invitation = this.#invitationTo(text);
    if (invitation !== undefined) return await this.joinBy(invitation.link);
    const { rooms, conversations, people } = this.#parts;
    const endpoint = parseEndpoint(text);
    const room = endpoint === null ? this.#nearbyRoom(text) : await this.#roomAt(endpoint);
    const known = rooms.get(room.id);
    if (known?.isIn) return this.#alreadyIn(known);
    const [host] = room.hosts;
    if (host === undefined) {
      throw new WorldError(`Cannot join "${safeLine(room.title)}": nobody who has it is here`);
    }
    const keeper = known ?? rooms.joining(room.id);
    if (!await this.#joinAt(keeper, { host, msMax: JOIN_MS_MAX })) {
      await rooms.drop(room.id);
      throw new WorldError(
        `Cannot join "${safeLine(room.title)}": ${people.labelOf(host)} did not send it within ${
          JOIN_MS_MAX / 1000
        } s. Try again`,
      );
    }
    return { room: conversations.row(keeper), note: this.#sameNameNote(keeper) };
  }

  /** Joins the room of a link: at whoever made it, wherever that peer is now; else at anybody else who has the room. @throws {WorldError}, {UsageError}. */
  async joinBy(link: RoomLink): Promise<Replies["join"]> {
    const { rooms, conversations, people } = this.#parts;
    const known = rooms.get(link.room);
    if (known?.isIn) return this.#alreadyIn(known);
    const keeper = link.secret === null ? rooms.joining(link.room) : rooms.joiningBy(link.room, link.secret);
    const { inviter, trouble } = await this.#inviterOf(link);
    const others = people.here().filter((peer) => peer !== inviter).slice(0, ASKED_MAX);
    for (const host of inviter === null ? others : [inviter, ...others]) {
      const msMax = host === inviter ? JOIN_MS_MAX : ASK_MS_MAX;
      if (await this.#joinAt(keeper, { host, msMax })) {
        return { room: conversations.row(keeper), note: this.#sameNameNote(keeper) };
      }
    }
    await rooms.drop(link.room);
    throw new WorldError(
      `Cannot join that room: nobody who is here lets us in. ${trouble}. ` +
        "Try again when its members are near, or ask for a new link",
    );
  }

  /** Who made the link, if that peer can be reached; and what to say if it does not help. */
  async #inviterOf(
    { endpoint, keyStart }: RoomLink,
  ): Promise<{ readonly inviter: PeerId | null; readonly trouble: string }> {
    const { people, connecting } = this.#parts;
    const helpless = (peer: PeerId) => ({
      inviter: peer,
      trouble: `${people.labelOf(peer)}, who made the link, does not know the room or not its secret`,
    });
    const here = people.here().find((peer) => peer.startsWith(keyStart));
    if (here !== undefined) return helpless(here);
    try {
      const { peer } = await connecting.dialAt(endpoint);
      if (peer?.startsWith(keyStart)) return helpless(peer);
      return { inviter: null, trouble: `At ${place(endpoint)} is somebody else than who made the link` };
    } catch (error) {
      if (!(error instanceof WorldError || error instanceof UsageError)) throw error;
      return { inviter: null, trouble: error.message };
    }
  }

  #alreadyIn(keeper: RoomKeeper): Replies["join"] {
    return { room: this.#parts.conversations.row(keeper), note: "You are in that room already" };
  }

  /** An invitation to a room of that title or id, unless there is such a room around. */
  #invitationTo(text: string): Invitation | undefined {
    const { invitations, conversations } = this.#parts;
    const wanted = text.replace(/^#/, "");
    const isNamed = (id: RoomId, title: string) => nameKey(title) === nameKey(wanted) || isStart(id, wanted);
    if ([...conversations.nearby().values()].some(({ id, title }) => isNamed(id, title))) return undefined;
    return invitations.pending().findLast(({ link, title }) => isNamed(link.room, title));
  }

  /** False if the room's entries do not come in time, or the peer has no part in it. Our join is written behind all of them, so it does not stand in the middle of the past. */
  async #joinAt(
    keeper: RoomKeeper,
    { host, msMax }: { readonly host: PeerId; readonly msMax: number },
  ): Promise<boolean> {
    const { steering, waiters, sessions, authoring, connecting } = this.#parts;
    const { id } = keeper.replica;
    connecting.resume(host);
    steering.joinAt(id, host);
    try {
      const isHere = () => {
        const link = sessions.links.get(host);
        return keeper.replica.info !== undefined && link !== undefined && keeper.hasAllOf(link);
      };
      await waiters.until(() => isHere() || steering.hasRefused(host, id), msMax);
      if (!isHere()) return false;
      // Somebody may have asked for the same twice, and the first is through.
      if (!keeper.isIn) {
        await authoring.write(keeper, { kind: "join", body: keeper.joinBody, doing: "join the room" });
      }
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
    const found = titled.length > 0 ? titled : nearby.filter((room) => isStart(room.id, wanted));
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
