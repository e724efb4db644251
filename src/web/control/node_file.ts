/** node.json: the control address of a home's running node, and its token. The node removes it when it stops. */

import { decodeBase64Url } from "../../encoding/base64url.ts";
import { TOKEN_BYTES } from "./control_guard.ts";
import { parseObject } from "../shared/json_object.ts";

/** The only version that this earshot writes and reads. */
export const NODE_FILE_VERSION = 1;
/** All control addresses begin so. A file with another address is not ours. */
export const CONTROL_ADDRESS = "127.0.0.1";

/** The content of the file. */
export interface NodeFile {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** ISO 8601, by this machine's clock. */
  readonly started: string;
  /** False for the node of a single command, which stops by itself. */
  readonly lasting: boolean;
}

/** The file's text. */
export function formatNodeFile({ pid, port, token, started, lasting }: NodeFile): string {
  const version = NODE_FILE_VERSION;
  return `${JSON.stringify({ version, pid, address: CONTROL_ADDRESS, port, token, started, lasting })}\n`;
}

/** Reads the text; null if it is no node.json of this version. */
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
