/** Files between this browser and its node: signed addresses, uploads with their progress, and downloads. */

import { type Message, parseMessage } from "../../../messages/message.ts";
import { FILE_PATH, UPLOAD_PATH } from "../../shared/live_protocol.ts";
import type { FileProblem, FileTransport } from "./ports.ts";
import { signFileRequest } from "./socket_ports.ts";

/** Time for an answer that only says whether a file is there. */
const HEAD_MS = 15_000;
const ID_BYTES = 16;

/** Files by HTTP to the node. */
export const FILE_TRANSPORT: FileTransport = {
  createUploadId() {
    const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  },

  async signPictureAddress(id, instance) {
    const address = await signAddress(FILE_PATH + id, { method: "GET", instance });
    return address === null ? null : `${address}&show`;
  },

  async save(id, instance) {
    const address = await signAddress(FILE_PATH + id, { method: "GET", instance });
    if (address === null) return { is: "not-entered" };
    try {
      // A failed download gives no reason, so ask for the status first.
      const signal = AbortSignal.timeout(HEAD_MS);
      const { ok, status } = await fetch(address, { method: "HEAD", cache: "no-store", signal });
      if (!ok) return status === 401 ? { is: "not-entered" } : { is: "unreachable" };
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return { is: "unreachable" };
      throw error;
    }
    const link = document.createElement("a");
    link.href = address;
    link.download = "";
    link.click();
    return null;
  },

  async upload({ id, path, blob, instance, signal, onSent }) {
    signal.throwIfAborted();
    const address = await signAddress(`${UPLOAD_PATH}${id}/${path}`, { method: "PUT", instance });
    if (address === null) return { is: "not-entered" };
    signal.throwIfAborted();
    // Not by fetch, which does not tell how much has been sent.
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    try {
      await new Promise<void>((resolve) => {
        // It comes after an answer, a failure and an abort alike.
        request.onloadend = () => resolve();
        request.upload.onprogress = ({ loaded }) => onSent(loaded);
        request.open("PUT", address);
        request.send(blob);
      });
    } finally {
      signal.removeEventListener("abort", stop);
    }
    signal.throwIfAborted();
    return findProblem(request);
  },

  async dropUpload(id, instance) {
    const address = await signAddress(UPLOAD_PATH + id, { method: "DELETE", instance });
    if (address === null) return;
    try {
      await fetch(address, { method: "DELETE", signal: AbortSignal.timeout(HEAD_MS) });
    } catch (error) {
      // What stays only takes space on the node's disk.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
  },
};

/** An address that shows a chosen file in this page; `drop` frees it. */
export function createPreview(blob: Blob): { readonly address: string; drop(): void } {
  const address = URL.createObjectURL(blob);
  return { address, drop: () => URL.revokeObjectURL(address) };
}

function findProblem({ status, responseText }: XMLHttpRequest): FileProblem | null {
  if (status === 204) return null;
  if (status === 0) return { is: "unreachable" };
  if (status === 401) return { is: "not-entered" };
  if (status === 503) return { is: "busy" };
  return { is: "refused", ...readProblem(responseText) };
}

function readProblem(text: string): { readonly message: string; readonly details: Message | null } {
  try {
    const { error }: { error: { message?: unknown } } = JSON.parse(text);
    return { message: String(error.message ?? text), details: parseMessage(error) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { message: text, details: null };
    throw error;
  }
}

async function signAddress(
  path: string,
  { method, instance }: { readonly method: string; readonly instance: string },
): Promise<string | null> {
  // The node checks the path as the browser sends it.
  const { pathname } = new URL(path, location.origin);
  const proof = await signFileRequest({ method, path: pathname, instance });
  return proof === null ? null : `${pathname}?proof=${proof}`;
}
