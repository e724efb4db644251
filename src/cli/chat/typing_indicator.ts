/** Who types right now, and how often others hear that we do. Pure. */

import type { LogRow, NodeEvent } from "../../api/commands.ts";
import type { PeerId, RoomId } from "../../room/id.ts";

/** How long somebody who typed counts as typing: twice as long as nodes take until they tell it again, so that one lost hint does not show. */
export const TYPING_SHOWN_MS = 6_000;
/** Between two times that we tell it. */
export const TYPING_TOLD_MS = 3_000;

/** Who types in any conversation. */
export class TypingIndicator {
  readonly #until = new Map<
    string,
    { readonly roomId: RoomId; readonly name: string; readonly untilMs: number }
  >();
  #toldMs = -Infinity;

  /** Somebody types. */
  note({ roomId, peer, name }: Extract<NodeEvent, { event: "typing" }>, nowMs: number): void {
    this.#until.set(keyOf(roomId, peer), { roomId, name, untilMs: nowMs + TYPING_SHOWN_MS });
  }

  /** What they typed is here. */
  end({ roomId, author }: LogRow): void {
    this.#until.delete(keyOf(roomId, author));
  }

  /** Their names; forgets who stopped. */
  names(roomId: RoomId, nowMs: number): readonly string[] {
    for (const [key, { untilMs }] of this.#until) if (untilMs <= nowMs) this.#until.delete(key);
    return [...this.#until.values()].filter((typist) => typist.roomId === roomId).map(({ name }) => name);
  }

  /** When somebody stops to count; null while nobody types. */
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

function keyOf(roomId: RoomId, peer: PeerId): string {
  return `${roomId}/${peer}`;
}
