/** A home beside the executable, for a USB stick. */

import { dirname, join } from "@std/path";
import { DiskError, WorldError } from "../../errors.ts";
import type { Environment } from "../environment/environment.ts";

/** The home's folder beside the executable. */
export const PORTABLE_FOLDER = "earshot-home";

/** The home beside the executable, which is made if need be. @throws {WorldError} where there is none, or where it cannot be written. */
export async function makePortableHome(
  { program, ports: { disk }, pid }: Pick<Environment, "program" | "ports" | "pid">,
): Promise<string> {
  if (program.executable === null) {
    throw new WorldError(
      "--portable keeps everything beside earshot's executable, but this earshot runs from its source. Name a folder with --home",
    );
  }
  const folder = join(dirname(program.executable), PORTABLE_FOLDER);
  // A folder that is there can be made again on a disk that is read-only, so a file says more.
  const probe = join(folder, `.probe-${pid}`);
  try {
    await disk.makeFolder(folder);
    await disk.remove(probe);
    await disk.writeNew(probe, new Uint8Array());
    await disk.remove(probe);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new WorldError(
      `Cannot keep everything in "${folder}": ${
        REASONS[error.reason]
      }. Move earshot to a folder of your own, or start it without --portable`,
      { cause: error },
    );
  }
  return folder;
}

const REASONS: Readonly<Record<DiskError["reason"], string>> = {
  full: "the disk is full",
  "read-only": "the disk is read-only",
  denied: "this user is not allowed to write there",
  exists: "a file with that name is in the way",
  missing: "the folder of the executable no longer exists",
  held: "another program has a file open there",
  failed: "the disk does not work properly",
};
