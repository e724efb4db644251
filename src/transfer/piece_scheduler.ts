/**
 * Which parts of a content to ask whom for. Several sources at once, each piece from one of them, so that a piece that is
 * wrong tells who sent it. Pure: the bytes themselves go past this machine.
 *
 * A source ── says that it holds pieces ──▶ asked, as much at once as it sends in a moment
 *   ├── silent for a while, or slow while another could ──▶ its pieces go to others; it is asked again after a rest,
 *   │                       longer each time, and after the others
 *   └── a piece is not what was offered ──▶ never asked again
 *
 * Invariants: a piece that is here is not asked for; no piece is asked of two at once; what is asked for and not yet on
 * disk stays below a limit, whatever the size of the content.
 */

import type { Bitfield } from "./bitfield.ts";

/** The least that is on its way from a source at once. */
export const WINDOW_BYTES_MIN = 128 * 1024;
/**
 * The most: what a gigabit takes 8 ms for, more than its way there and back. Four times as much made no copy faster, and a
 * message to or from a source waited behind it in the system's own buffers; it is also what a crash loses.
 */
export const WINDOW_BYTES_MAX = 1024 * 1024;
/** At the beginning. */
const WINDOW_BYTES_FIRST = 512 * 1024;
/** What is on its way takes so long at the source's pace: messages to and from it wait no longer behind it. */
const WINDOW_MS = 150;
/** Bytes asked for, or come and not yet on disk, of all sources together: what a content costs in memory. */
export const UNDER_WAY_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes asked for by one record: a part of what is to be on its way, within these. */
const REQUEST_BYTES_MIN = 64 * 1024;
/** Upper bound of the bytes that one record asks for. */
const REQUEST_BYTES_MAX = 512 * 1024;
/** A source that sends nothing for so long has stalled. */
export const STALL_MS = 8_000;
/** And is asked again after so long; twice as long each further time, until a piece of it was good. */
export const STALL_REST_MS = 20_000;
/** Upper bound of the growth: a source rests at most this many times STALL_REST_MS. */
const STALL_RESTS_MAX = 32;
/** Who sends less than this in that time keeps its pieces only as long as nobody else has them: else a byte now and then would hold a piece for ever. */
export const STALL_BYTES = 64 * 1024;
/** And this, while others wait because no more may be under way. */
export const STALL_SHORT_BYTES = 1024 * 1024;
/** Who has nothing to do gets the pieces of one that is so many times slower. */
const FASTER_FACTOR = 4;
/** The pace is measured over at least so long. */
const PACE_MS = 100;

/** What to do. */
export interface PieceRequest {
  readonly source: string;
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

/** What happens to a pull. */
export type PieceSchedulerInput =
  /** A source says what it has: null for nothing any longer. */
  | { readonly kind: "holding"; readonly source: string; readonly held: Bitfield | "all" | null }
  /** It is not there any more. */
  | { readonly kind: "gone"; readonly source: string }
  /** So much of a piece came from it. */
  | { readonly kind: "came"; readonly source: string; readonly piece: number; readonly bytes: number }
  /** A piece that had come whole was looked at; if it is good, it is on disk too. */
  | { readonly kind: "checked"; readonly source: string; readonly piece: number; readonly isGood: boolean }
  | { readonly kind: "tick" };

interface Task {
  readonly piece: number;
  readonly sizeBytes: number;
  askedBytes: number;
  cameBytes: number;
}

interface Source {
  held: Bitfield | "all" | null;
  /** In the order in which they were asked for. */
  tasks: Task[];
  underWayBytes: number;
  windowBytes: number;
  lastCameMs: number;
  /** When what it sends was looked at last, and how much it has sent since. */
  markMs: number;
  markBytes: number;
  restUntilMs: number;
  /** How often it has stalled since it last sent a good piece. */
  stalls: number;
  hasSentBadPiece: boolean;
  slotMs: number;
  slotBytes: number;
  bytesPerMs: number;
}

/** The pull of one content. */
export class PieceScheduler {
  readonly #have: Bitfield;
  readonly #sizeOf: (piece: number) => number;
  readonly #sources = new Map<string, Source>();
  /** Pieces that are asked for, or have come and are being looked at. */
  readonly #assigned = new Set<number>();
  /** Those of them that have come whole. */
  readonly #unchecked = new Set<number>();
  /** Where the next piece is looked for: all before it in the round are here or taken. */
  #at: number;

  /** `have` is kept up to date here. `startAt`: where to begin; those who pull at once begin elsewhere, and so can help each other. */
  constructor(options: {
    readonly have: Bitfield;
    readonly startAt: number;
    sizeOf(piece: number): number;
  }) {
    this.#have = options.have;
    this.#sizeOf = options.sizeOf;
    this.#at = options.have.count === 0 ? 0 : options.startAt % options.have.count;
  }

  /** What is here. */
  get have(): Bitfield {
    return this.#have;
  }

  /** Those that send something now, or soon. */
  get active(): readonly string[] {
    return [...this.#sources].filter(([, { tasks }]) => tasks.length > 0).map(([id]) => id);
  }

  /** Those that have something that is missing here. */
  get useful(): readonly string[] {
    return [...this.#sources].filter(([, source]) => !source.hasSentBadPiece && source.held !== null).map((
      [id],
    ) => id);
  }

  /** Bytes a second, of all sources. */
  get bytesPerSecond(): number {
    const isActive = ({ tasks }: Source) => tasks.length > 0;
    return [...this.#sources.values()].filter(isActive).reduce((sum, { bytesPerMs }) => sum + bytesPerMs, 0) *
      1_000;
  }

  /** Whether the source sent what was not offered. */
  hasSentBadPiece(source: string): boolean {
    return this.#sources.get(source)?.hasSentBadPiece === true;
  }

  /** When `handle` wants a tick; null for never. */
  get wakeAtMs(): number | null {
    let earliest: number | null = null;
    const isAlone = this.#sources.size === 1;
    for (const { underWayBytes, lastCameMs, markMs, restUntilMs, held } of this.#sources.values()) {
      const atMs = underWayBytes > 0
        ? (isAlone ? lastCameMs : Math.min(lastCameMs, markMs)) + STALL_MS
        : held !== null && restUntilMs > -Infinity
        ? restUntilMs
        : null;
      if (atMs !== null && (earliest === null || atMs < earliest)) earliest = atMs;
    }
    return earliest;
  }

  /** Takes in what happened; what to ask for now, in order. */
  handle(input: PieceSchedulerInput, nowMs: number): PieceRequest[] {
    switch (input.kind) {
      case "holding": {
        const source = this.#getSource(input.source, nowMs);
        source.held = input.held;
        // Who stalls again and again does not get out of its rest by words.
        if (source.stalls < 2) source.restUntilMs = -Infinity;
        if (input.held === null) this.#releasePieces(source);
        break;
      }
      case "gone": {
        const source = this.#sources.get(input.source);
        if (source === undefined) break;
        this.#releasePieces(source);
        // Who has lied or stalled is remembered: it may come back at once.
        if (source.hasSentBadPiece || source.stalls > 0) source.held = null;
        else this.#sources.delete(input.source);
        break;
      }
      case "came":
        this.#onCame(input, nowMs);
        break;
      case "checked":
        this.#onChecked(input);
        break;
      case "tick":
        this.#findStalled(nowMs);
        break;
    }
    return this.#request(nowMs);
  }

  #onCame({ source: id, piece, bytes }: Extract<PieceSchedulerInput, { kind: "came" }>, nowMs: number): void {
    const source = this.#sources.get(id);
    const task = source?.tasks.find((one) => one.piece === piece);
    // Of a piece that was given to another meanwhile.
    if (source === undefined || task === undefined) return;
    task.cameBytes += bytes;
    source.underWayBytes -= bytes;
    source.lastCameMs = nowMs;
    source.markBytes += bytes;
    measurePace(source, bytes, nowMs);
    if (task.cameBytes < task.sizeBytes) return;
    source.tasks = source.tasks.filter((one) => one !== task);
    this.#unchecked.add(piece);
  }

  #onChecked({ source: id, piece, isGood }: Extract<PieceSchedulerInput, { kind: "checked" }>): void {
    this.#assigned.delete(piece);
    this.#unchecked.delete(piece);
    const source = this.#sources.get(id);
    if (isGood) {
      if (source !== undefined) source.stalls = 0;
      return this.#have.add(piece);
    }
    this.#at = Math.min(this.#at, piece);
    if (source === undefined) return;
    source.hasSentBadPiece = true;
    source.held = null;
    this.#releasePieces(source);
  }

  #findStalled(nowMs: number): void {
    for (const [id, source] of [...this.#sources]) {
      if (source.underWayBytes === 0) continue;
      const isSilent = nowMs >= source.lastCameMs + STALL_MS;
      if (!isSilent && nowMs < source.markMs + STALL_MS) continue;
      if (!isSilent && !this.#isTooSlow(source, nowMs)) {
        source.markMs = nowMs;
        source.markBytes = 0;
        continue;
      }
      this.#releasePieces(source);
      source.restUntilMs = nowMs + STALL_REST_MS * Math.min(STALL_RESTS_MAX, 2 ** source.stalls++);
      source.windowBytes = WINDOW_BYTES_MIN;
      source.bytesPerMs = 0;
      // Behind all others: else the next that stalls gets what this one held.
      this.#sources.delete(id);
      this.#sources.set(id, source);
    }
  }

  /** Slow alone is no reason: only if another can do it, and likely sooner. */
  #isTooSlow(self: Source, nowMs: number): boolean {
    const { tasks, markBytes } = self;
    const others = [...this.#sources.values()].filter((one) =>
      one !== self && !one.hasSentBadPiece && one.held !== null && one.restUntilMs <= nowMs
    );
    const idle = others.filter((one) => one.tasks.length === 0);
    const canReplace = ({ held }: Source) => held === "all" || tasks.some(({ piece }) => held?.has(piece));
    if (markBytes < STALL_SHORT_BYTES && idle.length > 0 && this.#underWayBytes >= UNDER_WAY_BYTES_MAX) {
      return true;
    }
    if (markBytes < STALL_BYTES && others.some(canReplace)) return true;
    // At the end the others have nothing left to do.
    const paceWanted = FASTER_FACTOR * markBytes / STALL_MS;
    return idle.some((one) => one.bytesPerMs > paceWanted && canReplace(one));
  }

  /** Its pieces may go to others. What has come of them is thrown away: a piece is one source's. */
  #releasePieces(source: Source): void {
    for (const { piece } of source.tasks) this.#assigned.delete(piece);
    if (source.tasks.length > 0) this.#at = 0;
    source.tasks = [];
    source.underWayBytes = 0;
  }

  #request(nowMs: number): PieceRequest[] {
    const asked: PieceRequest[] = [];
    for (const [id, source] of this.#sources) {
      if (source.hasSentBadPiece || source.held === null) continue;
      if (source.restUntilMs > nowMs) continue;
      source.restUntilMs = -Infinity;
      while (source.underWayBytes < source.windowBytes) {
        const next = this.#nextRequest(source, nowMs);
        if (next === null) break;
        asked.push({ source: id, ...next });
      }
    }
    return asked;
  }

  #nextRequest(source: Source, nowMs: number): Omit<PieceRequest, "source"> | null {
    let task = source.tasks.find(({ askedBytes, sizeBytes }) => askedBytes < sizeBytes);
    if (task === undefined) {
      const piece = this.#nextPiece(source);
      if (piece === null) return null;
      if (source.tasks.length === 0) {
        source.markMs = nowMs;
        source.markBytes = 0;
      }
      task = { piece, sizeBytes: this.#sizeOf(piece), askedBytes: 0, cameBytes: 0 };
      this.#assigned.add(piece);
      source.tasks.push(task);
    }
    const offset = task.askedBytes;
    const share = Math.max(
      REQUEST_BYTES_MIN,
      Math.min(REQUEST_BYTES_MAX, Math.floor(source.windowBytes / 2)),
    );
    const length = Math.min(share, task.sizeBytes - offset);
    if (source.underWayBytes === 0) source.lastCameMs = source.slotMs = nowMs;
    task.askedBytes += length;
    source.underWayBytes += length;
    return { piece: task.piece, offset, length };
  }

  #nextPiece({ held }: Source): number | null {
    if (this.#underWayBytes >= UNDER_WAY_BYTES_MAX) return null;
    const { count } = this.#have;
    const isFree = (piece: number) => !this.#have.has(piece) && !this.#assigned.has(piece);
    // The beginning of the round moves behind what nobody needs to be asked for.
    for (let steps = 0; steps < count && !isFree(this.#at); steps++) this.#at = (this.#at + 1) % count;
    for (let steps = 0; steps < count; steps++) {
      const piece = (this.#at + steps) % count;
      if (isFree(piece) && (held === "all" || held?.has(piece))) return piece;
    }
    return null;
  }

  get #underWayBytes(): number {
    let bytes = 0;
    for (const piece of this.#unchecked) bytes += this.#sizeOf(piece);
    for (const { tasks } of this.#sources.values()) for (const { sizeBytes } of tasks) bytes += sizeBytes;
    return bytes;
  }

  #getSource(id: string, nowMs: number): Source {
    const known = this.#sources.get(id);
    if (known !== undefined) return known;
    const source: Source = {
      held: null,
      tasks: [],
      underWayBytes: 0,
      windowBytes: WINDOW_BYTES_FIRST,
      lastCameMs: nowMs,
      markMs: nowMs,
      markBytes: 0,
      restUntilMs: -Infinity,
      stalls: 0,
      hasSentBadPiece: false,
      slotMs: nowMs,
      slotBytes: 0,
      bytesPerMs: 0,
    };
    this.#sources.set(id, source);
    return source;
  }
}

/** The source's pace, and so how much is to be on its way from it. */
function measurePace(source: Source, bytes: number, nowMs: number): void {
  source.slotBytes += bytes;
  const tookMs = nowMs - source.slotMs;
  if (tookMs < PACE_MS) return;
  const pace = source.slotBytes / tookMs;
  source.bytesPerMs = source.bytesPerMs === 0 ? pace : (source.bytesPerMs + pace) / 2;
  source.windowBytes = Math.min(WINDOW_BYTES_MAX, Math.max(WINDOW_BYTES_MIN, source.bytesPerMs * WINDOW_MS));
  source.slotMs = nowMs;
  source.slotBytes = 0;
}
