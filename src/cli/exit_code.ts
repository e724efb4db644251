/** Turns the error of a command into a message and an exit code. */

import { describeError, DiskError, NetworkError, UsageError, WorldError } from "../errors.ts";
import { message } from "../messages/message.ts";
import type { CrashLog } from "./node_access/crash_log.ts";
import { OutputClosedError } from "../ports/terminal.ts";
import type { Output } from "./format/output.ts";
import { Interrupted } from "./environment/environment.ts";

const DONE = 0;
/** Exit codes of a command that did not do as it was told. */
export const FAILED = 1;
export const WRONG_USAGE = 2;

/** The surroundings of a command that failed. */
export interface FailureContext {
  readonly output: Output;
  /** Undefined before the home is known. */
  readonly crashLog: CrashLog | undefined;
}

/** Shows the user why a command failed; its exit code. */
export async function toExitCode(error: unknown, { output, crashLog }: FailureContext): Promise<number> {
  if (error instanceof SuppressedError) {
    // Cleaning up failed, too. The first error is the answer to the command.
    await crashLog?.note(error.error);
    return await toExitCode(error.suppressed, { output, crashLog });
  }
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof OutputClosedError) return DONE;
  if (error instanceof UsageError) {
    await output.error(error.details);
    return WRONG_USAGE;
  }
  if (error instanceof WorldError) {
    await output.error(error.details);
    return FAILED;
  }
  if (error instanceof DiskError || error instanceof NetworkError) {
    await output.error(message("text.any", { text: describeError(error) }));
    return FAILED;
  }
  const path = await crashLog?.note(error) ?? null;
  const cause = describeError(error);
  await output.error(
    path === null ? message("bug.no-log", { cause }) : message("bug.logged", { cause, path }),
  );
  return FAILED;
}
