/**
 * Files between a page and its node:
 *
 *     GET /file/ID?proof=P         a downloaded file, for saving
 *     GET /file/ID?proof=P&show    a picture, for showing: only formats in which browsers run no code
 *     PUT /upload/ID/PATH?proof=P  a file to be offered; the page chooses ID, 16 to 64 characters of base64url
 *     DELETE /upload/ID?proof=P    the upload is given up: its files are removed
 *
 * A cookie is not enough, because every server on this machine sees it. The proof is made with the browser's key for this
 * method, path and run of the node (see live_protocol.ts). So the address of a picture gives access to that picture alone.
 */

import { type Message, message } from "../../messages/message.ts";
import { dirname, join } from "@std/path";
import { DiskError, UsageError, WorldError } from "../../errors.ts";
import type { FileRow } from "../../api/files.ts";
import { pictureTypeOf } from "../../node/transfers/media_type.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { Crypto } from "../../ports/crypto.ts";
import type { Disk, Files, ReadFile } from "../../ports/storage.ts";
import type { System } from "../../ports/system.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import { toSafeFileName } from "../../text/file_name.ts";
import { OFFER_BYTES_MAX } from "../../room/file_offer.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import type { KnownBrowsers } from "./known_browsers.ts";
import { FILE_PATH, fileProofText, SECRET_BYTES, UPLOAD_PATH } from "../shared/live_protocol.ts";
import { fileHeaders } from "./page_headers.ts";

/** Bytes of a picture that the page shows. A larger one can be saved. */
export const SHOWN_BYTES_MAX = 32 * 1024 * 1024;
/** Uploads under way at once. */
export const UPLOADS_MAX = 8;
/** Depth of the folders of an upload. */
export const DEPTH_MAX = 32;
/** Bytes of the disk that uploads leave free. */
const SPARE_BYTES = 64 * 1024 * 1024;
const UPLOAD_ID = /^[\w-]{16,64}$/;
const CHUNK_BYTES = 256 * 1024;

/** The parts that file routes use. */
export interface FileRoutesParts {
  readonly runner: NodeApi;
  readonly browsers: KnownBrowsers;
  readonly ports: {
    readonly crypto: Crypto;
    readonly disk: Disk;
    readonly files: Files;
    readonly system: System;
  };
  /** The folder of uploads. */
  readonly uploads: string;
  readonly port: number;
  /** Identifies this run of the node. */
  readonly instance: string;
}

/** A refusal: a sentence for the page, and the HTTP status. */
export interface FileFailure {
  readonly status: number;
  readonly details: Message;
}

/** The file routes. */
export class FileRoutes {
  readonly #parts: FileRoutesParts;
  #uploadCount = 0;

  constructor(parts: FileRoutesParts) {
    this.#parts = parts;
  }

  /** Removes uploads without an offer. Called before any page is open. */
  async tidy(): Promise<void> {
    const { runner, uploads, ports: { files } } = this.#parts;
    try {
      if (await files.stat(uploads, { follow: false }) === null) return;
      const rows = (await runner.run({ do: "files" })).files;
      const offered = new Set(rows.map(({ path }) => path === null ? "" : dirname(path)));
      for (const name of await files.list(uploads)) {
        const folder = join(uploads, name);
        if (!offered.has(folder)) await files.removeAll(folder);
      }
    } catch (error) {
      // It only takes space. The next start tries again.
      if (!(error instanceof DiskError)) throw error;
    }
  }

  /** Answers a request for one of these paths. Host and origin have been checked. */
  async answer(request: Request): Promise<Response | FileFailure> {
    const { pathname, searchParams } = new URL(request.url);
    if (!this.#isProved(request, pathname, searchParams.get("proof"))) {
      return { status: 401, details: message("page.not-entered") };
    }
    try {
      return request.method === "DELETE"
        ? await this.#drop(pathname.slice(UPLOAD_PATH.length))
        : pathname.startsWith(UPLOAD_PATH)
        ? await this.#upload(request, pathname)
        : await this.#send(request.method, pathname.slice(FILE_PATH.length), searchParams.has("show"));
    } catch (error) {
      if (error instanceof WorldError) return { status: 507, details: error.details };
      if (error instanceof UsageError) return { status: 400, details: error.details };
      throw error;
    }
  }

  #isProved({ method, headers }: Request, path: string, proof: string | null): boolean {
    const { browsers, ports: { crypto }, port, instance } = this.#parts;
    const browser = browsers.find(headers.get("cookie"));
    const key = browser === undefined ? null : decodeBase64Url(browser.key, SECRET_BYTES);
    if (key === null || proof === null) return false;
    const text = fileProofText({ method: method === "HEAD" ? "GET" : method, port, instance, path });
    const right = encodeBase64Url(crypto.hmacSha256(key, new TextEncoder().encode(text)));
    // Compares hashes, so that the time tells nothing about the proof.
    const hash = (one: string) => encodeBase64Url(crypto.sha256(new TextEncoder().encode(one)));
    return hash(proof) === hash(right);
  }

  async #send(method: string, id: string, isShown: boolean): Promise<Response | FileFailure> {
    const { runner, ports: { files } } = this.#parts;
    const row = (await runner.run({ do: "files" })).files.find((file) => file.id === id);
    if (row === undefined || row.state !== "here" || row.path === null) {
      return { status: 404, details: message("page.file-not-here") };
    }
    if (row.isFolder) {
      return { status: 400, details: message("page.is-folder", { name: row.name, path: row.path }) };
    }
    const type = isShown ? pictureTypeOf(row.path) : null;
    if (isShown && (type === null || !row.isPicture)) {
      return { status: 415, details: message("page.not-shown") };
    }
    if (isShown && row.sizeBytes > SHOWN_BYTES_MAX) {
      return { status: 413, details: message("page.too-large-to-show") };
    }
    const { path } = row;
    const headers = {
      ...fileHeaders(type ?? "application/octet-stream"),
      "content-length": `${row.sizeBytes}`,
      "content-disposition": `${type === null ? "attachment" : "inline"}; filename*=UTF-8''${
        encodedName(row)
      }`,
    };
    if (method === "HEAD") return new Response(null, { headers });
    const file = await formatDiskError(message("doing.read", { path: row.name }), () => files.openRead(path));
    return new Response(bodyOf(file, row.sizeBytes), { headers });
  }

  async #upload(request: Request, pathname: string): Promise<Response | FileFailure> {
    const { uploads, ports: { disk, files, system } } = this.#parts;
    const [upload = "", ...parts] = pathname.slice(UPLOAD_PATH.length).split("/");
    const names = parts.map(decoded);
    if (
      !UPLOAD_ID.test(upload) || names.length < 1 || names.length > DEPTH_MAX || names.includes("")
    ) {
      return { status: 400, details: message("upload.bad-place") };
    }
    if (this.#uploadCount >= UPLOADS_MAX) return { status: 503, details: message("upload.busy") };
    const sizeBytes = Number(request.headers.get("content-length") ?? 0);
    await formatDiskError(message("doing.save-upload"), () => disk.makeFolder(uploads));
    const freeBytes = await system.readFreeBytes(uploads);
    if (sizeBytes > OFFER_BYTES_MAX || freeBytes !== null && sizeBytes + SPARE_BYTES > freeBytes) {
      return {
        status: 507,
        details: message("upload.no-space"),
      };
    }
    const safe = names.map(toSafeFileName);
    const folder = join(uploads, upload, ...safe.slice(0, -1));
    const path = join(folder, safe.at(-1) ?? "");
    this.#uploadCount++;
    try {
      return await formatDiskError(message("doing.save-upload"), async () => {
        await disk.makeFolder(folder);
        if (await files.stat(path, { follow: false }) !== null) {
          return { status: 409, details: message("upload.exists") };
        }
        await keep(files, path, request.body);
        return new Response(null, { status: 204, headers: fileHeaders("text/plain") });
      });
    } finally {
      this.#uploadCount--;
    }
  }

  async #drop(upload: string): Promise<Response | FileFailure> {
    const { uploads, ports: { files } } = this.#parts;
    if (!UPLOAD_ID.test(upload)) return { status: 400, details: message("upload.unknown") };
    await formatDiskError(message("doing.remove-upload"), () => files.removeAll(join(uploads, upload)));
    return new Response(null, { status: 204, headers: fileHeaders("text/plain") });
  }
}

/** Writes the body as it arrives. An incomplete file is removed. @throws {DiskError}. */
async function keep(files: Files, path: string, body: ReadableStream<Uint8Array> | null): Promise<void> {
  const file = await files.openWrite(path);
  let at = 0;
  try {
    for await (const chunk of body ?? []) {
      if (at + chunk.length > OFFER_BYTES_MAX) throw new DiskError("full", "The upload is too large");
      await file.write(chunk, at);
      at += chunk.length;
    }
    file.close();
  } catch (error) {
    file.close();
    await files.removeAll(path);
    // A page that leaves in the middle ends the body with its own error.
    if (error instanceof DiskError) throw error;
    throw new DiskError("failed", "The upload was cut short", { cause: error });
  }
}

/** The file's bytes, read as the browser takes them. */
function bodyOf(file: ReadFile, sizeBytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      const buffer = new Uint8Array(Math.min(CHUNK_BYTES, sizeBytes - at));
      let count = 0;
      try {
        count = buffer.length === 0 ? 0 : await file.read(buffer, at);
      } catch (error) {
        file.close();
        return controller.error(error);
      }
      at += count;
      if (count > 0) controller.enqueue(buffer.subarray(0, count));
      if (count > 0 && at < sizeBytes) return;
      file.close();
      controller.close();
    },
    cancel: () => file.close(),
  });
}

/** The header of RFC 8187, with a name that is safe on every disk. */
function encodedName({ path }: Pick<FileRow, "path">): string {
  const name = toSafeFileName((path ?? "").split(/[\\/]/).at(-1) ?? "");
  return encodeURIComponent(name).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return "";
    throw error;
  }
}
