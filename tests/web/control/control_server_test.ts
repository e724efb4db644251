import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { NetworkError, WorldError } from "../../../src/errors.ts";
import { startControl } from "../../../src/web/control/control_server.ts";
import { type NodeFile, parseNodeFile } from "../../../src/web/control/node_file.ts";
import { FakeNode, HOME, Machine, type Script } from "../../fixtures/cli/machine.ts";

const PATH = `${HOME}/node.json`;

async function setUp(script: Script = {}) {
  const machine = new Machine();
  const { time, disk, http } = machine;
  await time.drive(disk.makeFolder(HOME));
  const { environment: { ports } } = machine.process();
  const runner = new FakeNode(script);
  const options = { runner, ports, http, page: null, path: PATH, pid: 123, lasting: true, onBug: () => {} };
  const start = () => time.drive(startControl(options));
  const ask = async ({ port, token }: NodeFile, body: unknown) => {
    const response = await http.send(
      new Request(`http://127.0.0.1:${port}/v1/command`, {
        method: "POST",
        headers: { "authorization": `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    return await response.json();
  };
  const file = async () => {
    const bytes = await time.drive(disk.read(PATH));
    return bytes === null ? null : parseNodeFile(new TextDecoder().decode(bytes));
  };
  return { machine, time, runner, start, ask, file };
}

Deno.test("startControl tells in node.json where it can be reached, and that holds", async () => {
  const { machine, start, file, ask } = await setUp({ status: { name: "alice" } as never });
  const control = await start();
  const told = await file();
  assertEquals({ ...told, token: told?.token.length }, {
    pid: 123,
    port: 40_001,
    token: 43,
    started: "2026-01-01T00:00:00.000Z".replace(/\d{3}Z/, `${told?.started.slice(-4)}`),
    lasting: true,
  });
  if (told !== null) assertEquals(await ask(told, { do: "status" }), { reply: { name: "alice" } });
  await machine.letGo(control);
});

Deno.test("startControl draws another token each time", async () => {
  const { machine, start, file } = await setUp();
  const first = await start();
  const before = await file();
  await machine.letGo(first);
  const second = await start();
  assertNotEquals((await file())?.token, before?.token);
  await machine.letGo(second);
});

Deno.test("startControl takes node.json away first, then the address", async () => {
  const { machine, start, file, ask } = await setUp();
  const control = await start();
  const told = await file();
  await machine.letGo(control);
  assertEquals(await file(), null);
  if (told !== null) await assertRejects(() => ask(told, { do: "status" }), NetworkError);
});

Deno.test("startControl gives commands that are under way a moment, then answers that the node stopped", async () => {
  const done = Promise.withResolvers<void>();
  const { machine, start, file, ask, time } = await setUp({
    send: async () => {
      await done.promise;
      return { number: 7 } as never;
    },
    wait: () => new Promise<never>(() => {}),
  });
  const control = await start();
  const told = await file();
  if (told === null) throw new Error("no node.json");
  const sent = ask(told, { do: "send", to: "bob", text: "x" });
  const waited = ask(told, {
    do: "wait",
    room: "k".repeat(25).concat("a"),
    number: 1,
    until: "passed",
    ms: 9_999,
  });
  const closing = machine.letGo(control);
  done.resolve();
  assertEquals(await sent, { reply: { number: 7 } });
  const startedMs = time.nowMs;
  await closing;
  assertEquals(await waited, {
    error: {
      kind: "stopped",
      message: "earshot stopped before this was done",
      code: "node.stopped",
      values: {},
    },
  });
  assertEquals(time.nowMs - startedMs <= 500, true);
});

Deno.test("startControl leaves no address open when node.json cannot be written", async () => {
  const { machine, start, file } = await setUp();
  machine.drive.setReadOnly(true);
  await assertRejects(start, WorldError, `Cannot write "${PATH}": the disk is read-only`);
  machine.drive.setReadOnly(false);
  assertEquals(await file(), null);
  const control = await start();
  await machine.letGo(control);
  assertEquals(machine.http.openCount, 0);
});
