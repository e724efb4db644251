import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { WorldError } from "../../../src/errors.ts";
import { ROOM_ID_BYTES, toRoomId } from "../../../src/room/id.ts";
import { openHome, readHome } from "../../../src/store/home/home.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const FOLDER = "/ada/earshot";
const ATTIC = toRoomId(new Uint8Array(ROOM_ID_BYTES).fill(1));
const CELLAR = toRoomId(new Uint8Array(ROOM_ID_BYTES).fill(2));

function machine(seed = 1) {
  const time = new SimTime();
  const chance = new SimChance(seed);
  const drive = new SimDisk({
    schedule: (delayMs, run) => time.schedule(delayMs, run),
    fraction: () => chance.fraction(),
  });
  drive.put("/ada/other", new Uint8Array(0));
  return { time, drive, disk: drive.boot() };
}

function open(parts: Pick<ReturnType<typeof machine>, "disk" | "time">, pid = 4711) {
  return parts.time.drive(openHome(parts.disk, { folder: FOLDER, pid }));
}

Deno.test("openHome makes a home that survives a power cut, and knows where things are in it", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const parts = machine(seed);
    const home = await open(parts);
    assertEquals(home.paths, {
      folder: FOLDER,
      identity: join(FOLDER, "identity.json"),
      contacts: join(FOLDER, "contacts.dat"),
      config: join(FOLDER, "config.json"),
      node: join(FOLDER, "node.json"),
      page: join(FOLDER, "page.json"),
      pageEntry: join(FOLDER, "enter.html"),
      rooms: join(FOLDER, "rooms"),
      uploads: join(FOLDER, "uploads"),
      pid: join(FOLDER, "lock"),
      lock: join(FOLDER, "lock.os"),
    });
    parts.drive.crash();
    assertEquals(await parts.time.drive(parts.drive.boot().list(FOLDER)), ["lock", "lock.os", "rooms"]);
  }
});

Deno.test("openHome refuses a home in which another node runs, and names it", async () => {
  const parts = machine();
  const home = await open(parts, 4711);
  const error = await assertRejects(() => open(parts, 4712), WorldError);
  assertEquals(
    error.message,
    'The home "/ada/earshot" is in use by another earshot (process 4711). ' +
      'Stop it with "earshot stop", or use another home with --home',
  );
  await parts.time.drive(home[Symbol.asyncDispose]());
  await parts.time.drive(home[Symbol.asyncDispose]());
  const next = await open(parts, 4712);
  const again = await assertRejects(() => open(parts), WorldError);
  assert(again.message.includes("(process 4712)"));
  await parts.time.drive(next[Symbol.asyncDispose]());
});

Deno.test("openHome opens the home of a node that was killed", async () => {
  const parts = machine();
  await open(parts);
  parts.drive.kill();
  await open({ time: parts.time, disk: parts.drive.boot() });
});

Deno.test("openHome says that a home is in use also where it cannot tell by whom", async () => {
  const parts = machine();
  await parts.time.drive(parts.disk.makeFolder(FOLDER));
  await parts.time.drive(parts.disk.lock("/ada/earshot/lock.os"));
  const error = await assertRejects(() => open(parts), WorldError);
  assert(error.message.startsWith('The home "/ada/earshot" is in use by another earshot. Stop it'));
});

for (const name of ["identity.json", "config.json"]) {
  Deno.test(`openHome and readHome leave a home alone whose ${name} is of a later version`, async () => {
    const { time, drive, disk } = machine();
    drive.put(`${FOLDER}/${name}`, new TextEncoder().encode('{"version":2,"seed":"new kind"}'));
    const before = drive.snapshot();
    const sentence = 'The home "/ada/earshot" belongs to a later earshot (format 2; this one knows 1). ' +
      "Nothing was changed. Use the later earshot, or another home with --home";
    assertEquals((await assertRejects(() => open({ time, disk }), WorldError)).message, sentence);
    const read = assertRejects(() => readHome(disk, FOLDER), WorldError);
    assertEquals((await time.drive(read)).message, sentence);
    assertEquals(drive.snapshot(), before);
  });
}

Deno.test("openHome leaves it to their own readers what else is wrong with files", async () => {
  const parts = machine();
  parts.drive.put(`${FOLDER}/identity.json`, new TextEncoder().encode("{"));
  parts.drive.put(`${FOLDER}/config.json`, new TextEncoder().encode('"text"'));
  await open(parts);
});

Deno.test("openHome says in plain words that the disk is full or read-only", async () => {
  const full = machine();
  full.drive.setFull(0);
  assertEquals(
    (await assertRejects(() => open(full), WorldError)).message,
    'Cannot open the home "/ada/earshot": the disk is full. Existing data is unharmed. Free some space and try again',
  );
  full.drive.setFull(null);
  await open(full);
  const readOnly = machine();
  readOnly.drive.setReadOnly(true);
  assertEquals(
    (await assertRejects(() => open(readOnly), WorldError)).message,
    'Cannot open the home "/ada/earshot": the disk is read-only. Existing data is unharmed. ' +
      "Check the permissions there, or use another place",
  );
});

Deno.test("openHome removes what interrupted saves left", async () => {
  const parts = machine();
  const room = `${FOLDER}/rooms/Attic-${ATTIC}`;
  for (const path of [`${FOLDER}/contacts.dat.1.tmp`, `${room}/seen.json.1.tmp`, `${room}/log.jsonl`]) {
    parts.drive.put(path, new Uint8Array(1));
  }
  await open(parts);
  assertEquals(await parts.time.drive(parts.disk.list(FOLDER)), ["lock", "lock.os", "rooms"]);
  assertEquals(await parts.time.drive(parts.disk.list(room)), ["log.jsonl"]);
});

Deno.test("Home makes a room's folder once, durably, and finds it by its id under any name", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const parts = machine(seed);
    const home = await open(parts);
    const [one, two] = await parts.time.drive(
      Promise.all([home.makeRoom(ATTIC, "the attic"), home.makeRoom(ATTIC, "Attic!")]),
    );
    const room = join(FOLDER, "rooms", `the-attic-${ATTIC}`);
    assertEquals(one, {
      id: ATTIC,
      folder: room,
      log: join(room, "log.jsonl"),
      index: join(room, "log.index"),
      vectors: join(room, "seen.json"),
      secret: join(room, "secret"),
      files: join(room, "files"),
      offers: join(room, "offers"),
    });
    assertEquals(two, one);
    parts.drive.crash();
    const restarted = await open({ time: parts.time, disk: parts.drive.boot() });
    assertEquals(await parts.time.drive(restarted.findRoom(ATTIC)), one);
    assertEquals(await parts.time.drive(restarted.makeRoom(ATTIC, "renamed")), one);
    assertEquals(await parts.time.drive(restarted.findRoom(CELLAR)), null);
  }
});

Deno.test("Home lists rooms, each once, and nothing else", async () => {
  const parts = machine();
  for (const name of [`b-${CELLAR}`, `a-${ATTIC}`, `copy-${ATTIC}`, "notes", "x".repeat(26)]) {
    parts.drive.put(`${FOLDER}/rooms/${name}/log.jsonl`, new Uint8Array(0));
  }
  const home = await open(parts);
  const rooms = await parts.time.drive(home.listRooms());
  assertEquals(rooms.map(({ id, folder }) => [id, folder]), [
    [ATTIC, join(FOLDER, "rooms", `a-${ATTIC}`)],
    [CELLAR, join(FOLDER, "rooms", `b-${CELLAR}`)],
  ]);
});

Deno.test("Home tries again to make a room's folder after a failure", async () => {
  const parts = machine();
  const home = await open(parts);
  parts.drive.setReadOnly(true);
  await parts.time.drive(assertRejects(() => home.makeRoom(ATTIC, "attic")));
  parts.drive.setReadOnly(false);
  assertEquals((await parts.time.drive(home.makeRoom(ATTIC, "attic"))).id, ATTIC);
});

Deno.test("readHome reads a home in which a node runs, on a disk that cannot be written to", async () => {
  const parts = machine();
  const home = await open(parts);
  await parts.time.drive(home.makeRoom(ATTIC, "attic"));
  parts.drive.setReadOnly(true);
  const before = parts.drive.snapshot();
  const readable = await parts.time.drive(readHome(parts.disk, FOLDER));
  assertEquals((await parts.time.drive(readable.listRooms())).map((room) => room.id), [ATTIC]);
  assertEquals(parts.drive.snapshot(), before);
});

Deno.test("readHome says that there is no home", async () => {
  const { time, disk } = machine();
  const error = await time.drive(assertRejects(() => readHome(disk, FOLDER), WorldError));
  assertEquals(error.message, 'There is no home at "/ada/earshot". Name another one with --home');
});
