/**
 * From the lines of a log back to a replica, fast: the hash chain vouches for all but the last entry of each feed, and
 * what was checked before is only put in order again.
 */

import type { Crypto } from "../ports/crypto.ts";
import { compareEntries, type Entry, isSigned, readEntry } from "./entry.ts";
import type { PeerId } from "./id.ts";
import type { Replica } from "./replica.ts";

/** What was found in a log beside good entries. The lines stay in the file; what is missing comes back from others. */
export interface ReloadReport {
  /** Numbers (from 1) of lines that are no entries: damaged, or of a later version. */
  readonly unreadable: readonly number[];
  /** Entries whose author did not sign them so, those that follow them, and those that break a rule: the log was changed by hand or by the disk. */
  readonly distrustedCount: number;
  /** Of those the ones that are signed and wait for what was damaged before them: when that comes back, they are good again. */
  readonly orphans: readonly Entry[];
}

/** What a line is: an entry, or why it is none. */
export type ParsedLine = ReturnType<typeof readEntry>;

/** Fills an empty replica from the lines of a log. */
export function loadReplica(replica: Replica, lines: readonly string[], crypto: Crypto): ReloadReport {
  return loadParsedLines(replica, lines.map((line) => readEntry(line, crypto)), crypto);
}

/** Entries in the order of the room: themselves, if they are. */
export function toRoomOrder(entries: readonly Entry[]): readonly Entry[] {
  const isInOrder = entries.every((entry, index) => {
    const before = entries[index - 1];
    return before === undefined || compareEntries(before, entry) < 0;
  });
  return isInOrder ? entries : entries.toSorted(compareEntries);
}

/** Puts into a replica what was in one before, in the order of the room; whether that went as it did then. If not, the replica is of no use. */
export function restoreReplica(replica: Replica, entries: readonly Entry[]): boolean {
  return entries.every((entry) => replica.accept(entry, { isTrusted: true }) === "accepted");
}

/** As `reload`, from lines that were read before: reading takes most of the time, and can be done in pieces. The replica may have what stood before them. */
export function loadParsedLines(
  replica: Replica,
  lines: readonly ParsedLine[],
  crypto: Crypto,
): ReloadReport {
  const unreadable: number[] = [];
  const feeds = new Map<PeerId, Map<number, Entry[]>>();
  lines.forEach((entry, index) => {
    if ("problem" in entry || entry.room !== replica.id) unreadable.push(index + 1);
    else collectByFeed(entry, feeds);
  });
  const good = new Set(
    [...feeds].flatMap(([author, feed]) => findTrustedChain(feed, { after: replica.last(author), crypto })),
  );
  const spare = [...feeds.values()].flatMap((feed) => [...feed.values()].flat()).filter((entry) =>
    !good.has(entry)
  );
  const refused = [...good].sort(compareEntries).filter((entry) =>
    replica.accept(entry, { isTrusted: true }) !== "accepted"
  );
  // What the chains left over is either not signed so, or the other branch of a fork, which the replica then marks.
  const outcomes = spare.sort(compareEntries).map((entry) => ({ entry, outcome: replica.accept(entry) }));
  const distrusted = outcomes.filter(({ outcome }) => outcome !== "fork" && outcome !== "duplicate");
  const orphans = outcomes.filter(({ entry, outcome }) => outcome === "gap" && isSigned(entry, crypto));
  return {
    unreadable,
    distrustedCount: refused.length + distrusted.length,
    orphans: orphans.map(({ entry }) => entry),
  };
}

function collectByFeed(entry: Entry, feeds: Map<PeerId, Map<number, Entry[]>>): void {
  const feed = feeds.get(entry.author) ?? new Map<number, Entry[]>();
  feeds.set(entry.author, feed);
  const same = feed.get(entry.number);
  if (same === undefined) feed.set(entry.number, [entry]);
  else if (!same.some((known) => known.hash === entry.hash)) same.push(entry);
}

/** The longest run of entries behind that one, or from number 1 on, in which each names the hash of the one before and the last is signed. */
function findTrustedChain(
  feed: ReadonlyMap<number, readonly Entry[]>,
  { after, crypto }: { readonly after: Entry | undefined; readonly crypto: Crypto },
): Entry[] {
  const chain: Entry[] = [];
  while (true) {
    const last = chain.at(-1) ?? after;
    const fitting = (feed.get((last?.number ?? 0) + 1) ?? []).filter((entry) =>
      entry.prev === (last?.hash ?? "")
    );
    const next = fitting.length > 1 ? fitting.find((entry) => isSigned(entry, crypto)) : fitting[0];
    if (next === undefined) break;
    chain.push(next);
  }
  for (let last = chain.at(-1); last !== undefined && !isSigned(last, crypto); last = chain.at(-1)) {
    chain.pop();
  }
  return chain;
}
