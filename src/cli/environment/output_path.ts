/** Places for files that the user wants. */

import { dirname, SEPARATOR } from "@std/path";
import { UsageError } from "../../errors.ts";
import type { Environment } from "./environment.ts";

/** The typed path, absolute. @throws {UsageError} within the home: what is there belongs to the node. */
export function resolveOutputPath(
  typed: string,
  { environment, home }: { readonly environment: Pick<Environment, "absolutePath">; readonly home: string },
): string {
  const path = environment.absolutePath(typed);
  if (path !== home && !`${dirname(path)}${SEPARATOR}`.startsWith(`${home}${SEPARATOR}`)) return path;
  throw new UsageError(
    `"${path}" is in earshot's own folder, which is for its own files alone. Nothing was written. Choose another place`,
  );
}
