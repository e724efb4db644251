/** What a failed disk call means, for the user. */

import { describeDiskReason, DiskError, WorldError } from "../../errors.ts";
import { type Message, message } from "../../messages/message.ts";

/**
 * Runs disk calls; `doing` is a message such as "doing.read".
 * @throws {WorldError} in place of a DiskError: what happened, what was kept, what to do.
 */
export async function formatDiskError<T>(doing: Message, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new WorldError(describeDiskFailure(doing, error), { cause: error });
  }
}

function describeDiskFailure(doing: Message, error: DiskError): Message {
  const values = { doing, reason: describeDiskReason(error) };
  switch (error.reason) {
    case "full":
      return message("disk-failed.full", values);
    case "read-only":
    case "denied":
      return message("disk-failed.permission", values);
    case "held":
      return message("disk-failed.held", values);
    default:
      return message("disk-failed.other", values);
  }
}
