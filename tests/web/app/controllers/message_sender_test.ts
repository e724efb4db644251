import { assertEquals } from "@std/assert";
import { createConversationController } from "../../../../src/web/app/controllers/conversation_controller.ts";
import {
  createDrafts,
  type DraftsController,
} from "../../../../src/web/app/controllers/drafts_controller.ts";
import {
  createMessageSender,
  type MessageSender,
} from "../../../../src/web/app/controllers/message_sender.ts";
import { DEFAULT_PREFERENCES } from "../../../../src/web/app/state/app_state.ts";
import { settle } from "../../../fixtures/web/fake_browser.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { PEER, ROOM, roomRowWith } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

interface World extends PageWorld {
  readonly drafts: DraftsController;
  readonly messages: MessageSender;
}

/** The user has the direct conversation with bob open. */
async function talkingToBob(): Promise<World> {
  const world = createPageWorld({ fragment: `#/talk/${PEER}` });
  const room = roomRowWith({ direct: true, peer: PEER, title: "bob" });
  world.state.rooms.value = [room];
  world.fake.keepLog(room, [rowOf("bob", 1, { roomId: ROOM })]);
  world.fake.answer("send", () => ({ room: ROOM, title: "bob", number: 1, state: "kept" }));
  world.fake.answer("typing", () => ({}));
  world.routing.start(() => {});
  const conversation = createConversationController(world);
  const drafts = createDrafts(world);
  drafts.start();
  await conversation.open(PEER);
  return { ...world, drafts, messages: createMessageSender({ ...world, drafts, conversation }) };
}

Deno.test("send sends to the open room, empties the draft, and shows the end", async () => {
  const world = await talkingToBob();
  world.drafts.setDraft(PEER, "hello");
  world.state.scrollTarget.value = null;
  assertEquals(await world.messages.send(PEER, "hello"), { is: "sent" });
  assertEquals(world.fake.sent("send"), [{ to: ROOM, text: "hello" }]);
  assertEquals([...world.state.drafts.value], []);
  assertEquals(world.state.scrollTarget.value, { key: "end", isMarked: false });
});

Deno.test("A text that is being sent survives a reload, and only until it has arrived", async () => {
  const world = await talkingToBob();
  const release = world.fake.hold("send");
  const sending = world.messages.send(PEER, "hello");
  assertEquals(world.storage.tabTexts, [`[["${PEER}","hello"]]`]);
  release();
  await sending;
  assertEquals(world.storage.tabTexts, []);
});

Deno.test("Messages go in the order of typing, one after the other", async () => {
  const world = await talkingToBob();
  const release = world.fake.hold("send");
  const sending = [world.messages.send(PEER, "one"), world.messages.send(PEER, "two")];
  await settle();
  assertEquals(world.fake.sent("send").map(({ text }) => text), ["one"]);
  release();
  await Promise.all(sending);
  assertEquals(world.fake.sent("send").map(({ text }) => text), ["one", "two"]);
});

Deno.test("After a cut all unsent messages are the draft again, in their order, and can be sent once more", async () => {
  const world = await talkingToBob();
  world.fake.fail("send", "This was not done: there is no connection to earshot.", "link");
  const release = world.fake.hold("send");
  const sending = ["one", "two", "three"].map((text) => world.messages.send(PEER, text));
  await settle();
  world.drafts.setDraft(PEER, "four");
  release();
  assertEquals(await Promise.all(sending), [
    { is: "failed", problem: "This was not done: there is no connection to earshot." },
    { is: "held-back" },
    { is: "held-back" },
  ]);
  assertEquals(world.fake.sent("send").length, 1);
  assertEquals(world.state.drafts.value.get(PEER), "one\ntwo\nthree\nfour");
  world.fake.answer("send", () => ({ room: ROOM, title: "bob", number: 2, state: "kept" }));
  assertEquals(await world.messages.send(PEER, "one\ntwo\nthree\nfour"), { is: "sent" });
  assertEquals([...world.state.drafts.value], []);
});

Deno.test("A failure in one conversation holds back no message in another", async () => {
  const world = await talkingToBob();
  world.fake.answer(
    "send",
    ({ text }) =>
      text === "lost"
        ? Promise.reject(new Error("a bug"))
        : { room: ROOM, title: "", number: 1, state: "kept" },
  );
  const failed = world.messages.send(PEER, "lost").catch((error: unknown) => String(error));
  const other = world.messages.send(ROOM, "hello");
  assertEquals([await failed, await other], ["Error: a bug", { is: "sent" }]);
});

Deno.test("A failure is told in a toast where the conversation is not open any more", async () => {
  const world = await talkingToBob();
  world.fake.fail("send", "The disk is full.");
  await world.messages.send(PEER, "one");
  assertEquals(world.state.toast.value, null);
  const release = world.fake.hold("send");
  const sending = world.messages.send(PEER, "two");
  world.routing.go({ at: "settings" });
  release();
  await sending;
  assertEquals(world.state.toast.value, { text: "The disk is full.", isProblem: true });
  await world.clock.pass(8_000);
  assertEquals(world.state.toast.value, null);
});

Deno.test("onTyped stores each draft, and tells the room every three seconds", async () => {
  const world = await talkingToBob();
  const typings = () => world.fake.sent("typing").length;
  world.messages.onTyped(PEER, "h");
  world.messages.onTyped(PEER, "he");
  assertEquals([world.state.drafts.value.get(PEER), typings()], ["he", 1]);
  await world.clock.pass(2_999);
  world.messages.onTyped(PEER, "hel");
  assertEquals(typings(), 1);
  await world.clock.pass(1);
  world.messages.onTyped(PEER, "hell");
  assertEquals([typings(), world.fake.sent("typing")[1]], [2, { room: ROOM }]);
});

Deno.test("After a message the next letter is told at once", async () => {
  const world = await talkingToBob();
  world.messages.onTyped(PEER, "h");
  await world.messages.send(PEER, "h");
  world.messages.onTyped(PEER, "i");
  assertEquals(world.fake.sent("typing").length, 2);
});

Deno.test("Typing is not told when the user does not want it, for an empty text, elsewhere, or without a connection", async () => {
  const world = await talkingToBob();
  world.messages.onTyped(PEER, "");
  world.messages.onTyped(ROOM, "elsewhere");
  world.state.preferences.value = { ...DEFAULT_PREFERENCES, isTypingTold: false };
  world.messages.onTyped(PEER, "h");
  world.state.preferences.value = DEFAULT_PREFERENCES;
  world.state.connection.value = { at: "waiting", outage: "lost" };
  world.messages.onTyped(PEER, "he");
  assertEquals(world.fake.sent("typing"), []);
});
