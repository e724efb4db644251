/** Whether earshot itself is given to others, as screens hear of it. */

import { formatForShell } from "../messages/format_message.ts";
import type { Message } from "../messages/message.ts";

/** A file that is given to others. */
export interface GivenFile {
  readonly name: string;
  /** The executable that runs here; any other was found beside it, and nothing tells whether it is what its name says. */
  readonly isOwn: boolean;
  /** For whom it is, such as "Linux (Intel, AMD)". */
  readonly system: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
  /** Its beginning in groups, to be compared by eye. */
  readonly sumStart: string;
}

/** Whether this program is given to others, and where. */
export interface GiveReply {
  readonly isOn: boolean;
  /** While it is off: why it cannot be given, from the middle of a sentence on; null if it can. */
  readonly problem: string | null;
  readonly problemMessage?: Message | null;
  /** The TCP port, which a firewall may keep shut; null while it is off. */
  readonly port: number | null;
  /** Where others get it, one for each network; none while it is off. */
  readonly addresses: readonly string[];
  readonly files: readonly GivenFile[];
  /** Names of what could be given too: found beside the executable, and checked by nobody. */
  readonly found: readonly string[];
}

/** The problem as a reply has it. */
export function toGiveProblem(problem: Message | null): Pick<GiveReply, "problem" | "problemMessage"> {
  return { problem: problem === null ? null : formatForShell(problem), problemMessage: problem };
}
