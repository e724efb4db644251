/** What can come in the way of files between whole nodes on a simulated network. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../../src/errors.ts";
import { DOWNLOADS_MAX } from "../../../src/node/transfers/transfers.ts";
import { atticOf, goHome } from "../../fixtures/node/shared_room.ts";
import { content, DESK, fileOf, put, until } from "../../fixtures/node/shared_files.ts";

Deno.test("Sharing notices that somebody removed what had come, says so, and fetches it again", async () => {
  const { world, machines: [alice, bob] } = await atticOf(10, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const bytes = content(3_000_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "big", bytes)] });
  await world.time.runFor(500);
  await bob.run({ do: "get", file: "big" });
  for (let ms = 0; ms < 30_000 && (await fileOf(bob)).gotBytes < 1_000_000; ms += 2) {
    await world.time.runFor(2);
  }
  const coming = bob.disk.paths().find((path) => path.endsWith("/tree/big"));
  assert(coming !== undefined);
  await world.time.drive(bob.disk.bootFiles().removeAll(coming));
  const failed = await until(world, bob, "failed");
  assertStringIncludes(failed.problem ?? "", "was removed or changed while it came");
  assertEquals(bob.disk.paths().filter((path) => path.endsWith("/files/big")), []);
  await bob.run({ do: "get", file: "big" });
  const { path } = await until(world, bob, "here");
  assertEquals(bob.disk.peek(path ?? ""), bytes);
  await goHome(world);
});

Deno.test("Sharing tells a file from a folder with only that file in it, though both have one manifest", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(11, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const bytes = content(1_000);
  put(carol, "x/a.bin", bytes);
  await carol.run({ do: "offer", to: "#Attic", paths: [`${DESK}/x`] });
  await world.time.runFor(1_000);
  await carol.stop();
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "a.bin", bytes)] });
  await world.time.runFor(1_000);
  await bob.run({ do: "get", file: "a.bin" });
  await world.time.runFor(20_000);
  const { files } = await bob.run({ do: "files" });
  assertEquals(files.map(({ name, state }) => [name, state]), [["x", "offered"], ["a.bin", "here"]]);
  assertEquals(bob.disk.peek(files[1]?.path ?? ""), bytes);
  assertEquals((await alice.run({ do: "files" })).files.map(({ state }) => state), ["offered", "here"]);
  // One taken back leaves the other: they share what is kept of the manifest.
  await bob.run({ do: "get", file: "x" });
  await world.time.runFor(20_000);
  await alice.run({ do: "cancel", file: "a.bin" });
  await carol.start();
  await world.time.runFor(3_000);
  await carol.run({ do: "get", file: "a.bin" });
  await world.time.runFor(20_000);
  assertEquals((await carol.run({ do: "files" })).files.map(({ state }) => state), ["here", "here"]);
  await goHome(world);
});

Deno.test("Sharing brings one file of two rooms into one folder at once", async () => {
  const { world, machines: [alice, bob] } = await atticOf(12, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "host", title: "Two" });
  await world.time.runFor(500);
  await bob.run({ do: "join", room: "Two" });
  await world.time.runFor(1_000);
  const bytes = content(3_000_000);
  const path = put(alice, "film.mkv", bytes);
  for (const to of ["#Attic", "#Two"]) await alice.run({ do: "offer", to, paths: [path] });
  put(bob, "in/keep", content(1));
  await world.time.runFor(1_000);
  const { files } = await bob.run({ do: "files" });
  for (const { id } of files) await bob.run({ do: "get", file: id, into: `${DESK}/in` });
  await world.time.runFor(30_000);
  const rows = (await bob.run({ do: "files" })).files;
  assertEquals(rows.map(({ state }) => state), ["here", "here"]);
  assertEquals(rows.map((row) => row.path).toSorted(), [
    join(DESK, "in", "film (2).mkv"),
    join(DESK, "in", "film.mkv"),
  ]);
  for (const row of rows) assertEquals(bob.disk.peek(row.path ?? ""), bytes);
  await goHome(world);
});

Deno.test("Sharing waits for those who are away beside what others have, however much that is, also after a restart", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(13, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const lost = Array.from({ length: 40 }, (_, index) => put(alice, `lost${index}`, content(500, index)));
  await alice.run({ do: "offer", to: "#Attic", paths: lost });
  const found = ["first", "second"].map((name, index) => put(carol, name, content(900, 100 + index)));
  await carol.run({ do: "offer", to: "#Attic", paths: found });
  await world.time.runFor(2_000);
  await alice.stop();
  const states = async () => {
    const { files } = await bob.run({ do: "files" });
    return files.filter(({ author }) => author === carol.node.id).map(({ state }) => state);
  };
  const getLost = async (from: number, to: number) => {
    for (let at = from; at < to; at++) await bob.run({ do: "get", file: `lost${at}` });
  };
  await getLost(0, 5);
  await bob.run({ do: "get", file: "first" });
  await world.time.runFor(20_000);
  assertEquals(await states(), ["here", "offered"]);
  await getLost(5, 40);
  await bob.run({ do: "get", file: "second" });
  bob.kill();
  await bob.start();
  await world.time.runFor(120_000);
  assertEquals(await states(), ["here", "here"]);
  await alice.start();
  await world.time.runFor(180_000);
  const { files } = await bob.run({ do: "files" });
  assertEquals(files.filter(({ state }) => state !== "here").map(({ name, state }) => [name, state]), []);
  await goHome(world);
});

Deno.test("Sharing brings few at once, and all in the end", async () => {
  const { world, machines: [alice, bob] } = await atticOf(14, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const paths = Array.from({ length: 7 }, (_, index) => put(alice, `file${index}`, content(900_000, index)));
  await alice.run({ do: "offer", to: "#Attic", paths });
  await world.time.runFor(1_000);
  for (const path of paths) await bob.run({ do: "get", file: path.slice(DESK.length + 1) });
  let most = 0;
  for (let ms = 0; ms < 60_000; ms += 5) {
    const { files } = await bob.run({ do: "files" });
    most = Math.max(most, files.filter(({ sources }) => sources.length > 0).length);
    if (files.every(({ state }) => state === "here")) break;
    await world.time.runFor(5);
  }
  const { files } = await bob.run({ do: "files" });
  assertEquals(files.filter(({ state }) => state !== "here"), []);
  assert(most > 1 && most <= DOWNLOADS_MAX, `${most}`);
  await goHome(world);
});

Deno.test("Sharing serves at once what had gone and came again", async () => {
  const { world, machines: [alice, bob, carol] } = await atticOf(15, ["alice", "bob", "carol"]);
  assert(alice !== undefined && bob !== undefined && carol !== undefined);
  const bytes = content(900_000);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "a.bin", bytes)] });
  await world.time.runFor(1_000);
  await bob.run({ do: "get", file: "a.bin" });
  const { path } = await until(world, bob, "here");
  await world.time.drive(bob.disk.bootFiles().removeAll(path ?? ""));
  await carol.run({ do: "get", file: "a.bin" });
  await carol.run({ do: "pause", file: "a.bin" });
  await until(world, bob, "gone");
  await bob.run({ do: "get", file: "a.bin" });
  await until(world, bob, "here");
  await alice.stop();
  await carol.run({ do: "get", file: "a.bin" });
  await until(world, carol, "here", 20_000);
  await goHome(world);
});

Deno.test("Sharing holds no file open that nobody reads", async () => {
  const { world, machines: [alice, bob] } = await atticOf(16, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const paths = Array.from({ length: 20 }, (_, index) => put(alice, `file${index}`, content(400_000, index)));
  await alice.run({ do: "offer", to: "#Attic", paths });
  await world.time.runFor(1_000);
  let most = 0;
  for (let index = 0; index < paths.length; index++) {
    await bob.run({ do: "get", file: `file${index}` });
    for (let ms = 0; ms < 400; ms += 10) {
      most = Math.max(most, alice.disk.openCount);
      await world.time.runFor(10);
    }
  }
  const { files } = await bob.run({ do: "files" });
  assertEquals(files.filter(({ state }) => state !== "here"), []);
  assert(most > 0 && most <= 16, `${most}`);
  await world.time.runFor(25_000);
  assertEquals([alice.disk.openCount, bob.disk.openCount], [0, 0]);
  await goHome(world);
});

Deno.test("Sharing leaves nothing open when the node stops while it sends", async () => {
  const { world, machines: [alice, bob] } = await atticOf(17, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "big", content(5_000_000))] });
  await world.time.runFor(1_000);
  await bob.run({ do: "get", file: "big" });
  for (let turn = 0; turn < 12 && (await fileOf(bob)).state !== "here"; turn++) {
    const { gotBytes } = await fileOf(bob);
    for (let ms = 0; ms < 30_000 && (await fileOf(bob)).gotBytes === gotBytes; ms++) {
      await world.time.runFor(1);
    }
    await alice.stop();
    assertEquals(alice.leftovers, 0);
    await alice.start();
  }
  await until(world, bob, "here");
  await goHome(world);
});

Deno.test("Sharing says where a file is that came while it was cancelled", async () => {
  let lateCount = 0;
  for (let step = 0; step < 40; step++) {
    const { world, machines: [alice, bob] } = await atticOf(18, ["alice", "bob"]);
    assert(alice !== undefined && bob !== undefined);
    await alice.run({ do: "offer", to: "#Attic", paths: [put(alice, "a.bin", content(1_000))] });
    await world.time.runFor(1_000);
    await bob.run({ do: "get", file: "a.bin" });
    await world.time.runFor(step * 2);
    if ((await fileOf(bob)).state === "here") break;
    const said = await bob.run({ do: "cancel", file: "a.bin" }).then(() => null, (error) => error);
    const lie = bob.disk.paths().filter((path) => path.includes("/files/")).map((path) => join(path));
    const { state, path } = await fileOf(bob);
    if (said === null) assertEquals([state, lie], ["offered", []], `after ${step * 2} ms`);
    else {
      assert(said instanceof UsageError);
      assertStringIncludes(said.message, `"a.bin" is already here, at "${path}"`);
      assertEquals([state, lie], ["here", [path]]);
      lateCount++;
    }
    await goHome(world);
  }
  assert(lateCount > 0, "it was never cancelled late");
});

Deno.test("Sharing finds a file again that had landed when the node was killed", async () => {
  const { world, machines: [alice, bob] } = await atticOf(19, ["alice", "bob"]);
  assert(alice !== undefined && bob !== undefined);
  const bytes = content(600_000);
  put(alice, "stuff/in/b.bin", bytes);
  const paths = [put(alice, "a.bin", bytes), `${DESK}/stuff`];
  await alice.run({ do: "offer", to: "#Attic", paths });
  await world.time.runFor(1_000);
  put(bob, "in/a.bin", content(1));
  for (const [index, [name, landed]] of [["a.bin", "a (2).bin"], ["stuff", "stuff"]].entries()) {
    const get = async () => (await bob.run({ do: "files" })).files[index];
    await bob.run({ do: "get", file: name ?? "", into: `${DESK}/in` });
    const hasLanded = () => bob.disk.paths().includes(`${DESK}/in/${landed}`);
    for (let ms = 0; ms < 30_000 && !hasLanded(); ms++) await world.time.runFor(1);
    assert((await get())?.state !== "here", "the move is to be done and not remembered");
    bob.kill();
    await bob.start();
    for (let ms = 0; ms < 30_000 && (await get())?.state !== "here"; ms += 100) await world.time.runFor(100);
    assertEquals((await get())?.path, join(DESK, "in", landed ?? ""));
  }
  await world.time.runFor(1_000);
  assertEquals(bob.disk.paths().filter((path) => path.startsWith(`${DESK}/in/`)).toSorted(), [
    `${DESK}/in/a (2).bin`,
    `${DESK}/in/a.bin`,
    `${DESK}/in/stuff`,
    `${DESK}/in/stuff/in`,
    `${DESK}/in/stuff/in/b.bin`,
  ]);
  assertEquals(bob.disk.peek(`${DESK}/in/a (2).bin`), bytes);
  assertEquals(bob.disk.peek(`${DESK}/in/stuff/in/b.bin`), bytes);
  await goHome(world);
});
