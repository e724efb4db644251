/** What other users, other programs and other web pages of this machine try at the page's address: raw requests on real loopback. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { CLOSE_CODES, COMMANDS_MAX, FRAME_BYTES_MAX } from "../../../src/web/shared/live_protocol.ts";
import { COMMANDS_BURST } from "../../../src/web/page/live_session.ts";
import { PAGES_MAX } from "../../../src/web/page/live_connections.ts";
import { answerTo, PageUnderTest, prove, untilEvent } from "../../fixtures/web/page_server.ts";
import { rawRequest, type RawSocket } from "../../fixtures/web/raw_client.ts";

const WORD = "w".repeat(43);
const ROUTES = ["GET /", "GET /app.js", "HEAD /", "GET /live", "POST /enter", "GET /nothing"] as const;

Deno.test("The page's address answers no request that names another host, on any route", async () => {
  await using page = await PageUnderTest.start();
  const { port } = page;
  const hosts = [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    `127.0.0.1:${port + 1}`,
    `127.0.0.1:${port}.evil.example`,
    `127.0.0.1.evil.example:${port}`,
    `127.1:${port}`,
    `[::1]:${port}`,
    `LOCALHOST.:${port}`,
    "",
  ];
  for (const line of ROUTES) {
    for (const host of hosts) {
      const headers = [`Host: ${host}`, `Origin: http://${host}`, "Content-Type: application/json"];
      const { status } = await rawRequest(port, { line, headers });
      assert(status === 403 || status === 400, `${line} for "${host}": ${status}`);
    }
    const twice = [`Host: 127.0.0.1:${port}`, "Host: evil.example"];
    assert([400, 403].includes((await rawRequest(port, { line, headers: twice })).status), line);
    assert([0, 400, 403].includes((await rawRequest(port, { line })).status), `${line} without a host`);
    // A whole address in the line stands above Host, for the server too.
    const absolute = line.replace(" ", " http://evil.example");
    const { status } = await rawRequest(port, { line: absolute, headers: [`Host: evil.example:${port}`] });
    assert([400, 403].includes(status), `${absolute}: ${status}`);
  }
});

Deno.test("The page's address is no WebSocket for a host or an origin of others, though the cookie comes along", async () => {
  await using page = await PageUnderTest.start();
  const { port } = page;
  const entered = await page.enter();
  const own = `http://127.0.0.1:${port}`;
  const cases: [what: string, headers: string[]][] = [
    ["a rebound name", [`Host: evil.example:${port}`, `Origin: http://evil.example:${port}`]],
    ["a rebound name that claims our origin", [`Host: evil.example:${port}`, `Origin: ${own}`]],
    ["another web page", [`Host: 127.0.0.1:${port}`, "Origin: https://evil.example"]],
    ["another port of this machine", [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port + 1}`]],
    ["https", [`Host: 127.0.0.1:${port}`, `Origin: https://127.0.0.1:${port}`]],
    ["the other name of this machine", [`Host: 127.0.0.1:${port}`, `Origin: http://localhost:${port}`]],
    ["a sandboxed frame", [`Host: 127.0.0.1:${port}`, "Origin: null"]],
    ["no origin", [`Host: 127.0.0.1:${port}`]],
    ["an origin with a path", [`Host: 127.0.0.1:${port}`, `Origin: ${own}/`]],
    ["another site", [...page.own, "Sec-Fetch-Site: cross-site"]],
    ["another port of this site", [...page.own, "Sec-Fetch-Site: same-site"]],
  ];
  for (const [what, headers] of cases) {
    using socket = await page.socket(entered, headers);
    assertEquals(socket.answer.status, 403, what);
  }
  using right = await page.socket(entered);
  assertEquals(right.answer.status, 101);
});

Deno.test("POST /enter takes a token only from the page itself, as JSON", async () => {
  await using page = await PageUnderTest.start();
  const { port } = page;
  const token = await page.token();
  const body = JSON.stringify({ token });
  const host = `Host: 127.0.0.1:${port}`;
  const json = "Content-Type: application/json";
  const cases: [status: number, headers: string[]][] = [
    [403, [host, json]],
    [403, [host, json, "Origin: null"]],
    [403, [host, json, "Origin: https://evil.example"]],
    [403, [host, json, `Origin: http://127.0.0.1:${port + 1}`]],
    [403, [...page.own, json, "Sec-Fetch-Site: cross-site"]],
    [403, [...page.own, json, "Sec-Fetch-Site: same-site"]],
    [403, [...page.own, json, "Sec-Fetch-Site: none"]],
    [415, [...page.own, "Content-Type: text/plain"]],
    [415, [...page.own, "Content-Type: application/x-www-form-urlencoded"]],
    [415, [...page.own]],
  ];
  for (const [status, headers] of cases) {
    const answer = await rawRequest(port, { line: "POST /enter", headers, body });
    assertEquals([answer.status, answer.headers.has("set-cookie")], [status, false], headers.join(", "));
  }
  for (const line of ["GET /enter", "HEAD /enter", "PUT /enter", "OPTIONS /enter", "DELETE /enter"]) {
    const answer = await rawRequest(port, { line, headers: [...page.own, json], body });
    assertEquals([answer.status, answer.headers.get("allow")], [405, "POST"], line);
  }
  const query = await rawRequest(port, { line: `GET /enter?token=${token}`, headers: page.own });
  assertEquals(query.status, 405);
  // After all that the token is as good as new.
  assertEquals((await page.post(body)).status, 200);
});

Deno.test("POST /enter lets in with each token once, and gives nothing for a guess", async () => {
  await using page = await PageUnderTest.start();
  const tokens = [await page.token(), await page.token()];
  const bodies: [status: number, body: string][] = [
    [400, ""],
    [400, "{"],
    [400, "null"],
    [400, "[]"],
    [400, "{}"],
    [400, '{"token":7}'],
    [400, `{"token":"${tokens[0]}","x":1}`],
    [403, '{"token":""}'],
    [403, `{"token":"${WORD}"}`],
    [403, `{"token":"${tokens[0]?.slice(0, -1)}"}`],
    [403, `{"token":"${tokens[0]} "}`],
    [413, JSON.stringify({ token: "x".repeat(2_000) })],
  ];
  for (const [status, body] of bodies) assertEquals((await page.post(body)).status, status, body);
  for (let guess = 0; guess < 200; guess++) {
    const token = guess.toString().padStart(43, "A");
    assertEquals((await page.post(JSON.stringify({ token }))).status, 403);
  }
  for (const token of tokens) {
    const first = await page.post(JSON.stringify({ token }));
    assertEquals([first.status, JSON.parse(first.body).key.length], [200, 43]);
    const again = await page.post(JSON.stringify({ token }));
    assertEquals([again.status, again.headers.has("set-cookie")], [403, false]);
    assertEquals(
      JSON.parse(again.body).error.message,
      'This link was already used, or earshot was restarted. Get a new one with "earshot page"',
    );
  }
});

Deno.test("POST /enter gives a cookie that no script and no other site gets", async () => {
  await using page = await PageUnderTest.start();
  const { headers } = await page.post(JSON.stringify({ token: await page.token() }));
  const [value = "", ...attributes] = (headers.get("set-cookie") ?? "").split("; ");
  assert(new RegExp(`^earshot-${page.port}=[\\w-]{43}$`).test(value), value);
  assertEquals(attributes, ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=34560000"]);
});

Deno.test("GET /live tells a page why there is no socket, and opens none without a cookie that is known", async () => {
  await using page = await PageUnderTest.start();
  const { cookie } = await page.enter();
  const ask = async (...headers: string[]) =>
    (await rawRequest(page.port, {
      line: "GET /live",
      headers: [`Host: 127.0.0.1:${page.port}`, ...headers],
    }))
      .status;
  assertEquals(await ask(), 401);
  assertEquals(await ask(`Cookie: earshot-${page.port}=${WORD}`), 401);
  assertEquals(await ask(`Cookie: ${cookie.replace(/^earshot-\d+/, "earshot-1")}`), 401);
  assertEquals(await ask(`Cookie: ${cookie}`), 426);
  assertEquals(await ask(`Cookie: earshot-${page.port}=planted; ${cookie}`), 426);
  assertEquals(await ask(`Cookie: ${cookie}`, "Sec-Fetch-Site: cross-site"), 403);
  for (const wrong of ["", `earshot-${page.port}=`, `earshot-${page.port}=${WORD}`]) {
    using socket = await page.socket({ cookie: wrong });
    assertEquals(socket.answer.status, 401);
  }
});

Deno.test("GET of any route changes nothing", async () => {
  await using page = await PageUnderTest.start();
  const { cookie } = await page.enter();
  const headers = [`Host: 127.0.0.1:${page.port}`, `Cookie: ${cookie}`];
  for (
    const path of ["/", "/stop", "/v1/command", "/live", '/live?{"id":1,"command":{"do":"stop"}}', "/enter"]
  ) {
    await rawRequest(page.port, { line: `GET ${path}`, headers });
    await rawRequest(page.port, { line: `POST ${path}`, headers, body: '{"do":"stop"}' });
  }
  assertEquals(page.around.node.commands, []);
});

Deno.test("A cookie without its key, a key without its cookie, and the key of another browser open nothing", async () => {
  await using page = await PageUnderTest.start();
  const { port } = page;
  const [alice, bob] = [await page.enter(), await page.enter()];
  assertNotEquals(alice.cookie, bob.cookie);
  using withoutKey = await page.socket(alice);
  assertEquals(await prove(withoutKey, { key: WORD.replace(/.$/, "A"), port }), {
    closed: CLOSE_CODES.notEntered,
  });
  using withOther = await page.socket(alice);
  assertEquals(await prove(withOther, { key: bob.key, port }), { closed: CLOSE_CODES.notEntered });
  using withoutCookie = await page.socket({ cookie: "" });
  assertEquals(withoutCookie.answer.status, 401);
  // A proof that was made for another port is passed on in vain.
  using relayed = await page.socket(alice);
  assertEquals(await prove(relayed, { key: alice.key, port: port + 1 }), { closed: CLOSE_CODES.notEntered });
  assertEquals(page.around.node.hub.hasListeners, false);
});

Deno.test("A proof that was heard is worth nothing in another socket", async () => {
  await using page = await PageUnderTest.start();
  const entered = await page.enter();
  using first = await page.socket(entered);
  const hello = await prove(first, { key: entered.key, port: page.port });
  assert("text" in hello);
  const { proof } = JSON.parse(hello.text).hello;
  using second = await page.socket(entered);
  await second.next();
  await second.send(JSON.stringify({ proof, nonce: `${"p".repeat(42)}A` }));
  assertEquals(await second.next(), { closed: CLOSE_CODES.notEntered });
});

const FIRST_WORDS: [what: string, say: (socket: RawSocket) => Promise<void>][] = [
  ["a command", (socket) => socket.send('{"id":1,"command":{"do":"status"}}')],
  ["the bare key", (socket) => socket.send(`{"key":"${WORD}"}`)],
  ["nonsense", (socket) => socket.send("\u0000{}")],
  ["bytes", (socket) => socket.sendFrame(0x2, new Uint8Array(10))],
  ["a frame above the limit", (socket) => socket.send("x".repeat(FRAME_BYTES_MAX + 1))],
];

for (const [what, say] of FIRST_WORDS) {
  Deno.test(`A socket that begins with ${what} is closed, and nothing is run`, async () => {
    await using page = await PageUnderTest.start();
    using socket = await page.socket(await page.enter());
    await socket.next();
    await say(socket);
    assertEquals(await socket.next(), { closed: CLOSE_CODES.notEntered });
    assertEquals([page.around.node.commands, page.around.node.hub.hasListeners], [[], false]);
  });
}

const LATER_WORDS: [what: string, code: number, say: (socket: RawSocket) => Promise<void>][] = [
  ["nonsense", CLOSE_CODES.malformed, (socket) => socket.send("[")],
  ["a second proof", CLOSE_CODES.malformed, (socket) => socket.send(`{"proof":"${WORD}","nonce":"${WORD}"}`)],
  ["bytes", CLOSE_CODES.malformed, (socket) => socket.sendFrame(0x2, new Uint8Array(10))],
  [
    "a frame above the limit",
    CLOSE_CODES.malformed,
    (socket) => socket.send(`{"id":1,"command":{"do":"${"x".repeat(FRAME_BYTES_MAX)}"}}`),
  ],
];

for (const [what, code, say] of LATER_WORDS) {
  Deno.test(`A page that sends ${what} is closed with ${code}, and the others stay`, async () => {
    await using page = await PageUnderTest.start();
    const entered = await page.enter();
    using other = await page.openPage(entered);
    using socket = await page.openPage(entered);
    await say(socket);
    assertEquals((await socket.rest()).closed, code);
    await other.send('{"id":5,"command":{"do":"status"}}');
    await answerTo(other, 5);
  });
}

Deno.test("A page that asks for more than any page needs is closed", async () => {
  await using page = await PageUnderTest.start({ peers: { peers: [], outlook: "" } });
  using socket = await page.openPage(await page.enter());
  let answered = 0;
  for (let id = 0; id < COMMANDS_BURST * 10; id++) {
    await socket.send(`{"id":${id},"command":{"do":"peers"}}`);
    const frame = await socket.next();
    if ("closed" in frame) {
      assertEquals(frame.closed, CLOSE_CODES.tooMany);
      break;
    }
    answered++;
  }
  assert(answered >= COMMANDS_BURST && answered < COMMANDS_BURST * 10, `${answered}`);
});

Deno.test("A frame that claims terabytes, one that is not masked, and bytes that are no frame end their own socket only", async () => {
  await using page = await PageUnderTest.start();
  const entered = await page.enter();
  using other = await page.openPage(entered);
  const attacks: ((socket: RawSocket) => Promise<void>)[] = [
    (socket) => socket.sendFrame(0x1, new Uint8Array(100), { claimedLength: 2 ** 45 }),
    (socket) => socket.sendBytes(crypto.getRandomValues(new Uint8Array(5_000)).map((byte) => byte | 0x70)),
    // Reserved opcodes, and a ping that is too long.
    (socket) => socket.sendFrame(0xf, new Uint8Array(1)),
    (socket) => socket.sendFrame(0x9, new Uint8Array(126)),
  ];
  for (const attack of attacks) {
    using socket = await page.openPage(entered);
    await attack(socket);
    assert("closed" in await socket.next());
  }
  await other.send('{"id":5,"command":{"do":"status"}}');
  await answerTo(other, 5);
});

Deno.test("A page has so many commands under way at most; the next are refused until one is done", async () => {
  const done = Promise.withResolvers<never>();
  await using page = await PageUnderTest.start({
    wait: () => done.promise,
    peers: { peers: [], outlook: "" },
  });
  using socket = await page.openPage(await page.enter());
  const room = "k".repeat(25).concat("a");
  const wait = { do: "wait", room, number: 1, until: "passed", ms: 1_000 };
  for (let id = 0; id <= COMMANDS_MAX; id++) await socket.send(JSON.stringify({ id, command: wait }));
  assertEquals(await answerTo(socket, COMMANDS_MAX), {
    id: COMMANDS_MAX,
    error: {
      kind: "world",
      message: "Too many commands are in progress. Try again in a moment",
      code: "control.busy",
      values: {},
    },
  });
  done.resolve({ state: "passed", isReached: true } as never);
  for (let id = 0; id < COMMANDS_MAX; id++) await answerTo(socket, id);
  await socket.send('{"id":99,"command":{"do":"peers"}}');
  assertEquals(await answerTo(socket, 99), { id: 99, reply: { peers: [], outlook: "" } });
});

Deno.test("A page that does not read is closed, and holds nobody up", async () => {
  await using page = await PageUnderTest.start();
  const entered = await page.enter();
  using other = await page.openPage(entered);
  using slow = await page.openPage(entered);
  const text = "x".repeat(64 * 1024);
  let heard = 0;
  while (page.around.node.hub.hasListeners && heard < 400) {
    page.around.node.hub.publish({ event: "notice", text });
    await untilEvent(other, "notice");
    heard++;
  }
  assertEquals(heard, 400);
  const { texts, closed } = await slow.rest();
  assertEquals(closed, CLOSE_CODES.tooSlow);
  assert(texts.length > 100 && texts.length < 400, `${texts.length}`);
});

Deno.test(`There are ${PAGES_MAX} sockets at most; one that goes makes room`, async () => {
  await using page = await PageUnderTest.start();
  const entered = await page.enter();
  const sockets: RawSocket[] = [];
  for (let count = 0; count < PAGES_MAX; count++) sockets.push(await page.openPage(entered));
  using refused = await page.socket(entered);
  assertEquals(refused.answer.status, 503);
  await sockets[0]?.sendFrame(0x8, new Uint8Array([0x03, 0xe8]));
  assertEquals((await sockets[0]?.rest())?.closed, 1000);
  using next = await page.openPage(entered);
  assertEquals(next.answer.status, 101);
  for (const socket of sockets) socket[Symbol.dispose]();
});

Deno.test("Every answer tells the browser to keep nothing, to guess nothing, to tell nobody, and to run nothing foreign", async () => {
  await using page = await PageUnderTest.start();
  for (const line of ["GET /", "GET /app.js", "GET /nothing", "GET /live", "PUT /", "POST /enter"]) {
    const { headers } = await rawRequest(page.port, { line, headers: [`Host: 127.0.0.1:${page.port}`] });
    assertEquals(
      headers.get("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
      line,
    );
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(headers.get("x-content-type-options"), "nosniff");
    assertEquals(headers.get("cross-origin-opener-policy"), "same-origin");
    assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
    assertEquals(headers.get("cache-control"), "no-store, no-transform");
    assertEquals([...headers.keys()].filter((name) => name.startsWith("access-control")), []);
  }
});

Deno.test("The page's files are for tabs of their own and for the page, not for frames and scripts of others", async () => {
  await using page = await PageUnderTest.start();
  const ask = async (path: string, fetch: readonly string[]) =>
    (await rawRequest(page.port, {
      line: `GET ${path}`,
      headers: [`Host: 127.0.0.1:${page.port}`, ...fetch.map((line) => `Sec-Fetch-${line}`)],
    })).status;
  assertEquals(await ask("/", ["Site: none", "Mode: navigate", "Dest: document"]), 200);
  assertEquals(await ask("/", ["Site: cross-site", "Mode: navigate", "Dest: document"]), 200);
  assertEquals(await ask("/app.js", ["Site: same-origin", "Mode: cors", "Dest: script"]), 200);
  assertEquals(await ask("/", ["Site: cross-site", "Mode: navigate", "Dest: iframe"]), 403);
  assertEquals(await ask("/app.js", ["Site: cross-site", "Mode: no-cors", "Dest: script"]), 403);
  assertEquals(await ask("/app.js", ["Site: same-site", "Mode: no-cors", "Dest: script"]), 403);
});
