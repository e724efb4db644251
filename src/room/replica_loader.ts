/**
 * Rebuilds a replica from the lines of a log quickly: the hash chain vouches for all but the last entry of each feed,
 * and entries that were checked before are only sorted again.
 */

import type { Crypto } from "../ports/crypto.ts";
import { compareEntries, type Entry, isSigned, readEntry } from "./entry.ts";
import type { PeerId } from "./id.ts";
import type { Replica } from "./replica.ts";

/** Problems found in a log. The lines stay in the file; missing entries come back from other members. */
export interface ReloadReport {
  /** Line numbers, from 1, of lines that are not entries: damaged, or of a later version. */
  readonly unreadable: readonly number[];
  /**
   * Entries with an invalid signature, entries that follow them, and entries that break a rule: a person or the disk
   * changed the log.
   */
  readonly distrustedCount: number;
  /** Signed entries that wait for damaged ones before them. They become valid when those come back. */
  readonly orphans: readonly Entry[];
}

/** A parsed line: an entry, or the reason why it is none. */
export type ParsedLine = ReturnType<typeof readEntry>;

/** Fills an empty replica from the lines of a log. */
export function loadReplica(replica: Replica, lines: readonly string[], crypto: Crypto): ReloadReport {
  return loadParsedLines(replica, lines.map((line) => readEntry(line, crypto)), crypto);
}

/** The entries in the room's order. Returns the same list if it is sorted already. */
export function toRoomOrder(entries: readonly Entry[]): readonly Entry[] {
  const isInOrder = entries.every((entry, index) => {
    const before = entries[index - 1];
    return before === undefined || compareEntries(before, entry) < 0;
  });
  return isInOrder ? entries : entries.toSorted(compareEntries);
}

/**
 * Adds entries that an earlier replica had accepted, in the room's order. Returns whether all were accepted again; if
 * not, discard the replica.
 */
export function restoreReplica(replica: Replica, entries: readonly Entry[]): boolean {
  return entries.every((entry) => replica.accept(entry, { isTrusted: true }) === "accepted");
}

/**
 * As `loadReplica`, from parsed lines: parsing takes most of the time and can be done in parts. The replica may
 * contain the earlier lines.
 */
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
  // The rest has an invalid signature, or is the other branch of a fork, which the replica then records.
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

/**
 * The longest run of entries after `after`, or from number 1, in which each contains the hash of the previous one and
 * the last is signed.
 */
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
