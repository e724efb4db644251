/** Failed transfers between this browser and its node, as sentences. */

import type { FileProblem } from "../browser/ports.ts";
import { translate, translateTold } from "../i18n/i18n.ts";

/** What happened, for the user. */
export function formatFileProblem(
  problem: FileProblem,
  { isConnected }: { readonly isConnected: boolean },
): string {
  switch (problem.is) {
    case "refused":
      return translateTold(problem.message, problem.details);
    case "not-entered":
      return translate("file.notEntered");
    case "busy":
      return translate("file.busy");
    case "unreachable":
      return isConnected ? translate("file.unreached") : translate("link.notSent");
  }
}
