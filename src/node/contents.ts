/** The contents of offers on this node: which are here, which are being fetched, and where. One for each room and offer. */

import { DiskError, WorldError } from "../errors.ts";
import type { Clock, Ports, Timer } from "../ports.ts";
import { encodeBase64Url } from "../room/base64.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import type { Offer } from "../room/offer.ts";
import { type OfferMemo, OfferShelf } from "../store/offer_shelf.ts";
import { removePart } from "../store/part.ts";
import { explained } from "../store/trouble.ts";
import type { Content } from "./content.ts";
import { Fetch } from "./fetch.ts";
import { contentKey, offerKey } from "./known_offers.ts";
import { Opened } from "./opened.ts";
import type { Holding } from "./serving.ts";
import { Space } from "./space.ts";
import { Turns } from "./turns.ts";
import type { Seeker } from "./wishes.ts";

/** Contents that come at once; the others wait for their turns. */
export const FETCHES_MAX = 4;
/** Contents that are looked for at once: fewer than others let us follow (WISHES_MAX). */
const SOUGHT_MAX = 32;
/** One that nobody has is set aside after so long, if others wait. */
const SOUGHT_MS = 30_000;

/** Offers of a room that come at once, from which on its folder is listed first. */
const LISTED_MIN = 8;

/** What contents need. */
export interface ContentsParts {
  readonly ports: Pick<Ports, "disk" | "files" | "crypto" | "chance" | "system"> & { readonly clock: Clock };
  /** Where the room's offers and files are; undefined as long as nothing of the room is on disk. */
  foldersOf(room: RoomId): { readonly offers: string; readonly files: string } | undefined;
  want(seeker: Seeker, peer: PeerId, part: {
    readonly piece: number;
    readonly offset: number;
    readonly length: number;
  }): void;
  /** A fetch begins: who has the content? */
  onSeek(content: Content, seeker: Seeker): void;
  /** It is over. */
  onSought(seeker: Seeker): void;
  /** It is another than before; `isNews`: in more than how much of it is here. */
  onChange(content: Content, isNews: boolean): void;
  /** A peer sent what was not offered. */
  onFalse(content: Content, peer: PeerId): void;
  onBug(error: unknown): void;
}

interface Run {
  readonly sinceMs: number;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** All contents of one node. */
export class Contents {
  readonly #parts: ContentsParts;
  readonly #byWords = new Map<string, Content>();
  readonly #byManifest = new Map<string, readonly Content[]>();
  readonly #runs = new Map<Content, Run>();
  readonly #waiting: Content[] = [];
  /** Those that are stopped for others, and wait again. */
  readonly #aside = new Set<Content>();
  readonly #turns: Turns;
  readonly #asideTimer: Timer;
  readonly #opened: Opened;
  readonly #space: Space;
  #isClosed = false;

  /** Starts nothing. */
  constructor(parts: ContentsParts) {
    this.#parts = parts;
    this.#space = new Space(parts.ports.system);
    this.#turns = new Turns(parts.ports.clock, FETCHES_MAX);
    this.#asideTimer = parts.ports.clock.timer(() => this.#setAside());
    this.#opened = new Opened({
      ...parts.ports,
      contentsOf: (room, manifest) => this.#contentsOf(room, manifest),
      manifestOf: async ({ room, offer }) => await this.#shelf(room)?.manifest(offer.manifest) ?? null,
      onGone: (content) => parts.onChange(content, true),
    });
  }

  /** The content of an offer. */
  of(room: RoomId, offer: Offer): Content {
    // All that an offer says: who copies another's with one thing changed decides nothing for it.
    const words = offerKey(room, offer);
    const known = this.#byWords.get(words);
    if (known !== undefined) return known;
    const content: Content = {
      key: encodeBase64Url(this.#parts.ports.crypto.sha256(new TextEncoder().encode(words))),
      room,
      offer,
      memo: null,
      problem: null,
      isGone: false,
      fetch: null,
      keptBytes: 0,
      part: null,
    };
    this.#byWords.set(words, content);
    const manifestKey = contentKey(room, offer.manifest);
    this.#byManifest.set(manifestKey, [...this.#byManifest.get(manifestKey) ?? [], content]);
    return content;
  }

  /** Those that are being fetched. */
  get fetching(): readonly Content[] {
    return [...this.#runs.keys()];
  }

  /** Reads what became of the room's offers before the last stop; goes on with what was wanted. */
  async recall(room: RoomId, offers: readonly Offer[]): Promise<void> {
    const shelf = this.#shelf(room);
    const contents = new Set(offers.map((offer) => this.of(room, offer)).filter(({ memo }) => memo === null));
    if (shelf === null || contents.size === 0) return;
    // Of most offers there is nothing: one look at the folder instead of one for each.
    const kept = contents.size < LISTED_MIN ? null : await shelf.kept().catch(orNone);
    for (const content of contents) {
      if (kept !== null && !kept.has(content.key)) continue;
      // As if it had never been asked for where the disk fails: it can be fetched anew.
      content.memo ??= await shelf.memo(content.key).catch(orNone);
      if (content.memo?.state === "wanted") this.#begin(content);
    }
  }

  /** Fetches it, or goes on. `into`: another folder than the room's own. @throws {WorldError}. */
  async want(content: Content, into: string | null): Promise<void> {
    const { ports: { files } } = this.#parts;
    if (await this.#stop(content)) return;
    const before = content.memo?.state === "here" ? null : content.memo;
    const place = into ?? before?.place ?? this.#foldersOf(content.room).files;
    if (before !== null && before.place !== place) {
      await explained(
        "begin anew",
        () => removePart(files, { target: before.place, key: content.key }),
      );
    }
    await this.#keep(content, { state: "wanted", place, stamps: [], names: null });
    this.#begin(content);
  }

  /** Stops fetching; what has come is kept. @throws {WorldError}. */
  async pause(content: Content): Promise<void> {
    await this.#stop(content);
    if (content.memo?.state !== "wanted") return;
    await this.#keep(content, { ...content.memo, state: "paused" });
  }

  /** Stops fetching and forgets what has come; stops having what is here. False if it came just now: then it stays. @throws {WorldError}. */
  async forget(content: Content): Promise<boolean> {
    const { ports: { files } } = this.#parts;
    const { manifest } = content.offer;
    if (await this.#stop(content)) return false;
    const { memo } = content;
    await explained("remove that", async () => {
      if (memo !== null && memo.state !== "here") {
        await removePart(files, { target: memo.place, key: content.key });
      }
      const shelf = this.#shelf(content.room);
      await shelf?.removeMemo(content.key);
      if (!this.#isAlsoKept(content)) await shelf?.removeManifest(manifest);
    });
    content.memo = null;
    content.keptBytes = 0;
    content.isGone = false;
    this.#opened.forget(content.room, manifest);
    this.#parts.onChange(content, true);
    return true;
  }

  /** All of it is here, as it was just read. @throws {WorldError}. */
  async put(content: Content, memo: Omit<OfferMemo, "state">, manifestBytes: Uint8Array): Promise<void> {
    await this.#stop(content);
    await explained("remember what is offered", async () => {
      await this.#shelf(content.room)?.saveManifest(content.offer.manifest, manifestBytes);
    });
    await this.#keep(content, { ...memo, state: "here" });
  }

  /** What can be sent of the content with that manifest, as it is offered in that room; null for nothing. */
  open(room: RoomId, manifest: string): Promise<Holding | null> {
    return this.#opened.open(room, manifest);
  }

  /** It is not any more what it was. */
  onBroken(room: RoomId, manifest: string): void {
    this.#opened.onBroken(room, manifest);
  }

  /** Stops all; what has come is kept. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#aside.clear();
    this.#turns.close();
    this.#asideTimer[Symbol.dispose]();
    for (const { abort } of this.#runs.values()) {
      abort.abort(new DOMException("The node stops", "AbortError"));
    }
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
    await this.#opened.close();
  }

  #contentsOf(room: RoomId, manifest: string): readonly Content[] {
    return this.#byManifest.get(contentKey(room, manifest)) ?? [];
  }

  /** Whether another offer in that room needs the same manifest. */
  #isAlsoKept(content: Content): boolean {
    return this.#contentsOf(content.room, content.offer.manifest).some((one) =>
      one !== content && one.memo !== null
    );
  }

  #foldersOf(room: RoomId): { readonly offers: string; readonly files: string } {
    const folders = this.#parts.foldersOf(room);
    if (folders === undefined) {
      throw new WorldError("Cannot keep files of that room: nothing of it is on disk yet");
    }
    return folders;
  }

  #shelf(room: RoomId): OfferShelf | null {
    const folders = this.#parts.foldersOf(room);
    return folders === undefined ? null : new OfferShelf(this.#parts.ports.disk, folders.offers);
  }

  async #keep(content: Content, memo: OfferMemo): Promise<void> {
    const shelf = this.#shelf(content.room);
    await explained("remember that", async () => await shelf?.saveMemo(content.key, memo));
    content.memo = memo;
    content.problem = null;
    content.isGone = false;
    this.#opened.forget(content.room, content.offer.manifest);
    this.#parts.onChange(content, true);
  }

  /** Whether it came while it was stopped: what is being moved to its place is not held up. */
  async #stop(content: Content): Promise<boolean> {
    const index = this.#waiting.indexOf(content);
    if (index !== -1) this.#waiting.splice(index, 1);
    this.#aside.delete(content);
    const run = this.#runs.get(content);
    run?.abort.abort(new DOMException("The user stops it", "AbortError"));
    await run?.ended;
    return run !== undefined && content.memo?.state === "here";
  }

  #begin(content: Content): void {
    if (this.#isClosed || this.#runs.has(content) || this.#waiting.includes(content)) return;
    if (this.#runs.size >= SOUGHT_MAX) {
      this.#waiting.push(content);
      this.#asideTimer.wakeAt(this.#parts.ports.clock.nowMs() + SOUGHT_MS);
      return;
    }
    const abort = new AbortController();
    const ended = this.#run(content, abort.signal).catch(this.#parts.onBug).finally(() => {
      this.#runs.delete(content);
      if (this.#aside.delete(content)) this.#waiting.push(content);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#begin(next);
    });
    this.#runs.set(content, { abort, ended, sinceMs: this.#parts.ports.clock.nowMs() });
  }

  /** Makes room for those that wait; what has come of something stays in rather than what has not begun. */
  #setAside(): void {
    if (this.#waiting.length === 0) return;
    const nowMs = this.#parts.ports.clock.nowMs();
    const idle = [...this.#runs].filter(([{ fetch }, { sinceMs }]) =>
      fetch?.wantsTurn === false && nowMs - sinceMs >= SOUGHT_MS
    ).toSorted(([left], [right]) => (left.fetch?.gotBytes ?? 0) - (right.fetch?.gotBytes ?? 0));
    for (const [content, { abort }] of idle.slice(0, this.#waiting.length)) {
      this.#aside.add(content);
      abort.abort(new DOMException("Others wait", "AbortError"));
    }
    this.#asideTimer.wakeAt(nowMs + SOUGHT_MS);
  }

  async #run(content: Content, signal: AbortSignal): Promise<void> {
    const { ports, want, onSeek, onSought, onChange, onFalse } = this.#parts;
    const { key, room, offer, memo } = content;
    const shelf = this.#shelf(room);
    if (memo === null || shelf === null) return;
    const fetch: Fetch = new Fetch({
      ports,
      key,
      room,
      offer,
      target: memo.place,
      space: this.#space,
      // All rooms are in one home.
      disk: memo.place === this.#foldersOf(room).files ? "" : memo.place,
      shelf,
      signal,
      want: (peer, part) => want(fetch, peer, part),
      onHolding: (holding) => content.part = holding,
      onChange: () => {
        this.#turns.share();
        onChange(content, false);
      },
      onFalse: (peer) => onFalse(content, peer),
    });
    content.fetch = fetch;
    this.#turns.add(fetch);
    onSeek(content, fetch);
    let isTold = false;
    try {
      const { path, names, stamps } = await fetch.run();
      await this.#keep(content, { state: "here", place: path, stamps, names });
      await explained("tidy up", () => removePart(ports.files, { target: memo.place, key }));
      isTold = true;
    } catch (error) {
      if (error instanceof WorldError) content.problem = error.message;
      else if (!signal.aborted) throw error;
    } finally {
      this.#turns.remove(fetch);
      content.keptBytes = fetch.gotBytes;
      content.fetch = null;
      content.part = null;
      onSought(fetch);
      // That it is here was told when it was kept.
      if (!isTold) onChange(content, true);
    }
  }
}

function orNone(error: unknown): null {
  if (!(error instanceof DiskError)) throw error;
  return null;
}
