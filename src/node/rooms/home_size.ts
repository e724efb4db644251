/** Whether the conversations of a home fit into memory: a start that dies in the engine says nothing to anybody. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import { INDEX_LINE_BYTES } from "../../store/log/log_index.ts";
import type { RoomFolder } from "../../store/home/paths.ts";

/** Lines of all rooms that a start can hold: some 550 bytes each, where the engine has 4 GB at most. */
export const HOME_ENTRIES_MAX = 4_000_000;
/** A short chat line with its signature: where there is no index that tells, lines are taken for as many as they may be. */
const LINE_BYTES_MIN = 300;

/** A log as it lies on the disk. */
export interface SizedLog {
  readonly folder: Pick<RoomFolder, "folder" | "index">;
  readonly sizeBytes: number;
}

/** @throws {WorldError} that says which folder to move away, where there are more lines than fit; {DiskError}. */
export async function requireRoomInMemory(
  disk: Pick<Disk, "size">,
  logs: readonly SizedLog[],
): Promise<void> {
  const counted = await Promise.all(logs.map(async ({ folder, sizeBytes }) => {
    const indexBytes = await disk.size(folder.index) ?? 0;
    const byIndex = indexBytes === 0 ? Infinity : Math.ceil(indexBytes / INDEX_LINE_BYTES);
    return { folder, sizeBytes, lines: Math.min(byIndex, Math.ceil(sizeBytes / LINE_BYTES_MIN)) };
  }));
  const lines = counted.reduce((sum, one) => sum + one.lines, 0);
  const [largest] = counted.toSorted((left, right) => right.lines - left.lines);
  if (lines <= HOME_ENTRIES_MAX || largest === undefined) return;
  const { folder: { folder }, sizeBytes } = largest;
  throw new WorldError(
    message("home.too-large", { lines, max: HOME_ENTRIES_MAX, folder, size: sizeBytes }),
  );
}
