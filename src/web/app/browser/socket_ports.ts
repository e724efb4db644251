/** The connection's ports in a browser: the socket, the key, and the proofs that the key makes. */

import { ENTER_PATH, fileProofText, LIVE_PATH, proofText, SECRET_BYTES } from "../../shared/live_protocol.ts";
import type { NodeSocketPorts } from "../connection/node_socket.ts";
import { PAGE_STORAGE } from "./storage.ts";

const KEY = "key";
/** Time for the node to answer; it runs on this device. */
const PROBE_MS = 5_000;

/** The ports of the connection. */
export const SOCKET_PORTS: NodeSocketPorts = {
  open({ onText, onClose }) {
    const socket = new WebSocket(`ws://${location.host}${LIVE_PATH}`);
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") onText(data);
    };
    socket.onclose = ({ code }) => onClose(code);
    return {
      send: (text) => {
        // A closing socket takes nothing. Commands under way fail when it has closed.
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(),
    };
  },

  async probe() {
    try {
      return (await fetch(LIVE_PATH, { cache: "no-store", signal: AbortSignal.timeout(PROBE_MS) })).status;
    } catch (error) {
      // fetch reports so that nothing answers, or too late.
      if (error instanceof TypeError || error instanceof DOMException) return null;
      throw error;
    }
  },

  async answer(nodeNonce) {
    const key = PAGE_STORAGE.read(KEY);
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

/** Exchanges the one-time token for this browser's key. False if the node refused or did not answer. */
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
    PAGE_STORAGE.write(KEY, key);
    return true;
  } catch (error) {
    // No answer, or no JSON: the connection then finds out why.
    if (error instanceof TypeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The proof that this browser may read or write that path in the node's present run; null without a key. */
export async function signFileRequest(
  { method, path, instance }: { readonly method: string; readonly path: string; readonly instance: string },
): Promise<string | null> {
  const key = PAGE_STORAGE.read(KEY);
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
