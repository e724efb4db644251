import { assertEquals, assertStrictEquals } from "@std/assert";
import { TEXT_BYTES_MAX as NODE_TEXT_BYTES_MAX } from "../../../../src/room/entry.ts";
import type { PeerId, RoomId } from "../../../../src/room/id.ts";
import {
  DRAFTS_MAX,
  followDraft,
  formatDrafts,
  parseDrafts,
  withDraft,
  withUnsent,
} from "../../../../src/web/app/state/drafts.ts";
import { findExcerpt } from "../../../../src/web/app/state/excerpt.ts";
import { toFileName } from "../../../../src/web/app/state/file_name.ts";
import { findInvitation, parseNotice } from "../../../../src/web/app/state/notice.ts";
import { formatRoute, parseRoute } from "../../../../src/web/app/state/route.ts";
import {
  formatPageTitle,
  listConversations,
  listNearbyRooms,
  listPeople,
  splitTag,
  withPeer,
  withRead,
  withRoom,
  withUnread,
} from "../../../../src/web/app/state/roster.ts";
import { countBytes, shortenText, TEXT_BYTES_MAX } from "../../../../src/web/app/state/text_size.ts";
import { dropStaleTypists, withoutTypist, withTypist } from "../../../../src/web/app/state/typists.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { OTHER_ROOM, PEER, peerRowWith, ROOM, roomRowWith } from "../../../fixtures/web/page_rows.ts";

Deno.test("parseRoute and formatRoute are each other's opposite; anything else is the first place", () => {
  const fragments = ["#/", `#/talk/${ROOM}`, `#/talk/${PEER}/details`, "#/search", "#/settings", "#/me"];
  assertEquals(fragments.map((fragment) => formatRoute(parseRoute(fragment))), fragments);
  for (const wrong of ["", "#", "#/talk/", "#/talk/../etc", "#/talk/ABC", "#/x", `#/talk/${ROOM}x`]) {
    assertEquals(parseRoute(wrong), { at: "home" });
  }
});

Deno.test("followDraft follows another tab, also when that has sent the text, and keeps newer text", () => {
  assertEquals(followDraft("hello", { before: "hello", draft: "" }), "");
  assertEquals(followDraft("hello ", { before: "hello", draft: "" }), "");
  assertEquals(followDraft("hello you", { before: "hello", draft: "" }), null);
  assertEquals(followDraft("", { before: "", draft: "unsent" }), "unsent");
  assertEquals(followDraft("hello", { before: "hello", draft: "hello you" }), "hello you");
  assertEquals(followDraft("hello\n", { before: "", draft: "hello" }), null);
  assertEquals(followDraft("", { before: "unsent", draft: "unsent" }), "unsent");
});

Deno.test("Drafts survive being kept, an empty one is none, and the oldest goes first", () => {
  const drafts = withDraft(withDraft(new Map(), "a", "one"), "b", "two\nlines");
  assertEquals([...parseDrafts(formatDrafts(drafts))], [["a", "one"], ["b", "two\nlines"]]);
  assertEquals([...withDraft(drafts, "a", "  ")], [["b", "two\nlines"]]);
  let many = new Map(drafts) as ReadonlyMap<string, string>;
  for (let at = 0; at < DRAFTS_MAX; at++) many = withDraft(many, `room ${at}`, "x");
  assertEquals([many.size, many.has("a"), many.has("b")], [DRAFTS_MAX, false, false]);
  const long = "x".repeat(600_000);
  assertEquals([...withDraft(withDraft(new Map(), "a", long), "b", long).keys()], ["b"]);
});

for (const broken of [null, "", "{", "{}", "[1]", '[["a"]]', '[["a",1]]', "null"]) {
  Deno.test(`parseDrafts takes ${broken} for none`, () => assertEquals([...parseDrafts(broken)], []));
}

Deno.test("withDraft keeps no text that is longer than all drafts may be, and loses no other for it", () => {
  const drafts = withDraft(new Map([["a", "one"]]), "b", "x".repeat(1_000_001));
  assertEquals([...drafts], [["a", "one"]]);
});

Deno.test("withUnsent puts what comes back in the order in which it was typed", () => {
  const one = withUnsent("typed since", { text: "one", before: "" });
  assertEquals(one, { draft: "one\ntyped since", back: "one" });
  const two = withUnsent(one.draft, { text: "two", before: one.back });
  assertEquals(two, { draft: "one\ntwo\ntyped since", back: "one\ntwo" });
  const edited = withUnsent("another", { text: "two", before: "one" });
  assertEquals(edited, { draft: "two\nanother", back: "two" });
});

Deno.test("A message is unread unless it is ours, a notice, or being read", () => {
  const rooms = [roomRowWith({ id: "room" as RoomId })];
  const unread = (change: Parameters<typeof rowOf>[2], isSeen = false) =>
    withUnread(rooms, rowOf("bob", 1, change), { isSeen, me: "me" })[0]?.unread;
  assertEquals(unread({}), 1);
  assertEquals(unread({}, true), 0);
  assertEquals(unread({ notice: true }), 0);
  assertEquals(withUnread(rooms, rowOf("me", 1), { isSeen: false, me: "me" })[0]?.unread, 0);
  assertEquals(withRead([roomRowWith({ unread: 3 })], ROOM)[0]?.unread, 0);
});

Deno.test("withRoom replaces, adds, and leaves requests to the page of requests", () => {
  assertEquals(withRoom([roomRowWith()], roomRowWith({ title: "Loft" })).map(({ title }) => title), ["Loft"]);
  assertEquals(withRoom([], roomRowWith()).length, 1);
  assertEquals(withRoom([roomRowWith()], roomRowWith({ request: true })).length, 0);
});

Deno.test("Conversations stand by their newest line, left ones at the end; rooms nearby apart", () => {
  const rooms = [
    roomRowWith({ id: "a" as RoomId, title: "old" }),
    roomRowWith({ id: "b" as RoomId, title: "new" }),
    roomRowWith({ id: "c" as RoomId, title: "left", joined: false, host: null }),
    roomRowWith({ id: "d" as RoomId, title: "nearby", joined: false }),
  ];
  const lasts = new Map([
    ["a", rowOf("x", 1, { time: "2026-11-19T08:00:00.000Z" })],
    ["b", rowOf("x", 2)],
    ["c", rowOf("x", 3, { time: "2026-11-21T08:00:00.000Z" })],
  ]);
  assertEquals(listConversations(rooms, lasts).map(({ title }) => title), ["new", "old", "left"]);
  assertEquals(listNearbyRooms(rooms, lasts).map(({ title }) => title), ["nearby"]);
});

Deno.test("Numbers in names and titles stand by their value", () => {
  const names = ["room 10", "room 2", "room 1"];
  const ordered = ["room 1", "room 2", "room 10"];
  assertEquals(listPeople(names.map((name) => peerRowWith(name))).map(({ name }) => name), ordered);
  const rooms = names.map((title) => roomRowWith({ id: title as RoomId, title }));
  assertEquals(listConversations(rooms, new Map()).map(({ title }) => title), ordered);
  const nearby = rooms.map((room) => ({ ...room, joined: false }));
  assertEquals(listNearbyRooms(nearby, new Map()).map(({ title }) => title), ordered);
});

Deno.test("People: contacts first, nobody blocked, gone when they go", () => {
  const peers = [
    peerRowWith("zoe", { contact: true }),
    peerRowWith("bob"),
    peerRowWith("eve", { blocked: true }),
    peerRowWith("amy"),
  ];
  assertEquals(listPeople(peers).map(({ name }) => name), ["zoe", "amy", "bob"]);
  assertEquals(withPeer(peers, { event: "peer", change: "gone", peer: peerRowWith("bob") }).length, 3);
  const changed = withPeer(peers, {
    event: "peer",
    change: "changed",
    peer: peerRowWith("bob", { away: "lunch" }),
  });
  assertEquals(changed.find(({ name }) => name === "bob")?.away, "lunch");
});

Deno.test("formatPageTitle tells how much is unread where a narrow tab shows it", () => {
  assertEquals(formatPageTitle({ unread: 0, place: null }), "earshot");
  assertEquals(formatPageTitle({ unread: 3, place: "Attic" }), "(3) Attic · earshot");
  assertEquals(formatPageTitle({ unread: 120, place: null }), "(99+) earshot");
});

Deno.test("splitTag takes the tag from the last dot", () => {
  assertEquals(splitTag("alice·k3fw"), { plain: "alice", tag: "k3fw" });
  assertEquals(splitTag("alice"), { plain: "alice", tag: null });
  assertEquals(splitTag("·x"), { plain: "·x", tag: null });
});

Deno.test("Somebody types for six seconds, or until they said it", () => {
  const event = { event: "typing", roomId: ROOM, peer: PEER, name: "bob" } as const;
  const typists = withTypist(withTypist([], event, 0), event, 1_000);
  assertEquals(typists.length, 1);
  assertStrictEquals(dropStaleTypists(typists, 6_999), typists);
  assertEquals(dropStaleTypists(typists, 7_000), []);
  assertEquals(withoutTypist(typists, { roomId: ROOM, author: PEER }), []);
  assertEquals(withoutTypist(typists, { roomId: "other", author: PEER }).length, 1);
});

Deno.test("findInvitation finds the open invitation of a notice, by its sender and title", () => {
  const invitations = [
    { roomId: ROOM, title: 'Say "hi"', from: peerRowWith("bob") },
    { roomId: OTHER_ROOM, title: "Vault", from: peerRowWith("amy") },
  ];
  const notice = rowOf("bob", 1, { kind: "invite", text: 'sent an invitation to the room "Say "hi""' });
  assertEquals(findInvitation(invitations, notice)?.roomId, ROOM);
  assertEquals(findInvitation(invitations, { ...notice, author: "amy" as PeerId }), null);
  assertEquals(findInvitation(invitations, { ...notice, kind: "room" }), null);
  assertEquals(findInvitation([], notice), null);
});

Deno.test("parseNotice reads what the node's sentences tell", () => {
  assertEquals(parseNotice({ kind: "room", text: 'opened the room "Say "hi""' }), {
    says: "room",
    title: 'Say "hi"',
  });
  assertEquals(parseNotice({ kind: "name", text: "is now known as bob·k3fw" }), {
    says: "name",
    name: "bob·k3fw",
  });
  assertEquals(parseNotice({ kind: "join", text: "joined" }), { says: "join" });
  assertEquals(parseNotice({ kind: "poll", text: "sent something" }), { says: "unknown" });
});

Deno.test("findExcerpt shows what was found with what stands around it", () => {
  assertEquals(findExcerpt("The Cat sat", "cat"), { before: "The ", hit: "Cat", after: " sat" });
  const { before, hit, after } = findExcerpt(`${"a".repeat(100)}cat${"b".repeat(300)}`, "CAT");
  assertEquals([before.length, hit, after.length], [61, "cat", 161]);
  assertEquals(findExcerpt("ｃａｔ", "cat"), { before: "ｃａｔ", hit: "", after: "" });
  assertEquals(findExcerpt("İİİcat", "cat").hit, "");
});

Deno.test("toFileName gives a name that every system takes", () => {
  const cases = [
    ["Attic", "Attic"],
    ["../../etc/passwd", "etc passwd"],
    ["C:\\x", "C x"],
    ["con", "con_"],
    ["…", "earshot"],
    [".bashrc", "bashrc"],
    ["Küche 🍳 Öl", "Küche Öl"],
  ];
  for (const [title = "", name] of cases) assertEquals(toFileName(title), name);
  assertEquals([...toFileName("ä".repeat(500))].length, 60);
});

Deno.test("Sizes are the node's; long texts are shown from their beginning, whole characters", () => {
  assertEquals(TEXT_BYTES_MAX, NODE_TEXT_BYTES_MAX);
  assertEquals(countBytes("ä".repeat(40_000)), 80_000);
  assertEquals(shortenText("short\ntext"), null);
  assertEquals(shortenText("x\n".repeat(40))?.split("\n").length, 30);
  assertEquals(shortenText(`x${"😀".repeat(3_000)}`)?.isWellFormed(), true);
});
