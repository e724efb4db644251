import { message } from "../../../src/messages/message.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { ControlClient, NodeGone } from "../../../src/cli/node_access/control_client.ts";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { controlRoutes } from "../../../src/web/control/control_routes.ts";
import type { RequestHandler } from "../../../src/ports/http.ts";
import { FakeHttp } from "../../fixtures/web/fake_http.ts";
import { FakeNode, peerRow, type Script } from "../../fixtures/cli/machine.ts";

const TOKEN = "t".repeat(43);
const FOREVER = new AbortController().signal;

function setUp(script: Script, answer?: RequestHandler) {
  const http = new FakeHttp();
  const node = new FakeNode(script);
  const leaving = new AbortController();
  const stopped = new AbortController();
  const routes = controlRoutes({
    runner: node,
    token: TOKEN,
    crypto: denoCrypto(),
    page: null,
    leaving: leaving.signal,
    stopped: stopped.signal,
    onBug: () => {},
  });
  const { port } = http.serve(answer ?? routes);
  const file = { pid: 123, port, token: TOKEN, started: "", lasting: true };
  return { http, node, leaving, client: new ControlClient(http, file), file };
}

Deno.test("ControlClient runs a command as the node itself would", async () => {
  const { client, node } = setUp({ peers: { peers: [peerRow()], outlook: "x" } });
  assertEquals(await client.run({ do: "peers" }), { peers: [peerRow()], outlook: "x" });
  assertEquals(node.commands, [{ do: "peers" }]);
});

Deno.test("ControlClient throws as the node itself would", async () => {
  const { client } = setUp({
    host: () => {
      throw new UsageError(message("text.any", { text: "Room titles cannot be empty" }));
    },
    send: () => {
      throw new WorldError(message("text.any", { text: "The disk is full" }));
    },
  });
  await assertRejects(() => client.run({ do: "host", title: "" }), UsageError, "Room titles cannot be empty");
  const error = await assertRejects(
    () => client.run({ do: "send", to: "x", text: "x" }),
    WorldError,
    "The disk is full",
  );
  assertEquals(error instanceof NodeGone, false);
});

const GONE = "The earshot that ran here (process 123) has stopped";

Deno.test("ControlClient says that the node is gone when nothing listens there", async () => {
  const { client, http } = setUp({});
  http.kill();
  assertInstanceOf(await assertRejects(() => client.run({ do: "status" }), WorldError, GONE), NodeGone);
  await assertRejects(() => Array.fromAsync(client.events(FOREVER)), NodeGone, GONE);
});

const STRANGERS: [what: string, response: () => Response][] = [
  ["a page", () => new Response("<html>hello</html>")],
  ["an empty answer", () => new Response(null, { status: 204 })],
  ["JSON of another kind", () => Response.json([1, 2, 3])],
  [
    "a wrong token",
    () =>
      Response.json({ error: { kind: "world", message: "The token is missing or wrong" } }, { status: 401 }),
  ],
  ["an error without words", () => Response.json({ error: 5 }, { status: 500 })],
];

for (const [what, response] of STRANGERS) {
  Deno.test(`ControlClient takes ${what} for a sign that the node is gone`, async () => {
    const { client } = setUp({}, () => Promise.resolve(response()));
    await assertRejects(() => client.run({ do: "status" }), NodeGone, GONE);
  });
}

Deno.test("ControlClient gives events from the call on, before whatever a later command causes", async () => {
  const { client, node } = setUp({
    rescan: () => {
      node.hub.publish({ event: "notice", text: "looking" });
      return {};
    },
  });
  const stop = new AbortController();
  const events = client.events(stop.signal)[Symbol.asyncIterator]();
  await client.run({ do: "rescan" });
  assertEquals((await events.next()).value.event, "ready");
  assertEquals((await events.next()).value, { event: "notice", text: "looking" });
  stop.abort();
  assertEquals(await events.next(), { done: true, value: undefined });
  assertEquals(node.hub.hasListeners, false);
});

Deno.test("ControlClient ends the events when the node leaves", async () => {
  const { client, leaving } = setUp({});
  const events = Array.fromAsync(client.events(FOREVER));
  await client.run({ do: "status" });
  leaving.abort();
  assertEquals((await events).map((event) => event.event), ["ready"]);
});

Deno.test("ControlClient gives a command up when its signal aborts", async () => {
  const { client } = setUp({ wait: () => new Promise<never>(() => {}) });
  const stop = new AbortController();
  const room = "k".repeat(25).concat("a") as never;
  const waiting = client.runUnless({ do: "wait", room, number: 1, until: "passed", ms: 5 }, stop.signal);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => waiting, RangeError, "enough");
});
