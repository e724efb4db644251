/** Who types in the open conversations. Pure. */

import type { NodeEvent } from "../../../api/commands.ts";

/** How long somebody who typed counts as typing: twice as long as nodes take until they tell it again. */
export const TYPING_SHOWN_MS = 6_000;
/** Between two times that the page tells it. */
export const TYPING_SENT_MS = 3_000;

/** Somebody who types. */
export interface Typist {
  readonly roomId: string;
  readonly peer: string;
  readonly name: string;
  readonly untilMs: number;
}

/** With somebody who types now. */
export function withTypist(
  typists: readonly Typist[],
  { roomId, peer, name }: Extract<NodeEvent, { event: "typing" }>,
  nowMs: number,
): readonly Typist[] {
  const others = typists.filter((each) => each.roomId !== roomId || each.peer !== peer);
  return [...others, { roomId, peer, name, untilMs: nowMs + TYPING_SHOWN_MS }];
}

/** Without those who stopped; the same list if nobody did. */
export function dropStaleTypists(typists: readonly Typist[], nowMs: number): readonly Typist[] {
  const still = typists.filter(({ untilMs }) => untilMs > nowMs);
  return still.length === typists.length ? typists : still;
}

/** Without whoever said something: what they typed is here. */
export function withoutTypist(
  typists: readonly Typist[],
  { roomId, author }: { readonly roomId: string; readonly author: string },
): readonly Typist[] {
  return typists.filter((each) => each.roomId !== roomId || each.peer !== author);
}
