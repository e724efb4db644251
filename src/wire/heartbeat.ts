/**
 * Notices within three seconds that a peer is gone, for a dead Wi-Fi link closes no socket. Both sides send something
 * at least every second; a ping is sent only where nothing else was, and needs no answer.
 *
 *     hearing ──────────── nothing for 3 s ─────────────▶ dead
 *      │   ▲                                               ▲
 *      │   └─ something heard ─┐                           │
 *      └─ a tick came late ──▶ excusing ─ nothing for 3 s ─┘
 *
 * Invariant: one excuse for each time that something was heard, so a machine that is always late still gives up.
 */

/** Silence of ours after which a ping goes out. Three fit into the peer's patience, so one or two may be lost. */
export const HEARTBEAT_SEND_MS = 1_000;
/** Silence of the peer's after which its session ends. */
export const HEARTBEAT_DEAD_MS = 3_000;
/** A tick later than this means that this machine slept or starved: the silence may be ours. */
export const HEARTBEAT_LATE_MS = 1_000;

/** The heartbeat of one session. */
export class Heartbeat {
  #sentAtMs: number;
  #deadAtMs: number;
  #state: "hearing" | "excusing" | "dead" = "hearing";

  /** Starts as if both sides had just spoken. */
  constructor(nowMs: number) {
    this.#sentAtMs = nowMs;
    this.#deadAtMs = nowMs + HEARTBEAT_DEAD_MS;
  }

  /** When `tick` wants to be called; null once dead. */
  get wakeAtMs(): number | null {
    return this.#state === "dead" ? null : Math.min(this.#sentAtMs + HEARTBEAT_SEND_MS, this.#deadAtMs);
  }

  /** Something was sent to the peer. */
  noteSent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  /** Something was received from the peer. */
  noteReceived(nowMs: number): void {
    if (this.#state === "dead") return;
    this.#state = "hearing";
    this.#deadAtMs = nowMs + HEARTBEAT_DEAD_MS;
  }

  /** "ping": send one now (it counts as sent). "dead": end the session; said once. null: nothing to do. */
  tick(nowMs: number): "ping" | "dead" | null {
    const { wakeAtMs } = this;
    if (wakeAtMs === null || nowMs < wakeAtMs) return null;
    if (nowMs - wakeAtMs > HEARTBEAT_LATE_MS && this.#state === "hearing") {
      this.#state = "excusing";
      this.#deadAtMs = nowMs + HEARTBEAT_DEAD_MS;
    }
    if (nowMs >= this.#deadAtMs) {
      this.#state = "dead";
      return "dead";
    }
    this.#sentAtMs = nowMs;
    return "ping";
  }
}
