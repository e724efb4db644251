import { assertEquals } from "@std/assert";
import { ago } from "../../src/cli/ago.ts";
import { columns } from "../../src/cli/columns.ts";
import {
  brokenContactLine,
  contactLines,
  entryLines,
  eventLines,
  logLines,
  peerLines,
  roomLines,
  statusLines,
} from "../../src/cli/screen.ts";
import { PAINTED, PLAIN } from "../../src/cli/style.ts";
import { ALICE, KITCHEN, logRow, peerRow, roomRow, WITH_BOB } from "./stage.ts";

const NOW = { nowMs: Date.parse("2026-01-01T00:02:30.000Z"), style: PLAIN };

Deno.test("peerLines aligns who is here", () => {
  const peers = [
    peerRow({ connected: true, verified: true, contact: true, seen: "2026-01-01T00:02:29.000Z" }),
    peerRow({ name: "井上さん", address: null, port: null, seen: null }),
    peerRow({ name: "carol·k3fw", address: "fe80::1", port: 9998 }),
  ];
  assertEquals(peerLines({ peers, outlook: "" }, NOW), [
    "NAME        ID        ADDRESS         SEEN",
    "bob         bbbbbbbb  10.0.0.5:9999   just now   connected, verified, contact",
    "井上さん    bbbbbbbb  -               never      here",
    "carol·k3fw  bbbbbbbb  [fe80::1]:9998  2 min ago  here",
  ]);
});

Deno.test("peerLines, roomLines and contactLines say what to do when there is nothing", () => {
  assertEquals(peerLines({ peers: [], outlook: "Looking for others on wlan0 (10.0.0.2)." }, NOW), [
    "Nobody is here yet. Looking for others on wlan0 (10.0.0.2).",
  ]);
  assertEquals(roomLines({ rooms: [], outlook: "" }, NOW), [
    'There is no room yet. Open one: earshot host "TITLE".',
  ]);
  assertEquals(contactLines({ contacts: [], broken: [] }, NOW), [
    "There are no contacts yet. Whoever you talk to becomes one: earshot send NAME TEXT.",
  ]);
});

Deno.test("roomLines aligns the rooms", () => {
  const rooms = [
    roomRow({ unread: 3 }),
    roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null }),
    roomRow({ title: "Coffee corner", joined: false, members: 12, host: "carol" }),
  ];
  assertEquals(roomLines({ rooms, outlook: "" }, NOW), [
    "ROOM            ID        MEMBERS  HOST",
    "#Kitchen        kkkkkkkk  2        bob    joined, 3 unread",
    "bob             dddddddd  2        -      direct",
    "#Coffee corner  kkkkkkkk  12       carol  not joined",
  ]);
});

Deno.test("brokenContactLine tells the number and the reason", () => {
  assertEquals(
    brokenContactLine({ line: 7, text: "x", reason: "it has no id" }),
    "Line 7 of contacts.dat is no contact: it has no id. It is kept as it is",
  );
});

Deno.test("statusLines tells how the node does", () => {
  const lines = statusLines({
    id: ALICE,
    name: "alice",
    version: "1.2.3",
    home: "/home/alice/earshot",
    pid: 123,
    port: 9999,
    discoveryPort: 9999,
    sessions: 1,
    peers: 2,
    rooms: 1,
    outlook: "One other is heard on wlan0 (10.0.0.2).",
    interfaces: [{ name: "wlan0", address: "10.0.0.2/24", state: "1 here" }],
    notices: ["Something was found damaged"],
  });
  assertEquals(lines, [
    "Name       alice (aaaaaaaa)",
    "Version    earshot 1.2.3, process 123",
    "Home       /home/alice/earshot",
    "Ports      TCP 9999, UDP 9999",
    "Others     2 here, 1 session, 1 room joined",
    "Interface  wlan0 (10.0.0.2/24): 1 here",
    "Network    One other is heard on wlan0 (10.0.0.2).",
    "Notice     Something was found damaged",
  ]);
});

Deno.test("logLines begins each day with its date, and indents what a message has more", () => {
  const next = new Date(2026, 10, 21, 9, 5).toISOString();
  const rows = [
    logRow({ kind: "join", notice: true, text: "joined" }),
    logRow({ text: "one\n2026-11-20\n14:04  alice: forged" }),
    logRow({ author: ALICE, name: "alice", text: "mine", state: "kept", time: next }),
    logRow({ author: ALICE, name: "alice", text: "two\nlines", state: "kept", time: next }),
    logRow({ author: ALICE, name: "alice", text: "there", state: "passed", time: next }),
    logRow({ author: ALICE, name: "alice", text: "all", state: "everywhere", time: next }),
  ];
  assertEquals(logLines(rows, NOW), [
    "2026-11-20",
    "14:03  * bob joined",
    "14:03  bob: one",
    "       2026-11-20",
    "       14:04  alice: forged",
    "2026-11-21",
    "09:05  alice: mine  (kept here only)",
    "09:05  alice: two",
    "       lines  (kept here only)",
    "09:05  alice: there",
    "09:05  alice: all",
  ]);
});

Deno.test("entryLines paints only what stands beside the matter, and ends each colour", () => {
  assertEquals(entryLines(logRow(), { style: PAINTED, room: "#Kitchen" }), [
    "\x1b[2m14:03\x1b[0m  \x1b[2m[#Kitchen]\x1b[0m \x1b[1mbob:\x1b[0m hello",
  ]);
});

Deno.test("eventLines tells those who only watch what happens", () => {
  const ready = { event: "ready", id: ALICE, name: "alice", port: 9999, discoveryPort: 9999 } as const;
  assertEquals(eventLines(ready, NOW), [
    "alice (aaaaaaaa) is ready on TCP port 9999, UDP port 9999. Ctrl-C ends it",
  ]);
  assertEquals(eventLines({ event: "peer", change: "new", peer: peerRow() }, NOW), [
    "* bob is here (10.0.0.5)",
  ]);
  assertEquals(eventLines({ event: "peer", change: "changed", peer: peerRow() }, NOW), []);
  assertEquals(eventLines({ event: "peer", change: "gone", peer: peerRow() }, NOW), [
    "* bob is not here any more",
  ]);
  assertEquals(eventLines({ event: "entry", row: logRow({ state: "kept" }) }, NOW), [
    "14:03  [Kitchen] bob: hello",
  ]);
  assertEquals(eventLines({ event: "notice", text: "A line was cut short" }, NOW), [
    "! A line was cut short",
  ]);
  assertEquals(eventLines({ event: "room", room: roomRow() }, NOW), []);
  assertEquals(eventLines({ event: "state", roomId: KITCHEN, number: 1, state: "passed" }, NOW), []);
});

const AGO: [secondsAgo: number | null, text: string][] = [
  [null, "never"],
  [0, "just now"],
  [9, "just now"],
  [-9, "just now"],
  [10, "10 s ago"],
  [59.9, "59 s ago"],
  [60, "1 min ago"],
  [3_599, "59 min ago"],
  [3_600, "1 h ago"],
  [86_399, "23 h ago"],
  [86_400, "1 day ago"],
  [13 * 86_400, "13 days ago"],
];

for (const [secondsAgo, text] of AGO) {
  Deno.test(`ago says "${text}" of ${secondsAgo} s`, () => {
    const nowMs = Date.UTC(2026, 0, 1);
    assertEquals(ago(secondsAgo === null ? null : nowMs - secondsAgo * 1000, nowMs), text);
  });
}

Deno.test("ago gives a date for what is long ago, and a date and time for what is to come", () => {
  const atMs = new Date(2026, 10, 20, 14, 3).getTime();
  assertEquals(ago(atMs, new Date(2026, 11, 20).getTime()), "2026-11-20");
  assertEquals(ago(atMs, new Date(2026, 9, 20).getTime()), "2026-11-20 14:03");
});

Deno.test("columns counts cells, not characters, and leaves no blanks at the ends of lines", () => {
  assertEquals(columns([["a", "bb", "c"], ["日本", "b", ""], ["x"]]), ["a     bb  c", "日本  b", "x"]);
  assertEquals(columns([]), []);
});
