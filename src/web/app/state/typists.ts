/** Peers that are typing. Pure. */

import type { NodeEvent } from "../../../api/commands.ts";

/** A peer counts as typing for this time: twice the interval at which nodes repeat the hint. */
export const TYPING_SHOWN_MS = 6_000;
/** Time between two hints that the user is typing. */
export const TYPING_SENT_MS = 3_000;

/** A peer that is typing. */
export interface Typist {
  readonly roomId: string;
  readonly peer: string;
  readonly name: string;
  readonly untilMs: number;
}

/** The typists with a peer that is typing now. */
export function withTypist(
  typists: readonly Typist[],
  { roomId, peer, name }: Extract<NodeEvent, { event: "typing" }>,
  nowMs: number,
): readonly Typist[] {
  const others = typists.filter((each) => each.roomId !== roomId || each.peer !== peer);
  return [...others, { roomId, peer, name, untilMs: nowMs + TYPING_SHOWN_MS }];
}

/** The typists without those whose time is over; the same list if there are none. */
export function dropStaleTypists(typists: readonly Typist[], nowMs: number): readonly Typist[] {
  const still = typists.filter(({ untilMs }) => untilMs > nowMs);
  return still.length === typists.length ? typists : still;
}

/** The typists without the author of a message that has arrived. */
export function withoutTypist(
  typists: readonly Typist[],
  { roomId, author }: { readonly roomId: string; readonly author: string },
): readonly Typist[] {
  return typists.filter((each) => each.roomId !== roomId || each.peer !== author);
}
