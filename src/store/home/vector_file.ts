/**
 * seen.json of a room: how far each member's disk had our own feed when last reported, so that receipts are available
 * immediately after a start. It is a cache: without it receipts return as the members do, so a broken file is
 * ignored.
 */

import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { parsePeerId, type PeerId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";
import { CoalescedTask } from "../files/coalesced_task.ts";
import { replaceFile } from "../files/atomic_write.ts";

const VERSION = 1;

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
  const members = membersIn(text);
  const seen = new Map<PeerId, number>();
  for (const [member, number] of Object.entries(members)) {
    const id = parsePeerId(member);
    if (id !== null && typeof number === "number" && Number.isSafeInteger(number) && number > 0) {
      seen.set(id, number);
    }
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

function membersIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("version" in value) || value.version !== VERSION) {
      return {};
    }
    return "members" in value && typeof value.members === "object" && value.members !== null
      ? value.members
      : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
