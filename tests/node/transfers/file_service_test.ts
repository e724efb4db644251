/** Files between whole nodes on a simulated network. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../../src/errors.ts";
import { PICTURES_WAITING_MAX } from "../../../src/node/transfers/auto_download.ts";
import { SPARE_BYTES } from "../../../src/node/transfers/disk_space.ts";
import { OFFERS_OF_AUTHOR_MAX } from "../../../src/node/transfers/offer_index.ts";
import { HOME, type SimMachine } from "../../sim/world.ts";
import { atticOf, goHome, noticesOf } from "../../fixtures/node/shared_room.ts";
import { content, DESK, fileOf, put, until } from "../../fixtures/node/shared_files.ts";

Deno.test("Sharing brings a file to who asks for it, and to nobody else", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(1, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const bytes = content(700_000);
  const { files: [offered] } = await alice.run({
    do: "offer",
    to: "#Attic",
    paths: [put(alice, "photo.png.exe", bytes)],
  });
  assertEquals([offered?.state, offered?.path, offered?.mine], ["here", `${DESK}/photo.png.exe`, true]);
  await world.time.runFor(1_000);
  const seen = await fileOf(bob);
  assertEquals(
    [seen.name, seen.ending, seen.isProgram, seen.isPicture, seen.sizeBytes, seen.state, seen.from],
    ["photo.png.exe", ".exe", true, false, 700_000, "offered", "alice"],
  );
  const { rows } = await bob.run({ do: "log", to: "#Attic" });
  const row = rows.find(({ kind }) => kind === "file");
  assertEquals([row?.text, row?.file], ['offers "photo.png.exe" (a program, ".exe", 700 kB)', seen.id]);
  await bob.run({ do: "get", file: "photo.png.exe" });
  const got = await until(world, bob, "here");
  assertEquals(bob.disk.peek(got.path ?? ""), bytes);
  assert(got.path?.includes(join("/rooms/")) && got.path.endsWith(join("/files/photo.png.exe")));
  assertEquals((await fileOf(carol)).state, "offered");
  await world.time.runFor(1_000);
  const told = bob.events.filter((event) => event.event === "file" && event.file.state === "here");
  assertEquals(told.length, 1, "that it is here is told once");
  assertEquals(bob.disk.paths().filter((path) => path.includes(".part")), []);
  await goHome(world);
});

Deno.test("Sharing brings a folder with all that is in it, under names that every system takes", async () => {
  const { world, machines: [alice, bob] } = await atticOf(2, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const small = Array.from(
    { length: 40 },
    (_, index) => [`in/${index}.txt`, content(index * 100, index)] as const,
  );
  const named = [["a.txt", content(10)], ["A.TXT", content(20)], ["CON", content(30)], [
    "x:y",
    content(40),
  ]] as const;
  for (const [path, bytes] of [...small, ...named]) put(alice, `stuff/${path}`, bytes);
  await alice.run({ do: "offer", to: "#Attic", paths: [`${DESK}/stuff`] });
  await world.time.runFor(1_000);
  put(bob, "mine/keep", content(1));
  await bob.run({ do: "get", file: "1", into: `${DESK}/mine` });
  const { path, filesCount, isFolder } = await until(world, bob, "here");
  assertEquals([path, filesCount, isFolder], [join(DESK, "mine", "stuff"), 44, true]);
  const at = (name: string) => bob.disk.peek(`${path}/${name}`);
  for (const [name, bytes] of small) assertEquals(at(name), bytes, name);
  // In the order of their paths: capitals first.
  assertEquals(
    [at("A.TXT"), at("a (2).txt"), at("_CON"), at("x_y")],
    [20, 10, 30, 40].map((size) => content(size)),
  );
  await bob.run({ do: "get", file: "1" });
  assertEquals((await bob.run({ do: "files" })).files.length, 1, "what is here is not fetched again");
  await goHome(world);
});

Deno.test("Sharing goes on from what has come: after a pause, after kill -9 of either side, and from another member", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(3, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const bytes = content(6_000_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "film.mkv", bytes)] });
  await world.time.runFor(1_000);
  await carol.run({ do: "get", file: "film.mkv" });
  const begun = async (machine: SimMachine, leastBytes: number) => {
    for (let ms = 0; ms < 30_000; ms += 5) {
      if ((await fileOf(machine)).gotBytes >= leastBytes) return;
      await world.time.runFor(5);
    }
    throw new Error(`${machine.name} gets nothing: ${JSON.stringify(await fileOf(machine))}`);
  };
  await begun(carol, 1);
  await carol.run({ do: "pause", file: "film.mkv" });
  const paused = await fileOf(carol);
  assertEquals(paused.state, "paused");
  await world.time.runFor(3_000);
  await carol.run({ do: "get", file: "film.mkv" });
  await begun(carol, 2_000_000);
  carol.kill();
  await carol.start();
  await begun(carol, 2_000_000);
  await until(world, carol, "here");
  await bob.run({ do: "get", file: "film.mkv" });
  await begun(bob, 1_000_000);
  alice.kill();
  const { path } = await until(world, bob, "here");
  assertEquals(bob.disk.peek(path ?? ""), bytes);
  await alice.start();
  await world.time.runFor(2_000);
  assertEquals((await fileOf(alice)).state, "here", "what was offered is remembered");
  await goHome(world);
});

Deno.test("Sharing takes from several at once, and what two pulled at once they have from each other too", async () => {
  const { world, machines } = await atticOf(4, ["alice", "bob", "carol", "dave"]);
  const [alice, bob, carol, dave] = machines;
  assert(alice !== undefined && bob !== undefined && carol !== undefined && dave !== undefined);
  const bytes = content(5_000_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "big", bytes)] });
  await world.time.runFor(500);
  await bob.run({ do: "get", file: "big" });
  await until(world, bob, "here");
  for (const machine of [carol, dave]) await machine.run({ do: "get", file: "big" });
  const sources = new Set<string>();
  for (let ms = 0; ms < 20_000; ms += 5) {
    const file = await fileOf(carol);
    for (const source of file.sources) sources.add(source);
    if (file.state === "here") break;
    await world.time.runFor(5);
  }
  assert(sources.has("alice") && sources.has("bob"), [...sources].join());
  await until(world, dave, "here");
  await goHome(world);
});

Deno.test("Sharing lists each of many offers, and refuses those that do not fit before it offers any", async () => {
  const { world, machines: [alice, bob] } = await atticOf(21, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const offerMany = async (from: number, count: number) => {
    const paths = Array.from({ length: count }, (_, at) => put(alice, `${from + at}.txt`, content(10 + at)));
    await alice.run({ do: "offer", to: "#Attic", paths });
  };
  for (let from = 0; from < OFFERS_OF_AUTHOR_MAX - 40; from += 64) {
    await offerMany(from, Math.min(64, OFFERS_OF_AUTHOR_MAX - 40 - from));
  }
  await world.time.runFor(30_000);
  const { files, freeCount } = await bob.run({ do: "files", to: "#Attic" });
  assertEquals([files.length, freeCount], [OFFERS_OF_AUTHOR_MAX - 40, OFFERS_OF_AUTHOR_MAX]);
  await assertRejects(
    () => offerMany(5_000, 41),
    UsageError,
    "Cannot offer 41 items: only 40 more fit into the list of this conversation. Nothing was offered. Put them into one folder",
  );
  await offerMany(5_000, 40);
  await assertRejects(
    () => offerMany(6_000, 1),
    UsageError,
    "the list of offers in this conversation is full",
  );
  assertEquals((await alice.run({ do: "files", to: "#Attic" })).files.length, OFFERS_OF_AUTHOR_MAX);
  await goHome(world);
});

Deno.test("Sharing looks at the disk before it says that a file is here", async () => {
  const { world, machines: [alice, bob] } = await atticOf(22, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "a.txt", content(100))] });
  for (const name of ["one", "two"]) put(alice, `pack/${name}`, content(50));
  await alice.run({ do: "offer", to: "#Attic", paths: [`${DESK}/pack`] });
  await world.time.runFor(1_000);
  const filesOf = async () => (await bob.run({ do: "files" })).files;
  const get = async (file: string) => {
    await bob.run({ do: "get", file });
    await world.time.runFor(5_000);
    const row = (await filesOf()).find(({ name }) => name === file);
    assertEquals(row?.state, "here");
    return row?.path ?? "";
  };
  const files = bob.disk.bootFiles();
  const remove = async (path: string) => {
    const removal = files.removeAll(path);
    await world.time.runFor(2_000);
    await removal;
  };
  const first = await get("a.txt");
  await remove(first);
  assertEquals((await filesOf()).map(({ state }) => state), ["gone", "offered"]);
  assertEquals([await get("a.txt"), bob.disk.peek(first)], [first, content(100)], "it comes again");
  await remove(first);
  await bob.run({ do: "cancel", file: "a.txt" });
  assertEquals((await filesOf()).map(({ state }) => state), ["offered", "offered"]);
  const folder = await get("pack");
  await remove(join(folder, "two"));
  const again = await get("pack");
  assertEquals(again, `${folder} (2)`);
  assertEquals(bob.disk.peek(join(again, "two")), content(50));
  await goHome(world);
});

Deno.test("Sharing notices that what is offered was changed, says so, and sends none of it", async () => {
  const { world, machines: [alice, bob] } = await atticOf(5, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const path = put(alice, "notes.txt", content(1_000));
  await alice.run({ do: "offer", to: "#Attic", paths: [path] });
  await world.time.runFor(500);
  put(alice, "notes.txt", content(2_000));
  await bob.run({ do: "get", file: "notes.txt" });
  await world.time.runFor(5_000);
  assertEquals([(await fileOf(bob)).state, (await fileOf(alice)).state], ["seeking", "gone"]);
  await bob.run({ do: "cancel", file: "notes.txt" });
  assertEquals((await fileOf(bob)).state, "offered");
  await goHome(world);
});

Deno.test("Sharing fetches small pictures of verified people by itself, and nothing else", async () => {
  const { world, machines: [alice, bob] } = await atticOf(6, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const offer = async (name: string, sizeBytes: number) => {
    await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, name, content(sizeBytes))] });
    await world.time.runFor(3_000);
    const { files } = await bob.run({ do: "files" });
    return files.at(-1)?.state;
  };
  assertEquals(await offer("first.png", 1_000), "offered");
  await bob.run({ do: "verify", peer: "alice", isVerified: true });
  assertEquals(await offer("second.png", 1_001), "here");
  assertEquals(await offer("large.png", 600_000), "offered");
  assertEquals(await offer("drawing.svg", 1_002), "offered");
  assertEquals(await offer("picture.png.exe", 1_003), "offered");
  await goHome(world);
});

Deno.test("Sharing lets only so many pictures of a room wait that come by themselves", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(12, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  await bob.run({ do: "verify", peer: "alice", isVerified: true });
  await world.time.runFor(1_000);
  bob.kill();
  const paths = Array.from(
    { length: PICTURES_WAITING_MAX + 3 },
    (_, index) => put(alice, `${index}.png`, content(10 + index)),
  );
  await alice.run({ do: "offer", to: "#Attic", paths });
  await world.time.runFor(3_000);
  alice.kill();
  await bob.start();
  await world.time.runFor(30_000);
  const { files } = await bob.run({ do: "files" });
  assertEquals(files.length, paths.length);
  assertEquals(files.filter(({ state }) => state === "offered").length, 3);
  await alice.start();
  await goHome(world);
});

Deno.test("Sharing wants space for what is missing only, and looks again while it comes", async () => {
  const { world, machines: [alice, bob] } = await atticOf(10, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const bytes = content(20_000_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "big", bytes)] });
  await world.time.runFor(500);
  bob.host.freeBytes = SPARE_BYTES + 19_000_000;
  await bob.run({ do: "get", file: "big" });
  assertStringIncludes((await until(world, bob, "failed")).problem ?? "", "does not fit");
  bob.host.freeBytes = SPARE_BYTES + 20_000_000;
  await bob.run({ do: "get", file: "big" });
  for (let ms = 0; ms < 60_000 && (await fileOf(bob)).gotBytes < 1_000_000; ms += 5) {
    await world.time.runFor(5);
  }
  // Another program takes it all.
  bob.host.freeBytes = 1_000_000;
  const full = await until(world, bob, "failed");
  assertStringIncludes(full.problem ?? "", 'The rest of "big" does not fit: ');
  assert(full.gotBytes > 15_000_000 && full.gotBytes < 20_000_000, `${full.gotBytes}`);
  bob.host.freeBytes = SPARE_BYTES + 20_000_000 - full.gotBytes;
  await bob.run({ do: "get", file: "big" });
  const { path } = await until(world, bob, "here");
  assertEquals(bob.disk.peek(path ?? ""), bytes);
  await goHome(world);
});

Deno.test("Sharing says what cannot be done", async () => {
  const { world, machines: [alice, bob] } = await atticOf(7, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const says = async (machine: SimMachine, command: Parameters<SimMachine["run"]>[0], words: string) => {
    const error = await assertRejects(() => machine.run(command), UsageError);
    assertStringIncludes(error.message, words);
  };
  await says(alice, { do: "offer", to: "#Attic", paths: ["/none"] }, 'There is nothing at "/none"');
  const first = put(alice, "first", content(1));
  await says(alice, { do: "offer", to: "#Attic", paths: [first, "/none"] }, 'There is nothing at "/none"');
  assertEquals((await alice.run({ do: "files" })).files, []);
  await says(alice, { do: "offer", to: "#Attic", paths: ["here.txt"] }, "not an absolute path");
  await says(alice, { do: "offer", to: "#Attic", paths: [] }, "Name a file or folder to offer");
  await says(alice, { do: "offer", to: "#Attic", upload: "../../etc" }, "no such upload");
  alice.disk.put(`${DESK}/empty/x/y`, content(1));
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "a", content(1))] });
  await world.time.runFor(500);
  await says(bob, { do: "get", file: "b" }, 'There is no file called "b" on offer');
  await says(bob, { do: "get", file: "a", into: "/none" }, 'There is no folder "/none"');
  await says(bob, { do: "pause", file: "a" }, '"a" is not being downloaded');
  await says(bob, { do: "cancel", file: "a" }, '"a" was not requested');
  await bob.run({ do: "get", file: "a" });
  await until(world, bob, "here");
  await says(bob, { do: "cancel", file: "a" }, '"a" is already here');
  await goHome(world);
});

Deno.test("Sharing offers what a page has uploaded, and removes it when it is offered no more", async () => {
  const { world, machines: [alice, bob] } = await atticOf(8, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const path = `${HOME}/uploads/0123456789abcdef/cat.gif`;
  alice.disk.put(path, content(5_000));
  await alice.run({ do: "offer", to: "bob", upload: "0123456789abcdef" });
  await world.time.runFor(1_000);
  await bob.run({ do: "accept", peer: "alice" });
  await bob.run({ do: "get", file: "cat.gif" });
  await until(world, bob, "here");
  await alice.run({ do: "cancel", file: "cat.gif" });
  assertEquals(alice.disk.peek(path), null);
  assertEquals((await fileOf(alice)).state, "gone");
  assertEquals((await fileOf(bob)).state, "here");
  await goHome(world);
});

Deno.test("Sharing keeps what came when the disk is full, says so, and goes on when there is space", async () => {
  const { world, machines: [alice, bob] } = await atticOf(9, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const bytes = content(3_000_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "big", bytes)] });
  await world.time.runFor(500);
  bob.disk.setFull(1_200_000);
  await bob.run({ do: "get", file: "big" });
  const failed = await until(world, bob, "failed");
  assertStringIncludes(failed.problem ?? "", "the disk is full");
  bob.disk.setFull(null);
  await bob.run({ do: "get", file: "big" });
  const { path } = await until(world, bob, "here");
  assertEquals(bob.disk.peek(path ?? ""), bytes);
  assertEquals(noticesOf(alice), []);
  await goHome(world);
});
