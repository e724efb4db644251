import { assertEquals } from "@std/assert";
import {
  createUploadController,
  type UploadController,
} from "../../../../src/web/app/controllers/upload_controller.ts";
import { groupIntoParcels, type Parcel } from "../../../../src/web/app/state/parcels.ts";
import { settle } from "../../../fixtures/web/fake_browser.ts";
import { fileRowWith } from "../../../fixtures/node/file_rows.ts";
import { PEER, ROOM, roomRowWith } from "../../../fixtures/web/page_rows.ts";
import { createPageWorld, type PageWorld } from "../../../fixtures/web/page_world.ts";

interface World extends PageWorld {
  readonly uploads: UploadController;
  /** Conversations whose end was shown. */
  readonly followed: string[];
  /** Chooses and confirms files. */
  send(...parcels: readonly Parcel[]): Promise<void>;
  /** Each upload as `NAME: STATE BYTES`. */
  list(): readonly string[];
}

/** A file of that many bytes. */
function fileOf(name: string, bytes = 100): Parcel {
  const [parcel] = groupIntoParcels([{ path: [name], blob: new Blob(["x".repeat(bytes)]) }]);
  if (parcel === undefined) throw new Error("A file is a parcel");
  return parcel;
}

/** A folder of that many files of ten bytes each. */
function folderOf(name: string, count: number): Parcel {
  const picked = Array.from({ length: count }, (_, at) => ({
    path: [name, `${at} ä.txt`],
    blob: new Blob(["0123456789"]),
  }));
  const [parcel] = groupIntoParcels(picked);
  if (parcel === undefined) throw new Error("A folder is a parcel");
  return parcel;
}

function createWorld(): World {
  const world = createPageWorld();
  const followed: string[] = [];
  const followSent = (to: string) => Promise.resolve(void followed.push(to));
  world.state.rooms.value = [roomRowWith({ direct: true, peer: PEER })];
  world.fake.answer("offer", () => ({ files: [fileRowWith()] }));
  world.fake.answer("files", () => ({ files: [], freeCount: 100 }));
  const uploads = createUploadController({ ...world, conversation: { followSent } });
  return {
    ...world,
    uploads,
    followed,
    async send(...parcels) {
      uploads.choose(PEER, parcels);
      await uploads.sendChosen(PEER);
      await settle();
    },
    list: () =>
      world.state.uploads.value.map(({ parcel, state, doneBytes }) =>
        `${parcel.name}: ${state.at === "failed" ? state.problem : state.at} ${doneBytes}`
      ),
  };
}

Deno.test("choose opens the dialog, and adds to what is chosen for the same conversation", () => {
  const { uploads, state } = createWorld();
  const [cat, dog] = [fileOf("cat.png"), fileOf("dog.png")];
  uploads.choose(PEER, [cat]);
  uploads.choose(PEER, [dog]);
  assertEquals(state.parcels.value.map(({ name }) => name), ["cat.png", "dog.png"]);
  assertEquals(state.dialog.value?.is, "send");
  uploads.choose("a room that is not known", [cat]);
  assertEquals(state.parcels.value.length, 2);
});

Deno.test("A drop of more files than fit sends none of them, and keeps them chosen", async () => {
  const { uploads, state, fake, files } = createWorld();
  fake.answer("files", () => ({ files: [], freeCount: 1 }));
  uploads.choose(PEER, [fileOf("cat.png"), fileOf("dog.png")]);
  assertEquals(
    await uploads.sendChosen(PEER),
    "Cannot offer 2 items: only 1 more fits into the list of this conversation. Nothing was offered. Put them into one folder and offer that",
  );
  await settle();
  assertEquals([state.parcels.value.length, state.uploads.value, files.begun], [2, [], []]);
});

Deno.test("A file goes to the node, is offered in the room, and leaves the list", async () => {
  const world = createWorld();
  await world.send(fileOf("cat.png"));
  assertEquals([world.list(), world.files.begun], [["cat.png: sending 0"], ["upload 1/cat.png"]]);
  assertEquals(world.window.guards, 1);
  await world.files.end();
  assertEquals(world.fake.sent("offer"), [{ to: ROOM, upload: "upload 1" }]);
  assertEquals([world.list(), world.followed, world.window.guards], [[], [PEER], 0]);
  assertEquals(world.files.dropped, []);
});

Deno.test("A parcel with a problem is not sent", async () => {
  const world = createWorld();
  await world.send({ ...fileOf("huge"), problem: "many" }, fileOf("cat.png"));
  assertEquals(world.list(), ["cat.png: sending 0"]);
  assertEquals(world.state.parcels.value, []);
});

Deno.test("Parcels go one after the other; files of a folder four at once", async () => {
  const world = createWorld();
  await world.send(folderOf("holiday", 6), fileOf("cat.png"));
  assertEquals(world.list(), ["holiday: sending 0", "cat.png: waiting 0"]);
  assertEquals(world.files.begun, [0, 1, 2, 3].map((at) => `upload 1/holiday/${at}%20%C3%A4.txt`));
  for (let file = 0; file < 6; file++) await world.files.end();
  assertEquals(world.files.begun.at(-1), "upload 2/cat.png");
  assertEquals(world.list(), ["cat.png: sending 0"]);
});

Deno.test("Progress counts finished files and those under way, every 100 ms", async () => {
  const world = createWorld();
  await world.send(folderOf("holiday", 2));
  const [first, second] = world.files.underWay;
  first?.file.onSent(4);
  second?.file.onSent(3);
  assertEquals(world.list(), ["holiday: sending 4"]);
  await world.clock.pass(100);
  second?.file.onSent(5);
  assertEquals(world.list(), ["holiday: sending 9"]);
  await world.clock.pass(100);
  await world.files.end();
  assertEquals(world.list(), ["holiday: sending 15"]);
});

Deno.test("The node's reading is shown while it makes the offer", async () => {
  const world = createWorld();
  const release = world.fake.hold("offer");
  await world.send(fileOf("cat.png"));
  await world.files.end();
  world.uploads.onReading({ event: "reading", roomId: ROOM, name: "cat.png", readBytes: 60, sizeBytes: 100 });
  assertEquals(world.list(), ["cat.png: offering 60"]);
  release();
  await settle();
  assertEquals(world.list(), []);
});

Deno.test("A refused file stops the others of its folder, tells why, and is deleted from the node", async () => {
  const world = createWorld();
  await world.send(folderOf("holiday", 6), fileOf("cat.png"));
  await world.files.end({ is: "refused", message: "The disk is full." });
  assertEquals(world.list(), ["holiday: The disk is full. 0", "cat.png: sending 0"]);
  assertEquals(world.files.dropped, ["upload 1"]);
  assertEquals(world.files.underWay.map(({ file }) => file.id), ["upload 2"]);
});

Deno.test("retry starts a failed upload under a new id", async () => {
  const world = createWorld();
  await world.send(fileOf("cat.png"));
  await world.files.end({ is: "not-entered" });
  const [failed] = world.state.uploads.value;
  if (failed === undefined) throw new Error("Nothing has failed");
  world.uploads.retry(failed);
  await settle();
  assertEquals(world.files.begun, ["upload 1/cat.png", "upload 2/cat.png"]);
  await world.files.end();
  assertEquals([world.list(), world.followed], [[], [PEER]]);
});

Deno.test("A busy node is asked again after half a second", async () => {
  const world = createWorld();
  await world.send(fileOf("cat.png"));
  await world.files.end({ is: "busy" });
  await world.clock.pass(499);
  assertEquals(world.files.begun.length, 1);
  await world.clock.pass(1);
  assertEquals(world.files.begun, ["upload 1/cat.png", "upload 1/cat.png"]);
});

Deno.test("stop ends an upload, deletes it from the node, and lets the next one go", async () => {
  const world = createWorld();
  await world.send(fileOf("cat.png"), fileOf("dog.png"));
  const [cat] = world.state.uploads.value;
  if (cat !== undefined) world.uploads.stop(cat);
  await settle();
  assertEquals([world.list(), world.files.dropped], [["dog.png: sending 0"], ["upload 1"]]);
  assertEquals(world.fake.sent("offer"), []);
});

Deno.test("stop takes back an upload that waits before anything of it is sent", async () => {
  const world = createWorld();
  await world.send(fileOf("cat.png"), fileOf("dog.png"));
  const [, dog] = world.state.uploads.value;
  if (dog !== undefined) world.uploads.stop(dog);
  await world.files.end();
  assertEquals([world.list(), world.files.begun], [[], ["upload 1/cat.png"]]);
});

Deno.test("Files stay on the node when it is not known whether they were offered", async () => {
  const world = createWorld();
  world.fake.fail("offer", "It is not known whether this was done.", "link");
  await world.send(fileOf("cat.png"));
  await world.files.end();
  assertEquals(world.list(), ["cat.png: It is not known whether this was done. 0"]);
  assertEquals(world.files.dropped, []);
});

Deno.test("Without a connection nothing is sent, and the upload says so", async () => {
  const world = createWorld();
  world.state.connection.value = { at: "waiting", outage: "lost" };
  await world.send(fileOf("cat.png"));
  assertEquals(world.files.begun, []);
  assertEquals(world.state.uploads.value.map(({ state }) => state.at), ["failed"]);
});

Deno.test("A file that the browser cannot read fails by itself", async () => {
  const world = createWorld();
  await world.send({ ...fileOf("cat.png"), files: [{ path: ["cat.png"], blob: null }] });
  assertEquals(world.list(), ["cat.png: The browser cannot read it 0"]);
});
