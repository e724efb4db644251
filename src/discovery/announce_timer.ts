/**
 * When one interface sends to everybody without being asked (after Trickle, RFC 6206): a burst when something is new, then
 * a beat that slows down. A steady ten-second beat has rebooted real routers; a single packet is lost too easily on Wi-Fi.
 *
 *     idle ──search──▶ burst of hellos ──▶ beat 4 s, 8 s … 60 s, slower with many peers
 *     beat ──announce──▶ burst of beats ──▶ the same beat goes on
 *     beat ──overrun──▶ one beat early, for many newcomers at once
 *     any ──search──▶ burst of hellos
 *
 * Invariant: after every effect there is a next moment, and it is not later than `beatSeconds` says.
 */

import { assertNever } from "../errors.ts";

/** Pauses between the copies of a burst: they leave at 0, 150, 500 and 1,500 ms, ± 30 %. */
const SEARCH_PAUSES_MS: readonly number[] = [150, 350, 1_000];
/** Fewer when only our name or rooms are new: those who hear them know us already. */
const ANNOUNCE_PAUSES_MS: readonly number[] = [150, 350];
/** The first beat after a burst of hellos. */
export const BEAT_MIN_MS = 4_000;
/** The beat of a quiet network. */
export const BEAT_STABLE_MS = 60_000;
/** The slowest beat, for networks of hundreds; a vanished peer is then noticed in 15 minutes, a departed one by its session. */
export const BEAT_MAX_MS = 300_000;
/** Of the beat for each node heard, so that all together send about one beacon a second. */
const BEAT_PER_PEER_MS = 1_000;
/** Beats at 1, 3 and 7 times the interval, a little early each, are within three times this. */
const GROWING_BEAT_FACTOR = 2.5;
/** Between the starts of two announcements: a room whose members come and go must not become a storm of beacons. */
const ANNOUNCE_GAP_MS = 3_000;

/** Between newcomers whom we cannot answer one by one and the beat that tells them all; others are to come in meanwhile. */
const OVERRUN_MS = 20;
/** Longer in a crowd, of which each has to tell them. */
const OVERRUN_PER_PEER_MS = 1;
/** From a beacon to all until newcomers get another one early; in a crowd of hundreds longer, all together send a hundred a second. */
const OVERRUN_GAP_MS = 1_000;
/** Additional gap for each peer that is heard. */
const OVERRUN_GAP_PER_PEER_MS = 10;

/** A hello wants answers, a beat only tells. */
export type AnnouncementKind = "hello" | "beat";

/** What happens to it. */
export type AnnounceInput =
  | { readonly kind: "search" } // the interface is new, the machine woke, or the user asked for it
  | { readonly kind: "announce" } // our name, rooms or port are new
  | { readonly kind: "overrun"; readonly peersCount: number; readonly fraction: number } // more newcomers than can be answered
  | { readonly kind: "tick"; readonly peersCount: number; readonly fraction: number }; // fraction: jitter in [0, 1)

/** Send to everybody on the interface. */
export interface AnnounceEffect {
  readonly kind: "send";
  readonly what: AnnouncementKind;
  /** The first copy of a burst. */
  readonly isFirst: boolean;
}

type State =
  | { readonly at: "idle" }
  | {
    readonly at: "burst";
    readonly what: AnnouncementKind;
    readonly sentCount: number;
    readonly nextAtMs: number;
  }
  | { readonly at: "beat"; readonly nextAtMs: number; readonly isEarly?: true };

/** The unasked beacons of one interface. */
export class AnnounceTimer {
  #state: State = { at: "idle" };
  #intervalMs = BEAT_MIN_MS;
  #sentAtMs = -Infinity;
  #announceFromMs = 0;
  #isAnnounceDue = false;

  /** When it wants a tick; null before the first search. */
  get wakeAtMs(): number | null {
    if (this.#state.at === "idle") return null;
    if (this.#state.at === "burst" || !this.#isAnnounceDue) return this.#state.nextAtMs;
    return Math.min(this.#state.nextAtMs, this.#announceFromMs);
  }

  /**
   * Seconds within which the next unasked beacon comes, as a beacon tells it. Longer than needed while the beat still
   * doubles: listeners forget after three of what is told, and three beats are to fall into that time.
   */
  get beatSeconds(): number {
    const growingMs = Math.min(BEAT_STABLE_MS, this.#intervalMs * GROWING_BEAT_FACTOR);
    return Math.ceil(Math.max(this.#intervalMs, growingMs) / 1_000);
  }

  /** One step; effects are to be done in order. */
  handle(input: AnnounceInput, nowMs: number): readonly AnnounceEffect[] {
    switch (input.kind) {
      case "search":
        this.#state = { at: "burst", what: "hello", sentCount: 0, nextAtMs: nowMs };
        this.#intervalMs = BEAT_MIN_MS;
        this.#isAnnounceDue = false;
        return [];
      case "announce":
        // Hellos that are still to come carry the news as well as a beat would.
        if (this.#state.at === "idle" || (this.#state.at === "burst" && this.#state.sentCount <= 1)) {
          return [];
        }
        this.#isAnnounceDue = true;
        return [];
      case "overrun":
        this.#hasten(input, nowMs);
        return [];
      case "tick":
        return this.#tick(input, nowMs);
      default:
        return assertNever(input);
    }
  }

  #tick(
    tick: { readonly peersCount: number; readonly fraction: number },
    nowMs: number,
  ): readonly AnnounceEffect[] {
    if (this.#state.at === "beat" && this.#isAnnounceDue && nowMs >= this.#announceFromMs) {
      this.#isAnnounceDue = false;
      this.#announceFromMs = nowMs + ANNOUNCE_GAP_MS;
      this.#state = { at: "burst", what: "beat", sentCount: 0, nextAtMs: nowMs };
    }
    const state = this.#state;
    if (state.at === "idle" || nowMs < state.nextAtMs) return [];
    const shareMs = Math.min(BEAT_MAX_MS, (tick.peersCount + 1) * BEAT_PER_PEER_MS);
    this.#intervalMs = Math.max(this.#intervalMs, shareMs);
    this.#sentAtMs = nowMs;
    switch (state.at) {
      case "burst": {
        const pauseMs = (state.what === "hello" ? SEARCH_PAUSES_MS : ANNOUNCE_PAUSES_MS)[state.sentCount];
        this.#state = pauseMs === undefined ? this.#nextBeat(tick.fraction, nowMs) : {
          ...state,
          sentCount: state.sentCount + 1,
          nextAtMs: nowMs + pauseMs * (0.7 + 0.6 * tick.fraction),
        };
        return [{ kind: "send", what: state.what, isFirst: state.sentCount === 0 }];
      }
      case "beat":
        if (!state.isEarly) {
          this.#intervalMs = Math.max(Math.min(this.#intervalMs * 2, BEAT_STABLE_MS), shareMs);
        }
        this.#state = this.#nextBeat(tick.fraction, nowMs);
        return [{ kind: "send", what: "beat", isFirst: false }];
      default:
        return assertNever(state);
    }
  }

  /** What is left of a burst tells newcomers as well as a beat would. */
  #hasten(
    { peersCount, fraction }: { readonly peersCount: number; readonly fraction: number },
    nowMs: number,
  ): void {
    if (this.#state.at !== "beat") return;
    const soonAtMs = nowMs + OVERRUN_MS + peersCount * OVERRUN_PER_PEER_MS * fraction;
    const gapMs = Math.max(OVERRUN_GAP_MS, peersCount * OVERRUN_GAP_PER_PEER_MS);
    const nextAtMs = Math.max(soonAtMs, this.#sentAtMs + gapMs);
    if (nextAtMs < this.#state.nextAtMs) this.#state = { at: "beat", nextAtMs, isEarly: true };
  }

  #nextBeat(fraction: number, nowMs: number): State {
    return { at: "beat", nextAtMs: nowMs + this.#intervalMs * (0.7 + 0.3 * fraction) };
  }
}
