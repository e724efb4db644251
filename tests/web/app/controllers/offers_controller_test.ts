import { assertEquals } from "@std/assert";
import {
  createOffersController,
  type OffersController,
} from "../../../../src/web/app/controllers/offers_controller.ts";
import type { FileRow } from "../../../../src/api/files.ts";
import { settle } from "../../../fixtures/web/fake_browser.ts";
import { OPEN } from "../../../fixtures/web/fake_node.ts";
import { fileRowWith } from "../../../fixtures/node/file_rows.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";
import { OTHER_ROOM, ROOM, roomRowWith } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

const CAT = fileRowWith({ id: "cat", roomId: ROOM });

/** The Attic is open, and bob offers a picture in it. */
function worldWith(files: readonly FileRow[]): PageWorld & { readonly offers: OffersController } {
  const world = createPageWorld();
  const section = { rows: [], isStart: true, isEnd: true };
  world.state.conversation.value = { to: ROOM, room: roomRowWith(), section, newFrom: null, belowCount: 0 };
  world.fake.answer("files", () => ({ files }));
  for (const command of ["get", "pause", "cancel"] as const) {
    world.fake.answer(command, ({ file }) => ({ file: { ...CAT, id: file, state: "seeking" } }));
  }
  return { ...world, offers: createOffersController(world) };
}

Deno.test("The offers of each opened conversation are read, and those of a blocked peer go", async () => {
  const { offers, state, fake } = worldWith([CAT]);
  state.files.value = new Map([
    ["gone", fileRowWith({ id: "gone", roomId: ROOM })],
    ["elsewhere", fileRowWith({ id: "elsewhere", roomId: OTHER_ROOM })],
  ]);
  const stop = offers.start();
  await settle();
  assertEquals([...state.files.value.keys()], ["elsewhere", "cat"]);
  state.connection.value = { at: "waiting", outage: "lost" };
  state.connection.value = OPEN;
  await settle();
  assertEquals(fake.sent("files"), [{ to: ROOM }, { to: ROOM }]);
  stop();
});

Deno.test("New offers within 50 ms are read together, and none of another room", async () => {
  const { offers, clock, fake } = worldWith([CAT]);
  offers.onFileEntry(rowOf("bob", 1, { roomId: OTHER_ROOM }));
  offers.onFileEntry(rowOf("bob", 1, { roomId: ROOM }));
  offers.onFileEntry(rowOf("bob", 2, { roomId: ROOM }));
  await clock.pass(49);
  assertEquals(fake.sent("files").length, 0);
  await clock.pass(1);
  assertEquals(fake.sent("files").length, 1);
});

Deno.test("Progress is in the offer at once, and announced every ten seconds by quarters", async () => {
  const { offers, state, clock } = worldWith([CAT]);
  const receive = (gotBytes: number) => {
    offers.onFileEvent({ ...CAT, state: "receiving", gotBytes });
    return [state.files.value.get("cat")?.gotBytes, state.announcement.value];
  };
  assertEquals(receive(0), [0, ""]);
  assertEquals(receive(260), [260, "cat.png: 25 percent"]);
  assertEquals(receive(510), [510, "cat.png: 25 percent"]);
  await clock.pass(10_000);
  assertEquals(receive(760), [760, "cat.png: 75 percent"]);
  offers.onFileEvent({ ...CAT, state: "here", gotBytes: 1_000 });
  assertEquals(state.announcement.value, "cat.png is downloaded");
});

Deno.test("A failure is announced with its reason, and other rooms' files never", () => {
  const { offers, state } = worldWith([CAT]);
  offers.onFileEvent({ ...CAT, state: "receiving" });
  offers.onFileEvent({ ...CAT, state: "failed", problem: "The disk is full." });
  assertEquals(state.announcement.value, "cat.png: The disk is full.");
  offers.onFileEvent({ ...CAT, id: "other", roomId: OTHER_ROOM });
  offers.onFileEvent({ ...CAT, id: "other", roomId: OTHER_ROOM, state: "here" });
  assertEquals(state.announcement.value, "cat.png: The disk is full.");
});

Deno.test("act runs the command of each action, and shows the offer as it is then", async () => {
  const { offers, state, fake } = worldWith([CAT]);
  for (const action of ["get", "getAgain", "goOn", "pause", "cancel", "withdraw"] as const) {
    await offers.act(CAT, action);
  }
  assertEquals(fake.commands, [
    { do: "get", file: "cat" },
    { do: "get", file: "cat" },
    { do: "get", file: "cat" },
    { do: "pause", file: "cat" },
    { do: "cancel", file: "cat" },
    { do: "cancel", file: "cat" },
  ]);
  assertEquals(state.files.value.get("cat")?.state, "seeking");
});

Deno.test("act tells in a toast why a command failed", async () => {
  const { offers, state, fake } = worldWith([CAT]);
  fake.fail("get", "The disk is full.");
  await offers.act(CAT, "get");
  assertEquals(state.toast.value, { text: "The disk is full.", isProblem: true });
});

Deno.test("act saves in the node's present run, and tells what is in the way", async () => {
  const { offers, state, files } = worldWith([CAT]);
  await offers.act(CAT, "save");
  assertEquals([files.saved, state.toast.value], [["cat run 1"], null]);
  files.saveProblem = { is: "refused", message: "Another program has the file open." };
  await offers.act(CAT, "save");
  assertEquals(state.toast.value, { text: "Another program has the file open.", isProblem: true });
});

Deno.test("act copies the path, or shows it where the browser refuses", async () => {
  const { offers, state, window } = worldWith([CAT]);
  const file = { ...CAT, state: "here", path: "/home/alice/cat.png" } as const;
  await offers.act(file, "copyPath");
  assertEquals(window.copied, ["/home/alice/cat.png"]);
  window.isClipboardAllowed = false;
  await offers.act(file, "copyPath");
  assertEquals(state.toast.value?.text.includes("/home/alice/cat.png"), true);
});
