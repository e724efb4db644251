/** Loads a room's log, and the index beside it, into a replica, and reports damaged lines to the user. */

import { message } from "../../messages/message.ts";
import type { Crypto } from "../../ports/crypto.ts";
import { deriveDirectRoom, type RoomInfo } from "../../room/access.ts";
import { type Entry, readEntry, restoreEntry } from "../../room/entry.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import {
  loadParsedLines,
  type ParsedLine,
  type ReloadReport,
  restoreReplica,
  toRoomOrder,
} from "../../room/replica_loader.ts";
import { Replica } from "../../room/replica.ts";
import {
  type EntryLog,
  type EntryLogParts,
  type LogTurn,
  type OpenedEntryLog,
  openEntryLog,
  readIndex,
} from "../../store/log/entry_log.ts";
import type { Notices } from "../support/notices.ts";
import type { RoomFolder } from "../../store/home/paths.ts";

/** Lines read between two turns: all other work waits for these, about 4 ms. */
const LINES_A_TURN = 256;
/** The same for lines that are in an index. */
const INDEXED_A_TURN = 4_096;
/** Line numbers named in a notice. */
const LINES_TOLD_MAX = 5;

/** The content of a log, before its room is known. */
export interface ScannedLog {
  /** The entries in its index, in the room's order. */
  readonly known: readonly Entry[];
  /** Lines in the index that are no entries of the room: they prove forks, or came twice. */
  readonly beside: readonly Entry[];
  /** The lines behind the indexed ones. */
  readonly lines: readonly ParsedLine[];
  /** The byte at which each of those lines begins. */
  readonly atBytes: readonly number[];
}

/** A log that was opened and read. */
export interface LoadedLog {
  readonly log: EntryLog;
  readonly read: ScannedLog;
  /** Null if the log does not tell which room it is of. */
  readonly filled: { readonly replica: Replica; readonly report: ReloadReport } | null;
}

/** The contacts: a log with our entries alone may be the conversation with one of them. */
interface KnownContacts {
  readonly contacts: { readonly all: readonly { readonly id: PeerId }[] };
}

export interface LoadRoomLogParts extends EntryLogParts {
  readonly me: PeerId;
  readonly crypto: Crypto;
  /** Called between pieces; false from it ends the reading. */
  readonly turn?: LogTurn;
  readonly contacts: KnownContacts;
  readonly notices: Pick<Notices, "add">;
}

/** Opens and reads the log of that folder, and reports damage as notices. Null if it is empty, or if a turn ended the reading. @throws {DiskError}. */
export async function loadRoomLog(folder: RoomFolder, parts: LoadRoomLogParts): Promise<LoadedLog | null> {
  // All indexed entries were valid once. If they are not any more, the log itself tells where the damage is.
  for (const isIndexTrusted of [true, false]) {
    const blocks = isIndexTrusted ? await readIndex(parts, folder, parts.turn) : [];
    if (blocks === null) return null;
    const opened = await openEntryLog(parts, folder, blocks);
    const { log } = opened;
    const loaded = await loadOpened(opened, folder, parts);
    if (loaded !== "lied") {
      if (loaded === null) await log.close();
      return loaded;
    }
    await log.close();
  }
  return null;
}

async function loadOpened(
  opened: OpenedEntryLog,
  folder: RoomFolder,
  parts: LoadRoomLogParts,
): Promise<LoadedLog | "lied" | null> {
  const { crypto, notices } = parts;
  const { log, setAside } = opened;
  if (setAside !== null) {
    notices.add(message("log.cut-short", { log: folder.log, size: setAside.sizeBytes, path: setAside.path }));
  }
  const read = await readInTurns(opened, { ...parts, id: folder.id });
  // A folder that was created just before a crash: the next entry uses it.
  if (read === null || read.known.length + read.lines.length === 0) return null;
  const room = roomOf(read, { ...parts, id: folder.id });
  if (room === undefined) {
    // Without its room no entry can be checked, so the log is kept as it is.
    if (opened.indexed.length > 0) return "lied";
    notices.add(message("log.unknown", { log: folder.log }));
    return { log, read, filled: null };
  }
  const replica = new Replica(room, crypto);
  const isRestored = await restoreInTurns(replica, read.known, parts.turn);
  if (isRestored === null) return null;
  if (!isRestored) return "lied";
  const report = fillRoom(replica, read, { log, crypto });
  await log.writeIndex(parts.turn);
  reportDamage(folder, report, notices);
  return { log, read, filled: { replica, report } };
}

/** Reads a log, with turns for other work if `turn` is given. Null if a turn ended the reading. @throws {DiskError}. */
async function readInTurns(
  { log, indexed, lines, atBytes }: OpenedEntryLog,
  { id, crypto, turn }: {
    readonly id: RoomId;
    readonly crypto: Crypto;
    readonly turn?: LogTurn;
  },
): Promise<ScannedLog | null> {
  const known: Entry[] = [];
  const beside: Entry[] = [];
  const lasts = new Map<PeerId, string>();
  for (const [index, { head, isBeside, atByte }] of indexed.entries()) {
    if (turn !== undefined && index % INDEXED_A_TURN === 0 && !await turn()) return null;
    const prev = lasts.get(head.author) ?? "";
    if (isBeside) {
      const entry = readEntry(log.file.lineAt(atByte, head), crypto);
      if (!("problem" in entry)) beside.push(entry);
    } else {
      lasts.set(head.author, head.hash);
      known.push(restoreEntry({ ...head, room: id, prev }, log.file, atByte));
    }
  }
  const read: ParsedLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (turn !== undefined && index % LINES_A_TURN === 0 && !await turn()) return null;
    const entry = readEntry(line, crypto);
    if (!("problem" in entry)) log.attach(entry, atBytes[index] ?? 0);
    read.push(entry);
  }
  return { known, beside, lines: read, atBytes };
}

/** As `restoreReplica`, with turns. Null if a turn ended it. */
async function restoreInTurns(
  replica: Replica,
  entries: readonly Entry[],
  turn: LogTurn | undefined,
): Promise<boolean | null> {
  const ordered = toRoomOrder(entries);
  for (let at = 0; at < ordered.length; at += INDEXED_A_TURN) {
    if (turn !== undefined && !await turn()) return null;
    if (!restoreReplica(replica, ordered.slice(at, at + INDEXED_A_TURN))) return false;
  }
  return true;
}

/** Adds the lines behind the index to a replica that has the indexed entries, and to the index. */
export function fillRoom(replica: Replica, read: ScannedLog, { log, crypto }: {
  readonly log: EntryLog;
  readonly crypto: Crypto;
}): ReloadReport {
  for (const entry of read.beside) replica.accept(entry);
  const report = loadParsedLines(replica, read.lines, crypto);
  const { unreadable, distrustedCount, orphans } = report;
  if (unreadable.length + distrustedCount + orphans.length > 0) {
    log.discardIndex();
    return report;
  }
  log.noteLoaded(read.lines.flatMap((entry, index) => {
    if ("problem" in entry) return [];
    // Another branch of a fork, or a line that came twice: a crash can bring back a line that the disk had refused.
    const isBeside = replica.get(entry.author, entry.number) !== entry;
    return [{ entry, isBeside, atByte: read.atBytes[index] ?? 0 }];
  }));
  return report;
}

/** The founding facts of a direct conversation with a contact or with an author in the log; else the id, and the log's first entry tells the rest. */
function roomOf(
  { known, lines }: ScannedLog,
  { id, me, contacts, crypto }: {
    readonly id: RoomId;
    readonly me: PeerId;
    readonly crypto: Crypto;
    readonly contacts: KnownContacts;
  },
): RoomInfo | RoomId | undefined {
  const authors = new Set<PeerId>(contacts.contacts.all.map((contact) => contact.id));
  for (const entry of [...known, ...lines]) {
    if ("problem" in entry) continue;
    if (entry.kind === "room") return id;
    authors.add(entry.author);
  }
  authors.delete(me);
  for (const peer of authors) {
    const info = deriveDirectRoom(me, peer, crypto);
    if (info.id === id) return info;
  }
  return undefined;
}

/** Adds notices about the damaged lines of the folder's log. */
export function reportDamage(
  { log }: RoomFolder,
  { unreadable, distrustedCount }: ReloadReport,
  notices: Pick<Notices, "add">,
): void {
  if (unreadable.length > 0) {
    const lines = unreadable.slice(0, LINES_TOLD_MAX).join(", ") +
      (unreadable.length > LINES_TOLD_MAX ? ", …" : "");
    notices.add(message("log.unreadable", { log, lines }));
  }
  if (distrustedCount > 0) {
    notices.add(message("log.changed", { log, count: distrustedCount }));
  }
}
