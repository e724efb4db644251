/** node.json: where the running node of a home listens to commands, and the token that it wants. Gone when it stops. */

import { decodeBase64Url } from "../../encoding/base64url.ts";
import { TOKEN_BYTES } from "./control_guard.ts";
import { parseObject } from "../shared/json_object.ts";

/** The one version that this earshot writes and understands. */
export const NODE_FILE_VERSION = 1;
/** Where control addresses are; anything else in a file is not ours. */
export const CONTROL_ADDRESS = "127.0.0.1";

/** What the file says. */
export interface NodeFile {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** ISO 8601, by this machine's clock. */
  readonly started: string;
  /** False for the node of a single command: it goes away by itself. */
  readonly lasting: boolean;
}

/** The file's text. */
export function formatNodeFile({ pid, port, token, started, lasting }: NodeFile): string {
  const version = NODE_FILE_VERSION;
  return `${JSON.stringify({ version, pid, address: CONTROL_ADDRESS, port, token, started, lasting })}\n`;
}

/** What the text says, or null if it is not a node.json of this version. */
export function parseNodeFile(text: string): NodeFile | null {
  const file = parseObject(text);
  if (file === null) return null;
  const { version, pid, address, port, token, started, lasting } = file;
  if (version !== NODE_FILE_VERSION || address !== CONTROL_ADDRESS) return null;
  if (!isWhole(pid, 2 ** 32) || !isWhole(port, 65_535)) return null;
  if (typeof token !== "string" || decodeBase64Url(token, TOKEN_BYTES) === null) return null;
  if (typeof started !== "string" || typeof lasting !== "boolean") return null;
  return { pid, port, token, started, lasting };
}

function isWhole(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= max;
}
