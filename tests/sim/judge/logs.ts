/** What stands in the logs on simulated disks, read without any of the code that wrote it but the reader of one line. */

import { denoCrypto } from "../../../src/deno/crypto.ts";
import { type Entry, isSigned, readEntry } from "../../../src/room/entry.ts";
import type { PeerId, RoomId } from "../../../src/room/id.ts";
import { HOME, type SimMachine } from "../world.ts";

const CRYPTO = denoCrypto();
const LOG = "/log.jsonl";

/** One log file. */
export interface DiskLog {
  readonly path: string;
  /** The end of its folder's name. */
  readonly roomStart: string;
  /** Whole lines, as they stand there. */
  readonly lines: readonly string[];
}

/** What is read of a disk: all that a process would see, or only what a power cut could not take. */
export type Depth = "written" | "durable";

/** The reader of one world; it reads each line once. */
export class LogReader {
  readonly #entries = new Map<string, Entry | null>();

  /** Paths of the logs on a machine's disk. */
  paths({ disk }: SimMachine): readonly string[] {
    return disk.paths().filter((path) => path.startsWith(`${HOME}/rooms/`) && path.endsWith(LOG));
  }

  /** The logs on a machine's disk. */
  logs(machine: SimMachine, depth: Depth = "written"): readonly DiskLog[] {
    return this.paths(machine).map((path) => {
      const bytes = depth === "durable" ? machine.disk.durable(path) : machine.disk.peek(path);
      const text = new TextDecoder().decode(bytes ?? new Uint8Array(0));
      const folder = path.slice(0, -LOG.length);
      return {
        path,
        roomStart: folder.slice(folder.lastIndexOf("-") + 1),
        lines: text.split("\n").slice(0, -1),
      };
    });
  }

  /** All lines of all logs. */
  lines(machine: SimMachine, depth: Depth = "written"): ReadonlySet<string> {
    return new Set(this.logs(machine, depth).flatMap(({ lines }) => lines));
  }

  /** Those lines that stand behind all that they build on, wherever in the log that is. */
  chained(machine: SimMachine, depth: Depth): ReadonlySet<string> {
    const chained = new Set<string>();
    for (const { lines } of this.logs(machine, depth)) {
      const entries = lines.map((line) => this.entry(line)).filter((entry) => entry !== null);
      const hashes = new Map<string, Set<string>>();
      for (const entry of entries.toSorted((left, right) => left.number - right.number)) {
        const known = hashes.get(entry.author) ?? new Set([""]);
        hashes.set(entry.author, known);
        if (!known.has(entry.prev)) continue;
        known.add(entry.hash);
        chained.add(entry.line);
      }
    }
    return chained;
  }

  /** The entry of a line, if its author signed it; else null. */
  entry(line: string): Entry | null {
    const known = this.#entries.get(line);
    if (known !== undefined) return known;
    const entry = readEntry(line, CRYPTO);
    const good = "problem" in entry || !isSigned(entry, CRYPTO) ? null : entry;
    this.#entries.set(line, good);
    return good;
  }

  /** The keys of all entries in all logs. */
  keys(machine: SimMachine, depth: Depth = "written"): ReadonlySet<string> {
    const entries = [...this.lines(machine, depth)].map((line) => this.entry(line));
    return new Set(entries.flatMap((entry) => entry === null ? [] : [keyOf(entry)]));
  }

  /** How far that author's feed goes in each room on the machine's disk, as long as nothing is missing. */
  tips(machine: SimMachine, author: PeerId): ReadonlyMap<RoomId, number> {
    const tips = new Map<RoomId, number>();
    for (const line of this.chained(machine, "written")) {
      if (!line.includes(author)) continue;
      const entry = this.entry(line);
      if (entry?.author !== author) continue;
      tips.set(entry.room, Math.max(entry.number, tips.get(entry.room) ?? 0));
    }
    return tips;
  }
}

/** What tells an entry from all others that an honest author signed. */
export function keyOf({ room, author, number }: Pick<Entry, "room" | "author" | "number">): string {
  return `${room} ${author} ${number}`;
}

/** What only a message's line contains. */
export function wordsOf(text: string): string {
  return `,${JSON.stringify(text)}]`;
}
