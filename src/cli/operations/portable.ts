/** A home beside the executable, for a USB stick. */

import { message } from "../../messages/message.ts";
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
    throw new WorldError(message("portable.no-executable"));
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
      message("portable.cannot", { folder, reason: message(`portable.why-${error.reason}`) }),
      { cause: error },
    );
  }
  return folder;
}
