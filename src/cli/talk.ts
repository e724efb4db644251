/** The chat as lines: which room is open, and what of the events is shown how. Pure. */

import { ID_START_CHARS_MIN } from "../node/people.ts";
import type { LogRow, NodeEvent, PeerRow, RoomRow } from "../node/vocabulary.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import { nameKey } from "../room/name.ts";
import { Shown } from "./shown.ts";
import { dayOf, entryLines, peerChangeLines, roomName, roomNote } from "./screen.ts";
import type { Style } from "./style.ts";

/** What one screen of a chat knows. */
export interface TalkOptions {
  readonly me: PeerId;
  readonly style: Style;
  /** Whether the terminal shows what is typed, so that it need not be shown again. */
  readonly isEchoed: boolean;
}

/** One screen of a chat. */
export class Talk {
  readonly #options: TalkOptions;
  readonly #rooms = new Map<RoomId, RoomRow>();
  /** Who is known to be here. */
  readonly #here = new Set<PeerId>();
  /** Direct conversations that it was said how to answer in. */
  readonly #explained = new Set<RoomId>();
  /** Entries that were typed here. */
  readonly #typed = new Set<string>();
  /** How far each author's feed was shown when the room was opened: events of those entries may still be on their way. */
  #shown = new Shown([]);
  /** Entries that came while a line that was typed is carried out: its reply says which of them to show. */
  #held: LogRow[] | null = null;
  #openId: RoomId | null = null;
  #day = "";

  /** Nothing is open. */
  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** Where typed lines go, or null. */
  get open(): RoomRow | null {
    return this.#openId === null ? null : this.#rooms.get(this.#openId) ?? null;
  }

  /** What rooms there are. */
  learn(rooms: readonly RoomRow[]): void {
    for (const room of rooms) this.#rooms.set(room.id, room);
  }

  /** Whether it was told of the room. */
  knows(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  /** Who was shown to be here. */
  meet(peers: readonly PeerRow[]): void {
    for (const peer of peers) this.#here.add(peer.id);
  }

  /** Opens a room, or none. */
  turnTo(room: RoomRow | null): void {
    if (room !== null) this.learn([room]);
    this.#openId = room?.id ?? null;
    this.#day = "";
    this.#shown = new Shown([]);
  }

  /** The conversation of ours that a user means by its title or the start of its id; with "#" never a direct one. */
  ours(text: string): RoomRow | undefined {
    const key = nameKey(text.replace(/^#/, ""));
    const mine = [...this.#rooms.values()].filter((room) =>
      room.joined && !(room.direct && text.startsWith("#"))
    );
    const byTitle = mine.filter((room) => nameKey(room.title) === key);
    const found = byTitle.length > 0 || key.length < ID_START_CHARS_MIN
      ? byTitle
      : mine.filter((room) => room.id.startsWith(key));
    return found.length === 1 ? found[0] : undefined;
  }

  /** The one room that we are in, if it is the only one: nobody has to say which. */
  onlyRoom(): RoomRow | undefined {
    const rooms = [...this.#rooms.values()].filter((room) => room.joined && !room.direct);
    return rooms.length === 1 ? rooms[0] : undefined;
  }

  /** Holds entries back from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** What was held back. */
  release(): readonly string[] {
    const held = this.#held ?? [];
    this.#held = null;
    return held.flatMap((row) => this.#entry(row));
  }

  /** This entry was typed here, so the terminal has shown it already. */
  typed(entry: { readonly room: RoomId; readonly number: number }): void {
    if (this.#options.isEchoed) this.#typed.add(`${entry.room}/${this.#options.me}/${entry.number}`);
  }

  /** What to show of an event. */
  onEvent(event: NodeEvent): readonly string[] {
    switch (event.event) {
      case "entry":
        if (this.#held === null) return this.#entry(event.row);
        this.#held.push(event.row);
        return [];
      case "room":
        return this.#room(event.room);
      case "peer":
        return this.#peer(event);
      case "notice":
        return [`! ${event.text}`];
      case "ready":
      case "state":
        return [];
    }
  }

  /** The log of the room that was just opened: so many of its last rows as lines. */
  opening(rows: readonly LogRow[], count: number): readonly string[] {
    this.#shown = new Shown(rows);
    return rows.slice(-count).flatMap((row) => this.#openEntry(row));
  }

  #entry(news: LogRow): readonly string[] {
    // That nobody has our own line yet is no news at this moment.
    const row = { ...news, state: null };
    if (this.#typed.delete(`${row.roomId}/${row.author}/${row.number}`)) return [];
    if (row.roomId === this.#openId) return this.#shown.has(row) ? [] : this.#openEntry(row);
    const { style, me } = this.#options;
    const room = this.#rooms.get(row.roomId);
    const lines = entryLines(row, { style, room: room === undefined ? row.room : roomName(room) });
    if (room?.direct !== true || row.author === me || this.#explained.has(room.id)) return lines;
    this.#explained.add(room.id);
    return [
      ...lines,
      style.dim(`       (/msg ${room.title} TEXT answers; /join ${room.title} stays in this conversation)`),
    ];
  }

  #openEntry(row: LogRow): readonly string[] {
    const { style } = this.#options;
    const header = dayOf(row) === this.#day ? [] : [style.dim(dayOf(row))];
    this.#day = dayOf(row);
    return [...header, ...entryLines(row, { style })];
  }

  #peer(event: Extract<NodeEvent, { event: "peer" }>): readonly string[] {
    const { id } = event.peer;
    if (event.change === "gone") this.#here.delete(id);
    if (event.change === "new" && this.#here.has(id)) return [];
    if (event.change === "new") this.#here.add(id);
    return peerChangeLines(event);
  }

  #room(room: RoomRow): readonly string[] {
    const isNew = !this.#rooms.has(room.id);
    this.learn([room]);
    if (!isNew || room.joined || room.direct) return [];
    return [`* ${roomName(room)} is open here (${roomNote(room)}). /join ${room.title}`];
  }
}
