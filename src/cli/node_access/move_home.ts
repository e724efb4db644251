/**
 * Moves a home from where an earlier version of earshot kept it. On Windows that was the roaming part of the profile, which
 * a company may copy to each machine of its user: two nodes with one identity would fork its feeds.
 */

import { join } from "@std/path";
import { describeError, DiskError } from "../../errors.ts";
import type { Disk, Files } from "../../ports/storage.ts";
import { parseRoomFolderName, toHomePaths, toRoomFolder } from "../../store/home/paths.ts";
import { TransferStore } from "../../store/transfers/transfer_store.ts";

/** The disk, as far as a move needs it. */
export interface MovePorts {
  readonly disk: Disk;
  readonly files: Files;
}

/** From where to where; absolute, on one disk. */
export interface HomeMove {
  readonly from: string;
  readonly to: string;
}

/** The home to use now, and what to tell the user; null for nothing. */
export interface MovedHome {
  readonly home: string;
  readonly told: string | null;
}

/**
 * Moves the home in one step, unless there is none at `from`, or one at `to`. While a node runs with it, or where it cannot
 * be moved, it stays in use where it is, whole. @throws {DiskError} if neither place can be looked at.
 */
export async function moveHome(ports: MovePorts, move: HomeMove): Promise<MovedHome> {
  const { from, to } = move;
  if (await isHome(ports, to) || !await isHome(ports, from)) return { home: to, told: null };
  const lock = await ports.disk.lock(toHomePaths(from).lock);
  if (lock === null) return { home: from, told: null };
  // Windows moves no folder in which a file is open.
  lock[Symbol.dispose]();
  try {
    await removeEmpty(ports, to);
    await ports.files.moveNew(from, to);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    // Another process has moved it in the same moment.
    if (await isHome(ports, to)) return { home: to, told: null };
    return { home: from, told: stayedText(move, error) };
  }
  await correctPlaces(ports, move);
  return {
    home: to,
    told:
      `Your keys and conversations were moved from "${from}" to "${to}", so that Windows copies them to no other machine`,
  };
}

function stayedText({ from, to }: HomeMove, error: DiskError): string {
  return `Your keys and conversations are still in "${from}": they could not be moved to "${to}" (${
    describeError(error)
  }). Nothing is lost. Move the folder while no earshot runs, so that Windows copies it to no other machine`;
}

async function isHome({ disk }: MovePorts, folder: string): Promise<boolean> {
  return await disk.size(toHomePaths(folder).identity) !== null;
}

async function removeEmpty({ disk, files }: MovePorts, folder: string): Promise<void> {
  const info = await files.stat(folder, { follow: false });
  if (info?.kind === "folder" && (await disk.list(folder)).length === 0) await files.removeAll(folder);
}

/** What is remembered of files names their places in the home. */
async function correctPlaces({ disk }: MovePorts, { from, to }: HomeMove): Promise<void> {
  const { rooms } = toHomePaths(to);
  const beginning = join(from, "/");
  for (const name of await disk.list(rooms)) {
    const id = parseRoomFolderName(name);
    if (id === null) continue;
    const offers = new TransferStore(disk, toRoomFolder(join(rooms, name), id).offers);
    for (const key of await offers.listKeys()) {
      const record = await offers.loadRecord(key);
      if (record === null || !record.place.startsWith(beginning)) continue;
      await offers.saveRecord(key, { ...record, place: join(to, record.place.slice(beginning.length)) });
    }
  }
}
