/** Tracks typing peers, and limits how often we tell that we are typing. Pure. */

import type { LogRow, NodeEvent } from "../../api/commands.ts";
import type { PeerId, RoomId } from "../../room/id.ts";

/** How long a peer counts as typing: twice the interval of the hints, so that one lost hint does not show. */
export const TYPING_SHOWN_MS = 6_000;
/** Between two times that we tell it. */
export const TYPING_TOLD_MS = 3_000;

/** The typing peers of all conversations. */
export class TypingIndicator {
  readonly #until = new Map<
    string,
    { readonly roomId: RoomId; readonly name: string; readonly untilMs: number }
  >();
  #toldMs = -Infinity;

  /** Notes that a peer is typing. */
  note({ roomId, peer, name }: Extract<NodeEvent, { event: "typing" }>, nowMs: number): void {
    this.#until.set(toTypingKey(roomId, peer), { roomId, name, untilMs: nowMs + TYPING_SHOWN_MS });
  }

  /** The peer's message has arrived. */
  end({ roomId, author }: LogRow): void {
    this.#until.delete(toTypingKey(roomId, author));
  }

  /** The names of typing peers; forgets peers that stopped. */
  names(roomId: RoomId, nowMs: number): readonly string[] {
    for (const [key, { untilMs }] of this.#until) if (untilMs <= nowMs) this.#until.delete(key);
    return [...this.#until.values()].filter((typist) => typist.roomId === roomId).map(({ name }) => name);
  }

  /** When the next peer stops counting as typing; null without one. */
  get wakeAtMs(): number | null {
    if (this.#until.size === 0) return null;
    return [...this.#until.values()].reduce((least, { untilMs }) => Math.min(least, untilMs), Infinity);
  }

  /** Whether to tell others now that we type; then not again for a while. */
  shouldTell(nowMs: number): boolean {
    if (nowMs - this.#toldMs < TYPING_TOLD_MS) return false;
    this.#toldMs = nowMs;
    return true;
  }

  /** Our line was sent: the next one is told of at once. */
  sent(): void {
    this.#toldMs = -Infinity;
  }
}

function toTypingKey(roomId: RoomId, peer: PeerId): string {
  return `${roomId}/${peer}`;
}
