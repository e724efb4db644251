/** What the link needs, of this browser: the socket, the key, and the proofs made with it. */

import {
  ENTER_FRAGMENT,
  ENTER_PATH,
  fileProofText,
  LIVE_PATH,
  proofText,
  SECRET_BYTES,
} from "../../shared/live_protocol.ts";
import type { NodeSocketPorts } from "../connection/node_socket.ts";
import { keep, kept } from "./storage.ts";

const KEY = "key";
/** Time for the answer of our own machine. */
const PROBE_MS = 5_000;

/** The link's ports. */
export const SOCKET_PORTS: NodeSocketPorts = {
  open({ onText, onClose }) {
    const socket = new WebSocket(`ws://${location.host}${LIVE_PATH}`);
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") onText(data);
    };
    socket.onclose = ({ code }) => onClose(code);
    return {
      send: (text) => {
        // A socket that is closing takes nothing; what was asked fails when it is closed.
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },

  async probe() {
    try {
      return (await fetch(LIVE_PATH, { cache: "no-store", signal: AbortSignal.timeout(PROBE_MS) })).status;
    } catch (error) {
      // How fetch says that nobody answers, or not in time.
      if (error instanceof TypeError || error instanceof DOMException) return null;
      throw error;
    }
  },

  async answer(nodeNonce) {
    const key = kept(KEY);
    if (key === null) return null;
    const pageNonce = encodeBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
    const sign = await importSigner(key);
    const proofOf = (side: "page" | "node") =>
      sign(proofText({ side, port: readPort(), nodeNonce, pageNonce }));
    const [proof, ofNode] = await Promise.all([proofOf("page"), proofOf("node")]);
    return { proof, nonce: pageNonce, isNode: (given) => given === ofNode };
  },

  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Takes the token out of the address bar, before anything else sees it; null if there is none. */
export function takeToken(): string | null {
  if (!location.hash.startsWith(ENTER_FRAGMENT)) return null;
  const token = location.hash.slice(ENTER_FRAGMENT.length);
  history.replaceState(null, "", location.pathname);
  return token;
}

/** Exchanges the token for this browser's key; whether that worked. */
export async function exchangeToken(token: string): Promise<boolean> {
  try {
    const response = await fetch(ENTER_PATH, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
      cache: "no-store",
    });
    if (!response.ok) return false;
    const { key }: { key?: unknown } = await response.json();
    if (typeof key !== "string") return false;
    keep(KEY, key);
    return true;
  } catch (error) {
    // Nobody answers, or no JSON: the link then finds out why.
    if (error instanceof TypeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The proof that this browser may get or bring that file, for the node's present start; null without a key. */
export async function signFileRequest(
  { method, path, instance }: { readonly method: string; readonly path: string; readonly instance: string },
): Promise<string | null> {
  const key = kept(KEY);
  if (key === null) return null;
  return await (await importSigner(key))(fileProofText({ method, port: readPort(), instance, path }));
}

async function importSigner(key: string): Promise<(text: string) => Promise<string>> {
  const usage = { name: "HMAC", hash: "SHA-256" };
  const hmacKey = await crypto.subtle.importKey("raw", decodeBase64Url(key), usage, false, ["sign"]);
  return async (text) =>
    encodeBase64Url(
      new Uint8Array(await crypto.subtle.sign("HMAC", hmacKey, new TextEncoder().encode(text))),
    );
}

function readPort(): number {
  return location.port === "" ? 80 : Number(location.port);
}

function encodeBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
