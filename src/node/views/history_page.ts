/** Finds a page of a conversation without a pass over all of it. Pure. */

import { type Entry, findPosition } from "../../room/entry.ts";

/** Which page. Hidden entries do not count. */
export interface HistoryPageOptions {
  /** The maximum number of entries; Infinity for all. */
  readonly last: number;
  /** Where to look from; null for the newest. */
  readonly from: { readonly side: "before" | "after" | "around"; readonly entry: Entry } | null;
  isShown(entry: Entry): boolean;
}

/** The page. */
export interface HistoryPage {
  /** In the room's order. */
  readonly entries: readonly Entry[];
  /** Whether no older entry is shown. */
  readonly isStart: boolean;
  /** Whether no newer entry is shown. */
  readonly isEnd: boolean;
}

/** Finds the page in a room's entries, which are in order. */
export function findHistoryPage(
  entries: readonly Entry[],
  { last, from, isShown }: HistoryPageOptions,
): HistoryPage {
  const place = from === null ? entries.length : findPosition(from.entry, entries);
  const walk = (step: 1 | -1) => (start: number, count: number) =>
    walkShown(entries, { start, step, count, isShown });
  const [back, forth] = [walk(-1), walk(1)];
  switch (from?.side) {
    case undefined:
    case "before": {
      const older = back(place - 1, last);
      const newer = forth(place, 0);
      return { entries: older.found.reverse(), isStart: !older.hasMore, isEnd: !newer.hasMore };
    }
    case "after": {
      const newer = forth(place + 1, last);
      const older = back(place, 0);
      return { entries: newer.found, isStart: !older.hasMore, isEnd: !newer.hasMore };
    }
    case "around": {
      const older = back(place - 1, Math.floor(last / 2));
      const newer = forth(place, Math.ceil(last / 2));
      return {
        entries: [...older.found.reverse(), ...newer.found],
        isStart: !older.hasMore,
        isEnd: !newer.hasMore,
      };
    }
  }
}

/** The first `count` shown entries from there on, and whether there are more. */
function walkShown(
  entries: readonly Entry[],
  { start, step, count, isShown }: {
    readonly start: number;
    readonly step: 1 | -1;
    readonly count: number;
    isShown(entry: Entry): boolean;
  },
): { readonly found: Entry[]; readonly hasMore: boolean } {
  const found: Entry[] = [];
  for (let index = start; index >= 0; index += step) {
    const entry = entries[index];
    if (entry === undefined) break;
    if (!isShown(entry)) continue;
    if (found.length >= count) return { found, hasMore: true };
    found.push(entry);
  }
  return { found, hasMore: false };
}
