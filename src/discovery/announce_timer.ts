/**
 * Decides when one interface sends unsolicited beacons (after Trickle, RFC 6206): a burst after a change, then a beat
 * that slows down. A steady ten-second beat has rebooted real routers; a single packet is lost too easily on Wi-Fi.
 *     idle ──search──▶ burst of hellos ──▶ beat 4 s, 8 s … 60 s, slower with many peers
 *     beat ──announce──▶ burst of beats ──▶ the same beat continues
 *     beat ──overrun──▶ one beat early, for many newcomers at once
 *     any ──search──▶ burst of hellos
 * Invariant: every effect is followed by another one, no later than `beatSeconds` announces.
 */

import { assertNever } from "../errors.ts";

/** Pauses between the copies of a burst: they are sent at 0, 150, 500 and 1,500 ms, ± 30 %. */
const SEARCH_PAUSES_MS: readonly number[] = [150, 350, 1_000];
/** Fewer copies for a change of our name or rooms, because the receivers know us already. */
const ANNOUNCE_PAUSES_MS: readonly number[] = [150, 350];
/** The first beat after a burst of hellos. */
export const BEAT_MIN_MS = 4_000;
/** The beat of a stable network. */
export const BEAT_STABLE_MS = 60_000;
/**
 * The slowest beat, for networks of hundreds. A vanished peer is then noticed after 15 minutes; a departed one by its
 * session.
 */
export const BEAT_MAX_MS = 300_000;
/** Added to the beat for each peer heard, so that all together send about one beacon per second. */
const BEAT_PER_PEER_MS = 1_000;
/** Beats at 1, 3 and 7 times the interval, each a little early, fall within three times this factor. */
const GROWING_BEAT_FACTOR = 2.5;
/** Between the starts of two announcements, so that a room with frequent joins causes no storm of beacons. */
const ANNOUNCE_GAP_MS = 3_000;

/** Delay from too many newcomers to the beat for all of them; further ones can arrive meanwhile. */
const OVERRUN_MS = 20;
/** Added per peer in a crowd, where every peer sends such a beat. */
const OVERRUN_PER_PEER_MS = 1;
/**
 * From one beacon to all until newcomers trigger the next early one. In a crowd it is longer, so that all together
 * send a hundred per second.
 */
const OVERRUN_GAP_MS = 1_000;
/** Additional gap for each peer that is heard. */
const OVERRUN_GAP_PER_PEER_MS = 10;

/** The unsolicited beacons: a hello asks for answers, a beat does not. */
export type AnnouncementKind = "hello" | "beat";

/** Inputs of the timer. */
export type AnnounceInput =
  | { readonly kind: "search" } // a new interface, a wake-up, or a request of the user
  | { readonly kind: "announce" } // our name, rooms or port changed
  | { readonly kind: "overrun"; readonly peersCount: number; readonly fraction: number } // more newcomers than can be answered
  | { readonly kind: "tick"; readonly peersCount: number; readonly fraction: number }; // fraction: jitter in [0, 1)

/** Send to all on the interface. */
export interface AnnounceEffect {
  readonly kind: "send";
  readonly what: AnnouncementKind;
  /** Whether this is the first copy of a burst. */
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

/** Schedules the unsolicited beacons of one interface. */
export class AnnounceTimer {
  #state: State = { at: "idle" };
  #intervalMs = BEAT_MIN_MS;
  #sentAtMs = -Infinity;
  #announceFromMs = 0;
  #isAnnounceDue = false;

  /** When it needs a tick; null before the first search. */
  get wakeAtMs(): number | null {
    if (this.#state.at === "idle") return null;
    if (this.#state.at === "burst" || !this.#isAnnounceDue) return this.#state.nextAtMs;
    return Math.min(this.#state.nextAtMs, this.#announceFromMs);
  }

  /**
   * Seconds until the next unsolicited beacon at the latest, as beacons announce it. Longer than needed while the
   * beat doubles: listeners forget a peer after three announced times, and three beats must fall into that time.
   */
  get beatSeconds(): number {
    const growingMs = Math.min(BEAT_STABLE_MS, this.#intervalMs * GROWING_BEAT_FACTOR);
    return Math.ceil(Math.max(this.#intervalMs, growingMs) / 1_000);
  }

  /** Processes one input. Perform the effects in order. */
  handle(input: AnnounceInput, nowMs: number): readonly AnnounceEffect[] {
    switch (input.kind) {
      case "search":
        this.#state = { at: "burst", what: "hello", sentCount: 0, nextAtMs: nowMs };
        this.#intervalMs = BEAT_MIN_MS;
        this.#isAnnounceDue = false;
        return [];
      case "announce":
        // Pending hellos carry the news as well as a beat.
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

  /** The rest of a burst informs newcomers as well as a beat. */
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
