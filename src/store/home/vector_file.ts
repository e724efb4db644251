/**
 * seen.json of a room: how far each member's disk held our own feed when we last heard, so that receipts are there at once
 * after a start. A cache: without it they come back as the members do, so whatever is wrong with the file, it is forgotten.
 */

import { DiskError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { parsePeerId, type PeerId } from "../../room/id.ts";
import type { Vector } from "../../room/version_vector.ts";
import { CoalescedTask } from "../files/coalesced_task.ts";
import { replaceFile } from "../files/atomic_write.ts";

const VERSION = 1;

/** What the file says; empty if there is none or if it cannot be read or understood. */
export async function loadVectors(disk: Disk, path: string): Promise<Vector> {
  try {
    return parseVectors(new TextDecoder().decode(await disk.read(path) ?? new Uint8Array(0)));
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return new Map();
  }
}

/** The members in the text of a seen.json; none if it is not one. Members that are none are left out. */
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

/** Saves the cache of one room, as often as asked but never twice at a time. */
export class VectorFile {
  readonly #saves: CoalescedTask;
  #seen: Vector = new Map();

  constructor(disk: Disk, path: string) {
    this.#saves = new CoalescedTask(() =>
      replaceFile(disk, { path, bytes: new TextEncoder().encode(formatVectors(this.#seen)) })
    );
  }

  /** Keeps this in place of what was kept; of several that wait the last counts. @throws {DiskError}; nothing is lost that does not come back. */
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
