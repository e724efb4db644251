/** People who offer, ask for and send files as no honest earshot would. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { encodeManifest, hashManifest, PIECE_BYTES_MIN } from "../../src/transfer/manifest.ts";
import { OFFERS_OF_AUTHOR_MAX } from "../../src/node/transfers/offer_index.ts";
import { WANT_BYTES_MAX, WANTS_MAX } from "../../src/node/transfers/uploader.ts";
import type { FileRow } from "../../src/api/files.ts";
import { decodeBase64Url } from "../../src/encoding/base64url.ts";
import type { RoomId } from "../../src/room/id.ts";
import { encodeOffer, FOLDER_TYPE, type Offer, OFFER_KIND } from "../../src/room/file_offer.ts";
import { MANIFEST_PIECE, PIECE_BYTES_MAX } from "../../src/wire/file_record.ts";
import { goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import { HOME, type SimMachine } from "../sim/world.ts";
import {
  assertTalkGoesOn,
  type AtticScene,
  atticWithVillain,
} from "../fixtures/hostile/room_with_attacker.ts";

const CRYPTO = denoCrypto();
const BYTES = Uint8Array.from({ length: PIECE_BYTES_MIN * 3 + 100 }, (_, index) => index * 7 >> 3);

/** An offer of one file with these bytes, or of a folder with these paths. */
function offerOf(
  bytes: Uint8Array,
  { name = "film.mkv", paths = [name] }: { readonly name?: string; readonly paths?: readonly string[] } = {},
): { readonly offer: Offer; readonly manifestBytes: Uint8Array } {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES_MIN) {
    hashes.push(CRYPTO.sha256(bytes.subarray(at, at + PIECE_BYTES_MIN)));
  }
  const files = paths.toSorted().map((path, index) => ({
    path: path.split("/"),
    sizeBytes: index === 0 ? bytes.length : 0,
  }));
  const manifestBytes = encodeManifest({ pieceBytes: PIECE_BYTES_MIN, files, hashes });
  return {
    manifestBytes,
    offer: offerFor(manifestBytes, { name, sizeBytes: bytes.length, filesCount: paths.length }),
  };
}

function offerFor(
  manifestBytes: Uint8Array,
  { name, sizeBytes, filesCount }: Pick<Offer, "name" | "sizeBytes" | "filesCount">,
): Offer {
  return {
    name,
    sizeBytes,
    filesCount,
    type: filesCount > 1 ? FOLDER_TYPE : "application/octet-stream",
    manifestBytes: manifestBytes.length,
    manifest: hashManifest(manifestBytes, CRYPTO),
  };
}

/** The villain serves what it is asked for, until nothing is asked any more; `lie` may change what it sends. */
async function serve(
  { world, villain: { stranger } }: AtticScene,
  { manifestBytes, bytes, held = "all", lie = (part) => part, turns = 40 }: {
    readonly manifestBytes: Uint8Array;
    readonly bytes: Uint8Array;
    readonly held?: "all" | Uint8Array;
    readonly lie?: (part: Uint8Array, piece: number) => Uint8Array;
    readonly turns?: number;
  },
): Promise<void> {
  let done = 0;
  for (let turn = 0; turn < turns; turn++) {
    for (const record of stranger.heard.slice(done)) {
      if (record.type === "seek") stranger.say({ type: "holding", wish: record.wish, held });
      if (record.type !== "want") continue;
      const { wish, piece, offset, length } = record;
      const from = piece === MANIFEST_PIECE ? manifestBytes : bytes.subarray(piece * PIECE_BYTES_MIN);
      for (let at = offset; at < offset + length; at += PIECE_BYTES_MAX) {
        const part = from.slice(at, Math.min(at + PIECE_BYTES_MAX, offset + length));
        stranger.say({ type: "piece", wish, piece, offset: at, bytes: lie(part, piece) });
      }
    }
    done = stranger.heard.length;
    await world.time.runFor(100);
  }
}

async function offered({ world, villain, room }: AtticScene, offer: Offer): Promise<void> {
  villain.stranger.pass(room, villain.write(room, { kind: OFFER_KIND, body: encodeOffer(offer) }).line);
  await world.time.runFor(500);
}

async function rowOf(machine: SimMachine): Promise<FileRow> {
  const { files } = await machine.run({ do: "files" });
  const row = files.at(-1);
  assert(row !== undefined);
  return row;
}

Deno.test("A source whose pieces are wrong is named, and asked no more; others bring the file", async () => {
  const scene = await atticWithVillain(901);
  const { world, alice, bob, villain } = scene;
  const { offer, manifestBytes } = offerOf(BYTES);
  await offered(scene, offer);
  await alice.run({ do: "get", file: "film.mkv" });
  const flip = (part: Uint8Array, piece: number) => {
    if (piece !== MANIFEST_PIECE) part[0] = (part[0] ?? 0) ^ 1;
    return part;
  };
  await serve(scene, { manifestBytes, bytes: BYTES, lie: flip });
  const stuck = await rowOf(alice);
  assertEquals([stuck.state, stuck.gotBytes], ["seeking", 0]);
  assertEquals(noticesOf(alice).filter((text) => text.includes("does not match the offer")).length, 1);
  assertStringIncludes(noticesOf(alice).join(), "mallory");
  const asked = villain.stranger.of("want").length;
  await world.time.runFor(60_000);
  assertEquals(villain.stranger.of("want").length, asked, "it is asked again");
  // Bob has the very same bytes of his own, under another name.
  bob.disk.put("/desk/film.mkv", BYTES);
  await bob.run({ do: "offer", to: "#Attic", paths: ["/desk/film.mkv"] });
  await world.time.runFor(15_000);
  const got = (await alice.run({ do: "files" })).files[0];
  assertEquals(got?.state, "here");
  assertEquals(alice.disk.peek(got?.path ?? ""), BYTES);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Bytes that nobody asked for end the session, whatever they are said to be", async () => {
  const pushes: readonly (readonly [wish: number, piece: number, offset: number])[] = [
    [1, 0, 0],
    [1, MANIFEST_PIECE, 0],
    [77, 0, 0],
    [1, 2 ** 31, 5],
  ];
  for (const [wish, piece, offset] of pushes) {
    const scene = await atticWithVillain(910);
    const { world, alice, bob, villain } = scene;
    villain.stranger.say({ type: "piece", wish, piece, offset, bytes: new Uint8Array(1_000) });
    await world.time.runFor(200);
    assertEquals(villain.stranger.closed, "bad-record");
    await assertTalkGoesOn(world, alice, bob);
    await goHome(world);
  }
});

Deno.test("What was asked for once comes once: a second time ends the session", async () => {
  const scene = await atticWithVillain(911);
  const { world, alice, bob, villain } = scene;
  const { offer, manifestBytes } = offerOf(BYTES);
  await offered(scene, offer);
  await alice.run({ do: "get", file: "film.mkv" });
  await serve(scene, { manifestBytes, bytes: BYTES });
  assertEquals((await rowOf(alice)).state, "here");
  const wish = villain.stranger.of("seek")[0]?.wish ?? 0;
  villain.stranger.say({ type: "piece", wish, piece: MANIFEST_PIECE, offset: 0, bytes: manifestBytes });
  await world.time.runFor(500);
  assertEquals(villain.stranger.closed, "bad-record");
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("A manifest of tricks is not what was offered, and nothing is written anywhere", async () => {
  const head = `earshot files 1\n${PIECE_BYTES_MIN}\n`;
  const manifests: readonly (readonly [text: string, filesCount: number])[] = [
    [`${head}1\n0 ../../../evil\n`, 1],
    [`${head}2\n0 a\n0 a/../../../evil\n`, 2],
    [`${head}2\n0 /etc/evil\n0 b\n`, 2],
    [`${head}2\n0 b\n0 a\n`, 2],
    ["what is this?\n", 1],
    [`${head}1\n5 a\n`, 1],
    // What the entry says and what the manifest says differ.
    [`${head}1\n0 a\n`, 2],
  ];
  for (const [index, [text, filesCount]] of manifests.entries()) {
    const scene = await atticWithVillain(920 + index);
    const { world, alice, bob } = scene;
    const manifestBytes = new TextEncoder().encode(text);
    await offered(scene, offerFor(manifestBytes, { name: "evil", sizeBytes: 0, filesCount }));
    const before = alice.disk.paths().filter((path) => !path.includes("/rooms/"));
    await alice.run({ do: "get", file: "evil" });
    await serve(scene, { manifestBytes, bytes: new Uint8Array(0), turns: 5 });
    const { state, problem } = await rowOf(alice);
    assertEquals(state, "failed", text);
    assertStringIncludes(problem ?? "", "its contents do not match its offer");
    assertEquals(alice.disk.paths().filter((path) => !path.includes("/rooms/")), before, text);
    assert(!alice.disk.paths().some((path) => path.endsWith("evil") || path.endsWith("/a")), text);
    await assertTalkGoesOn(world, alice, bob);
    await goHome(world);
  }
});

Deno.test("Names that are traps lie in the folder as harmless ones", async () => {
  const scene = await atticWithVillain(930);
  const { world, alice } = scene;
  const paths = [
    "CON",
    "C:\\x",
    "a/.bashrc",
    "a/x.txt:evil",
    "A/.BASHRC",
    "gnp.\u202eexe",
    "sub/free.lnk",
    "..\\..\\up",
  ];
  const { offer, manifestBytes } = offerOf(BYTES, { name: "..", paths });
  await offered(scene, offer);
  await alice.run({ do: "get", file: ".." });
  await serve(scene, { manifestBytes, bytes: BYTES });
  const { state, path } = await rowOf(alice);
  assert(state === "here" && path !== null);
  assert(path.startsWith(`${HOME}/rooms/`) && path.endsWith("/files/file"));
  const inside = alice.disk.paths().filter((one) => one.startsWith(`${path}/`)).map((one) =>
    one.slice(path.length + 1)
  );
  assertEquals(inside.toSorted(), [
    "A",
    "A/_BASHRC",
    "C__x",
    "_CON",
    "__.._up",
    "a (2)",
    "a (2)/_bashrc",
    "a (2)/x.txt_evil",
    "gnp.exe",
    "sub",
    "sub/free.lnk_",
  ]);
  await goHome(world);
});

Deno.test("Bitmaps of other lengths lead to nothing, and huge ones cost nothing", async () => {
  const scene = await atticWithVillain(940);
  const { world, alice, bob, villain } = scene;
  const { offer, manifestBytes } = offerOf(BYTES);
  await offered(scene, offer);
  await alice.run({ do: "get", file: "film.mkv" });
  await serve(scene, { manifestBytes, bytes: BYTES, held: new Uint8Array(100_000).fill(0xff), turns: 5 });
  const pieces = villain.stranger.of("want").filter(({ piece }) => piece !== MANIFEST_PIECE);
  assertEquals(pieces, []);
  assertEquals((await rowOf(alice)).state, "seeking");
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Only members get what is offered in a room, and only what is there", async () => {
  const scene = await atticWithVillain(950);
  const { world, alice, bob, villain, room } = scene;
  alice.disk.put("/desk/secret", BYTES);
  const { files: [file] } = await alice.run({ do: "offer", to: "bob", paths: ["/desk/secret"] });
  assert(file !== undefined);
  const entry = (await alice.run({ do: "log", to: "bob" })).rows.at(-1);
  assertEquals(entry?.file, file.id);
  const { offer } = offerOf(BYTES, { name: "secret" });
  const manifest = decodeBase64Url(offer.manifest, 32);
  assert(manifest !== null);
  // It knows the content, and so its hash; but nobody offered it where the villain is.
  for (const where of [room, file.roomId, villain.directWith(alice)]) {
    villain.stranger.say({ type: "seek", room: where, wish: 1, manifest });
    villain.stranger.say({ type: "want", wish: 1, piece: 0, offset: 0, length: 1_000 });
    await world.time.runFor(500);
  }
  assertEquals(villain.stranger.of("piece"), []);
  assertEquals(villain.stranger.of("holding").filter(({ held }) => held !== "none"), []);
  await bob.run({ do: "accept", peer: "alice" });
  await bob.run({ do: "get", file: "secret" });
  await world.time.runFor(10_000);
  assertEquals((await rowOf(bob)).state, "here");
  await goHome(world);
});

Deno.test("Whoever asks for more than anybody reads loses its session, and nobody else anything", async () => {
  const floods: readonly (readonly [what: string, count: number, length: number, code: string])[] = [
    ["a part larger than any", 1, WANT_BYTES_MAX + 1, "bad-record"],
    ["nothing", 1, 0, "bad-record"],
    ["more than may wait", WANTS_MAX * 2, PIECE_BYTES_MIN, "too-much"],
  ];
  for (const [what, count, length, code] of floods) {
    const scene = await atticWithVillain(960);
    const { world, alice, bob, villain, room } = scene;
    alice.disk.put("/desk/film.mkv", BYTES);
    await alice.run({ do: "offer", to: "#Attic", paths: ["/desk/film.mkv"] });
    const manifest = decodeBase64Url(offerOf(BYTES).offer.manifest, 32);
    assert(manifest !== null);
    villain.stranger.say({ type: "seek", room, wish: 1, manifest });
    await world.time.runFor(500);
    assertEquals(villain.stranger.of("holding").map(({ held }) => held), ["all"]);
    for (let at = 0; at < count; at++) {
      villain.stranger.say({ type: "want", wish: 1, piece: 0, offset: 0, length });
    }
    await world.time.runFor(2_000);
    assertEquals(villain.stranger.closed, code, what);
    await assertTalkGoesOn(world, alice, bob);
    await goHome(world);
  }
});

Deno.test("Hundreds of offers fill nobody's list, and offers that are none are only lines", async () => {
  const scene = await atticWithVillain(970);
  const { world, alice, bob, villain, room } = scene;
  const { offer } = offerOf(BYTES);
  for (let at = 0; at < OFFERS_OF_AUTHOR_MAX + 100; at++) {
    const body = encodeOffer({ ...offer, name: `film ${at}` });
    villain.stranger.pass(room, villain.write(room, { kind: OFFER_KIND, body }).line);
    if (at % 50 === 0) await world.time.runFor(50);
  }
  await world.time.runFor(3_000);
  const { files } = await alice.run({ do: "files" });
  assertEquals(files.length, OFFERS_OF_AUTHOR_MAX);
  const bodies = [["x"], "x", ["x", "-1", "1", "a/b", "1", offer.manifest], ["x", "1", "1", "a/b", "1", "="]];
  for (const body of bodies) {
    villain.stranger.pass(room, villain.write(room, { kind: OFFER_KIND, body }).line);
  }
  await world.time.runFor(500);
  const { rows } = await alice.run({ do: "log", to: "#Attic", last: 1 });
  assertEquals([rows[0]?.text, rows[0]?.file], [
    "sent something that this version of earshot cannot show",
    undefined,
  ]);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Who has left a room gets nothing of it by writing the same offer into another", async () => {
  const scene = await atticWithVillain(980);
  const { world, alice, bob, villain, room } = scene;
  alice.disk.put("/desk/secret", BYTES);
  await alice.run({ do: "offer", to: "#Attic", paths: ["/desk/secret"] });
  const { offer } = offerOf(BYTES, { name: "secret" });
  const manifest = decodeBase64Url(offer.manifest, 32);
  assert(manifest !== null);
  const asks = async (where: RoomId, wish: number) => {
    villain.stranger.say({ type: "seek", room: where, wish, manifest });
    villain.stranger.say({ type: "want", wish, piece: 0, offset: 0, length: 1_000 });
    await world.time.runFor(500);
    const told = villain.stranger.of("holding").filter((one) => one.wish === wish);
    return [...new Set(told.map(({ held }) => held))];
  };
  assertEquals(await asks(room, 1), ["all"], "a member gets it");
  const gotCount = villain.stranger.of("piece").length;
  await villain.tell(world, room, { kind: "leave" });
  const direct = villain.directWith(alice);
  await villain.tell(world, direct, { kind: OFFER_KIND, body: encodeOffer(offer) });
  assertEquals(await asks(direct, 2), ["none"], "in a conversation that Alice has not answered");
  await alice.run({ do: "accept", peer: villain.id });
  assertEquals((await rowOf(alice)).from, "mallory");
  assertEquals(await asks(direct, 3), ["none"], "in one that she has answered");
  assertEquals(villain.stranger.of("piece").length, gotCount);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});

Deno.test("Who copies an offer under another name or size decides nothing for the offer that it copies", async () => {
  const scene = await atticWithVillain(981);
  const { world, alice, bob } = scene;
  const { offer } = offerOf(BYTES);
  await offered(scene, { ...offer, name: "film.mkv.exe" });
  await offered(scene, { ...offer, sizeBytes: 1 });
  await offered(scene, { ...offer, manifestBytes: 1 });
  await offered(scene, { ...offer, type: FOLDER_TYPE });
  bob.disk.put("/desk/film.mkv", BYTES);
  await bob.run({ do: "offer", to: "#Attic", paths: ["/desk/film.mkv"] });
  await world.time.runFor(1_000);
  const { id, isFolder, isProgram, sizeBytes } = await rowOf(alice);
  assertEquals([isFolder, isProgram, sizeBytes], [false, false, BYTES.length]);
  await alice.run({ do: "get", file: id });
  await world.time.runFor(20_000);
  const { state, path } = await rowOf(alice);
  assertEquals(state, "here");
  assert(path?.endsWith("/files/film.mkv"), `${path}`);
  assertEquals(alice.disk.peek(path ?? ""), BYTES);
  await assertTalkGoesOn(world, alice, bob);
  await goHome(world);
});
