/** The chat in a terminal, with a node that says what it is told: keys in, screens out. */

import { message } from "../../../src/messages/message.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { WorldError } from "../../../src/errors.ts";
import type { LogRow, NodeEvent } from "../../../src/api/commands.ts";
import type { PeerId, RoomId } from "../../../src/room/id.ts";
import { toHomePaths } from "../../../src/store/home/paths.ts";
import {
  ALICE,
  BOB,
  FakeTerminal,
  HOME,
  KITCHEN,
  logRow,
  Machine,
  memberRow,
  peerRow,
  roomRow,
  type Script,
  WITH_BOB,
} from "../../fixtures/cli/machine.ts";
import { VirtualTerminal } from "../../fixtures/cli/virtual_terminal.ts";

const ATTIC = "t".repeat(25).concat("a") as RoomId;
const CAROL = "c".repeat(51).concat("q") as PeerId;
const ROOMS = [
  roomRow(),
  roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null, peer: BOB }),
  roomRow({ id: ATTIC, title: "Attic" }),
];
const SCRIPT: Script = {
  peers: { peers: [peerRow()], outlook: "" },
  rooms: { rooms: ROOMS, outlook: "" },
  log: ({ to }) => ({
    room: ROOMS.find(({ id, title }) => id === to || title === to) ?? roomRow(),
    rows: to === KITCHEN ? [logRow({ text: "old" })] : [],
    isStart: true,
    isEnd: true,
  }),
  members: { room: roomRow(), members: [memberRow({ id: ALICE, name: "alice", me: true }), memberRow()] },
  send: ({ to }) => ({ room: to as RoomId, title: "x", number: 7, state: "kept" }),
};
const entry = (row: Partial<LogRow> = {}): NodeEvent => ({ event: "entry", row: logRow(row) });

/** A chat on a screen of 60×16. */
async function onScreen(script: Script = SCRIPT, words: string[] = ["chat", "Kitchen"]) {
  const machine = new Machine();
  await machine.time.drive(machine.disk.makeFolder(HOME));
  await machine.time.drive(machine.disk.writeNew(toHomePaths(HOME).identity, new Uint8Array(1)));
  const process = machine.process({ script });
  const { console } = process;
  const size = { columns: 60, rows: 16 };
  const terminal = new FakeTerminal();
  terminal.columnsAndRows = size;
  console.isInTerminal = console.isOutTerminal = true;
  console.terminal = terminal;
  const screen = new VirtualTerminal(size);
  const ended = process.start(...words);
  ended.catch(() => {});
  const settle = async () => {
    await machine.time.runFor(1_000);
    const { outText } = console;
    console.outText = "";
    // Outside of raw mode the system ends each line at the left edge.
    await screen.write(terminal.listener === null ? outText.replaceAll(/\r?\n/g, "\r\n") : outText);
  };
  await settle();
  return {
    machine,
    process,
    terminal,
    screen,
    settle,
    ended: () => machine.time.drive(ended),
    type: async (keys: string) => {
      console.type(keys);
      await settle();
    },
    hear: async (...events: NodeEvent[]) => {
      for (const event of events) process.node?.hub.publish(event);
      await settle();
    },
    /** The last rows of the screen. */
    rows: (count: number) => screen.screen.slice(-count),
    asked: () => process.node?.commands.filter(({ do: what }) => what === "send" || what === "typing") ?? [],
    async [Symbol.asyncDispose]() {
      process.interrupt();
      await machine.time.drive(ended);
      screen[Symbol.dispose]();
    },
  };
}

const KITCHEN_STATUS = "[1:#Kitchen · 2 here: bob]";

Deno.test("chat in a terminal shows the talk above a status and a line", async () => {
  await using it = await onScreen();
  await it.type("half a li");
  await it.hear(entry({ number: 2, text: "hello" }));
  assertEquals(it.rows(6), [
    "--- 1:#Kitchen ---",
    "2026-11-20",
    "14:03  bob: old",
    "14:03  bob: hello",
    KITCHEN_STATUS,
    "> half a li",
  ]);
  assertEquals(it.screen.cursor, { row: it.screen.screen.length - 1, column: 11 });
});

Deno.test("chat in a terminal says a line, shows it when it is kept, and tells others that one types", async () => {
  await using it = await onScreen();
  await it.type("hel");
  await it.type("lo\r");
  assertEquals(it.asked(), [
    { do: "typing", room: KITCHEN },
    { do: "send", to: KITCHEN, text: "hello" },
  ]);
  await it.hear(entry({ author: ALICE, name: "alice", number: 1, text: "hello" }));
  assertEquals(it.rows(3), ["14:03  alice: hello", KITCHEN_STATUS, ">"]);
});

Deno.test("chat --no-typing tells nobody that one types, and nor do commands", async () => {
  await using it = await onScreen(SCRIPT, ["chat", "Kitchen", "--no-typing"]);
  await it.type("hello");
  await using other = await onScreen();
  await other.type("/help");
  assertEquals([it.asked(), other.asked()], [[], []]);
});

Deno.test("chat in a terminal sends a paste of many lines as one message", async () => {
  await using it = await onScreen();
  await it.type("see: \x1b[200~one\rtwo\rthree\x1b[201~!");
  assertEquals(it.rows(1), ["> see: [paste 1: 3 lines, 13 bytes]!"]);
  await it.type("\r");
  assertEquals(it.asked().at(-1), { do: "send", to: KITCHEN, text: "see: one\ntwo\nthree!" });
});

Deno.test("chat in a terminal begins a new line in a message with Alt+Enter", async () => {
  await using it = await onScreen();
  await it.type("one\x1b\rtwo");
  assertEquals(it.rows(1), ["> one⏎two"]);
  await it.type("\r");
  assertEquals(it.asked().at(-1), { do: "send", to: KITCHEN, text: "one\ntwo" });
});

Deno.test("chat in a terminal gives back what is too long to be sent, or could not be kept", async () => {
  await using it = await onScreen({
    ...SCRIPT,
    send: () => {
      throw new WorldError(
        message("text.any", { text: "Cannot send this: the disk is full. Nothing was lost" }),
      );
    },
  });
  await it.type(`\x1b[200~${"0123456789abcde\r".repeat(4_097)}\x1b[201~\r`);
  assertStringIncludes(it.screen.screen.join("\n"), "! The message is too long: 65552 bytes");
  assertEquals(it.rows(1), ["> [paste 1: 4097 lines, 66 KB]"]);
  await it.type("\x15hello\r");
  assertStringIncludes(it.screen.screen.join("\n"), "! Cannot send this: the disk is full. Nothing was lost");
  assertEquals(it.rows(1), ["> hello"]);
});

Deno.test("chat in a terminal wants a conversation for a text, and leaves the line free to open one", async () => {
  await using it = await onScreen({ ...SCRIPT, rooms: { rooms: [], outlook: "" } }, ["chat"]);
  await it.type("hello\r");
  assertStringIncludes(
    it.screen.screen.join(" "),
    "! No conversation is open. Open one with /join ROOM,",
  );
  assertEquals(it.rows(2), ["[no conversation open · 1 nearby]", ">"]);
});

Deno.test("chat in a terminal goes to other conversations by Alt and a number, each with its own draft", async () => {
  await using it = await onScreen();
  await it.type("for the kitchen");
  await it.type("\x1b2");
  assertEquals(it.rows(3), ["--- 2:bob ---", "[2:bob · here]", ">"]);
  await it.type("for bob");
  await it.type("\x1b1");
  assertEquals(it.rows(2), [KITCHEN_STATUS, "> for the kitchen"]);
  await it.type("\x1b2");
  assertEquals(it.rows(1), ["> for bob"]);
  await it.type("\x1b9");
  assertStringIncludes(
    it.screen.screen.join(" "),
    "! There is no conversation 9. There are: 1:#Kitchen,",
  );
  assertEquals(it.rows(1), ["> for bob"]);
});

Deno.test("chat in a terminal counts what happens elsewhere, tells of direct messages once, and marks what is unread", async () => {
  const log = new Map<string, LogRow[]>([[WITH_BOB, []]]);
  const rooms = { rooms: ROOMS, outlook: "" };
  await using it = await onScreen({
    ...SCRIPT,
    rooms: () => rooms,
    log: ({ to }) => ({ room: roomRow(), rows: log.get(to) ?? [], isStart: true, isEnd: true }),
  });
  const direct = (number: number) =>
    logRow({ roomId: WITH_BOB, room: "bob", number, text: `news ${number}` });
  log.set(WITH_BOB, [direct(1), direct(2)]);
  rooms.rooms = ROOMS.map((room) => room.id === WITH_BOB ? { ...room, unread: 1 } : room);
  await it.hear({ event: "entry", row: direct(2) }, entry({ roomId: ATTIC, room: "Attic" }));
  assertEquals(it.rows(3), [
    "* bob wrote to you (2:bob). To go there: Alt+2 or /go 2",
    "[1:#Kitchen · 2 here: bob · unread 2:bob 1]",
    ">",
  ]);
  await it.type("\x1ba");
  assertEquals(it.rows(7), [
    "--- 2:bob ---",
    "2026-11-20",
    "14:03  bob: news 1",
    "--- unread from here ---",
    "14:03  bob: news 2",
    "[2:bob · here]",
    ">",
  ]);
});

Deno.test("chat in a terminal reads the open room again when events of it were lost", async () => {
  let rows = [logRow({ text: "old" })];
  await using it = await onScreen({
    ...SCRIPT,
    log: () => ({ room: roomRow(), rows, isStart: true, isEnd: true }),
  });
  rows = [1, 2, 3, 4].map((number) => logRow({ number, text: `line ${number}` }));
  await it.hear(entry({ number: 4, text: "line 4" }));
  assertEquals(it.rows(5), [
    "14:03  bob: line 2",
    "14:03  bob: line 3",
    "14:03  bob: line 4",
    KITCHEN_STATUS,
    ">",
  ]);
});

Deno.test("chat in a terminal tells of a request in one quiet line, once", async () => {
  const carol = peerRow({ id: CAROL, name: "carol" });
  const request = {
    peer: carol,
    roomId: ATTIC,
    rows: [logRow({ author: CAROL, name: "carol", text: "hi\nthere" })],
  };
  let requests = [] as (typeof request)[];
  await using it = await onScreen({ ...SCRIPT, requests: () => ({ requests, invitations: [] }) });
  requests = [request];
  await it.hear({ event: "request", from: carol, roomId: ATTIC });
  await it.hear({ event: "request", from: carol, roomId: ATTIC });
  assertEquals(it.rows(4), [
    '* carol (cccc…) wants to talk to you: "hi"',
    "  /accept carol, /ignore carol or /block carol",
    "[1:#Kitchen · 2 here: bob · 1 request]",
    ">",
  ]);
  await it.type("/acc\t");
  assertEquals(it.rows(1), ["> /accept"]);
  await it.type("\t");
  assertEquals(it.rows(1), ["> /accept carol"]);
});

Deno.test("chat in a terminal is not flooded by 500 people who come and go", async () => {
  await using it = await onScreen();
  const crowd = Array.from(
    { length: 500 },
    (_, at) => peerRow({ id: `${at}`.padEnd(52, "x") as PeerId, name: `p${at}` }),
  );
  await it.hear(...crowd.map((peer): NodeEvent => ({ event: "peer", change: "new", peer })));
  await it.hear(...crowd.map((peer): NodeEvent => ({ event: "peer", change: "gone", peer })));
  const told = it.screen.scrollback.filter((row) => row.startsWith("* "));
  assertEquals(told.length, 11);
  assertEquals(told[5], "* More people are nearby: /peers shows them");
});

Deno.test("chat in a terminal completes with Tab, and goes through what it could be", async () => {
  await using it = await onScreen();
  await it.type("/j\t");
  assertEquals(it.rows(1), ["> /join"]);
  await it.type("k\t");
  assertEquals(it.rows(1), ["> /join #Kitchen"]);
  await it.type("\x15/re\t");
  assertEquals(it.rows(3), ["/renew  /requests  /rescan", KITCHEN_STATUS, "> /renew"]);
  await it.type("\t");
  assertEquals(it.rows(1), ["> /requests"]);
  await it.type("\x1b[Z");
  assertEquals(it.rows(1), ["> /renew"]);
  await it.type("\x15b\t");
  assertEquals(it.rows(2), [KITCHEN_STATUS, "> bob:"]);
});

Deno.test("chat in a terminal goes back to earlier lines with Up", async () => {
  await using it = await onScreen();
  await it.type("first\r");
  await it.type("second\r");
  await it.type("\x1b[A\x1b[A");
  assertEquals(it.rows(1), ["> first"]);
});

Deno.test("chat in a terminal clears the line at Ctrl-C, and ends at the next one, with the terminal given back", async () => {
  const it = await onScreen();
  await it.type("draft");
  await it.type("\x03");
  assertEquals(it.rows(3), ["The line was cleared. Ctrl-C again ends earshot.", KITCHEN_STATUS, ">"]);
  it.process.console.type("\x03");
  assertEquals(await it.ended(), 0);
  assertEquals(it.terminal.listener, null);
  await it.settle();
  assertEquals(it.rows(1), ["14:03  bob: old"]);
  it.screen[Symbol.dispose]();
});

for (const [how, keys] of [["Ctrl-D", "\x04"], ["/quit", "/quit\r"], ["#quit", "#quit\r"]] as const) {
  Deno.test(`chat in a terminal ends at ${how}`, async () => {
    const it = await onScreen();
    it.process.console.type(keys);
    assertEquals(await it.ended(), 0);
    assertEquals([it.terminal.listener, it.process.node?.isDisposed], [null, true]);
    it.screen[Symbol.dispose]();
  });
}

Deno.test("chat in a terminal gives it back when it is told to end, and when its node is stopped", async () => {
  const first = await onScreen();
  first.process.interrupt();
  assertEquals([await first.ended(), first.terminal.listener], [0, null]);
  first.screen[Symbol.dispose]();
  const second = await onScreen();
  await second.machine.time.drive((async () => await second.process.node?.[Symbol.asyncDispose]())());
  assertEquals([await second.ended(), second.terminal.listener], [0, null]);
  assertStringIncludes(second.process.console.errText, "The node was stopped.");
  second.screen[Symbol.dispose]();
});

Deno.test("chat in a terminal takes another size, and paints anew at Ctrl-L", async () => {
  await using it = await onScreen();
  await it.type("draft");
  it.terminal.columnsAndRows = { columns: 20, rows: 10 };
  it.screen.resize(it.terminal.columnsAndRows);
  it.terminal.listener?.onResize();
  await it.settle();
  assertEquals(it.rows(2), ["[1:#Kitchen]", "> draft"]);
  await it.hear(entry({ number: 2, text: "as wide as it is now" }));
  assertEquals(it.rows(4), ["14:03  bob: as wide", "       as it is now", "[1:#Kitchen]", "> draft"]);
  await it.type("\x0c");
  assertEquals(it.rows(2), ["[1:#Kitchen]", "> draft"]);
});

Deno.test("chat in a terminal is stopped by Ctrl-Z, and painted again when it goes on", async () => {
  await using it = await onScreen();
  await it.type("draft\x1a");
  assertEquals(it.terminal.suspendedCount, 1);
  assertEquals(it.rows(2), [KITCHEN_STATUS, "> draft"]);
});

Deno.test("chat --plain in a terminal paints nothing, and shows what happens elsewhere in full", async () => {
  await using it = await onScreen(SCRIPT, ["chat", "Kitchen", "--plain"]);
  await it.hear(entry({ roomId: WITH_BOB, room: "bob", text: "psst" }));
  assertStringIncludes(it.screen.screen.join("\n"), "\n14:03  [bob] bob: psst\n");
  assertEquals(it.terminal.listener, null);
  assertEquals(it.process.console.outText.includes("\x1b"), false);
});

Deno.test("chat in a terminal gives back no command that failed, but what a key took away", async () => {
  await using it = await onScreen();
  for (const line of ["/go", "/go 9", "/msg", "/join"]) {
    await it.type(`${line}\r`);
    assertEquals(it.rows(1), [">"], line);
  }
  await it.type("draft\x1b9");
  assertEquals(it.rows(1), ["> draft"]);
});

Deno.test("chat in a terminal fits tables into its rows, whose last cell stays free", async () => {
  const me = memberRow({ id: ALICE, name: "alice", me: true });
  const other = memberRow({ name: "名".repeat(32), address: "192.168.143.130", relays: true, contact: true });
  await using it = await onScreen({ ...SCRIPT, members: { room: roomRow(), members: [me, other] } });
  await it.type("/who\r");
  const rows = it.rows(7);
  assertEquals(rows.slice(0, 2), ["> /who", "#Kitchen: 2 members"]);
  assertEquals(rows.slice(4, 5), ["名名名名…  bbbbbbbb  192.168.143.1…  just now  here, host…"]);
  assertEquals(rows.slice(6), [">"]);
});

Deno.test("chat in a terminal that has another size already prints for that one", async () => {
  await using it = await onScreen();
  it.terminal.columnsAndRows = { columns: 20, rows: 10 };
  it.screen.resize(it.terminal.columnsAndRows);
  await it.hear(entry({ number: 2, text: "as wide as it is now" }));
  assertEquals(it.rows(4), ["14:03  bob: as wide", "       as it is now", "[1:#Kitchen]", ">"]);
});
