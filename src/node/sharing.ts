/** Files in conversations: what screens ask for, what they are told, and where records about files go. */

import { basename, dirname, isAbsolute } from "@std/path";
import { UsageError, WorldError } from "../errors.ts";
import type { Link } from "../net/pump.ts";
import type { Ports, Timer } from "../ports.ts";
import type { Entry } from "../room/entry.ts";
import { shownFileName } from "../room/file_name.ts";
import type { PeerId } from "../room/id.ts";
import { OFFER_KIND, offerBody } from "../room/offer.ts";
import { explained } from "../store/trouble.ts";
import type { Rec } from "../wire/record.ts";
import type { Authoring } from "./authoring.ts";
import type { Content } from "./content.ts";
import { Contents } from "./contents.ts";
import { type Conversations, requireIn } from "./conversations.ts";
import type { EventHub } from "./event_hub.ts";
import type { FileRow } from "./file_row.ts";
import { fileRow } from "./file_rows.ts";
import { type KnownOffer, KnownOffers } from "./known_offers.ts";
import { lookForOffer, type Offered, readOffer } from "./offering.ts";
import type { People } from "./people.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { RoomLabels } from "./room_labels.ts";
import type { Rooms } from "./rooms.ts";
import { Serving } from "./serving.ts";
import type { Sessions } from "./sessions.ts";
import { uploadedPlace } from "./uploads.ts";
import type { Command, Replies } from "./vocabulary.ts";
import { Welcome } from "./welcome.ts";
import { type Seeker, Wishes } from "./wishes.ts";
import { Works } from "./works.ts";

/** Screens hear of what comes at most so often. */
const TOLD_MS = 250;
/** Those who had nothing of what we look for are asked again after so long. */
const SEEK_MS = 10_000;
/** Members whom a search for files has us reach, who would not be reached else. */
const REACHED_MAX = 8;

type FileCommand = Extract<Command, { do: "get" | "pause" | "cancel" }>;

/** What sharing needs. */
export interface SharingParts {
  readonly me: PeerId;
  readonly ports: Ports;
  readonly hub: EventHub;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly people: People;
  readonly conversations: Conversations;
  readonly labels: RoomLabels;
  readonly authoring: Authoring;
  /** Where pages upload to. */
  readonly uploads: string;
  readonly signal: AbortSignal;
  isBlocked(peer: PeerId): boolean;
  isRequest(keeper: RoomKeeper): boolean;
  /** Whom we look for may have changed. */
  onWanted(): void;
  onNotice(text: string): void;
  onBug(error: unknown): void;
}

/** The files of one node. */
export class Sharing {
  readonly #parts: SharingParts;
  readonly #offers = new KnownOffers();
  readonly #wishes = new Wishes();
  readonly #contents: Contents;
  readonly #serving: Serving;
  readonly #toldTimer: Timer;
  readonly #seekTimer: Timer;
  readonly #changed = new Set<Content>();
  readonly #seekers = new Map<Seeker, Content>();
  readonly #works: Works;
  readonly #welcome: Welcome;

  /** Starts nothing. */
  constructor(parts: SharingParts) {
    const { ports, rooms, sessions, people, onBug } = parts;
    this.#parts = parts;
    this.#works = new Works(onBug);
    this.#welcome = new Welcome({ ...parts, isVerified: (peer) => people.row(peer).verified });
    this.#toldTimer = ports.clock.timer(() => this.#tellChanged());
    this.#seekTimer = ports.clock.timer(() => this.#seekAgain());
    this.#contents = new Contents({
      ports,
      foldersOf: (room) => rooms.folderOf(room),
      want: (seeker, peer, part) => {
        const link = sessions.links.get(peer);
        if (link !== undefined) this.#wishes.want(link, seeker, part);
      },
      onSeek: (content, seeker) => this.#onSeek(content, seeker),
      onSought: (seeker) => {
        this.#seekers.delete(seeker);
        this.#wishes.drop(seeker);
      },
      onChange: (content, isNews) => this.#onChange(content, isNews),
      onFalse: (content, peer) => this.#onFalse(content, peer),
      onBug,
    });
    this.#serving = new Serving({
      clock: ports.clock,
      mayHave: (peer, room, manifest) => {
        const keeper = rooms.get(room);
        return keeper?.replica.isIn(peer) === true && !parts.isRequest(keeper) &&
          this.#offers.has(room, manifest);
      },
      open: (room, manifest) => this.#contents.open(room, manifest),
      onBroken: (room, manifest) => this.#contents.onBroken(room, manifest),
      onBug,
    });
  }

  /** Finds the offers of all rooms, and goes on with what was wanted. */
  async load(): Promise<void> {
    for (const keeper of this.#parts.rooms.list()) await this.#recallAll(keeper);
  }

  /** The same for a room whose log was read behind the start. */
  onRead(keeper: RoomKeeper): void {
    this.#works.track(this.#recallAll(keeper));
  }

  async #recallAll(keeper: RoomKeeper): Promise<void> {
    await this.#recall(this.#offers.note(keeper, keeper.entries));
  }

  /** Members who may have what we look for, and with whom there is no session. */
  get wanted(): readonly PeerId[] {
    const { me, rooms, sessions, isBlocked } = this.#parts;
    const wanted = new Set<PeerId>();
    for (const { room, offer } of this.#seekers.values()) {
      const keeper = rooms.get(room);
      const authors = this.#offers.ofContent(room, offer.manifest).map(({ entry }) => entry.author);
      for (const peer of [...authors, ...keeper?.others ?? []]) {
        if (wanted.size >= REACHED_MAX) break;
        if (peer !== me && !sessions.links.has(peer) && !isBlocked(peer)) wanted.add(peer);
      }
    }
    return [...wanted];
  }

  /** These entries are new on our disk. */
  onEntries(keeper: RoomKeeper, entries: readonly Entry[]): void {
    const fresh = this.#offers.note(keeper, entries);
    if (fresh.length > 0) this.#works.track(this.#greet(fresh));
  }

  /** A peer has proved who it is. */
  onOpen(link: Link): void {
    for (const [seeker, content] of this.#seekers) this.#seek(link, seeker, content);
  }

  /** A session is over. */
  onClosed(link: Link): void {
    this.#serving.forget(link);
    this.#wishes.forget(link);
    this.#parts.onWanted();
  }

  /** See LinkOwner. */
  onBulkDrained(link: Link): void {
    this.#serving.onBulkDrained(link);
  }

  /** A record about files came. */
  onRecord(link: Link, record: Extract<Rec, { type: "seek" | "holding" | "want" | "piece" | "drop" }>): void {
    switch (record.type) {
      case "seek":
        return this.#serving.onSeek(link, record);
      case "want":
        return this.#serving.onWant(link, record);
      case "drop":
        return this.#serving.onDrop(link, record.wish);
      case "holding":
        return this.#wishes.onHolding(link, record);
      case "piece":
        return this.#wishes.onPiece(link, record);
    }
  }

  /** Offers files and folders. @throws {UsageError}, {WorldError}; what was offered before the failure stays offered. */
  async offer({ to, paths, upload }: Extract<Command, { do: "offer" }>): Promise<Replies["offer"]> {
    const { conversations, ports, uploads } = this.#parts;
    const keeper = conversations.find(to);
    requireIn(keeper, "offer that");
    const places = upload === undefined ? paths ?? [] : [await uploadedPlace(ports.files, uploads, upload)];
    if (places.length === 0) throw new UsageError("Nothing is named that could be offered");
    const relative = places.find((path) => !isAbsolute(path));
    if (relative !== undefined) throw new UsageError(`"${shownFileName(relative)}" is not an absolute path`);
    for (const place of places) await lookForOffer(place, ports.files);
    const files: FileRow[] = [];
    for (const place of places) files.push(await this.#offerOne(keeper, place));
    return { files };
  }

  /** What is on offer. @throws {UsageError}. */
  files({ to }: Extract<Command, { do: "files" }>): Replies["files"] {
    return { files: this.#listed(to).map((known) => this.#row(known)) };
  }

  /** Fetches a file. @throws {UsageError}, {WorldError}. */
  async get(command: Extract<Command, { do: "get" }>): Promise<Replies["get"]> {
    const { known, content } = this.#find(command);
    const { into = null } = command;
    if (into !== null) await this.#requireFolder(into);
    const isHere = content.memo?.state === "here" && !content.isGone;
    if (!isHere) await this.#contents.want(content, into);
    return { file: this.#row(known) };
  }

  /** Stops fetching for now. @throws {UsageError}, {WorldError}. */
  async pause(command: FileCommand): Promise<Replies["pause"]> {
    const { known, content } = this.#find(command);
    if (content.memo?.state !== "wanted") throw new UsageError(`"${nameOf(known)}" is not being fetched`);
    await this.#contents.pause(content);
    return { file: this.#row(known) };
  }

  /** Stops fetching and removes what has come; stops offering. @throws {UsageError}, {WorldError}. */
  async cancel(command: FileCommand): Promise<Replies["cancel"]> {
    const { me, uploads, ports: { files } } = this.#parts;
    const { known, content } = this.#find(command);
    const { memo } = content;
    if (memo === null) throw new UsageError(`"${nameOf(known)}" was not asked for`);
    const isMine = known.entry.author === me;
    const isForgotten = (memo.state !== "here" || isMine) && await this.#contents.forget(content);
    if (!isForgotten) {
      throw new UsageError(`"${nameOf(known)}" is here already, at "${content.memo?.place ?? memo.place}"`);
    }
    // What a page uploaded is ours to remove; what the user named is not.
    const isUploaded = memo.state === "here" && dirname(dirname(memo.place)) === uploads;
    if (isUploaded) await explained("remove that", () => files.removeAll(dirname(memo.place)));
    return { file: this.#row(known) };
  }

  /** Stops all; what has come is kept. */
  async close(): Promise<void> {
    this.#toldTimer[Symbol.dispose]();
    this.#seekTimer[Symbol.dispose]();
    // Serving reads what contents hold open.
    await this.#serving.close();
    await this.#contents.close();
    await this.#works.settled();
  }

  async #offerOne(keeper: RoomKeeper, place: string): Promise<FileRow> {
    const { ports, hub, signal, authoring, me, onNotice } = this.#parts;
    let toldAtMs = -Infinity;
    const offered: Offered = await readOffer(place, {
      ...ports,
      signal,
      onRead: (readBytes, sizeBytes) => {
        const nowMs = ports.clock.nowMs();
        if (nowMs - toldAtMs < TOLD_MS && readBytes < sizeBytes) return;
        toldAtMs = nowMs;
        const name = shownFileName(basename(place));
        hub.publish({ event: "reading", roomId: keeper.replica.id, name, readBytes, sizeBytes });
      },
    });
    const { offer, manifestBytes, stamps, skippedCount } = offered;
    const content = this.#contents.of(keeper.replica.id, offer);
    const body = offerBody(offer);
    const number = await authoring.write(keeper, { kind: OFFER_KIND, body, doing: "offer that" });
    await this.#contents.put(content, { place, stamps, names: null }, manifestBytes);
    this.#serving.onChange(offer.manifest);
    if (skippedCount > 0) {
      onNotice(
        `${skippedCount} ${skippedCount === 1 ? "thing" : "things"} in "${shownFileName(offer.name)}" ` +
          "cannot be offered (links, or names that other systems do not take), and were left out",
      );
    }
    const entry = keeper.replica.get(me, number);
    const known = entry === null || entry === undefined ? undefined : this.#offers.get(entry.hash);
    if (known === undefined) throw new WorldError("The offer was written, and cannot be found");
    return this.#row(known);
  }

  async #requireFolder(into: string): Promise<void> {
    const { ports: { files } } = this.#parts;
    if (!isAbsolute(into)) throw new UsageError(`"${shownFileName(into)}" is not an absolute path`);
    const fact = await explained("look there", () => files.look(into, { follow: true }));
    if (fact?.kind !== "folder") throw new UsageError(`There is no folder "${shownFileName(into)}"`);
  }

  #find({ file, to }: FileCommand): { readonly known: KnownOffer; readonly content: Content } {
    const known = this.#offers.find(file, this.#listed(to));
    return { known, content: this.#contents.of(known.entry.room, known.offer) };
  }

  /** Not of those whom the user has blocked or not answered. */
  #listed(to: string | undefined): readonly KnownOffer[] {
    const only = to === undefined ? undefined : this.#parts.conversations.find(to);
    return this.#offers.list().filter((known) =>
      (only === undefined || known.keeper === only) && this.#isListed(known)
    );
  }

  #isListed({ keeper, entry }: KnownOffer): boolean {
    return !this.#parts.isBlocked(entry.author) && !this.#parts.isRequest(keeper);
  }

  #row(known: KnownOffer): FileRow {
    return fileRow(known, this.#contents.of(known.entry.room, known.offer), this.#parts);
  }

  /** All of one room. */
  async #recall(fresh: readonly KnownOffer[]): Promise<void> {
    const [first] = fresh;
    if (first !== undefined) await this.#contents.recall(first.entry.room, fresh.map(({ offer }) => offer));
  }

  /** One after the other, so that they are counted; and told at once. */
  async #greet(fresh: readonly KnownOffer[]): Promise<void> {
    await this.#recall(fresh);
    for (const known of fresh) this.#changed.add(this.#contents.of(known.entry.room, known.offer));
    this.#tellChanged();
    for (const known of fresh) {
      const content = this.#contents.of(known.entry.room, known.offer);
      if (!this.#welcome.take(known, content)) continue;
      try {
        await this.#contents.want(content, null);
      } catch (error) {
        if (!(error instanceof WorldError)) throw error;
        this.#parts.onNotice(error.message);
      }
    }
  }

  #onSeek(content: Content, seeker: Seeker): void {
    this.#seekers.set(seeker, content);
    for (const link of this.#parts.sessions.links.values()) this.#seek(link, seeker, content);
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
    this.#parts.onWanted();
  }

  #seek(link: Link, seeker: Seeker, { room, fetch }: Content): void {
    const isMember = link.peer !== undefined && this.#parts.rooms.get(room)?.replica.isIn(link.peer);
    if (isMember && link.peer !== undefined && fetch?.mayAsk(link.peer)) this.#wishes.seek(link, seeker);
  }

  #seekAgain(): void {
    if (this.#seekers.size === 0) return;
    for (const link of this.#parts.sessions.links.values()) this.onOpen(link);
    this.#parts.onWanted();
    this.#seekTimer.wakeAt(this.#parts.ports.clock.nowMs() + SEEK_MS);
  }

  #onChange(content: Content, isNews: boolean): void {
    this.#serving.onChange(content.offer.manifest);
    if (this.#changed.size === 0) this.#toldTimer.wakeAt(this.#parts.ports.clock.nowMs() + TOLD_MS);
    this.#changed.add(content);
    if (isNews) this.#tellChanged();
  }

  #tellChanged(): void {
    const { hub } = this.#parts;
    const changed = [...this.#changed];
    this.#changed.clear();
    if (!hub.isHeard) return;
    for (const content of changed) {
      for (const known of this.#offers.ofContent(content.room, content.offer.manifest)) {
        const isMeant = this.#contents.of(content.room, known.offer) === content && this.#isListed(known);
        if (isMeant) hub.publish({ event: "file", file: this.#row(known) });
      }
    }
  }

  #onFalse({ offer }: Content, peer: PeerId): void {
    const { people, onNotice } = this.#parts;
    onNotice(
      `What ${people.labelOf(peer)} sent of "${shownFileName(offer.name)}" is not what was offered: ` +
        "damaged or changed. It was thrown away, and that device is not asked for this again",
    );
  }
}

function nameOf({ offer }: KnownOffer): string {
  return shownFileName(offer.name);
}
