/** What any `Http` must do for pages, whether its sockets are real or not. Requests and answers are tested in tests/deno/http_test.ts. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { NetworkError } from "../../src/errors.ts";
import type { Http, HttpServer, LiveSocket } from "../../src/ports/http.ts";

/** A browser's end of a WebSocket. */
export interface BrowserEnd extends Disposable {
  say(text: string): Promise<void>;
  sayBytes(): Promise<void>;
  /** The next text, or with what it was closed. */
  next(): Promise<{ readonly text: string } | { readonly closed: number }>;
  leave(): Promise<void>;
}

/** An `Http`, and a browser for it. */
export interface HttpUnderTest {
  readonly http: Http;
  /** Asks for a WebSocket; the status where there is none. */
  connect(port: number): Promise<BrowserEnd | number>;
  /** Sends a request that is no handshake; its status. */
  get(port: number): Promise<number>;
  close(): void;
}

/** A server of WebSockets, and what it hears. */
function served({ http }: HttpUnderTest) {
  const heard: string[] = [];
  const sockets: LiveSocket[] = [];
  let wake = () => {};
  const hear = (what: string) => {
    heard.push(what);
    wake();
  };
  const server = http.serve((request) => {
    const upgraded = http.upgrade(request, {
      onOpen: () => hear("open"),
      onText: (text) => hear(`text ${text}`),
      onBytes: () => hear("bytes"),
      onClose: () => hear("close"),
    });
    if (upgraded === null) return Promise.resolve(new Response(null, { status: 426 }));
    sockets.push(upgraded.socket);
    return Promise.resolve(upgraded.response);
  });
  const until = async (what: string) => {
    while (!heard.includes(what)) await new Promise<void>((resolve) => wake = resolve);
  };
  return { server, heard, sockets, until };
}

/** Registers the contract. */
export function testHttp(name: string, make: () => HttpUnderTest): void {
  const test = (what: string, run: (under: HttpUnderTest) => Promise<void>) =>
    Deno.test(`${name} ${what}`, async () => {
      const under = make();
      try {
        await run(under);
      } finally {
        under.close();
      }
    });

  test("serves at the port that is asked for, and says when it is taken", async ({ http }) => {
    const answer = () => Promise.resolve(new Response(null));
    const first = http.serve(answer);
    const error = assertThrows(() => http.serve(answer, first.port), NetworkError);
    assertEquals(error.reason, "taken");
    await first.close(0);
    const second = await serveAgain(http, first.port);
    await second.close(0);
  });

  test("carries texts both ways, in order", async (under) => {
    const { server, heard, sockets, until } = served(under);
    const browser = await under.connect(server.port);
    assert(typeof browser !== "number");
    await until("open");
    for (const text of ["one", "", "日本 🙂"]) await browser.say(text);
    await until("text 日本 🙂");
    for (const text of ["four", "", "ünf"]) sockets[0]?.send(text);
    assertEquals([await browser.next(), await browser.next(), await browser.next()], [
      { text: "four" },
      { text: "" },
      { text: "ünf" },
    ]);
    await browser.leave();
    await until("close");
    assertEquals(heard, ["open", "text one", "text ", "text 日本 🙂", "close"]);
    browser[Symbol.dispose]();
    await server.close(1_000);
  });

  test("tells bytes from texts", async (under) => {
    const { server, heard, until } = served(under);
    const browser = await under.connect(server.port);
    assert(typeof browser !== "number");
    await browser.sayBytes();
    await until("bytes");
    await browser.leave();
    await until("close");
    assertEquals(heard, ["open", "bytes", "close"]);
    browser[Symbol.dispose]();
    await server.close(1_000);
  });

  test("closes with a code, behind what was sent, and tells of the end once", async (under) => {
    const { server, heard, sockets, until } = served(under);
    const browser = await under.connect(server.port);
    assert(typeof browser !== "number");
    await until("open");
    sockets[0]?.send("last");
    sockets[0]?.close(4_401);
    sockets[0]?.close(4_400);
    sockets[0]?.send("too late");
    assertEquals([await browser.next(), await browser.next()], [{ text: "last" }, { closed: 4_401 }]);
    await browser.leave();
    await until("close");
    browser[Symbol.dispose]();
    await server.close(1_000);
    assertEquals(heard, ["open", "close"]);
  });

  test("counts what waits for a browser that does not read", async (under) => {
    const { server, sockets, until } = served(under);
    const browser = await under.connect(server.port);
    assert(typeof browser !== "number");
    await until("open");
    assertEquals(sockets[0]?.bufferedBytes, 0);
    const text = "x".repeat(1024 * 1024);
    for (let count = 0; count < 32; count++) sockets[0]?.send(text);
    const waiting = sockets[0]?.bufferedBytes ?? 0;
    assert(waiting > 16 * text.length && waiting <= 32 * text.length, `${waiting}`);
    for (let count = 0; count < 32; count++) assertEquals(await browser.next(), { text });
    await browser.say("all read");
    await until("text all read");
    assertEquals(sockets[0]?.bufferedBytes, 0);
    await browser.leave();
    await until("close");
    browser[Symbol.dispose]();
    await server.close(1_000);
  });

  test("makes no socket of what is no handshake", async (under) => {
    const { server, heard } = served(under);
    assertEquals(await under.get(server.port), 426);
    assertEquals(heard, []);
    await server.close(1_000);
  });
}

/** Serves at a port that was free a moment ago. Another process may take it in between: then at another one. */
async function serveAgain(http: Http, port: number): Promise<HttpServer> {
  const answer = () => Promise.resolve(new Response(null));
  for (let tries = 0;; tries++) {
    try {
      const server = http.serve(answer, port);
      assertEquals(server.port, port);
      return server;
    } catch (error) {
      if (!(error instanceof NetworkError) || error.reason !== "taken" || tries === 9) throw error;
      const other = http.serve(answer);
      port = other.port;
      await other.close(0);
    }
  }
}
