/** The end of a command that did not end well: a sentence, and an exit code. */

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

/** What is known of a command that failed. */
export interface FailureContext {
  readonly output: Output;
  /** Undefined before the home is known. */
  readonly crashLog: CrashLog | undefined;
}

/** Tells the user why a command did not end well; its exit code. */
export async function toExitCode(error: unknown, { output, crashLog }: FailureContext): Promise<number> {
  if (error instanceof SuppressedError) {
    // Cleaning up failed too. What the user did is answered by what failed first.
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
