import { assertEquals, assertRejects } from "@std/assert";
import { ControlClient, NodeGone } from "../../src/cli/node_access/control_client.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { denoHttp } from "../../src/deno/http.ts";
import { NetworkError } from "../../src/errors.ts";
import { controlRoutes } from "../../src/web/control/control_routes.ts";
import { FakeNode, peerRow, type Script } from "../fixtures/cli/machine.ts";

const TOKEN = "t".repeat(43);
const GRACE_MS = 5_000;

/** The control address of a fake node on real loopback, and a client for it. */
function served(script: Script) {
  const http = denoHttp();
  const node = new FakeNode(script);
  const leaving = new AbortController();
  const stopped = new AbortController();
  const server = http.serve(controlRoutes({
    runner: node,
    token: TOKEN,
    crypto: denoCrypto(),
    page: null,
    leaving: leaving.signal,
    stopped: stopped.signal,
    onBug: () => {},
  }));
  const file = { pid: 123, port: server.port, token: TOKEN, started: "", lasting: true };
  return {
    node,
    http,
    port: server.port,
    leaving,
    client: new ControlClient(http, file),
    async [Symbol.asyncDispose]() {
      leaving.abort();
      stopped.abort();
      await server.close(GRACE_MS);
      http[Symbol.dispose]();
    },
  };
}

Deno.test("denoHttp carries commands and their replies", async () => {
  await using it = served({ peers: { peers: [peerRow()], outlook: "日本" } });
  assertEquals(await it.client.run({ do: "peers" }), { peers: [peerRow()], outlook: "日本" });
});

Deno.test("denoHttp carries long texts whole", async () => {
  const text = "ä".repeat(32_768);
  await using it = served({ export: { title: "x", text, count: 1 }, send: {} as never });
  await it.client.run({ do: "send", to: "bob", text });
  assertEquals(it.node.commands, [{ do: "send", to: "bob", text }]);
  assertEquals((await it.client.run({ do: "export", to: "bob" })).text, text);
});

Deno.test("denoHttp carries each event at once", async () => {
  await using it = served({});
  const stop = new AbortController();
  const events = it.client.events(stop.signal)[Symbol.asyncIterator]();
  assertEquals((await events.next()).value.event, "ready");
  for (const text of ["one", "two"]) {
    it.node.hub.publish({ event: "notice", text });
    assertEquals((await events.next()).value, { event: "notice", text });
  }
  stop.abort();
  assertEquals((await events.next()).done, true);
});

Deno.test("denoHttp tells a server that the reader of its events has gone, without another event", async () => {
  await using it = served({});
  const stop = new AbortController();
  const events = it.client.events(stop.signal)[Symbol.asyncIterator]();
  await events.next();
  assertEquals(it.node.hub.hasListeners, true);
  stop.abort();
  await events.next();
  const deadline = new AbortController();
  const timeout = setTimeout(() => deadline.abort(), GRACE_MS);
  while (it.node.hub.hasListeners && !deadline.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  clearTimeout(timeout);
  assertEquals(it.node.hub.hasListeners, false);
});

Deno.test("denoHttp ends events with the server, and then nobody is there", async () => {
  const it = served({});
  const events = Array.fromAsync(it.client.events(new AbortController().signal));
  await it.client.run({ do: "rescan" });
  await it[Symbol.asyncDispose]();
  assertEquals((await events).length, 1);
  using http = denoHttp();
  await assertRejects(() => http.send(new Request(`http://127.0.0.1:${it.port}/`)), NetworkError);
  const file = { pid: 123, port: it.port, token: TOKEN, started: "", lasting: true };
  await assertRejects(() => new ControlClient(http, file).run({ do: "status" }), NodeGone);
});

Deno.test("denoHttp goes past every proxy that the environment names", async () => {
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
  const before = names.map((name) => Deno.env.get(name));
  for (const name of names) Deno.env.set(name, "http://127.0.0.1:9");
  try {
    await using it = served({ nick: { name: "alice" } });
    assertEquals(await it.client.run({ do: "nick", name: "alice" }), { name: "alice" });
  } finally {
    for (const [index, name] of names.entries()) {
      const value = before[index];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});

/** What the server answers to bytes as they are. */
async function statusLine(port: number, request: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(request));
  const bytes = new Uint8Array(4_096);
  let text = "";
  while (!text.includes("\r\n")) {
    const count = await conn.read(bytes);
    if (count === null) break;
    text += new TextDecoder().decode(bytes.subarray(0, count));
  }
  return text.split("\r\n")[0] ?? "";
}

const BODY = '{"do":"stop"}';
const post = (path: string, host: string) =>
  `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;

Deno.test("denoHttp gives the guard the host that was really sent", async () => {
  await using it = served({});
  assertEquals(await statusLine(it.port, post("/v1/command", `127.0.0.1:${it.port}`)), "HTTP/1.1 200 OK");
  it.node.commands.length = 0;
  const requests = [
    post("/v1/command", "evil.example"),
    post("/v1/command", `evil.example:${it.port}`),
    post(`http://127.0.0.1:${it.port}/v1/command`, "evil.example"),
    post("/v1/command", `127.0.0.1:${it.port}`).replace("Host:", "Host: evil.example\r\nHost:"),
    post("/v1/command", `127.0.0.1:${it.port}`).replace(/Host: .*\r\n/, ""),
  ];
  for (const request of requests) {
    const line = await statusLine(it.port, request);
    assertEquals(
      ["HTTP/1.1 403 Forbidden", "HTTP/1.1 400 Bad Request", ""].includes(line),
      true,
      `${line} for ${request}`,
    );
  }
  assertEquals(it.node.commands, []);
});

Deno.test({
  name: "denoHttp listens at 127.0.0.1 only",
  // Elsewhere 127.0.0.2 is no address of the machine.
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using it = served({});
    await assertRejects(
      () => Deno.connect({ hostname: "127.0.0.2", port: it.port }),
      Deno.errors.ConnectionRefused,
    );
  },
});

Deno.test("denoHttp closes in the time it is given, though somebody does not read", async () => {
  const http = denoHttp();
  const server = http.serve(() => new Promise<never>(() => {}));
  const stop = new AbortController();
  const asked = http.send(new Request(`http://127.0.0.1:${server.port}/`, { signal: stop.signal }));
  asked.catch(() => {});
  await server.close(20);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => asked, RangeError, "enough");
  http[Symbol.dispose]();
});
