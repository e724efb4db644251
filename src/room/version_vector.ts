/** How far a replica has each feed: author → last number. A missing author counts as 0. */

import type { PeerId } from "./id.ts";

/** A read-only vector. */
export type Vector = ReadonlyMap<PeerId, number>;

/** Raises `into` to at least `from`. Returns the numbers that it raised. */
export function raiseVector(into: Map<PeerId, number>, from: Vector): Map<PeerId, number> {
  const raised = new Map<PeerId, number>();
  for (const [author, number] of from) {
    if (number <= (into.get(author) ?? 0)) continue;
    into.set(author, number);
    raised.set(author, number);
  }
  return raised;
}

/** Whether `left` contains everything in `right`. */
export function includesVector(left: Vector, right: Vector): boolean {
  for (const [author, number] of right) {
    if ((left.get(author) ?? 0) < number) return false;
  }
  return true;
}
