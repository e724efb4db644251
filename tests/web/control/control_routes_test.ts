import { message } from "../../../src/messages/message.ts";
import { assertEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { UsageError, WorldError } from "../../../src/errors.ts";
import { BODY_BYTES_MAX, controlRoutes } from "../../../src/web/control/control_routes.ts";
import { ALICE, FakeNode, peerRow, type Script } from "../../fixtures/cli/machine.ts";

const PORT = 40_001;
const TOKEN = "t".repeat(43);
const HEADERS = {
  "host": `127.0.0.1:${PORT}`,
  "authorization": `Bearer ${TOKEN}`,
  "content-type": "application/json",
};

function setUp(script: Script = {}) {
  const node = new FakeNode(script);
  const leaving = new AbortController();
  const stopped = new AbortController();
  const bugs: unknown[] = [];
  const answer = controlRoutes({
    runner: node,
    token: TOKEN,
    crypto: denoCrypto(),
    page: null,
    leaving: leaving.signal,
    stopped: stopped.signal,
    onBug: (error) => bugs.push(error),
  });
  const ask = (path: string, init: RequestInit = {}) =>
    answer(
      new Request(`http://127.0.0.1:${PORT}${path}`, { method: "POST", headers: HEADERS, ...init }),
      PORT,
    );
  const command = async (value: unknown) => {
    const response = await ask("/v1/command", { body: JSON.stringify(value) });
    return { status: response.status, body: await response.json() };
  };
  return { node, leaving, stopped, bugs, ask, command };
}

Deno.test("controlRoutes runs a command and gives its reply", async () => {
  const { command, node } = setUp({ peers: { peers: [peerRow()], outlook: "" } });
  assertEquals(await command({ do: "peers" }), {
    status: 200,
    body: { reply: { peers: [peerRow()], outlook: "" } },
  });
  assertEquals(node.commands, [{ do: "peers" }]);
});

Deno.test("controlRoutes tells the user's mistakes from the world's failures", async () => {
  const { command, bugs } = setUp({
    send: () => {
      throw new UsageError(message("name.reserved", { character: ":" }));
    },
    host: () => {
      throw new WorldError(message("node.stopped"));
    },
  });
  assertEquals(await command({ do: "send", to: "x", text: "x" }), {
    status: 400,
    body: {
      error: {
        kind: "usage",
        message: 'Names cannot contain ":"',
        code: "name.reserved",
        values: { character: ":" },
      },
    },
  });
  assertEquals(await command({ do: "host", title: "x" }), {
    status: 500,
    body: {
      error: {
        kind: "world",
        message: "earshot stopped before this was done",
        code: "node.stopped",
        values: {},
      },
    },
  });
  assertEquals(bugs, []);
});

Deno.test("controlRoutes keeps the words of a fault of our own to itself", async () => {
  const { command, bugs } = setUp({
    status: () => {
      throw new TypeError("x is undefined");
    },
  });
  assertEquals(await command({ do: "status" }), {
    status: 500,
    body: {
      error: {
        kind: "world",
        message: "The running earshot hit an internal error. Your data is safe",
        code: "node.bug",
        values: {},
      },
    },
  });
  assertEquals(bugs.length, 1);
});

const REFUSED: [what: string, path: string, init: RequestInit, status: number][] = [
  ["a wrong host", "/v1/command", { headers: { ...HEADERS, host: "evil.example" } }, 403],
  ["an origin", "/v1/command", { headers: { ...HEADERS, origin: "null" } }, 403],
  ["a wrong token", "/v1/command", { headers: { ...HEADERS, authorization: "Bearer x" } }, 401],
  ["an unknown path without a token", "/x", { headers: { host: HEADERS.host } }, 401],
  ["an unknown path", "/x", {}, 404],
  ["a path that is nearly right", "/v1/command/", {}, 404],
  ["a GET", "/v1/command", { method: "GET" }, 405],
  ["a GET of the events", "/v1/events", { method: "GET" }, 405],
  ["a HEAD", "/v1/command", { method: "HEAD" }, 405],
  ["an OPTIONS, as browsers ask before a post", "/v1/command", { method: "OPTIONS" }, 405],
  ["a form", "/v1/command", { headers: { ...HEADERS, "content-type": "text/plain" } }, 415],
  ["no JSON", "/v1/command", { body: "{" }, 400],
  ["no body", "/v1/command", {}, 400],
  ["what is not UTF-8", "/v1/command", { body: new Uint8Array([0x22, 0xff, 0x22]) }, 400],
  ["an unknown command", "/v1/command", { body: '{"do":"frobnicate"}' }, 400],
  ["a command with a field too much", "/v1/command", { body: '{"do":"stop","x":1}' }, 400],
  ["a body beyond the limit", "/v1/command", { body: `"${"x".repeat(BODY_BYTES_MAX)}"` }, 413],
];

for (const [what, path, init, status] of REFUSED) {
  Deno.test(`controlRoutes answers ${what} with ${status}, and runs nothing`, async () => {
    const { ask, node } = setUp();
    const response = await ask(path, init);
    assertEquals(response.status, status);
    assertEquals(Object.keys(await response.json()), ["error"]);
    assertEquals(node.commands, []);
  });
}

Deno.test("controlRoutes stops reading a body beyond the limit, whatever length it claims", async () => {
  const { ask } = setUp();
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 64 * 1024;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  assertEquals((await ask("/v1/command", { body })).status, 413);
  assertEquals(pulled <= BODY_BYTES_MAX + 3 * 64 * 1024, true);
});

Deno.test("controlRoutes lets no answer be kept, guessed at or read by a page", async () => {
  const { headers, body } = await setUp().ask("/v1/command", { body: '{"do":"status"}' });
  await body?.cancel();
  assertEquals(headers.get("cache-control"), "no-store, no-transform");
  assertEquals(headers.get("x-content-type-options"), "nosniff");
  assertEquals([...headers.keys()].filter((name) => name.startsWith("access-control")), []);
});

Deno.test("controlRoutes answers a command that is under way when the node has no more time", async () => {
  const { command, stopped } = setUp({ wait: () => new Promise<never>(() => {}) });
  const room = "k".repeat(25).concat("a");
  const waiting = command({ do: "wait", room, number: 1, until: "passed", ms: 1000 });
  stopped.abort();
  assertEquals(await waiting, {
    status: 503,
    body: {
      error: {
        kind: "stopped",
        message: "earshot stopped before this was done",
        code: "node.stopped",
        values: {},
      },
    },
  });
});

Deno.test("controlRoutes streams events as JSON lines from the request on, until the node leaves", async () => {
  const { ask, node } = setUp();
  const response = await ask("/v1/events", { body: "{}" });
  assertEquals(response.headers.get("content-type"), "application/x-ndjson");
  node.hub.publish({ event: "notice", text: "one" });
  node.hub.publish({ event: "notice", text: "two" });
  node.hub.close();
  assertEquals(
    await response.text(),
    [
      `{"event":"ready","id":"${ALICE}","name":"alice","port":9999,"discoveryPort":9999}`,
      '{"event":"notice","text":"one"}',
      '{"event":"notice","text":"two"}',
      "",
    ].join("\n"),
  );
});

Deno.test("controlRoutes ends the events when the node leaves", async () => {
  const { ask, node, leaving } = setUp();
  const response = await ask("/v1/events", { body: "{}" });
  leaving.abort();
  assertEquals((await response.text()).split("\n").length, 2);
  assertEquals(node.hub.hasListeners, false);
});

Deno.test("controlRoutes lets go of the events when their reader goes away", async () => {
  const { ask, node } = setUp();
  const response = await ask("/v1/events", { body: "{}" });
  await response.body?.cancel();
  assertEquals(node.hub.hasListeners, false);
});
