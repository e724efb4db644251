/** Files between this browser and its node: addresses that prove who asks, uploads with their progress, downloads. */

import { FILE_PATH, UPLOAD_PATH } from "../../shared/live_protocol.ts";
import { signFileRequest } from "./socket_ports.ts";

/** Why something did not come about; "gone": nobody answered, or the file could not be read. */
export type FileProblem =
  | { readonly is: "gone" | "entered" | "busy" }
  | { readonly is: "told"; readonly message: string };

/** Time for an answer that only says whether a file is there. */
const LOOK_MS = 15_000;
const ID_BYTES = 16;

/** The word for a new upload. */
export function newUploadId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where a picture is shown from; null if this browser may not. */
export async function pictureAddress(id: string, instance: string): Promise<string | null> {
  const address = await signAddress(FILE_PATH + id, { method: "GET", instance });
  return address === null ? null : `${address}&show`;
}

/** Saves a file of the node's as the browser does; what is in the way, or null. */
export async function saveFile(id: string, instance: string): Promise<FileProblem | null> {
  const address = await signAddress(FILE_PATH + id, { method: "GET", instance });
  if (address === null) return { is: "entered" };
  try {
    // A download that fails says nothing but that.
    const signal = AbortSignal.timeout(LOOK_MS);
    const { ok, status } = await fetch(address, { method: "HEAD", cache: "no-store", signal });
    if (!ok) return status === 401 ? { is: "entered" } : { is: "gone" };
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return { is: "gone" };
    throw error;
  }
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
  return null;
}

/** Brings one file to the node. `onSent`: bytes of it so far. What is in the way, or null. Rejects with the signal's reason. */
export async function upload(
  { id, way, blob, instance, signal, onSent }: {
    readonly id: string;
    /** See toUploadPath. */
    readonly way: string;
    readonly blob: Blob;
    readonly instance: string;
    readonly signal: AbortSignal;
    onSent(bytes: number): void;
  },
): Promise<FileProblem | null> {
  signal.throwIfAborted();
  const address = await signAddress(`${UPLOAD_PATH}${id}/${way}`, { method: "PUT", instance });
  if (address === null) return { is: "entered" };
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  try {
    await new Promise<void>((resolve) => {
      // Whatever comes of it: an answer, no answer, the end by us.
      request.onloadend = () => resolve();
      request.upload.onprogress = ({ loaded }) => onSent(loaded);
      request.open("PUT", address);
      request.send(blob);
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  return toTrouble(request);
}

/** Has the node throw away what was uploaded for nothing; that it failed matters to nobody but its disk. */
export async function dropUpload(id: string, instance: string): Promise<void> {
  const address = await signAddress(UPLOAD_PATH + id, { method: "DELETE", instance });
  if (address === null) return;
  try {
    await fetch(address, { method: "DELETE", signal: AbortSignal.timeout(LOOK_MS) });
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  }
}

/** An address for showing what the user has chosen, and what gives it back. */
export function createPreview(blob: Blob): { readonly address: string; drop(): void } {
  const address = URL.createObjectURL(blob);
  return { address, drop: () => URL.revokeObjectURL(address) };
}

function toTrouble({ status, responseText }: XMLHttpRequest): FileProblem | null {
  if (status === 204) return null;
  if (status === 0) return { is: "gone" };
  if (status === 401) return { is: "entered" };
  if (status === 503) return { is: "busy" };
  return { is: "told", message: readMessage(responseText) };
}

function readMessage(text: string): string {
  try {
    const { error: { message } }: { error: { message: unknown } } = JSON.parse(text);
    return typeof message === "string" ? message : text;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return text;
    throw error;
  }
}

async function signAddress(
  path: string,
  { method, instance }: { readonly method: string; readonly instance: string },
): Promise<string | null> {
  // The proof is over the path as the browser sends it.
  const { pathname } = new URL(path, location.origin);
  const proof = await signFileRequest({ method, path: pathname, instance });
  return proof === null ? null : `${pathname}?proof=${proof}`;
}
