/** Times of places in a room's order. Authors' clocks may be wrong, so no single entry decides. Pure. */

/** The entries behind one that correct its author's clock. */
const NEXT_COUNT = 3;

interface Timed {
  /** The author's clock, Unix ms. */
  readonly wallMs: number;
}

/**
 * The index at which a range begins in the room's order: the split that the most clocks agree with, from 0 to the
 * length. `isAfter` tells whether a time is in the range. At a tie the range is the longer one.
 */
export function findSplitIndex(entries: readonly Timed[], isAfter: (wallMs: number) => boolean): number {
  let wrongCount = 0;
  let fewest = 0;
  let splitIndex = 0;
  for (const [index, { wallMs }] of entries.entries()) {
    // Relative to a range of all entries: one entry more is left out.
    wrongCount += isAfter(wallMs) ? 1 : -1;
    if (wrongCount >= fewest) continue;
    fewest = wrongCount;
    splitIndex = index + 1;
  }
  return splitIndex;
}

/**
 * A time for each entry that never falls in the room's order. An author's clock counts, unless most of the next
 * entries are earlier: then it is ahead, and the entry takes the time of its place.
 */
export function estimatePlaceTimes(entries: readonly Timed[]): readonly number[] {
  let latestMs = -Infinity;
  return entries.map(({ wallMs }, index) => {
    const next = entries.slice(index + 1, index + 1 + NEXT_COUNT).map((one) => one.wallMs)
      .sort((left, right) => left - right);
    const medianMs = next[Math.floor(next.length / 2)] ?? Infinity;
    const ownMs = wallMs > medianMs ? next[0] ?? wallMs : wallMs;
    if (wallMs <= medianMs || latestMs === -Infinity) latestMs = Math.max(latestMs, ownMs);
    return latestMs;
  });
}
