/**
 * seen.json of a room: how far each member's disk had our own feed when last reported, so that receipts are available
 * immediately after a start. It is a cache: without it receipts return as the members do, so a broken file is
 * ignored.
 */

import * as v from "valibot";
import { parseJsonAs } from "../../encoding/parse_json_as.ts";
import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { parsePeerId, type PeerId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";
import { CoalescedTask } from "../files/coalesced_task.ts";
import { replaceFile } from "../files/atomic_write.ts";

const VERSION = 1;
const FILE = v.object({ version: v.literal(VERSION), members: v.record(v.string(), v.unknown()) });
const NUMBER = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** The vector in the file; empty if there is none or it is unreadable. */
export async function loadVectors(disk: Disk, path: string): Promise<Vector> {
  try {
    return parseVectors(new TextDecoder().decode(await disk.read(path) ?? new Uint8Array(0)));
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return new Map();
  }
}

/** The members in the text of a seen.json; empty for any other text. Invalid members are left out. */
export function parseVectors(text: string): Vector {
  const seen = new Map<PeerId, number>();
  for (const [member, number] of Object.entries(parseJsonAs(FILE, text)?.members ?? {})) {
    const id = parsePeerId(member);
    if (id !== null && v.is(NUMBER, number)) seen.set(id, number);
  }
  return seen;
}

/** The text of a seen.json. */
export function formatVectors(seen: Vector): string {
  return `${JSON.stringify({ version: VERSION, members: Object.fromEntries([...seen].sort()) })}\n`;
}

/** Saves the cache of one room, one write at a time. */
export class VectorFile {
  readonly #saves: CoalescedTask;
  #seen: Vector = new Map();

  constructor(disk: Disk, path: string) {
    this.#saves = new CoalescedTask(() =>
      replaceFile(disk, { path, bytes: new TextEncoder().encode(formatVectors(this.#seen)) })
    );
  }

  /**
   * Saves this vector in place of the earlier one. Of several waiting calls the last counts. @throws {DiskError}; the
   * data comes back from the members.
   */
  save(seen: Vector): Promise<void> {
    this.#seen = new Map(seen);
    return this.#saves.run();
  }
}
