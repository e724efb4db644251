import { message } from "../../../../src/messages/message.ts";
import { toOutlook } from "../../../../src/api/outlook.ts";
import { assertEquals } from "@std/assert";
import type { NodeSocketPorts } from "../../../../src/web/app/connection/node_socket.ts";
import {
  type AppController,
  createAppController,
} from "../../../../src/web/app/controllers/app_controller.ts";
import { createConversationController } from "../../../../src/web/app/controllers/conversation_controller.ts";
import { createNodeLists } from "../../../../src/web/app/controllers/node_lists.ts";
import { createNotifications } from "../../../../src/web/app/controllers/notifications.ts";
import { createOffersController } from "../../../../src/web/app/controllers/offers_controller.ts";
import { startApp } from "../../../../src/web/app/controllers/start_app.ts";
import { createUploadController } from "../../../../src/web/app/controllers/upload_controller.ts";
import { createState, DEFAULT_PREFERENCES } from "../../../../src/web/app/state/app_state.ts";
import type { RoomId } from "../../../../src/room/id.ts";
import { settle } from "../../../fixtures/web/fake_browser.ts";
import { OPEN } from "../../../fixtures/web/fake_node.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { PEER, peerRowWith, ROOM, roomRowWith, statusWith } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

interface World extends PageWorld {
  readonly app: AppController;
  /** Tokens that were exchanged. */
  readonly tokens: string[];
  /** The names of the commands since the last call, sorted. */
  commands(): string;
}

/** A page in the Attic, whose node has the given rooms. Not started. */
function createWorld({ fragment = "#/", rooms = [roomRowWith()] } = {}): World {
  const world = createPageWorld({ fragment });
  const { state, fake } = world;
  state.connection.value = { at: "idle" };
  fake.answer("status", () => statusWith());
  fake.answer("peers", () => ({ peers: [peerRowWith("bob")], ...toOutlook([message("network.none")]) }));
  fake.answer("rooms", () => ({ rooms, outlook: "" }));
  fake.answer("requests", () => ({ requests: [], invitations: [] }));
  fake.answer("contacts", () => ({ contacts: [], places: [], broken: [] }));
  fake.answer("files", () => ({ files: [] }));
  fake.keepLog(roomRowWith(), [rowOf("bob", 1, { roomId: ROOM })]);
  const conversation = createConversationController(world);
  const tokens: string[] = [];
  const app = createAppController({
    ...world,
    enter: (token) => Promise.resolve(tokens.push(token) > 0 && token !== "used"),
    lists: createNodeLists(world),
    conversation,
    offers: createOffersController(world),
    uploads: createUploadController({ ...world, conversation }),
    notifications: createNotifications(world),
  });
  let seen = 0;
  return {
    ...world,
    app,
    tokens,
    commands() {
      const names = fake.commands.slice(seen).map((command) => command.do).toSorted().join(" ");
      seen = fake.commands.length;
      return names;
    },
  };
}

async function startedWorld(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = createWorld(options);
  await world.app.start();
  world.fake.change(OPEN);
  await settle();
  world.commands();
  return world;
}

Deno.test("The page connects without a token, and reads everything once it is connected", async () => {
  const world = createWorld();
  await world.app.start();
  assertEquals([world.fake.connects, world.commands(), world.state.isLoaded.value], [1, "", false]);
  world.fake.change(OPEN);
  await settle();
  assertEquals(world.commands(), "contacts log peers requests rooms status");
  assertEquals([world.state.isLoaded.value, world.state.status.value?.name], [true, "alice"]);
  assertEquals(world.state.discoveryStatus.value, [message("network.none")]);
  assertEquals(world.state.latestRows.value.get(ROOM)?.text, "bob 1");
  assertEquals(world.tokens, []);
});

Deno.test("A token in the address lets the browser in before it connects; a used one is told", async () => {
  const world = createWorld();
  world.address.token = "used";
  await world.app.start();
  assertEquals([world.tokens, world.state.isTokenRefused.value], [["used"], true]);
  world.address.token = "new";
  world.address.visit("#enter=new");
  await settle();
  assertEquals([world.tokens, world.state.isTokenRefused.value], [["used", "new"], false]);
  assertEquals(world.fake.connects, 2);
});

Deno.test("The conversation of the address is opened once the lists are read, and read again after a cut", async () => {
  const world = await startedWorld({ fragment: `#/talk/${ROOM}` });
  assertEquals(world.state.conversation.value?.room.title, "Attic");
  world.state.typists.value = [{ roomId: ROOM, peer: "bob", name: "bob", untilMs: Infinity }];
  world.fake.change({ at: "waiting", outage: "lost" });
  assertEquals(world.state.typists.value, []);
  world.fake.keepLog(roomRowWith(), [1, 2].map((number) => rowOf("bob", number, { roomId: ROOM })));
  world.fake.change(OPEN);
  await settle();
  assertEquals(world.state.conversation.value?.section.rows.length, 2);
});

Deno.test("A node of another version has the page loaded again", async () => {
  const world = await startedWorld();
  world.fake.change({ at: "shut", why: "not-entered" });
  assertEquals(world.window.reloads, 0);
  world.fake.change({ at: "shut", why: "outdated" });
  assertEquals(world.window.reloads, 1);
});

Deno.test("The first event after a pause applies at once, those that follow 15 ms later", async () => {
  const world = await startedWorld();
  const peers = () => world.state.peers.value.map(({ name }) => name);
  const come = (name: string) => world.fake.tell({ event: "peer", change: "new", peer: peerRowWith(name) });
  come("carol");
  await world.clock.pass(0);
  assertEquals(peers(), ["bob", "carol"]);
  come("dave");
  come("erin");
  await world.clock.pass(14);
  assertEquals(peers(), ["bob", "carol"]);
  await world.clock.pass(1);
  assertEquals(peers(), ["bob", "carol", "dave", "erin"]);
});

Deno.test("Events that change a list cause one read of it", async () => {
  const world = await startedWorld();
  for (const name of ["carol", "dave"]) {
    world.fake.tell({ event: "peer", change: "new", peer: peerRowWith(name) });
  }
  await world.clock.pass(500);
  assertEquals(world.commands(), "contacts peers rooms");
  world.fake.tell({ event: "request", from: peerRowWith("eve"), roomId: ROOM });
  await world.clock.pass(500);
  assertEquals(world.commands(), "requests");
});

Deno.test("A flood of more than 2,000 events is replaced by reading everything again", async () => {
  const world = await startedWorld();
  for (let number = 2; number <= 2_003; number++) {
    world.fake.tell({ event: "entry", row: rowOf("bob", number, { roomId: ROOM }) });
  }
  await world.clock.pass(15);
  assertEquals(world.commands(), "contacts log peers requests rooms status");
  assertEquals(world.state.rooms.value[0]?.unread, 0);
});

Deno.test("A message elsewhere counts as unread, is the newest row, and ends its author's typing", async () => {
  const world = await startedWorld();
  world.fake.tell({ event: "typing", roomId: ROOM, peer: PEER, name: "bob" });
  await world.clock.pass(15);
  assertEquals(world.state.typists.value.map(({ name }) => name), ["bob"]);
  world.fake.tell({ event: "entry", row: rowOf(PEER, 2, { roomId: ROOM, text: "hello" }) });
  await world.clock.pass(15);
  assertEquals(world.state.rooms.value[0]?.unread, 1);
  assertEquals(world.state.latestRows.value.get(ROOM)?.text, "hello");
  assertEquals(world.state.typists.value, []);
});

Deno.test("Typing ends six seconds after it was last told", async () => {
  const world = await startedWorld();
  world.fake.tell({ event: "typing", roomId: ROOM, peer: PEER, name: "bob" });
  await world.clock.pass(5_000);
  assertEquals(world.state.typists.value.length, 1);
  await world.clock.pass(2_000);
  assertEquals(world.state.typists.value.length, 0);
});

Deno.test("A clock that is set back or forward does not change how long a peer is typing", async () => {
  for (const ms of [-3_600_000, 3_600_000]) {
    const world = await startedWorld();
    world.fake.tell({ event: "typing", roomId: ROOM, peer: PEER, name: "bob" });
    await world.clock.pass(1_000);
    world.clock.set(ms);
    await world.clock.pass(4_000);
    assertEquals(world.state.typists.value.length, 1);
    await world.clock.pass(2_000);
    assertEquals(world.state.typists.value.length, 0);
  }
});

Deno.test("With a clock that was set back, presence is still read every half minute", async () => {
  const world = await startedWorld();
  world.clock.set(-3_600_000);
  await world.clock.pass(32_000);
  assertEquals(world.state.nowMs.value <= world.clock.nowMs(), true);
  assertEquals(world.commands(), "peers rooms status");
});

Deno.test("The newest rows of all conversations are read, also of a hundred", async () => {
  const rooms = Array.from({ length: 100 }, (_, at) => roomRowWith({ id: `room ${at}` as RoomId }));
  const world = await startedWorld({ rooms });
  for (let turn = 0; turn < 30; turn++) await settle();
  assertEquals(world.state.latestRows.value.size, 100);
});

Deno.test("A message in the open conversation is announced, and not unread while the user sees it", async () => {
  const world = await startedWorld({ fragment: `#/talk/${ROOM}` });
  world.state.preferences.value = { ...DEFAULT_PREFERENCES, isNotifying: true };
  world.fake.tell({ event: "entry", row: rowOf("bob", 2, { roomId: ROOM }) });
  await world.clock.pass(1_300);
  assertEquals(world.state.announcement.value, "bob: bob 2");
  assertEquals([world.state.rooms.value[0]?.unread, world.notifier.shown], [0, []]);
});

Deno.test("Messages of others notify a page that is out of sight, and lead to their conversation", async () => {
  const world = await startedWorld();
  world.state.preferences.value = { ...DEFAULT_PREFERENCES, isNotifying: true };
  world.window.isVisible = false;
  world.fake.tell({ event: "entry", row: rowOf("me", 1, { roomId: ROOM, state: "kept" }) });
  world.fake.tell({ event: "entry", row: rowOf("bob", 2, { roomId: ROOM, notice: true, kind: "join" }) });
  await world.clock.pass(15);
  assertEquals(world.notifier.shown, []);
  world.fake.tell({ event: "entry", row: rowOf("bob", 3, { roomId: ROOM }) });
  await world.clock.pass(15);
  assertEquals(world.notifier.shown, [`bob · Attic: bob 3 (${ROOM})`]);
  world.notifier.click();
  assertEquals(world.address.fragments.at(-1), `#/talk/${ROOM}`);
});

Deno.test("A user who comes back has the connection checked and the conversation read again", async () => {
  const world = await startedWorld({ fragment: `#/talk/${ROOM}` });
  world.window.return();
  await settle();
  assertEquals([world.fake.wakes, world.commands()], [1, "log log members"]);
});

Deno.test("Every 30 seconds the connection is checked, and read what changes without an event", async () => {
  const world = await startedWorld();
  await world.clock.pass(30_000);
  assertEquals(world.fake.wakes, 0);
  await world.clock.pass(2_000);
  assertEquals([world.fake.wakes, world.commands()], [1, "peers rooms status"]);
});

Deno.test("join opens the room, tells the node's note, and counts no old message as unread", async () => {
  const world = await startedWorld();
  world.fake.answer("join", () => ({ room: roomRowWith({ unread: 40 }), note: "The room has moved." }));
  await world.app.join(ROOM);
  await settle();
  assertEquals(world.state.rooms.value[0]?.unread, 0);
  assertEquals(world.state.toast.value?.text, "The room has moved.");
  assertEquals(world.state.conversation.value?.to, ROOM);
});

Deno.test("A notice of the node is a toast for eight seconds", async () => {
  const world = await startedWorld();
  world.fake.tell({ event: "notice", text: "The clock of this device is wrong." });
  await world.clock.pass(15);
  assertEquals(world.state.toast.value?.text, "The clock of this device is wrong.");
  await world.clock.pass(8_000);
  assertEquals(world.state.toast.value, null);
});

Deno.test("A failed command is told in a toast, unless the connection is lost: a banner tells that", async () => {
  const { node, fake, state } = createWorld();
  fake.fail("rescan", "This was not done: there is no connection to earshot.", "link");
  assertEquals(await node.tryRun(() => node.run({ do: "rescan" })), null);
  assertEquals(state.toast.value, null);
  fake.fail("rescan", "There is no network.");
  assertEquals(await node.tryRun(() => node.run({ do: "rescan" })), null);
  assertEquals(state.toast.value, { text: "There is no network.", isProblem: true });
});

Deno.test("startApp applies the stored settings at once, and connects", async () => {
  const { clock, storage, window, address, notifier, files } = createPageWorld();
  storage.texts.set("choices", '{"theme":"dark","language":"de"}');
  let opened = 0;
  const socket: NodeSocketPorts = {
    open: () => ({ send: () => {}, close: () => void opened++ }),
    probe: () => Promise.resolve(null),
    answer: () => Promise.resolve(null),
    after: (ms, run) => clock.runLater(ms, run),
  };
  const state = createState();
  const page = startApp(state, {
    socket,
    clock,
    storage,
    window,
    address,
    notifier,
    files,
    enter: () => Promise.resolve(true),
  });
  assertEquals(window.looks.at(-1), "de ltr dark");
  page.preferences.change({ language: null, theme: "auto" });
  assertEquals(window.looks.at(-1), "en ltr auto");
  await settle();
  assertEquals([state.connection.value.at, opened], ["connecting", 0]);
});
