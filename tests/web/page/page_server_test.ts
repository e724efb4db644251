/** The page's address over several starts: its port, its browsers, its files. In simulated time, on a simulated disk. */

import { formatForShell } from "../../../src/messages/format_message.ts";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { CLOSE_CODES } from "../../../src/web/shared/live_protocol.ts";
import { type PageServer, startPage } from "../../../src/web/page/page_server.ts";
import { parsePageState } from "../../../src/web/page/page_state.ts";
import { ALICE, FakeNode, HOME, Machine, type Script } from "../../fixtures/cli/machine.ts";
import { FakePageSocket } from "../../fixtures/web/fake_http.ts";
import { FILES, hmac, textOf } from "../../fixtures/web/page_server.ts";
import { proofText } from "../../../src/web/shared/live_protocol.ts";

const STATE = `${HOME}/page.json`;
const ENTRY = `${HOME}/enter.html`;

async function setUp(script: Script = {}) {
  const machine = new Machine();
  const { time, disk, http, drive } = machine;
  await time.drive(disk.makeFolder(HOME));
  const { environment: { ports } } = machine.process();
  const notices: string[] = [];
  const bugs: unknown[] = [];
  const node = new FakeNode(script);
  const start = () =>
    time.drive(startPage({
      files: () => Promise.resolve(FILES),
      runner: node,
      me: ALICE,
      version: "1.2.3",
      ports: { ...ports, disk },
      http,
      path: STATE,
      entryPath: ENTRY,
      uploads: `${HOME}/uploads`,
      onNotice: (notice) => void notices.push(formatForShell(notice)),
      onBug: (error) => void bugs.push(error),
    }));
  const stop = (server: PageServer) => machine.letGo(server);
  const state = () => {
    const bytes = drive.peek(STATE);
    return bytes === null ? null : parsePageState(new TextDecoder().decode(bytes));
  };
  const enter = async (server: PageServer) => {
    const { link } = await time.drive(server.newEntry({ isFile: false }));
    return await use(server, link);
  };
  const use = async ({ port }: PageServer, link: string) => {
    const response = await time.drive(http.send(
      new Request(`http://127.0.0.1:${port}/enter`, {
        method: "POST",
        headers: { "origin": `http://127.0.0.1:${port}`, "content-type": "application/json" },
        body: JSON.stringify({ token: link.slice(link.indexOf("=") + 1) }),
      }),
    ));
    const cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return { cookie, ...await response.json() };
  };
  const connect = (port: number, cookie: string) =>
    http.connect(port, "/live", { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, cookie });
  const isLetIn = async (port: number, { cookie, key }: { cookie: string; key: string }) => {
    const socket = await connect(port, cookie);
    if (!(socket instanceof FakePageSocket)) return socket;
    const { challenge } = JSON.parse(textOf(await socket.next()));
    const pageNonce = "p".repeat(42) + "A";
    const proof = await hmac(key, proofText({ side: "page", port, nodeNonce: challenge, pageNonce }));
    socket.say(JSON.stringify({ proof, nonce: pageNonce }));
    const { hello } = JSON.parse(textOf(await socket.next()));
    const wanted = proofText({ side: "node", port, nodeNonce: challenge, pageNonce });
    assertEquals(hello.proof, await hmac(key, wanted));
    return socket;
  };
  return {
    machine,
    time,
    http,
    drive,
    node,
    notices,
    bugs,
    start,
    stop,
    state,
    enter,
    use,
    connect,
    isLetIn,
  };
}

Deno.test("startPage removes uploads that nobody offered, and no others", async () => {
  const uploads = join(HOME, "uploads");
  const offered = join(uploads, "offered-0123456789");
  const file = { id: "x", path: join(offered, "cat.png") };
  // deno-lint-ignore no-explicit-any -- Only the path counts here.
  const { drive, start, stop } = await setUp({ files: { files: [file as any] } });
  const bytes = new Uint8Array(1);
  for (const path of [file.path, join(uploads, "left-0123456789012", "x")]) drive.put(path, bytes);
  const server = await start();
  assertEquals(drive.paths().filter((path) => path.startsWith(join(uploads, "/"))), [offered, file.path]);
  await stop(server);
});

Deno.test("startPage takes 9990, or the next free port before 9999, or any", async () => {
  const { http, start, stop } = await setUp();
  const others = [9990, 9991, 9992].map((port) => http.serve(() => Promise.reject(new Error()), port));
  const fourth = await start();
  assertEquals(fourth.port, 9993);
  await stop(fourth);
  for (const port of [9993, 9994, 9995, 9996, 9997, 9998]) {
    others.push(http.serve(() => Promise.reject(new Error()), port));
  }
  const any = await start();
  assertEquals(any.port, 40_001);
  await stop(any);
});

Deno.test("startPage comes back at the port where it was, and knows its browsers", async () => {
  const { http, start, stop, state, enter, isLetIn } = await setUp();
  const other = http.serve(() => Promise.reject(new Error()), 9990);
  const first = await start();
  const entered = await enter(first);
  assertEquals([first.port, entered.isKept, state()?.browsers.length], [9991, true, 1]);
  await stop(first);
  await other.close(0);
  const second = await start();
  assertEquals(second.port, 9991);
  assert(await isLetIn(9991, entered) instanceof FakePageSocket);
  await stop(second);
});

Deno.test("startPage forgets its browsers when somebody else had the port, who was shown their cookies", async () => {
  const { http, start, stop, state, enter, connect } = await setUp();
  const first = await start();
  const entered = await enter(first);
  await stop(first);
  const other = http.serve(() => Promise.reject(new Error()), 9990);
  const second = await start();
  assertEquals([second.port, state()], [9991, { port: 9991, browsers: [] }]);
  await stop(second);
  await other.close(0);
  const third = await start();
  assertEquals(third.port, 9991);
  assertEquals(await connect(9991, entered.cookie.replace("9990", "9991")), 401);
  await stop(third);
});

Deno.test("startPage takes a damaged page.json for none", async () => {
  const { drive, start, stop, state, enter } = await setUp();
  drive.put(STATE, new TextEncoder().encode('{"version":1,"port":9995,"bro'));
  const server = await start();
  assertEquals([server.port, state()], [9990, { port: 9990, browsers: [] }]);
  await enter(server);
  assertEquals(state()?.browsers.length, 1);
  await stop(server);
});

Deno.test("A full disk costs that browsers enter again after the next start, and the user is told", async () => {
  const { drive, start, stop, state, enter, isLetIn, notices, connect } = await setUp();
  const first = await start();
  drive.setFull(0);
  const entered = await enter(first);
  assertEquals([entered.isKept, state()?.browsers], [false, []]);
  assertEquals(notices, [
    `Cannot write "${STATE}": the disk is full. Existing data is unharmed. Free some space and try again. ` +
    "Until it can be saved, browsers have to be let in again after a restart",
  ]);
  assert(await isLetIn(9990, entered) instanceof FakePageSocket);
  await stop(first);
  const second = await start();
  assertEquals(await connect(9990, entered.cookie), 401);
  await stop(second);
});

Deno.test("A node that stops tells its pages so, at once, and lets none in any more", async () => {
  const { start, stop, enter, isLetIn, connect, node } = await setUp();
  const server = await start();
  const entered = await enter(server);
  const socket = await isLetIn(9990, entered);
  const unproven = await connect(9990, entered.cookie);
  assert(socket instanceof FakePageSocket && unproven instanceof FakePageSocket);
  assertEquals(JSON.parse(textOf(await socket.next())).event.event, "ready");
  await stop(server);
  assertEquals(socket.frames, [{ closed: CLOSE_CODES.leaving }]);
  assertEquals(unproven.frames.at(-1), { closed: CLOSE_CODES.leaving });
  assertEquals(node.hub.hasListeners, false);
});

Deno.test("A reply that is longer than all that may wait is no sign of a slow page; what piles up behind it is", async () => {
  const text = "x".repeat(20 * 1024 * 1024);
  const { start, stop, enter, isLetIn, node } = await setUp({ export: { title: "Kitchen", text, count: 1 } });
  const server = await start();
  const socket = await isLetIn(9990, await enter(server));
  assert(socket instanceof FakePageSocket);
  await socket.next();
  socket.isReading = false;
  socket.say('{"id":1,"command":{"do":"export","to":"#Kitchen"}}');
  const notice = { event: "notice", text: "x".repeat(1024 * 1024) } as const;
  const tell = async (count: number) => {
    for (let told = 0; told < count; told++) {
      node.hub.publish(notice);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  await tell(3);
  socket.isReading = true;
  socket.read();
  assertEquals(JSON.parse(textOf(await socket.next())).reply.text.length, text.length);
  for (let told = 0; told < 3; told++) assertEquals(JSON.parse(textOf(await socket.next())).event, notice);
  socket.isReading = false;
  // The long reply is read: it counts no more.
  await tell(12);
  socket.isReading = true;
  socket.read();
  assertEquals(socket.frames.at(-1), { closed: CLOSE_CODES.tooSlow });
  assertEquals(node.hub.hasListeners, false);
  await stop(server);
});

Deno.test("A link is worth nothing after the next start", async () => {
  const { time, start, stop, use } = await setUp();
  const first = await start();
  const { link, address, path } = await time.drive(first.newEntry({ isFile: false }));
  assertEquals([address, path], ["http://127.0.0.1:9990/", null]);
  await stop(first);
  const second = await start();
  assertEquals((await use(second, link)).key, undefined);
  await stop(second);
});

Deno.test("The file that leads to a link goes when the link is used, when nobody comes, with a newer one, and with the node", async () => {
  const { time, drive, start, stop, use, bugs } = await setUp();
  const server = await start();
  const isThere = () => drive.peek(ENTRY) !== null;
  const entry = () => time.drive(server.newEntry({ isFile: true }));
  const used = await entry();
  assertEquals(used.path, ENTRY);
  const html = new TextDecoder().decode(drive.peek(ENTRY) ?? undefined);
  assert(html.includes(`content="0; url=${used.link}"`), html);
  await use(server, used.link);
  await time.runFor(1_000);
  assertEquals(isThere(), false);
  await entry();
  await time.runFor(61_000);
  assertEquals(isThere(), false);
  const older = await entry();
  const newer = await entry();
  await use(server, older.link);
  await time.runFor(1_000);
  assertEquals(new TextDecoder().decode(drive.peek(ENTRY) ?? undefined).includes(newer.link), true);
  await stop(server);
  assertEquals([isThere(), bugs], [false, []]);
});

Deno.test("A file that a killed node left is gone after the next start", async () => {
  const { time, drive, start, stop } = await setUp();
  drive.put(ENTRY, new Uint8Array(1));
  const server = await start();
  await time.runFor(1_000);
  assertEquals(drive.peek(ENTRY), null);
  await stop(server);
});
