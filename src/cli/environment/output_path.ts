/** Places for files that the user wants. */

import { message } from "../../messages/message.ts";
import { dirname, SEPARATOR } from "@std/path";
import { UsageError } from "../../errors.ts";
import { isDeviceName } from "../../text/file_name.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { Environment } from "./environment.ts";

/** Characters that Windows allows in no name. A colon would write a stream, which no program shows, behind the file before it. */
const FORBIDDEN_ON_WINDOWS = /[<>:"|?*\p{Cc}]/u;
/** What may stand before the first name: `C:`, also behind the prefixes that switch off Windows' own rules. */
const WINDOWS_ROOT = /^(?:[\\/]{2}[?.][\\/])?(?:[a-z]:)?/i;

/** The typed path, absolute. @throws {UsageError} in the home, whose files belong to the node, and for a name that Windows would take for something else. */
export function resolveOutputPath(
  typed: string,
  { environment, home }: {
    readonly environment: Pick<Environment, "absolutePath" | "ports">;
    readonly home: string;
  },
): string {
  const path = environment.absolutePath(typed);
  if (environment.ports.system.os === "windows") refuseForbiddenNames(path);
  if (path !== home && !`${dirname(path)}${SEPARATOR}`.startsWith(`${home}${SEPARATOR}`)) return path;
  throw new UsageError(message("output.in-home", { path }));
}

/** @throws {UsageError} */
function refuseForbiddenNames(path: string): void {
  for (const name of path.replace(WINDOWS_ROOT, "").split(/[\\/]/)) {
    const [char] = FORBIDDEN_ON_WINDOWS.exec(name) ?? [];
    if (char === undefined && !isDeviceName(name)) continue;
    const shown = sanitizeLine(path);
    throw new UsageError(
      char === undefined
        ? message("output.device", { path: shown, name })
        : message("output.character", { path: shown, character: sanitizeLine(char) }),
    );
  }
}
