/** A page's address on real loopback, in front of a node that says what it is told. */

import { assertEquals } from "@std/assert";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { denoDisk } from "../../src/deno/disk.ts";
import { denoClock } from "../../src/deno/clock.ts";
import { denoChance } from "../../src/deno/chance.ts";
import { denoFiles } from "../../src/deno/files.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { denoHttp } from "../../src/deno/http.ts";
import type { Disk } from "../../src/ports.ts";
import { encodeBase64Url } from "../../src/room/base64.ts";
import { proofText } from "../../src/web/live_protocol.ts";
import type { PageFile } from "../../src/web/page_file.ts";
import { type PageServer, startPage } from "../../src/web/page_server.ts";
import { ALICE, FakeNode, type Script } from "../cli/stage.ts";
import { type RawAnswer, type RawFrame, rawRequest, RawSocket } from "./raw_page.ts";

/** A page to serve. */
export const FILES: readonly PageFile[] = [
  { path: "/", type: "text/html; charset=utf-8", text: "<!doctype html><title>earshot</title>" },
  { path: "/app.js", type: "text/javascript; charset=utf-8", text: "export {};" },
];

/** What a browser has after it entered. */
export interface Entered {
  readonly cookie: string;
  readonly key: string;
}

/** What stands around a page under test. */
interface Surroundings {
  readonly node: FakeNode;
  readonly folder: string;
  readonly bugs: unknown[];
  readonly notices: string[];
}

/** One served page, in a temporary folder. */
export class PageUnderTest implements AsyncDisposable {
  readonly server: PageServer;
  readonly around: Surroundings;
  readonly #http: Disposable;

  private constructor(server: PageServer, around: Surroundings, http: Disposable) {
    this.server = server;
    this.around = around;
    this.#http = http;
  }

  /** Serves it; `disk` stands for that of this machine. */
  static async start(script: Script = {}, disk: Disk = denoDisk()): Promise<PageUnderTest> {
    const around: Surroundings = {
      node: new FakeNode(script),
      folder: await Deno.makeTempDir({ prefix: "earshot-page-" }),
      bugs: [],
      notices: [],
    };
    const http = denoHttp();
    const server = await startPage({
      files: () => Promise.resolve(FILES),
      runner: around.node,
      me: ALICE,
      version: "1.2.3",
      ports: {
        clock: denoClock(),
        chance: denoChance(),
        crypto: denoCrypto(),
        disk,
        files: denoFiles(),
        system: denoSystem(),
      },
      http,
      path: `${around.folder}/page.json`,
      entryPath: `${around.folder}/enter.html`,
      uploads: `${around.folder}/uploads`,
      onNotice: (text) => void around.notices.push(text),
      onBug: (error) => void around.bugs.push(error),
    });
    return new PageUnderTest(server, around, http);
  }

  get port(): number {
    return this.server.port;
  }

  /** What the page's own requests come with. */
  get own(): readonly string[] {
    return [`Host: 127.0.0.1:${this.port}`, `Origin: http://127.0.0.1:${this.port}`];
  }

  /** The token of a new link. */
  async token(): Promise<string> {
    const { link } = await this.server.newEntry({ isFile: false });
    return link.slice(link.indexOf("#enter=") + "#enter=".length);
  }

  /** Posts to /enter; headers stand for those of the page. */
  async post(body: string, headers: readonly string[] = this.own): Promise<RawAnswer> {
    const all = [...headers, "Content-Type: application/json"];
    return await rawRequest(this.port, { line: "POST /enter", headers: all, body });
  }

  /** A browser that has entered. */
  async enter(): Promise<Entered> {
    const { headers, body } = await this.post(JSON.stringify({ token: await this.token() }));
    const cookie = (headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return { cookie, key: JSON.parse(body).key };
  }

  /** Asks for the socket. */
  async socket(
    { cookie }: Pick<Entered, "cookie">,
    headers: readonly string[] = this.own,
  ): Promise<RawSocket> {
    return await RawSocket.open(this.port, "/live", [...headers, `Cookie: ${cookie}`]);
  }

  /** A socket that has proved its key. */
  async openPage(entered: Entered): Promise<RawSocket> {
    const socket = await this.socket(entered);
    await prove(socket, { key: entered.key, port: this.port });
    await untilEvent(socket, "ready");
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#http[Symbol.dispose]();
    await Deno.remove(this.around.folder, { recursive: true });
    assertEquals(this.around.bugs, []);
  }
}

/** Proves the key, and gives the answer: a hello or the end. */
export async function prove(
  socket: RawSocket,
  { key, port }: { readonly key: string; readonly port: number },
): Promise<RawFrame> {
  const first = await socket.next();
  if ("closed" in first) return first;
  const pageNonce = "p".repeat(42) + "A";
  const text = proofText({ side: "page", port, nodeNonce: JSON.parse(first.text).challenge, pageNonce });
  await socket.send(JSON.stringify({ proof: await hmac(key, text), nonce: pageNonce }));
  return await socket.next();
}

/** As a page computes it, by WebCrypto: a second opinion on the node's. */
export async function hmac(key: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(key.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const secret = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return encodeBase64Url(
    new Uint8Array(await crypto.subtle.sign("HMAC", secret, new TextEncoder().encode(text))),
  );
}

/** Reads until that event; all before it is passed over. */
export async function untilEvent(socket: RawSocket, name: string): Promise<unknown> {
  for (;;) {
    const frame = await socket.next();
    if ("closed" in frame) throw new Error(`Closed with ${frame.closed} before "${name}"`);
    const { event } = JSON.parse(frame.text);
    if (event?.event === name) return event;
  }
}

/** The answer to the command of that id; what comes before it is passed over. */
export async function answerTo(socket: RawSocket, id: number): Promise<unknown> {
  for (;;) {
    const frame = await socket.next();
    if ("closed" in frame) throw new Error(`Closed with ${frame.closed} before the answer`);
    const message = JSON.parse(frame.text);
    if (message.id === id) return message;
  }
}

/** The text of a frame that is one. */
export function textOf(frame: RawFrame): string {
  if ("text" in frame) return frame.text;
  throw new Error(`Closed with ${frame.closed}`);
}
