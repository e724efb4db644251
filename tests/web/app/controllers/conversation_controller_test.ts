import { assertEquals } from "@std/assert";
import type { LogRow, RoomRow } from "../../../../src/api/commands.ts";
import {
  type ConversationController,
  createConversationController,
} from "../../../../src/web/app/controllers/conversation_controller.ts";
import { settle } from "../../../fixtures/web/fake_browser.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { memberRowWith, PEER, peerRowWith, ROOM, roomRowWith } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

interface World extends PageWorld {
  readonly conversation: ConversationController;
}

/** Bob said `count` things in a room, and the user is on the way to it. */
function worldWith(count: number, change: Partial<RoomRow> = {}): World {
  const world = createPageWorld({ fragment: `#/talk/${ROOM}` });
  const room = roomRowWith(change);
  world.state.rooms.value = [room];
  world.fake.keepLog({ ...room, unread: 0 }, bobSays(1, count));
  world.routing.start(() => {});
  return { ...world, conversation: createConversationController(world) };
}

/** Bob's messages FIRST to LAST. */
function bobSays(first: number, last: number): readonly LogRow[] {
  return Array.from({ length: last - first + 1 }, (_, at) => rowOf("bob", first + at, { roomId: ROOM }));
}

/** The numbers of the first and the last row, and whether the section reaches the log's start and end. */
function describeSection({ state }: World): string {
  const { rows = [], isStart, isEnd } = state.conversation.value?.section ?? {};
  return `${rows[0]?.number}-${rows.at(-1)?.number}${isStart ? " start" : ""}${isEnd ? " end" : ""}`;
}

Deno.test("open reads the newest page, its members, and marks the room as read", async () => {
  const world = worldWith(150);
  await world.conversation.open(ROOM);
  assertEquals(describeSection(world), "51-150 end");
  assertEquals(world.state.scrollTarget.value, { key: "end", isMarked: false });
  assertEquals(world.fake.sent("log"), [
    { to: ROOM, last: 100, markRead: false },
    { to: ROOM, last: 1, markRead: true },
  ]);
  assertEquals(world.fake.sent("members"), [{ room: ROOM }]);
});

Deno.test("open goes to the first unread message and marks nothing until the end is in sight", async () => {
  const world = worldWith(300, { unread: 120 });
  await world.conversation.open(ROOM);
  assertEquals(describeSection(world), "161-300 end");
  assertEquals(world.state.conversation.value?.newFrom, "bob/181");
  assertEquals(world.state.scrollTarget.value, { key: "new", isMarked: false });
  assertEquals(world.conversation.isReading(), false);
  world.conversation.setAtEnd(true);
  await settle();
  assertEquals(world.fake.sent("log").at(-1), { to: ROOM, last: 1, markRead: true });
  assertEquals(world.state.rooms.value[0]?.unread, 0);
});

Deno.test("open holds 500 rows at most, however much is unread", async () => {
  const world = worldWith(900, { unread: 800 });
  await world.conversation.open(ROOM);
  assertEquals(describeSection(world), "401-900 end");
  assertEquals(world.state.conversation.value?.newFrom, null);
});

Deno.test("open shows a room that a peer hosts without asking for its log", async () => {
  const world = worldWith(3, { joined: false });
  await world.conversation.open(ROOM);
  assertEquals(world.state.conversation.value?.section.rows, []);
  assertEquals(world.fake.commands, []);
});

Deno.test("open tells why a conversation cannot be shown", async () => {
  const world = worldWith(3);
  world.fake.fail("log", "There is no such room.");
  await world.conversation.open(ROOM);
  assertEquals(world.state.conversation.value, null);
  assertEquals(world.state.conversationProblem.value, "There is no such room.");
  assertEquals(world.state.toast.value, null);
});

Deno.test("open drops an answer that comes after the user went elsewhere", async () => {
  const world = worldWith(3);
  const release = world.fake.hold("log");
  const opening = world.conversation.open(ROOM);
  world.routing.go({ at: "settings" });
  release();
  await opening;
  assertEquals(world.state.conversation.value, null);
});

Deno.test("A page that nobody sees marks nothing as read", async () => {
  const world = worldWith(3);
  world.window.isVisible = false;
  await world.conversation.open(ROOM);
  assertEquals(world.fake.sent("log").map(({ markRead }) => markRead), [false]);
});

Deno.test("loadOlder and loadNewer read pages until the log's ends, and keep 500 rows", async () => {
  const world = worldWith(700);
  await world.conversation.open(ROOM);
  const sections: string[] = [];
  for (let page = 0; page < 6; page++) {
    await world.conversation.loadOlder();
    sections.push(describeSection(world));
  }
  assertEquals(sections, [
    "501-700 end",
    "401-700 end",
    "301-700 end",
    "201-700 end",
    "101-600",
    "1-500 start",
  ]);
  const asked = world.fake.sent("log").length;
  await world.conversation.loadOlder();
  assertEquals(world.fake.sent("log").length, asked);
  await world.conversation.loadNewer();
  assertEquals(describeSection(world), "101-600");
  await world.conversation.loadNewer();
  assertEquals(describeSection(world), "201-700 end");
});

Deno.test("loadOlder reads one page at a time", async () => {
  const world = worldWith(700);
  await world.conversation.open(ROOM);
  const release = world.fake.hold("log");
  const both = [world.conversation.loadOlder(), world.conversation.loadOlder()];
  release();
  await Promise.all(both);
  assertEquals(world.fake.sent("log").filter(({ before }) => before !== undefined).length, 1);
});

Deno.test("A failed page is told in a toast, and can be read again", async () => {
  const world = worldWith(150);
  await world.conversation.open(ROOM);
  world.fake.fail("log", "The disk cannot be read.");
  await world.conversation.loadOlder();
  assertEquals(world.state.toast.value, { text: "The disk cannot be read.", isProblem: true });
  world.fake.keepLog(roomRowWith(), bobSays(1, 150));
  await world.conversation.loadOlder();
  assertEquals(describeSection(world), "1-150 start end");
});

Deno.test("openAt reads around a row, highlights it, and leaves the new messages unread", async () => {
  const world = worldWith(400);
  world.routing.go({ at: "search" });
  world.conversation.openAt(ROOM, rowOf("bob", 100));
  assertEquals(world.address.fragments.at(-1), `#/talk/${ROOM}`);
  await world.conversation.open(ROOM);
  assertEquals(describeSection(world), "50-149");
  assertEquals(world.state.scrollTarget.value, { key: "bob/100", isMarked: true });
  assertEquals(world.fake.sent("log").map(({ markRead }) => markRead), [false]);
  await world.conversation.goToEnd();
  assertEquals(describeSection(world), "301-400 end");
});

Deno.test("openAt only scrolls to a row that is held", async () => {
  const world = worldWith(50);
  await world.conversation.open(ROOM);
  const asked = world.fake.commands.length;
  world.conversation.openAt(ROOM, rowOf("bob", 20));
  assertEquals(world.state.scrollTarget.value, { key: "bob/20", isMarked: true });
  assertEquals(world.fake.commands.length, asked);
});

Deno.test("A message that the user sees is marked as read once, half a second later", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  const marked = () => world.fake.sent("log").filter(({ markRead }) => markRead).length;
  world.conversation.onEntries(bobSays(4, 4));
  world.conversation.onEntries(bobSays(5, 5));
  assertEquals([describeSection(world), marked()], ["1-5 start end", 1]);
  await world.clock.pass(499);
  assertEquals(marked(), 1);
  await world.clock.pass(1);
  assertEquals(marked(), 2);
});

Deno.test("Messages below the visible part are counted, and the first one is where the new ones begin", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  world.conversation.setAtEnd(false);
  world.conversation.onEntries(bobSays(4, 5));
  const { newFrom, belowCount } = world.state.conversation.value ?? {};
  assertEquals([newFrom, belowCount], ["bob/4", 2]);
  world.conversation.setAtEnd(true);
  assertEquals(world.state.conversation.value?.belowCount, 0);
});

Deno.test("Rows of other rooms, and those that are held already, change nothing", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  world.conversation.onEntries([rowOf("bob", 4, { roomId: roomRowWith().id + "x" as typeof ROOM })]);
  world.conversation.onEntries(bobSays(3, 3));
  assertEquals(describeSection(world), "1-3 start end");
});

Deno.test("A gap in the numbers of an author has the end read again", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  world.fake.keepLog(roomRowWith(), bobSays(1, 6));
  world.conversation.onEntries(bobSays(6, 6));
  assertEquals(world.state.conversation.value?.section.rows.map(({ number }) => number), [1, 2, 3, 6]);
  await world.clock.pass(250);
  assertEquals(describeSection(world), "1-6 start end");
});

Deno.test("A notice has the members read again, once for all within 300 ms", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  const joined = (number: number) => rowOf("carol", number, { roomId: ROOM, notice: true, kind: "join" });
  world.conversation.onEntries([joined(1)]);
  world.conversation.onEntries([joined(2)]);
  world.fake.answer(
    "members",
    () => ({ room: roomRowWith({ members: 3 }), members: [memberRowWith("carol")] }),
  );
  await world.clock.pass(300);
  assertEquals(world.fake.sent("members").length, 2);
  assertEquals(world.state.members.value.map(({ name }) => name), ["carol"]);
  assertEquals(world.state.conversation.value?.room.members, 3);
});

Deno.test("onEvent applies receipts, the room's changes, and a member's presence but not its name here", async () => {
  const world = worldWith(0);
  world.fake.keepLog(roomRowWith(), [rowOf("me", 1, { roomId: ROOM, state: "kept" })]);
  await world.conversation.open(ROOM);
  world.state.members.value = [memberRowWith("bob", { name: "bob·k3fw" })];
  world.conversation.onEvent({ event: "state", roomId: ROOM, number: 1, state: "everywhere" });
  assertEquals(world.state.conversation.value?.section.rows[0]?.state, "everywhere");
  world.conversation.onEvent({ event: "room", room: roomRowWith({ host: "carol" }) });
  assertEquals(world.state.conversation.value?.room.host, "carol");
  world.conversation.onEvent({
    event: "peer",
    change: "changed",
    peer: peerRowWith("bob", { away: "lunch" }),
  });
  assertEquals(world.state.members.value.map(({ name, away }) => [name, away]), [["bob·k3fw", "lunch"]]);
});

Deno.test("reload reads what came while the page was away, and only at the log's end", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  world.fake.keepLog(roomRowWith(), bobSays(1, 8));
  await world.conversation.reload();
  assertEquals(describeSection(world), "1-8 start end");
  const far = worldWith(400);
  far.conversation.openAt(ROOM, rowOf("bob", 100));
  await far.conversation.open(ROOM);
  const asked = far.fake.commands.length;
  await far.conversation.reload();
  assertEquals(far.fake.commands.length, asked);
});

Deno.test("followSent shows the end of the conversation that something was sent to, and of no other", async () => {
  const world = worldWith(400);
  world.conversation.openAt(ROOM, rowOf("bob", 100));
  await world.conversation.open(ROOM);
  await world.conversation.followSent(PEER);
  assertEquals(describeSection(world), "50-149");
  await world.conversation.followSent(ROOM);
  assertEquals(describeSection(world), "301-400 end");
  assertEquals(world.state.scrollTarget.value, { key: "end", isMarked: false });
});

Deno.test("close leaves nothing of the conversation", async () => {
  const world = worldWith(3);
  await world.conversation.open(ROOM);
  world.conversation.close();
  assertEquals([world.state.conversation.value, world.state.members.value], [null, []]);
});
