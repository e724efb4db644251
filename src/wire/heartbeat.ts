/**
 * Detects within three seconds that a peer is gone, because a lost Wi-Fi link closes no socket. Both sides send
 * something at least every second. A ping is sent only if nothing else was, and needs no answer.
 *     hearing ──────────── nothing for 3 s ─────────────▶ dead
 *      │   ▲                                               ▲
 *      │   └─ something heard ─┐                           │
 *      └─ a tick came late ──▶ excusing ─ nothing for 3 s ─┘
 * Invariant: one excuse per received message, so a machine that is always late still gives up.
 */

/** Our silence after which a ping is sent. Three fit into the peer's timeout, so one or two may be lost. */
export const HEARTBEAT_SEND_MS = 1_000;
/** The peer's silence after which its session ends. */
export const HEARTBEAT_DEAD_MS = 3_000;
/** A later tick means that this machine slept or starved, so the silence may be its own. */
export const HEARTBEAT_LATE_MS = 1_000;

/** The heartbeat of one session. */
export class Heartbeat {
  #sentAtMs: number;
  #deadAtMs: number;
  #state: "hearing" | "excusing" | "dead" = "hearing";

  /** Starts as if both sides had just sent something. */
  constructor(nowMs: number) {
    this.#sentAtMs = nowMs;
    this.#deadAtMs = nowMs + HEARTBEAT_DEAD_MS;
  }

  /** When to call `tick`; null once dead. */
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

  /** "ping": send one now (it counts as sent). "dead": end the session; returned once. null: nothing to do. */
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
