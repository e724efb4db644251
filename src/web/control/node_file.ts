/** node.json: the control address of a home's running node, and its token. The node removes it when it stops. */

import * as v from "valibot";
import { isPort } from "../../encoding/network_address.ts";
import { parseJsonAs } from "../../encoding/parse_json_as.ts";
import { decodeBase64Url } from "../../encoding/base64url.ts";
import { TOKEN_BYTES } from "./control_guard.ts";

/** The only version that this earshot writes and reads. */
export const NODE_FILE_VERSION = 1;
/** All control addresses begin so. A file with another address is not ours. */
export const CONTROL_ADDRESS = "127.0.0.1";

/** The greatest process id of any system. */
const PID_MAX = 2 ** 32;
const NODE_FILE = v.object({
  version: v.literal(NODE_FILE_VERSION),
  pid: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(PID_MAX)),
  address: v.literal(CONTROL_ADDRESS),
  port: v.custom<number>(isPort),
  token: v.pipe(v.string(), v.check((text) => decodeBase64Url(text, TOKEN_BYTES) !== null)),
  started: v.string(),
  lasting: v.boolean(),
});

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
  const file = parseJsonAs(NODE_FILE, text);
  if (file === null) return null;
  const { pid, port, token, started, lasting } = file;
  return { pid, port, token, started, lasting };
}
