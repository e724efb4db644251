import { hintAt } from "../../../src/messages/command_names.ts";
import { message } from "../../../src/messages/message.ts";
import { assertEquals } from "@std/assert";
import { PLAIN } from "../../../src/cli/format/style.ts";
import { ChatView } from "../../../src/cli/chat/chat_view.ts";
import type { LogRow, NodeEvent } from "../../../src/api/commands.ts";
import type { PeerId, RoomId } from "../../../src/room/id.ts";
import { ALICE, BOB, KITCHEN, logRow, peerRow, roomRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const DIRECT = roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null });
const ATTIC = roomRow({ id: "e".repeat(25).concat("a") as RoomId, title: "Attic" });

function talk({ isEchoed = true, hasStatus = false, isForPerson = false } = {}): ChatView {
  const nowMs = () => 0;
  const columns = () => null;
  const chatView = new ChatView({
    me: ALICE,
    style: PLAIN,
    columns,
    nowMs,
    isEchoed,
    hasStatus,
    isForPerson,
  });
  chatView.learn([roomRow(), DIRECT]);
  return chatView;
}

const entry = (row: Partial<LogRow> = {}): NodeEvent => ({ event: "entry", row: logRow(row) });
const mine = (number: number) => entry({ author: ALICE, name: "alice", number, text: "mine", state: "kept" });

Deno.test("Talk shows the open room plainly, and begins each day with its date", () => {
  const it = talk();
  it.turnTo(roomRow());
  assertEquals(it.onEvent(entry()), ["2026-11-20", "14:03  bob: hello"]);
  assertEquals(it.onEvent(entry({ number: 2 })), ["14:03  bob: hello"]);
});

Deno.test("Talk says of entries elsewhere where they are, and once how to answer", () => {
  const it = talk();
  it.turnTo(roomRow());
  const direct = { roomId: WITH_BOB, room: "bob" };
  assertEquals(it.onEvent(entry(direct)), [
    "14:03  [bob] bob: hello",
    "       (to answer: /msg bob TEXT; to stay in this conversation: /go bob)",
  ]);
  assertEquals(it.onEvent(entry({ ...direct, number: 2 })), ["14:03  [bob] bob: hello"]);
  it.turnTo(null);
  assertEquals(it.onEvent(entry()), ["14:03  [#Kitchen] bob: hello"]);
  assertEquals(it.onEvent(entry({ roomId: ATTIC.id, room: "Attic" })), ["14:03  [Attic] bob: hello"]);
});

Deno.test("Talk does not repeat what was typed on a terminal, whether its event comes before or after the reply", () => {
  const it = talk();
  it.turnTo(roomRow());
  it.hold();
  assertEquals(it.onEvent(mine(1)), []);
  assertEquals(it.onEvent(entry()), []);
  it.typed({ room: KITCHEN, number: 1 });
  assertEquals(it.release(), ["2026-11-20", "14:03  bob: hello"]);
  it.hold();
  it.typed({ room: KITCHEN, number: 2 });
  assertEquals(it.release(), []);
  assertEquals(it.onEvent(mine(2)), []);
  // Said by another program of ours.
  assertEquals(it.onEvent(mine(3)), ["14:03  alice: mine"]);
});

Deno.test("Talk repeats what was piped in: nobody has seen it", () => {
  const it = talk({ isEchoed: false });
  it.turnTo(roomRow());
  it.typed({ room: KITCHEN, number: 1 });
  assertEquals(it.onEvent(mine(1)), ["2026-11-20", "14:03  alice: mine"]);
});

Deno.test("Talk shows once what comes both with the log of a room and as an event", () => {
  const it = talk();
  it.hold();
  for (const number of [1, 2, 3]) it.onEvent(entry({ number, text: `${number}` }));
  it.turnTo(roomRow());
  const rows = [1, 2, 3].map((number) => logRow({ number, text: `${number}` }));
  assertEquals(it.opening(rows, { count: 2, unread: 0 }), ["2026-11-20", "14:03  bob: 2", "14:03  bob: 3"]);
  it.onEvent(entry({ number: 4, text: "4" }));
  assertEquals(it.release(), ["14:03  bob: 4"]);
  assertEquals(it.onEvent(entry({ number: 2 })), []);
});

Deno.test("Talk tells of rooms and people that come and go", () => {
  const it = talk();
  const news = roomRow({ ...ATTIC, joined: false, members: 3 });
  assertEquals(it.onEvent({ event: "room", room: news }), [
    "* #Attic is open here (3 members, hosted by bob, not joined). /join Attic",
  ]);
  assertEquals(it.onEvent({ event: "room", room: news }), []);
  assertEquals(it.onEvent({ event: "room", room: roomRow() }), []);
  assertEquals(it.onEvent({ event: "peer", change: "new", peer: peerRow() }), ["* bob is here (10.0.0.5)"]);
  assertEquals(it.onEvent({ event: "notice", text: "Careful" }), ["! Careful"]);
  assertEquals(it.onEvent({ event: "state", roomId: KITCHEN, number: 1, state: "passed" }), []);
  assertEquals(it.onEvent({ event: "ready", id: BOB, name: "x", port: 1, discoveryPort: 1 }), []);
});

Deno.test("Talk tells of a room that was learned of before its event came, once", () => {
  const it = talk();
  const attic = { ...ATTIC, joined: false };
  it.learn([attic]);
  assertEquals(it.onEvent({ event: "room", room: attic }).length, 1);
  assertEquals(it.onEvent({ event: "room", room: attic }), []);
  const told = talk();
  told.meet([], [attic]);
  assertEquals(told.onEvent({ event: "room", room: attic }), []);
});

Deno.test("Talk does not tell of somebody who was shown to be here already", () => {
  const it = talk();
  it.meet([peerRow()], []);
  assertEquals(it.onEvent({ event: "peer", change: "new", peer: peerRow() }), []);
  assertEquals(it.onEvent({ event: "peer", change: "gone", peer: peerRow() }), [
    "* bob is not here any more",
  ]);
  assertEquals(it.onEvent({ event: "peer", change: "new", peer: peerRow() }), ["* bob is here (10.0.0.5)"]);
});

Deno.test("Talk holds back what comes behind a gap, and shows all of it once the log was read again", () => {
  const it = talk();
  it.turnTo(roomRow());
  assertEquals(it.onEvent(entry()), ["2026-11-20", "14:03  bob: hello"]);
  assertEquals(it.hasGap, false);
  assertEquals(it.onEvent(entry({ number: 3, text: "3" })), []);
  assertEquals(it.onEvent(entry({ author: ALICE, name: "alice", text: "mine" })), []);
  assertEquals(it.hasGap, true);
  const rows = [logRow(), logRow({ number: 2, text: "2" }), logRow({ number: 3, text: "3" })];
  assertEquals(it.catchUp(rows), ["14:03  bob: 2", "14:03  bob: 3", "14:03  alice: mine"]);
  assertEquals(it.hasGap, false);
  assertEquals(it.onEvent(entry({ number: 4, text: "4" })), ["14:03  bob: 4"]);
});

Deno.test("Talk marks where the unread lines begin", () => {
  const it = talk();
  it.turnTo(roomRow());
  const rows = [1, 2, 3].map((number) => logRow({ number, text: `${number}` }));
  assertEquals(it.opening(rows, { count: 10, unread: 2 }), [
    "2026-11-20",
    "14:03  bob: 1",
    "--- unread from here ---",
    "14:03  bob: 2",
    "14:03  bob: 3",
  ]);
});

Deno.test("Talk with a status line counts what happens elsewhere, and shows our own lines there", () => {
  const it = talk({ hasStatus: true, isEchoed: false });
  it.turnTo(roomRow());
  const direct = { roomId: WITH_BOB, room: "bob" };
  assertEquals(it.onEvent(entry(direct)), ["* bob wrote to you (2:bob). To go there: Alt+2 or /go 2"]);
  assertEquals(it.onEvent(entry({ ...direct, number: 2 })), []);
  assertEquals(it.numbers.unread(KITCHEN).map(({ number, room }) => [number, room.unread]), [[2, 2]]);
  assertEquals(it.onEvent(entry({ ...direct, author: ALICE, name: "alice", text: "psst" })), [
    "14:03  [bob] alice: psst",
  ]);
  it.turnTo(DIRECT);
  assertEquals(it.numbers.unread(WITH_BOB), []);
});

Deno.test("Talk says nothing of what strangers say before they are accepted", () => {
  const it = talk();
  it.learn([{ ...DIRECT, request: true }]);
  assertEquals(it.onEvent(entry({ roomId: WITH_BOB, room: "bob" })), []);
});

Deno.test("Talk tells a person of members and contacts, but not more than a few in a row", () => {
  const it = talk({ isForPerson: true });
  const changes = Array.from({ length: 7 }, (_, at): NodeEvent => ({
    event: "peer",
    change: "new",
    peer: peerRow({ id: `${at}`.padEnd(52, "x") as PeerId, name: `c${at}`, contact: true }),
  }));
  assertEquals(changes.flatMap((event) => it.onEvent(event)).length, 5);
  it.turnTo(roomRow());
  it.onEvent(entry());
  assertEquals(it.onEvent({ event: "peer", change: "gone", peer: peerRow({ contact: true }) }).length, 1);
});

Deno.test("Talk says nothing of somebody who is blocked", () => {
  assertEquals(talk().onEvent({ event: "peer", change: "new", peer: peerRow({ blocked: true }) }), []);
});

Deno.test("Talk shows our own first line to somebody who still waits for an answer", () => {
  const it = talk({ hasStatus: true, isEchoed: false });
  it.turnTo(roomRow());
  it.learn([{ ...DIRECT, request: true }]);
  const own = entry({ roomId: WITH_BOB, room: "bob", author: ALICE, name: "alice", text: "psst" });
  assertEquals(it.onEvent(own), ["14:03  [bob] alice: psst"]);
});

Deno.test("Talk says where a room is that we were moved to, and nothing of one that was typed here", () => {
  const it = talk({ hasStatus: true, isForPerson: true });
  it.turnTo(roomRow());
  assertEquals(it.onEvent({ event: "room", room: ATTIC }), [
    "* You are in #Attic now. To go there: Alt+3 or /go 3",
  ]);
  assertEquals(it.onEvent({ event: "room", room: ATTIC }), []);
  it.hold();
  const typed = roomRow({ id: "f".repeat(25).concat("a") as RoomId, title: "Cellar" });
  assertEquals(it.onEvent({ event: "room", room: typed }), []);
});

Deno.test("Talk says the commands in a notice as they are typed in the chat", () => {
  const values = { address: "192.168.43.9", name: "bob" };
  const notice = message("notice.impostor", values, hintAt("forget", "NAME"));
  const [line = ""] = talk().onEvent({ event: "notice", text: "", message: notice });
  assertEquals(line.slice(line.indexOf("remove")), "remove the old one: /forget NAME");
});

Deno.test("Talk spares a person a flood of one author's, and leaves a script every line", () => {
  const row = (number: number) => entry({ number: 100 + number, text: `${number}` });
  for (const [isForPerson, shown] of [[true, 41], [false, 500]] as const) {
    const it = talk({ isForPerson });
    it.turnTo(roomRow());
    it.opening([logRow({ number: 100 })], { count: 1, unread: 0 });
    const lines = Array.from({ length: 500 }, (_, index) => it.onEvent(row(index + 1))).flat();
    assertEquals(lines.length, shown);
    assertEquals(it.hasGap, false);
    assertEquals(it.onEvent(entry({ author: "c".repeat(52) as PeerId, name: "carol" })), [
      "14:03  carol: hello",
    ]);
  }
});
