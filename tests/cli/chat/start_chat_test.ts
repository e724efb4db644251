import { message } from "../../../src/messages/message.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { UsageError, WorldError } from "../../../src/errors.ts";
import type { Command, LogRow, NodeEvent } from "../../../src/api/commands.ts";
import { toHomePaths } from "../../../src/store/home/paths.ts";
import {
  ALICE,
  BOB,
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

const DIRECT = roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null });
const SCRIPT: Script = {
  peers: { peers: [peerRow()], outlook: "" },
  rooms: { rooms: [roomRow(), DIRECT], outlook: "" },
  log: { room: roomRow(), rows: [logRow({ text: "old" })], isStart: true, isEnd: true },
  send: (command) => ({
    room: command.to === KITCHEN ? KITCHEN : WITH_BOB,
    title: "x",
    number: 7,
    state: "kept",
  }),
  wait: { state: "passed", isReached: true },
  host: { room: roomRow({ title: "Attic", id: "t".repeat(25).concat("a") as never }) },
  leave: { room: roomRow({ joined: false }) },
  nick: { name: "alicia" },
  contacts: { contacts: [], places: [], broken: [] },
  connect: { peer: peerRow(), rooms: [] },
  export: { title: "Kitchen", text: "# Kitchen\n", count: 0 },
  accept: { peer: peerRow(), room: DIRECT },
  ignore: { peer: peerRow() },
  block: ({ isBlocked }) => ({ peer: peerRow({ blocked: isBlocked }) }),
  words: { peer: peerRow(), words: ["amber", "bird", "cake", "drum", "echo", "fire"] },
  verify: { peer: peerRow({ verified: true }) },
  save: { peer: peerRow() },
  note: { peer: peerRow({ note: "tall" }) },
  forget: { name: "bob" },
  disconnect: { peer: peerRow() },
  listen: ({ port }) => ({ port }),
  invite: { room: roomRow(), link: "earshot://x", told: ["bob"] },
  renew: { room: roomRow(), link: "earshot://y", told: [] },
  search: { rows: [logRow()], count: 1 },
  away: { text: "lunch" },
  members: { room: roomRow(), members: [memberRow()] },
  join: () => {
    throw new UsageError(message("text.any", { text: "No room here is called so" }));
  },
};

/** What a chat asks to know what to show. */
const LOOKS: ReadonlySet<string> = new Set(["log", "rooms", "peers", "members", "requests", "status"]);

async function chatting(
  script: Script = SCRIPT,
  { words = [] as string[], isTerminal = true, machine = new Machine() } = {},
) {
  const process = machine.process({ script });
  process.console.isInTerminal = isTerminal;
  const ended = process.start(...words);
  ended.catch(() => {});
  const settle = () => machine.time.runFor(1_000);
  await settle();
  const greeting = process.console.outText;
  process.console.outText = "";
  const type = async (line: string | null) => {
    process.console.outText = "";
    process.console.errText = "";
    process.console.type(line === null ? null : `${line}\n`);
    await settle();
    return process.console.outText + process.console.errText;
  };
  const hear = async (event: NodeEvent) => {
    process.console.outText = "";
    process.node?.hub.publish(event);
    await settle();
    return process.console.outText;
  };
  const asked = () => process.node?.commands.filter(({ do: what }) => !LOOKS.has(what)) ?? [];
  return { machine, process, ended: () => machine.time.drive(ended), greeting, type, hear, settle, asked };
}

const entry = (row: Partial<LogRow> = {}): NodeEvent => ({ event: "entry", row: logRow(row) });
const NOTHING: Script = {
  ...SCRIPT,
  peers: { peers: [], outlook: "Looking for others on wlan0 (10.0.0.2)." },
  rooms: { rooms: [], outlook: "" },
};

Deno.test("chat tells a newcomer who they are and what to do first", async () => {
  const { greeting, type, ended, process } = await chatting(NOTHING);
  assertEquals(
    greeting,
    "You are alice (TCP port 9999). Another name: /nick NAME\n" +
      "Nobody is here yet. Looking for others on wlan0 (10.0.0.2).\n" +
      "Others on this network appear here as soon as they start earshot.\n" +
      "No conversation is open. What you can type:\n" +
      "  /host Kitchen          open a room for everybody near\n" +
      "  /connect 192.168.43.1  reach somebody by address\n" +
      "  /give on               give earshot to somebody who has none\n" +
      "  /help                  all that can be typed\n",
  );
  await type("/quit");
  assertEquals(await ended(), 0);
  assertEquals(process.node?.isDisposed, true);
});

Deno.test("chat opens the only room by itself, with its last lines", async () => {
  const machine = new Machine();
  await machine.time.drive(machine.disk.makeFolder(HOME));
  await machine.time.drive(machine.disk.writeNew(toHomePaths(HOME).identity, new Uint8Array(1)));
  const { greeting, type, ended } = await chatting(SCRIPT, { machine });
  assertEquals(
    greeting,
    "You are alice (TCP port 9999).\nHere: bob.\nRooms: #Kitchen (joined).\n" +
      "Your messages go to #Kitchen; /help shows more.\n2026-11-20\n14:03  bob: old\n",
  );
  await type("/quit");
  assertEquals(await ended(), 0);
});

Deno.test("chat says what is typed in the open room, and shows what others say", async () => {
  const { type, hear, asked, process } = await chatting();
  assertEquals(await type("hello"), "");
  assertEquals(asked().at(-1), { do: "send", to: KITCHEN, text: "hello" });
  assertEquals(await type("//shrug"), "");
  assertEquals(asked().at(-1), { do: "send", to: KITCHEN, text: "/shrug" });
  assertEquals(await hear(entry({ number: 2, text: "hi" })), "14:03  bob: hi\n");
  assertEquals(await hear(entry({ author: ALICE, name: "alice", number: 7 })), "");
  assertEquals(await type("/msg bob psst"), "");
  assertEquals(asked().at(-1), { do: "send", to: "bob", text: "psst" });
  process.interrupt();
});

Deno.test("chat looks up a conversation that it does not know yet before it shows a line of it", async () => {
  let rooms = [roomRow()];
  const { hear, process } = await chatting({ ...SCRIPT, rooms: () => ({ rooms, outlook: "" }) });
  rooms = [roomRow(), DIRECT];
  assertEquals(
    await hear(entry({ roomId: WITH_BOB, room: "bob", text: "psst" })),
    "14:03  [bob] bob: psst\n       (to answer: /msg bob TEXT; to stay in this conversation: /go bob)\n",
  );
  process.interrupt();
});

const ACTIONS: [line: string, command: Command | null, shown: string][] = [
  ["/peers", null, "NAME "],
  ["/rooms", null, "ROOM "],
  ["/contacts", { do: "contacts" }, "There are no contacts yet"],
  ["/requests", null, "There are no requests"],
  ["/who", null, "bob"],
  ["/nick alicia", { do: "nick", name: "alicia" }, "Others see you as alicia now."],
  ["/connect 10.0.0.5", { do: "connect", to: "10.0.0.5", port: 9999 }, "Connected to bob"],
  ["/connect bob", { do: "connect", to: "bob" }, "Connected to bob"],
  ["/disconnect bob", { do: "disconnect", peer: "bob" }, "Disconnected from bob"],
  ["/rescan", { do: "rescan" }, "Searching again."],
  ["/host Attic", { do: "host", title: "Attic" }, "You are in #Attic"],
  ["/host --invited Attic", { do: "host", title: "Attic", isInvited: true }, "You are in #Attic"],
  ["/host 9998", { do: "listen", port: 9998 }, "Others reach you at TCP port 9998 now."],
  ["/leave", { do: "leave", room: KITCHEN }, "You have left #Kitchen."],
  ["/log 3", null, "14:03  bob: old"],
  ["/help", null, "/msg NAME [TEXT]"],
  ["/help host", null, "/host 9999 (only a port)"],
  ["/join bob", null, "You are in bob (direct)."],
  ["/go bob", null, ""],
  ["/go 1", null, "14:03  bob: old"],
  ["/accept bob", { do: "accept", peer: "bob" }, "is one of your contacts now. What you type goes to them."],
  ["/ignore bob", { do: "ignore", peer: "bob" }, "is set aside"],
  ["/block bob", { do: "block", peer: "bob", isBlocked: true }, "is blocked"],
  ["/unblock bob", { do: "block", peer: "bob", isBlocked: false }, "bob"],
  ["/verify bob", { do: "words", peer: "bob" }, "AMBER"],
  ["/verify bob yes", { do: "verify", peer: "bob", isVerified: true }, "bob"],
  ["/save bob Bobby", { do: "save", peer: "bob", label: "Bobby" }, "is one of your contacts"],
  ["/note bob tall", { do: "note", peer: "bob", text: "tall" }, "Noted about bob"],
  ["/forget bob", { do: "forget", peer: "bob" }, "bob is no contact any more"],
  ["/invite bob", { do: "invite", room: KITCHEN, peers: ["bob"] }, "earshot://x"],
  ["/renew without bob", { do: "renew", room: KITCHEN, without: ["bob"] }, "earshot://y"],
  ["/search tea", { do: "search", text: "tea", last: 50 }, "14:03  [#Kitchen] bob: hello"],
  ["/away lunch", { do: "away", text: "lunch" }, "You are away: lunch."],
  ["/back", { do: "away", text: null }, "You are away: lunch."],
];

for (const [line, command, shown] of ACTIONS) {
  Deno.test(`chat does "${line}"`, async () => {
    const { type, asked, process } = await chatting();
    assertStringIncludes(await type(line), shown);
    if (command !== null) assertEquals(asked().at(-1), command);
    process.interrupt();
  });
}

const MISTAKES: [line: string, sentence: string][] = [
  [
    "/frobnicate",
    "There is no command /frobnicate. /help lists the commands. To send it as a message, type // instead of /",
  ],
  ["/join Attic", "No room here is called so"],
  ["/msg", "Usage: /msg NAME [TEXT]"],
];

for (const [line, sentence] of MISTAKES) {
  Deno.test(`chat explains what is wrong with "${line}", and goes on`, async () => {
    const { type, ended, settle } = await chatting();
    for (let second = 0; second < 3; second++) await settle(); // Whom a line names cannot turn up any more.
    assertEquals(await type(line), `earshot: ${sentence}\n`);
    assertEquals(await type(""), "");
    await type("/quit");
    assertEquals(await ended(), 0);
  });
}

Deno.test("chat waits for whom the first line names: piped lines are there before anybody is heard of", async () => {
  const machine = new Machine();
  let asks = 0;
  const process = machine.process({
    script: {
      ...NOTHING,
      join: () => {
        if (++asks < 5) throw new UsageError(message("text.any", { text: "No room here is called so" }));
        return { room: roomRow(), note: null };
      },
    },
  });
  process.console.type("/join Kitchen\nhello\n");
  process.console.type(null);
  const ended = process.start();
  assertEquals(await machine.time.drive(ended), 0);
  assertEquals(process.console.errText, "");
  assertEquals(process.node?.commands.find(({ do: what }) => what === "send"), {
    do: "send",
    to: KITCHEN,
    text: "hello",
  });
});

Deno.test("chat wants an open room for a text", async () => {
  const { type, process, asked } = await chatting(NOTHING);
  assertStringIncludes(await type("hello"), "earshot: No conversation is open. Open one with /join ROOM");
  assertEquals(asked(), []);
  process.interrupt();
});

Deno.test("chat goes on when a text cannot be kept", async () => {
  const { type, process } = await chatting({
    ...SCRIPT,
    send: () => {
      throw new WorldError(message("text.any", { text: "Cannot send this: the disk is full" }));
    },
  });
  assertEquals(await type("hello"), "earshot: Cannot send this: the disk is full\n");
  process.interrupt();
});

Deno.test("chat writes the open room to a file, and never over another", async () => {
  const { type, process, machine } = await chatting();
  await machine.time.drive(machine.disk.makeFolder("/desk"));
  assertEquals(await type("/export"), "Saved to /desk/Kitchen.txt\n");
  assertStringIncludes(await type("/export"), '"/desk/Kitchen.txt" already exists');
  assertEquals(await type("/export other.txt"), "Saved to /desk/other.txt\n");
  process.interrupt();
});

for (const [title, file] of [["🎉🎉", "🎉🎉.txt"], ["CON", "_CON.txt"], ["a/b: c", "a_b_-c.txt"]] as const) {
  Deno.test(`chat saves a room titled "${title}" as ${file}`, async () => {
    const { type, process, machine } = await chatting({
      ...SCRIPT,
      export: { title, text: "x\n", count: 1 },
    });
    await machine.time.drive(machine.disk.makeFolder("/desk"));
    assertEquals(await type("/export"), `Saved to /desk/${file}\n`);
    process.interrupt();
  });
}

Deno.test("chat marks the open room as read when it is left", async () => {
  const { type, ended, process } = await chatting();
  await type("/quit");
  await ended();
  assertEquals(process.node?.commands.at(-1), { do: "log", to: KITCHEN, last: 0, markRead: true });
});

Deno.test("chat ends with 0 at Ctrl-D, at Ctrl-C, and when its node is stopped", async () => {
  const first = await chatting();
  await first.type(null);
  assertEquals(await first.ended(), 0);
  const second = await chatting();
  second.process.interrupt();
  assertEquals(await second.ended(), 0);
  assertEquals(second.process.node?.isDisposed, true);
  const third = await chatting();
  assertEquals(await third.machine.process().run("stop"), 0);
  assertEquals(await third.ended(), 0);
  assertStringIncludes(third.process.console.errText, "The node was stopped.\n");
});

Deno.test("chat uses the node that runs already, and leaves it running", async () => {
  const machine = new Machine();
  const running = machine.process({ script: SCRIPT });
  const node = running.start("node", "--quiet");
  await machine.time.runFor(1_000);
  const { greeting, type, ended, process } = await chatting({}, { machine });
  assertStringIncludes(greeting, "Your messages go to #Kitchen");
  assertEquals(await type("hello"), "");
  running.node?.hub.publish(entry({ number: 2, text: "hi" }));
  await machine.time.runFor(1_000);
  assertStringIncludes(process.console.outText, "14:03  bob: hi\n");
  await type("/quit");
  assertEquals(await ended(), 0);
  assertEquals(running.node?.isDisposed, false);
  running.interrupt();
  assertEquals(await machine.time.drive(node), 0);
});

Deno.test("chat takes piped lines as typed, shows them, waits for the last to get out, and ends", async () => {
  const { type, ended, process, asked, hear } = await chatting(SCRIPT, { isTerminal: false });
  await type("hello");
  assertEquals(
    await hear(entry({ author: ALICE, name: "alice", number: 7, text: "hello", state: "kept" })),
    "14:03  alice: hello\n",
  );
  process.console.type("no line end");
  process.console.type(null);
  assertEquals(await ended(), 0);
  assertEquals(asked().slice(-2), [
    { do: "send", to: KITCHEN, text: "no line end" },
    { do: "wait", room: KITCHEN, number: 7, until: "passed", ms: 3_000 },
  ]);
});

Deno.test("chat ends with 1 when something that was piped in could not be done", async () => {
  const { type, ended } = await chatting(SCRIPT, { isTerminal: false });
  await type("/frobnicate");
  await type(null);
  assertEquals(await ended(), 1);
});

Deno.test("chat stays as a node when there is no input at all", async () => {
  const { type, ended, process, hear } = await chatting(SCRIPT, { isTerminal: false });
  await type(null);
  assertEquals(await hear(entry({ number: 2, text: "hi" })), "14:03  bob: hi\n");
  assertEquals(process.node?.isDisposed, false);
  process.interrupt();
  assertEquals(await ended(), 0);
});

Deno.test("chat --json prints events and answers as JSON lines only", async () => {
  const { greeting, type, hear, process } = await chatting(SCRIPT, { words: ["--json"], isTerminal: false });
  assertEquals(JSON.parse(greeting).event, "ready");
  const row = logRow({ number: 2 });
  assertEquals(JSON.parse(await hear({ event: "entry", row })), { event: "entry", row });
  assertEquals(JSON.parse(await type("/peers")), peerRow());
  assertEquals(await type("hello"), "");
  assertEquals(
    await type("/frobnicate"),
    '{"error":"There is no command /frobnicate. /help lists the commands. To send it as a message, type // instead of /","code":"slash.mistyped"}\n',
  );
  process.interrupt();
});

Deno.test("chat goes on with whom one wrote to where nothing was open", async () => {
  const { type, asked, process } = await chatting({
    ...SCRIPT,
    rooms: { rooms: [DIRECT], outlook: "" },
    log: { room: DIRECT, rows: [], isStart: true, isEnd: true },
  });
  await type("/msg bob hello");
  assertEquals(asked().at(-1), { do: "send", to: "bob", text: "hello" });
  await type("and more");
  assertEquals(asked().at(-1), { do: "send", to: WITH_BOB, text: "and more" });
  process.interrupt();
});

Deno.test("chat leaves the conversation with somebody who is blocked", async () => {
  const { type, process } = await chatting({
    ...SCRIPT,
    rooms: { rooms: [{ ...DIRECT, peer: BOB }], outlook: "" },
  });
  await type("/go bob");
  await type("/block");
  assertStringIncludes(await type("hello"), "No conversation is open.");
  process.interrupt();
});

Deno.test("chat says what was done, also where its node cannot tell how the open conversation is", async () => {
  let isGone = false;
  const { type, process } = await chatting({
    ...SCRIPT,
    members: () => {
      if (isGone) throw new UsageError(message("text.any", { text: 'Nobody here is called "dddd"' }));
      return { room: roomRow(), members: [] };
    },
  });
  isGone = true;
  assertEquals(await type("/rescan"), "Searching again.\n");
  process.interrupt();
});

Deno.test("chat takes words that ended other programs for words, and says what ends this one", async () => {
  const { type, asked, process } = await chatting();
  assertStringIncludes(await type("exit"), "That was sent as a message. Commands begin with a slash: /quit");
  assertEquals(asked().at(-1), { do: "send", to: KITCHEN, text: "exit" });
  const other = await chatting(NOTHING);
  assertStringIncludes(await other.type("quit"), "Commands begin with a slash: /quit");
  assertEquals(other.asked(), []);
  for (const each of [process, other.process]) each.interrupt();
});

Deno.test("chat replaces an export only where it is told to", async () => {
  const { type, process, machine } = await chatting();
  await machine.time.drive(machine.disk.makeFolder("/desk"));
  await type("/export a.txt");
  assertStringIncludes(await type("/export a.txt"), "already exists. Nothing was written. Use --force");
  assertEquals(await type("/export --force a.txt"), "Saved to /desk/a.txt\n");
  process.interrupt();
});
