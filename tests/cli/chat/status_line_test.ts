import { assertEquals } from "@std/assert";
import type { RoomId } from "../../../src/room/id.ts";
import { EMPTY_STATUS, type StatusSnapshot } from "../../../src/cli/chat/status_snapshot.ts";
import { formatStatusLine, type StatusView } from "../../../src/cli/chat/status_line.ts";
import { ALICE, memberRow, peerRow, roomRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const ME = memberRow({ id: ALICE, name: "alice", me: true });
const KITCHEN = { number: 1, room: roomRow() };
const DIRECT = { number: 4, room: roomRow({ id: WITH_BOB, title: "bob", direct: true, unread: 1 }) };
const view = (parts: Partial<StatusView> = {}, glance: Partial<StatusSnapshot> = {}): StatusView => ({
  status: { ...EMPTY_STATUS, members: [ME, memberRow()], ...glance },
  open: KITCHEN,
  unread: [],
  typing: [],
  files: null,
  ...parts,
});
const FULL = view(
  { unread: [{ number: 2, room: roomRow({ title: "Attic", unread: 3 }) }, DIRECT], typing: ["bob"] },
  {
    requestNames: ["carol"],
    away: "lunch",
    last: "kept",
    waitingCount: 2,
    peers: [peerRow({ id: "x" as never })],
  },
);

const CASES: [name: string, view: StatusView, line: string][] = [
  ["nothing open", view({ open: null }, { peers: [peerRow()] }), "[no conversation open · 1 nearby]"],
  ["a room", view(), "[1:#Kitchen · 2 here: bob]"],
  [
    "a room where nobody else is",
    view({}, { members: [ME, memberRow({ here: false })] }),
    "[1:#Kitchen · nobody else is here]",
  ],
  [
    "somebody who is away",
    view({}, { members: [ME, memberRow({ away: "tea" })] }),
    "[1:#Kitchen · 2 here: bob (away)]",
  ],
  [
    "many people",
    view({}, { members: ["b", "c", "d", "e", "f"].map((name) => memberRow({ name })) }),
    "[1:#Kitchen · 6 here: b, c, d +2]",
  ],
  ["a direct conversation", view({ open: DIRECT }), "[4:bob · here]"],
  [
    "its other side is away",
    view({ open: DIRECT }, { members: [ME, memberRow({ away: "tea" })] }),
    "[4:bob · away: tea]",
  ],
  [
    "its other side is gone",
    view({ open: DIRECT }, { members: [ME, memberRow({ here: false })] }),
    "[4:bob · not here]",
  ],
  [
    "two who type",
    view({ typing: ["bob", "carol"] }),
    "[1:#Kitchen · 2 here: bob · bob and carol are typing…]",
  ],
  ["our last line", view({}, { last: "everywhere" }), "[1:#Kitchen · 2 here: bob · delivered to everyone]"],
  [
    "one line that waits",
    view({}, { last: "kept", waitingCount: 1 }),
    "[1:#Kitchen · 2 here: bob · not delivered yet]",
  ],
  [
    "all at once",
    FULL,
    "[1:#Kitchen · 2 here: bob · bob is typing… · unread 2:#Attic 3, 4:bob 1 · 1 request · you are away: lunch · 2 not delivered yet · 1 more nearby]",
  ],
];
for (const [name, of, line] of CASES) {
  Deno.test(`statusLine tells of ${name}`, () => assertEquals(formatStatusLine(of, 200), line));
}

const NARROW: [columns: number, line: string][] = [
  [79, "[1:#Kitchen · 2 here · typing… · 4 unread · 1 request · you: away · 2 waiting]"],
  [60, "[1:#Kitchen · typing… · 4 unread · 1 request · 2 waiting]"],
  [38, "[1:#Kitchen · typing… · 4 unread]"],
  [19, "[1:#Kitchen]"],
  [6, "[1:#K…"],
];
for (const [columns, line] of NARROW) {
  Deno.test(`statusLine keeps what matters most in ${columns} cells`, () =>
    assertEquals(formatStatusLine(FULL, columns), line));
}

Deno.test("statusLine cuts a title that is longer than any screen", () => {
  const open = { number: 1, room: roomRow({ id: "e".repeat(26) as RoomId, title: "x".repeat(300) }) };
  assertEquals(formatStatusLine(view({ open }), 80), `[1:${"#".padEnd(19, "x")}… · 2 here: bob]`);
});
