import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatAgo } from "../../../src/node/support/relative_time.ts";
import { type Column, formatColumns, formatTable } from "../../../src/cli/format/table.ts";
import {
  formatBrokenContact,
  formatContacts,
  formatMembers,
  formatPeers,
} from "../../../src/cli/format/people.ts";
import { formatRooms, formatStatus } from "../../../src/cli/format/rooms.ts";
import { type FormatContext, formatEntry, formatEvent, formatLog } from "../../../src/cli/format/entries.ts";
import { PAINTED, PLAIN } from "../../../src/cli/format/style.ts";
import { measureCells } from "../../../src/text/sanitize.ts";
import { ALICE, KITCHEN, logRow, peerRow, roomRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const NOW: FormatContext = { nowMs: Date.parse("2026-01-01T00:02:30.000Z"), style: PLAIN, columns: null };

const PEERS = [
  peerRow({ name: "井上さん", address: null, port: null, seen: null }),
  peerRow({
    connected: true,
    verified: true,
    contact: true,
    seen: "2026-01-01T00:02:29.000Z",
    note: "owes me a tea",
  }),
  peerRow({ name: "carol·k3fw", address: "fe80::1", port: 9998, away: "lunch" }),
  peerRow({ name: "eve", here: false, blocked: true, away: "away" }),
];

Deno.test("peerLines aligns who is here, contacts first", () => {
  assertEquals(formatPeers({ peers: PEERS, outlook: "" }, NOW), [
    "NAME        ID        ADDRESS         SEEN                                     NOTE",
    "bob         bbbbbbbb  10.0.0.5:9999   just now   connected, verified, contact  owes me a tea",
    "井上さん    bbbbbbbb  -               never      here",
    "carol·k3fw  bbbbbbbb  [fe80::1]:9998  2 min ago  away: lunch, here",
    "eve         bbbbbbbb  10.0.0.5:9999   2 min ago  blocked, away",
  ]);
});

Deno.test("peerLines leaves out what has no space, and cuts what is too long", () => {
  const lines = (columns: number) => formatPeers({ peers: PEERS, outlook: "" }, { ...NOW, columns });
  assertEquals(lines(20), [
    "NAME",
    "bob        connecte…",
    "井上さん   here",
    "car…·k3fw  away: lu…",
    "eve        blocked,…",
  ]);
  assertEquals(lines(60), [
    "NAME        ID        ADDRESS         SEEN",
    "bob         bbbbbbbb  10.0.0.5:9999   just now   connected,…",
    "井上さん    bbbbbbbb  -               never      here",
    "carol·k3fw  bbbbbbbb  [fe80::1]:9998  2 min ago  away: lunc…",
    "eve         bbbbbbbb  10.0.0.5:9999   2 min ago  blocked, a…",
  ]);
  const wide = lines(200);
  assertEquals(wide, formatPeers({ peers: PEERS, outlook: "" }, NOW));
  for (let columns = 18; columns <= 200; columns++) {
    for (const line of lines(columns)) assert(measureCells(line) <= columns, `${columns}: ${line}`);
  }
});

Deno.test("peerLines lists 500 people with names of any length, a line for each", () => {
  const peers = Array.from(
    { length: 500 },
    (_, index) => peerRow({ name: `${"名".repeat(index % 32)}${index}`, contact: index === 499 }),
  );
  const lines = formatPeers({ peers, outlook: "" }, { ...NOW, columns: 80 });
  assertEquals(lines.length, 501);
  assertMatch(lines[1] ?? "", /^名+.*contact$/);
  assertEquals(lines.filter((line) => measureCells(line) > 80), []);
});

Deno.test("memberLines tells who takes part, and who of them is the user", () => {
  const member = { ...peerRow({ contact: true, connected: true }), me: false, relays: true, forked: false };
  const me = {
    ...peerRow({ id: ALICE, name: "alice", address: null }),
    me: true,
    relays: false,
    forked: false,
  };
  assertEquals(formatMembers({ room: roomRow(), members: [member, me] }, NOW), [
    "#Kitchen: 2 members",
    "NAME   ID        ADDRESS        SEEN",
    "bob    bbbbbbbb  10.0.0.5:9999  2 min ago  connected, host, contact",
    "alice  aaaaaaaa                            you",
  ]);
  assertEquals(formatMembers({ room: roomRow(), members: [] }, NOW), ["Nobody is in #Kitchen."]);
});

Deno.test("contactLines shows places whose owners are not known yet behind the contacts", () => {
  const places = [{ name: "grandpa", address: "192.168.43.7", port: 9998 }];
  assertEquals(formatContacts({ contacts: [peerRow({ contact: true })], places, broken: [] }, NOW), [
    "NAME     ID        ADDRESS            SEEN",
    "bob      bbbbbbbb  10.0.0.5:9999      2 min ago  here",
    "grandpa            192.168.43.7:9998  never      not reached yet",
  ]);
});

Deno.test("peerLines, roomLines and contactLines say what to do when there is nothing", () => {
  assertEquals(formatPeers({ peers: [], outlook: "Looking for others on wlan0 (10.0.0.2)." }, NOW), [
    "Nobody is here yet. Looking for others on wlan0 (10.0.0.2).",
    'Somebody has no earshot yet? Give them its file, by "earshot give on", on a USB stick or by sending it: they run it, nothing else.',
  ]);
  assertEquals(formatRooms({ rooms: [], outlook: "" }, NOW), [
    'There is no room yet. Open one: earshot host "TITLE".',
  ]);
  assertEquals(formatRooms({ rooms: [], outlook: "" }, { ...NOW, isChat: true }), [
    "There is no room yet. Open one: /host TITLE.",
  ]);
  assertEquals(formatContacts({ contacts: [], places: [], broken: [] }, NOW), [
    "There are no contacts yet. Whoever you talk to becomes one: earshot send NAME TEXT",
    "Or keep somebody who is here: earshot contacts add NAME",
  ]);
});

Deno.test("roomLines aligns the rooms", () => {
  const rooms = [
    roomRow({ unread: 3 }),
    roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null }),
    roomRow({ title: "Coffee corner", joined: false, members: 12, host: "carol" }),
    roomRow({ title: "Plans", invited: true }),
    roomRow({ title: "eve", direct: true, request: true, host: null }),
  ];
  assertEquals(formatRooms({ rooms, outlook: "" }, NOW), [
    "ROOM            ID        MEMBERS  HOST",
    "#Kitchen        kkkkkkkk  2        bob    3 unread, joined",
    "bob             dddddddd  2        -      direct",
    "#Coffee corner  kkkkkkkk  12       carol  not joined",
    "#Plans          kkkkkkkk  2        bob    joined, invite-only",
    "eve             kkkkkkkk  2        -      not answered yet",
  ]);
});

Deno.test("brokenContactLine tells the number and the reason", () => {
  assertEquals(
    formatBrokenContact({ line: 7, text: "x", reason: "it has no id" }),
    "Line 7 of contacts.dat is no contact: it has no id. It is kept as it is",
  );
});

Deno.test("statusLines tells how the node does", () => {
  const lines = formatStatus({
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
    away: "lunch",
    outlook: "One other is heard on wlan0 (10.0.0.2).",
    interfaces: [{ name: "wlan0", address: "10.0.0.2/24", state: "1 here" }],
    giving: ["http://10.0.0.2:9980/"],
    notices: ["Something was found damaged"],
  });
  assertEquals(lines, [
    "Name       alice (aaaaaaaa)",
    "Presence   away: lunch",
    "Version    earshot 1.2.3, process 123",
    "Home       /home/alice/earshot",
    "Ports      TCP 9999, UDP 9999",
    "Others     2 here, 1 session, 1 room joined",
    "Interface  wlan0 (10.0.0.2/24): 1 here",
    "Network    One other is heard on wlan0 (10.0.0.2).",
    "Giving     earshot itself, at http://10.0.0.2:9980/",
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
  assertEquals(formatLog(rows, NOW), [
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
  assertEquals(formatEntry(logRow(), { style: PAINTED, room: "#Kitchen" }), [
    "\x1b[2m14:03\x1b[0m  \x1b[2m[#Kitchen]\x1b[0m \x1b[1;35mbob:\x1b[0m hello",
  ]);
});

const FORGED: [what: string, row: Parameters<typeof logRow>[0], line: string][] = [
  ["a name that reads as another's line", { name: "alice: yes" }, '14:03  [Kitchen] "alice: yes": hello'],
  ["a name that reads as a notice", { name: "* alice left" }, '14:03  [Kitchen] "* alice left": hello'],
  ["a room that reads as another one", { room: "x] alice: no [y" }, "14:03  [x) alice: no (y] bob: hello"],
];

for (const [what, row, line] of FORGED) {
  Deno.test(`entryLines is not deceived by ${what}`, () => {
    const entry = logRow(row);
    assertEquals(formatEntry(entry, { style: PLAIN, room: entry.room }), [line]);
  });
}

Deno.test("entryLines breaks lines itself, so that no blanks bring a text to where lines begin", () => {
  const forged = `yes${" ".repeat(21)}14:04  alice: no`;
  assertEquals(formatLog([logRow({ text: forged })], { style: PLAIN, columns: 36 }), [
    "2026-11-20",
    "14:03  bob: yes",
    "       14:04  alice: no",
  ]);
  assertEquals(formatEntry(logRow({ text: forged, notice: true }), { style: PLAIN, columns: 36 }), [
    "14:03  * bob yes",
    "       14:04  alice: no",
  ]);
  const painted = formatEntry(logRow({ text: "one two three", state: "kept" }), {
    style: PAINTED,
    columns: 20,
    room: "K",
  });
  assertEquals(painted, [
    "\x1b[2m14:03\x1b[0m  \x1b[2m[K]\x1b[0m \x1b[1;35mbob:\x1b[0m one",
    "       two three",
    "       (kept here",
    "       only)",
  ]);
});

Deno.test("eventLines tells those who only watch what happens", () => {
  const ready = { event: "ready", id: ALICE, name: "alice", port: 9999, discoveryPort: 9999 } as const;
  assertEquals(formatEvent(ready, NOW), [
    "alice (aaaaaaaa) is ready on TCP port 9999, UDP port 9999. Ctrl-C ends it",
  ]);
  assertEquals(formatEvent({ event: "peer", change: "new", peer: peerRow() }, NOW), [
    "* bob is here (10.0.0.5)",
  ]);
  assertEquals(formatEvent({ event: "peer", change: "changed", peer: peerRow() }, NOW), []);
  assertEquals(formatEvent({ event: "peer", change: "gone", peer: peerRow() }, NOW), [
    "* bob is not here any more",
  ]);
  assertEquals(formatEvent({ event: "entry", row: logRow({ state: "kept" }) }, NOW), [
    "14:03  [Kitchen] bob: hello",
  ]);
  assertEquals(formatEvent({ event: "notice", text: "A line was cut short" }, NOW), [
    "! A line was cut short",
  ]);
  const request = { event: "request", from: peerRow({ name: "carol" }), roomId: WITH_BOB } as const;
  assertEquals(formatEvent(request, NOW), ["* carol asks for you: earshot requests"]);
  const typing = { event: "typing", roomId: KITCHEN, peer: ALICE, name: "alice" } as const;
  assertEquals(formatEvent(typing, NOW), []);
  assertEquals(formatEvent({ event: "room", room: roomRow() }, NOW), []);
  assertEquals(formatEvent({ event: "state", roomId: KITCHEN, number: 1, state: "passed" }, NOW), []);
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
    assertEquals(formatAgo(secondsAgo === null ? null : nowMs - secondsAgo * 1000, nowMs), text);
  });
}

Deno.test("ago gives a date for what is long ago, and a date and time for what is to come", () => {
  const atMs = new Date(2026, 10, 20, 14, 3).getTime();
  assertEquals(formatAgo(atMs, new Date(2026, 11, 20).getTime()), "2026-11-20");
  assertEquals(formatAgo(atMs, new Date(2026, 9, 20).getTime()), "2026-11-20 14:03");
});

Deno.test("columns counts cells, not characters, and leaves no blanks at the ends of lines", () => {
  assertEquals(formatColumns([["a", "bb", "c"], ["日本", "b", ""], ["x"]]), ["a     bb  c", "日本  b", "x"]);
  assertEquals(formatColumns([]), []);
});

const TABLE: readonly Column[] = [
  { head: "A", cellsMin: 2, rank: 0 },
  { head: "LONG", cellsMin: 4, rank: 1 },
  { head: "", cellsMin: 4, rank: 2 },
];

Deno.test("table leaves out what is empty everywhere, but for the head that goes with something", () => {
  const options = { style: PLAIN, columns: null };
  assertEquals(formatTable(TABLE, [["1", "", ""], ["2", "", "x"]], options), ["A", "1", "2  x"]);
  assertEquals(formatTable(TABLE, [["1", "", ""]], options), ["A", "1"]);
  assertEquals(formatTable(TABLE, [["1", "22", "3"]], { ...options, style: PAINTED }), [
    "\x1b[2mA  LONG\x1b[0m",
    "1  22    3",
  ]);
});

Deno.test("table cuts the widest column first, and leaves out the highest rank when cutting is not enough", () => {
  const rows = [["a".repeat(9), "b".repeat(6), "c".repeat(9)]];
  const cut = (columns: number) => formatTable(TABLE, rows, { style: PLAIN, columns })[1];
  assertEquals(cut(28), "aaaaaaaaa  bbbbbb  ccccccccc");
  assertEquals(cut(24), "aaaaa…  bbbbbb  ccccccc…");
  assertEquals(cut(14), "a…  bbb…  ccc…");
  assertEquals(cut(13), "aaaa…  bbbbbb");
  assertEquals(cut(7), "aaaaaa…");
  assertEquals(cut(1), "a…");
});
