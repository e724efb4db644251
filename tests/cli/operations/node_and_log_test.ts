import { assertEquals } from "@std/assert";
import type { LogRow, NodeEvent } from "../../../src/api/commands.ts";
import { ALICE, BOB, logRow, Machine, peerRow, processWith, roomRow } from "../../fixtures/cli/machine.ts";

const READY = { event: "ready", id: ALICE, name: "alice", port: 9999, discoveryPort: 9999 };
const entry = (row: Partial<LogRow> = {}): NodeEvent => ({ event: "entry", row: logRow(row) });

Deno.test("runNode prints events as JSON lines, ready first, and ends with 0 at Ctrl-C", async () => {
  const { machine, process } = processWith({});
  const ended = process.start("node", "--json");
  await machine.time.runFor(1_000);
  process.node?.hub.publish({ event: "peer", change: "new", peer: peerRow() });
  await machine.time.runFor(1_000);
  assertEquals(process.json, [READY, { event: "peer", change: "new", peer: peerRow() }]);
  process.interrupt();
  assertEquals(await machine.time.drive(ended), 0);
  assertEquals(process.node?.isDisposed, true);
});

Deno.test("runNode can be reached by other commands before it says ready", async () => {
  const { machine, process } = processWith({});
  const ended = process.start("node", "--json");
  while (process.console.outText === "") await machine.time.runFor(1);
  assertEquals(machine.http.openCount, 1);
  process.interrupt();
  await machine.time.drive(ended);
});

Deno.test("runNode prints lines for people, and only ready when it is to be quiet", async () => {
  for (
    const [words, rest] of [[["node"], "* bob is here (10.0.0.5)\n"], [["node", "--quiet"], ""]] as const
  ) {
    const { machine, process } = processWith({});
    const ended = process.start(...words);
    await machine.time.runFor(1_000);
    process.node?.hub.publish({ event: "peer", change: "new", peer: peerRow() });
    await machine.time.runFor(1_000);
    const ready = "alice (aaaaaaaa) is ready on TCP port 9999, UDP port 9999. Ctrl-C ends it\n";
    assertEquals(process.console.outText, ready + rest);
    process.interrupt();
    await machine.time.drive(ended);
  }
});

Deno.test("runNode goes on when nobody reads its lines any more", async () => {
  const { machine, process } = processWith({});
  process.console.writesLeft = 1;
  const ended = process.start("node", "--json");
  await machine.time.runFor(1_000);
  for (let count = 0; count < 3; count++) process.node?.hub.publish({ event: "notice", text: "x" });
  await machine.time.runFor(1_000);
  assertEquals(process.node?.isDisposed, false);
  process.interrupt();
  assertEquals(await machine.time.drive(ended), 0);
});

Deno.test("runNode ends with 1 and keeps the stack when a part of the node failed", async () => {
  const { machine, process } = processWith({});
  const ended = process.start("node", "--json");
  await machine.time.runFor(1_000);
  process.node?.end.reject(new TypeError("x is undefined"));
  assertEquals(await machine.time.drive(ended), 1);
  assertEquals(process.node?.isDisposed, true);
});

Deno.test("followLog prints the last lines, then what is news, each once", async () => {
  const machine = new Machine();
  const rows = [1, 2, 3].map((number) => logRow({ number, text: `${number}` }));
  const { process } = {
    process: machine.process({ script: { log: { room: roomRow(), rows, isStart: true, isEnd: true } } }),
  };
  const ended = process.start("log", "#Kitchen", "--last", "1", "--follow");
  await machine.time.runFor(1_000);
  const next = new Date(2026, 10, 21, 9, 5).toISOString();
  const { hub } = process.node ?? {};
  hub?.publish(entry({ number: 2 }));
  hub?.publish(entry({ number: 4, text: "4" }));
  hub?.publish(entry({ number: 4, text: "4" }));
  hub?.publish(entry({ number: 1, roomId: "x".repeat(26) as never }));
  hub?.publish({ event: "notice", text: "nothing of that room" });
  hub?.publish(entry({ author: ALICE, name: "alice", number: 1, text: "mine", state: "kept", time: next }));
  await machine.time.runFor(1_000);
  assertEquals(
    process.console.outText,
    "2026-11-20\n14:03  bob: 3\n14:03  bob: 4\n2026-11-21\n09:05  alice: mine\n",
  );
  process.interrupt();
  assertEquals(await machine.time.drive(ended), 0);
});

Deno.test("followLog reads the log again when events were lost", async () => {
  const machine = new Machine();
  const rows = [logRow({ number: 1, text: "1" })];
  const process = machine.process({
    script: { log: () => ({ room: roomRow(), rows: [...rows], isStart: true, isEnd: true }) },
  });
  const ended = process.start("log", "#Kitchen", "--follow", "--json");
  await machine.time.runFor(1_000);
  for (const number of [2, 3, 4]) rows.push(logRow({ number, text: `${number}` }));
  process.node?.hub.publish(entry({ number: 4, text: "4" }));
  await machine.time.runFor(1_000);
  assertEquals(process.json.map((row) => (row as LogRow).text), ["1", "2", "3", "4"]);
  assertEquals(process.json.map((row) => (row as LogRow).author), [BOB, BOB, BOB, BOB]);
  process.interrupt();
  await machine.time.drive(ended);
});

Deno.test("followLog shows what a stranger says, of which a node tells only that there is something", async () => {
  const machine = new Machine();
  const rows = [logRow({ number: 1, text: "1" })];
  const process = machine.process({
    script: { log: () => ({ room: roomRow(), rows: [...rows], isStart: true, isEnd: true }) },
  });
  const ended = process.start("log", "carol", "--follow");
  await machine.time.runFor(1_000);
  rows.push(logRow({ number: 2, text: "2" }));
  process.node?.hub.publish({ event: "request", from: peerRow(), roomId: roomRow().id });
  process.node?.hub.publish({ event: "request", from: peerRow(), roomId: "x".repeat(26) as never });
  await machine.time.runFor(1_000);
  assertEquals(process.console.outText, "2026-11-20\n14:03  bob: 1\n14:03  bob: 2\n");
  assertEquals(process.node?.commands.length, 2);
  process.interrupt();
  await machine.time.drive(ended);
});

Deno.test("followLog ends when the node that it follows stops", async () => {
  const machine = new Machine();
  const running = machine.process({
    script: { log: { room: roomRow(), rows: [], isStart: true, isEnd: true } },
  });
  const node = running.start("node");
  await machine.time.runFor(1_000);
  const process = machine.process();
  const ended = process.start("log", "#Kitchen", "--follow");
  await machine.time.runFor(1_000);
  running.interrupt();
  await machine.time.drive(node);
  assertEquals(await machine.time.drive(ended), 0);
});
