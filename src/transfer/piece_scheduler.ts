/**
 * Decides which parts of a content to request from which source. Several sources send at once, but each piece comes
 * from one source, so a wrong piece identifies its sender. Pure: the bytes themselves do not pass through it.
 *     A source ── announces pieces ──▶ requested, as much at once as it sends in 150 ms
 *       ├── silent, or slow while another is faster ──▶ its pieces go to others; it is asked again after a rest
 *       │                       that doubles each time, and after the others
 *       └── sends a piece with a wrong hash ──▶ never asked again
 * Invariants: a present piece is not requested; no piece is requested from two sources at once; the bytes requested
 * and not yet on disk stay below a limit, whatever the size of the content.
 */

import type { Bitfield } from "./bitfield.ts";

/** The smallest request window of a source. */
export const WINDOW_BYTES_MIN = 128 * 1024;
/**
 * The largest window: a gigabit link carries it in 8 ms, more than a round trip. A window four times as large made no
 * copy faster, and messages to or from the source waited after it in the system's buffers. A crash also loses this
 * much.
 */
export const WINDOW_BYTES_MAX = 1024 * 1024;
/** The initial window. */
const WINDOW_BYTES_FIRST = 512 * 1024;
/** A window lasts this long at the source's rate, so messages wait at most that long after it. */
const WINDOW_MS = 150;
/** Bytes requested, or received and not yet on disk, over all sources: the memory that one content needs. */
export const UNDER_WAY_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of one request: part of the window, within these limits. */
const REQUEST_BYTES_MIN = 64 * 1024;
/** Upper bound of the bytes that one record asks for. */
const REQUEST_BYTES_MAX = 512 * 1024;
/** A source that sends nothing for this time has stalled. */
export const STALL_MS = 8_000;
/** The rest before a stalled source is asked again. It doubles at each stall until one of its pieces is good. */
export const STALL_REST_MS = 20_000;
/** Upper bound of the growth: a source rests at most this many times STALL_REST_MS. */
const STALL_RESTS_MAX = 32;
/**
 * A source that sends less than this in STALL_MS loses its pieces if another has them. Otherwise an occasional byte
 * could block a piece for ever.
 */
export const STALL_BYTES = 64 * 1024;
/** The same limit while others wait because the total limit is reached. */
export const STALL_SHORT_BYTES = 1024 * 1024;
/** An idle source takes over the pieces of one that is this many times slower. */
const FASTER_FACTOR = 4;
/** The rate is measured over at least this time. */
const PACE_MS = 100;

/** One request to send. */
export interface PieceRequest {
  readonly source: string;
  readonly piece: number;
  readonly offset: number;
  readonly length: number;
}

/** Events of a download. */
export type PieceSchedulerInput =
  /** A source announces its pieces; null for none. */
  | { readonly kind: "holding"; readonly source: string; readonly held: Bitfield | "all" | null }
  /** The source is gone. */
  | { readonly kind: "gone"; readonly source: string }
  /** Bytes of a piece arrived from it. */
  | { readonly kind: "came"; readonly source: string; readonly piece: number; readonly bytes: number }
  /** A whole piece was verified; a good one is on disk too. */
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
  /** In the order in which they were requested. */
  tasks: Task[];
  underWayBytes: number;
  windowBytes: number;
  lastCameMs: number;
  /** When its rate was last checked, and the bytes since then. */
  markMs: number;
  markBytes: number;
  restUntilMs: number;
  /** Stalls since its last good piece. */
  stalls: number;
  hasSentBadPiece: boolean;
  slotMs: number;
  slotBytes: number;
  bytesPerMs: number;
}

/** The scheduler of one content. */
export class PieceScheduler {
  readonly #have: Bitfield;
  readonly #sizeOf: (piece: number) => number;
  readonly #sources = new Map<string, Source>();
  /** Pieces that are requested, or that arrived and are being verified. */
  readonly #assigned = new Set<number>();
  /** Of those, the pieces that arrived whole. */
  readonly #unchecked = new Set<number>();
  /** Where the search for the next piece starts: all before it in the round are present or assigned. */
  #at: number;

  /**
   * Keeps `have` up to date. `startAt`: the first piece. Members that download at once start at different pieces, and
   * so can help each other.
   */
  constructor(options: {
    readonly have: Bitfield;
    readonly startAt: number;
    sizeOf(piece: number): number;
  }) {
    this.#have = options.have;
    this.#sizeOf = options.sizeOf;
    this.#at = options.have.count === 0 ? 0 : options.startAt % options.have.count;
  }

  /** The present pieces. */
  get have(): Bitfield {
    return this.#have;
  }

  /** Sources with open requests. */
  get active(): readonly string[] {
    return [...this.#sources].filter(([, { tasks }]) => tasks.length > 0).map(([id]) => id);
  }

  /** Sources that can send missing pieces. */
  get useful(): readonly string[] {
    return [...this.#sources].filter(([, source]) => !source.hasSentBadPiece && source.held !== null).map((
      [id],
    ) => id);
  }

  /** Bytes per second over all sources. */
  get bytesPerSecond(): number {
    const isActive = ({ tasks }: Source) => tasks.length > 0;
    return [...this.#sources.values()].filter(isActive).reduce((sum, { bytesPerMs }) => sum + bytesPerMs, 0) *
      1_000;
  }

  /** Whether the source sent a piece that was not offered. */
  hasSentBadPiece(source: string): boolean {
    return this.#sources.get(source)?.hasSentBadPiece === true;
  }

  /** When `handle` needs a tick; null for never. */
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

  /** Handles an event. Returns the requests to send now, in order. */
  handle(input: PieceSchedulerInput, nowMs: number): PieceRequest[] {
    switch (input.kind) {
      case "holding": {
        const source = this.#getSource(input.source, nowMs);
        source.held = input.held;
        // A source that stalled twice cannot shorten its rest by a new announcement.
        if (source.stalls < 2) source.restUntilMs = -Infinity;
        if (input.held === null) this.#releasePieces(source);
        break;
      }
      case "gone": {
        const source = this.#sources.get(input.source);
        if (source === undefined) break;
        this.#releasePieces(source);
        // A source that sent a wrong piece or stalled is remembered: it may come back immediately.
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
    // It belongs to a piece that was reassigned meanwhile.
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
      // After all others; otherwise the next stalled source would get its pieces.
      this.#sources.delete(id);
      this.#sources.set(id, source);
    }
  }

  /** A slow source is replaced only if another can take over and is likely faster. */
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
    // At the end the other sources have nothing left to do.
    const paceWanted = FASTER_FACTOR * markBytes / STALL_MS;
    return idle.some((one) => one.bytesPerMs > paceWanted && canReplace(one));
  }

  /** Its pieces may go to others. Their received bytes are discarded, because a piece comes from one source. */
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
    // Moves the start of the round past pieces that need no request.
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

/** Updates the source's rate, and from it its window. */
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
