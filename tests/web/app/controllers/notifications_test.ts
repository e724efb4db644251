import { assertEquals } from "@std/assert";
import type { Preferences } from "../../../../src/web/app/state/app_state.ts";
import {
  createNotifications,
  type Notifications,
} from "../../../../src/web/app/controllers/notifications.ts";
import { DEFAULT_PREFERENCES } from "../../../../src/web/app/state/app_state.ts";
import type { RoomId } from "../../../../src/room/id.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

const DIRECT = { isDirect: true, onClick: () => {} };
const IN_ROOM = { isDirect: false, onClick: () => {} };

function worldWith(change: Partial<Preferences> = {}): PageWorld & { readonly notifications: Notifications } {
  const world = createPageWorld();
  world.state.preferences.value = { ...DEFAULT_PREFERENCES, ...change };
  return { ...world, notifications: createNotifications(world) };
}

Deno.test("Nothing is shown or heard before the user asks for it", () => {
  const { notifications, notifier } = worldWith();
  notifications.notify(rowOf("bob", 1), DIRECT);
  assertEquals([notifier.shown, notifier.sounds], [[], 0]);
});

Deno.test("A notification names the sender, and the room if it is one", () => {
  const { notifications, notifier } = worldWith({ isNotifying: true });
  notifications.notify(rowOf("bob", 1, { roomId: "one" as RoomId }), DIRECT);
  notifications.notify(rowOf("bob", 2, { roomId: "two" as RoomId, text: "x".repeat(161) }), IN_ROOM);
  assertEquals(notifier.shown, [`bob: bob 1 (one)`, `bob · Attic: ${"x".repeat(160)}… (two)`]);
});

Deno.test("An offer is told in the user's language", () => {
  const { notifications, notifier } = worldWith({ isNotifying: true });
  const offer = rowOf("bob", 1, { kind: "file", notice: true, file: "id", text: 'offers "cat.png" (1 kB)' });
  notifications.notify(offer, DIRECT);
  assertEquals(notifier.shown, ["bob: offers “cat.png” (room)"]);
});

Deno.test("A conversation shows one notification in two seconds, and a flood plays one sound in three", async () => {
  const { notifications, notifier, clock } = worldWith({ isNotifying: true, isSounding: true });
  for (let number = 1; number <= 50; number++) notifications.notify(rowOf("bob", number), IN_ROOM);
  assertEquals([notifier.shown.length, notifier.sounds], [1, 1]);
  notifications.notify(rowOf("carol", 1, { roomId: "other" as RoomId }), IN_ROOM);
  assertEquals([notifier.shown.length, notifier.sounds], [2, 1]);
  await clock.pass(2_001);
  notifications.notify(rowOf("bob", 51), IN_ROOM);
  assertEquals([notifier.shown.length, notifier.sounds], [3, 1]);
  await clock.pass(1_000);
  notifications.notify(rowOf("bob", 52), IN_ROOM);
  assertEquals([notifier.shown.length, notifier.sounds], [3, 2]);
});

Deno.test("A click goes where the message is", () => {
  const { notifications, notifier } = worldWith({ isNotifying: true });
  let clicks = 0;
  notifications.notify(rowOf("bob", 1), { isDirect: true, onClick: () => clicks++ });
  notifier.click();
  assertEquals(clicks, 1);
});

Deno.test("A screen reader hears one message by itself, and several as a count", async () => {
  const { notifications, state, clock } = worldWith();
  notifications.announce(rowOf("bob", 1));
  assertEquals(state.announcement.value, "");
  await clock.pass(1_200);
  assertEquals(state.announcement.value, "bob: bob 1");
  for (const number of [2, 3, 4]) notifications.announce(rowOf("bob", number));
  await clock.pass(1_200);
  assertEquals(state.announcement.value, "3 new messages");
});
