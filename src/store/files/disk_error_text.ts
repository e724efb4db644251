/** What a failed disk call means, in words for a person. */

import { assertNever, describeError, DiskError, WorldError } from "../../errors.ts";

/** Runs disk calls; `doing` goes behind "Cannot". @throws {WorldError} in place of a DiskError: what happened, what was kept, what to do. */
export async function formatDiskError<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const message = `Cannot ${doing}: ${happened(error)}. What was there is unharmed. ${advice(error)}`;
    throw new WorldError(message, { cause: error });
  }
}

function happened(error: DiskError): string {
  switch (error.reason) {
    case "full":
      return "the disk is full";
    case "read-only":
      return "the disk is read-only";
    case "denied":
      return "this user is not allowed to";
    case "exists":
      return "something else of that name is in the way";
    case "missing":
      return "the folder is missing";
    case "held":
      return "another program has it open";
    case "failed":
      return describeError(error);
    default:
      return assertNever(error.reason);
  }
}

function advice(error: DiskError): string {
  switch (error.reason) {
    case "full":
      return "Free some space and try again";
    case "read-only":
    case "denied":
      return "Check who may write there, or use another place";
    case "held":
      return "Close the program that has it open and try again. It may be an editor, a virus scanner or a backup";
    case "exists":
    case "missing":
    case "failed":
      return "Check the disk and try again";
    default:
      return assertNever(error.reason);
  }
}
