import { assert, assertEquals } from "@std/assert";
import { findExtension, formatFileName } from "../../../../src/text/file_name.ts";
import type { FileRow, FileState } from "../../../../src/api/files.ts";
import type { RoomId } from "../../../../src/room/id.ts";
import { formatOffer, OFFER_FILES_MAX } from "../../../../src/room/file_offer.ts";
import {
  findFileNews,
  formatDuration,
  formatFileSize,
  formatRate,
  hasPicture,
  listFileActions,
  listRoomFiles,
  SHOWN_BYTES_MAX,
  splitName,
  withFile,
} from "../../../../src/web/app/state/offers.ts";
import { estimateHeight } from "../../../../src/web/app/state/heights.ts";
import { buildItems } from "../../../../src/web/app/state/items.ts";
import { parseNotice } from "../../../../src/web/app/state/notice.ts";
import {
  groupIntoParcels,
  isPreviewed,
  namePastedFile,
  PARCEL_DEPTH_MAX,
  PARCEL_FILES_MAX,
  shortenName,
  toUploadPath,
} from "../../../../src/web/app/state/parcels.ts";
import { formatNotice } from "../../../../src/web/app/i18n/i18n.ts";
import { DEPTH_MAX, SHOWN_BYTES_MAX as NODE_SHOWN_BYTES_MAX } from "../../../../src/web/page/file_routes.ts";
import { fileRowWith } from "../../../fixtures/node/file_rows.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";

Deno.test("listFileActions: whatever the state, only what the node takes then", () => {
  const cases: readonly (readonly [FileState, Partial<FileRow>, string])[] = [
    ["offered", {}, "get"],
    ["seeking", {}, "pause cancel"],
    ["receiving", {}, "pause cancel"],
    ["checking", {}, "pause cancel"],
    ["paused", {}, "goOn cancel"],
    ["failed", {}, "getAgain cancel"],
    ["here", {}, "save copyPath"],
    ["here", { isFolder: true }, "copyPath"],
    ["here", { mine: true }, "save copyPath withdraw"],
    ["gone", {}, "getAgain"],
    ["gone", { mine: true }, ""],
  ];
  for (const [state, changes, doings] of cases) {
    assertEquals(listFileActions(fileRowWith({ state, ...changes })).join(" "), doings, state);
  }
});

Deno.test("splitName shows by itself what opens a file, whatever the name says", () => {
  const cases: readonly (readonly [name: string, stem: string, ending: string, isHidden: boolean])[] = [
    ["cat.png", "cat", ".png", false],
    ["photo.jpg.exe", "photo.jpg", ".exe", false],
    ["REPORT.PDF", "REPORT", ".PDF", false],
    ["photo.jpg.exe.", "photo.jpg.exe.", ".exe", true],
    ["photo.jpg.exe ", "photo.jpg.exe ", ".exe", true],
    ["notes", "notes", "", false],
  ];
  for (const [name, ...parts] of cases) {
    const { stem, ending, isHidden } = splitName({ name, ending: findExtension(name) });
    assertEquals([stem, ending, isHidden], parts, name);
  }
  // As the node shows it, nothing turns the direction of what stands behind it.
  const turned = "\u202Egnp.exe";
  const { stem, ending } = splitName({ name: formatFileName(turned), ending: findExtension(turned) });
  assertEquals(ending, ".exe");
  assertEquals(/[\u202A-\u202E\u2066-\u2069]/.test(stem), false);
});

Deno.test("hasPicture keeps a place from the moment that a picture is wanted, and never shows what nobody asked for", () => {
  const states: readonly FileState[] = [
    "offered",
    "seeking",
    "receiving",
    "paused",
    "here",
    "gone",
    "failed",
  ];
  assertEquals(states.map((state) => hasPicture(fileRowWith({ state }))), [
    false,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  assertEquals(hasPicture(fileRowWith({ state: "here", isPicture: false })), false);
  assertEquals(hasPicture(fileRowWith({ state: "here", sizeBytes: SHOWN_BYTES_MAX + 1 })), false);
});

Deno.test("findFileNews tells the end and quarters, each once, and nothing of what is ours", () => {
  const at = (state: FileState, gotBytes: number) => fileRowWith({ state, gotBytes });
  assertEquals(findFileNews(undefined, at("here", 1_000)), null);
  assertEquals(findFileNews(at("receiving", 0), at("receiving", 249)), null);
  assertEquals(findFileNews(at("receiving", 249), at("receiving", 250)), 25);
  assertEquals(findFileNews(at("receiving", 250), at("receiving", 499)), null);
  assertEquals(findFileNews(at("receiving", 250), at("receiving", 900)), 75);
  assertEquals(findFileNews(at("receiving", 900), at("receiving", 1_000)), null);
  assertEquals(findFileNews(at("receiving", 900), at("here", 1_000)), "here");
  assertEquals(findFileNews(at("here", 1_000), at("here", 1_000)), null);
  assertEquals(findFileNews(at("seeking", 0), at("failed", 0)), "failed");
  assertEquals(
    findFileNews(fileRowWith({ state: "gone", mine: true }), fileRowWith({ state: "here", mine: true })),
    null,
  );
});

Deno.test("Sizes, speeds and times are told in powers of ten, in the user's language", () => {
  const cases = [
    [0, "0 bytes", "0 Byte"],
    [1, "1 byte", "1 Byte"],
    [999, "999 bytes", "999 Byte"],
    [1_234, "1.2 kB", "1,2 kB"],
    [999_499, "999 kB", "999 kB"],
    [999_500, "1 MB", "1 MB"],
    [12_345_678, "12 MB", "12 MB"],
    [1.5e12, "1.5 TB", "1,5 TB"],
  ] as const;
  for (const [bytes, english, german] of cases) {
    assertEquals([formatFileSize(bytes, "en"), formatFileSize(bytes, "de")].map(plain), [english, german]);
  }
  assertEquals(plain(formatRate(26_000_000, "en")), "26 MB/s");
  const times = [0, 999, 59_000, 61_000, 7_200_000].map((ms) => plain(formatDuration(ms, "en")));
  assertEquals(times, ["1 sec", "1 sec", "59 sec", "1 min", "2 hr"]);
});

Deno.test("filesIn gives those of the conversation, the newest first", () => {
  const other = fileRowWith({ id: "x", roomId: "other" as RoomId });
  const old = fileRowWith({ id: "old", number: 9, time: "2026-11-19T12:00:00.000Z" });
  const rows = [old, fileRowWith({ id: "first" }), fileRowWith({ id: "second", number: 2 }), other];
  const files = rows.reduce(withFile, new Map<string, FileRow>() as ReadonlyMap<string, FileRow>);
  assertEquals(listRoomFiles(files, "room").map(({ id }) => id), ["second", "first", "old"]);
});

Deno.test("An offer stands in the log as something said, with its author and how far it has come", () => {
  const offer = { kind: "file", notice: true, file: "id" };
  const rows = [rowOf("bob", 1), rowOf("bob", 2, offer), rowOf("me", 1, { ...offer, state: "kept" })];
  const items = buildItems(rows, { isStart: false, newFrom: null, dayOf: (time) => time.slice(0, 10) });
  const look = items.map((item) => "isFirst" in item ? [item.kind, item.isFirst, item.isStateShown] : []);
  assertEquals(look, [["message", true, false], ["offer", false, false], ["offer", true, true]]);
  const [, item] = items;
  assert(item !== undefined);
  const heights = [undefined, fileRowWith({ state: "offered" }), fileRowWith({ state: "receiving" })]
    .map((file) => estimateHeight(item, { logWidth: 800, file }));
  assertEquals(heights[0], heights[1]);
  assert((heights[2] ?? 0) > (heights[1] ?? 0) + 240);
});

Deno.test("parseNotice takes the name of an offer out of the node's own sentence", () => {
  const offer = {
    sizeBytes: 1,
    filesCount: 1,
    manifestBytes: 1,
    manifest: "",
    type: "text/plain",
    name: 'a "b".txt',
  };
  const text = formatOffer(offer);
  assertEquals(parseNotice({ kind: "file", text }), { says: "file", name: "a 'b'.txt" });
  const folder = formatOffer({ ...offer, type: "inode/directory" });
  assertEquals(formatNotice(parseNotice({ kind: "file", text: folder })), "offers the folder “a 'b'.txt”");
  assertEquals(parseNotice({ kind: "file", text: "sent something" }), { says: "unknown" });
});

Deno.test("groupIntoParcels makes one offer of each file and of each folder", () => {
  const blob = (text: string) => new Blob([text]);
  const parcels = groupIntoParcels([
    { path: ["a.txt"], blob: blob("12") },
    { path: ["trip", "1.txt"], blob: blob("123") },
    { path: ["trip", "sub", "2.txt"], blob: blob("1") },
    { path: ["lost"], blob: null },
    { path: ["deep", ...Array<string>(PARCEL_DEPTH_MAX).fill("x")], blob: blob("") },
  ]);
  assertEquals(
    parcels.map((
      { name, isFolder, files, sizeBytes, problem },
    ) => [name, isFolder, files.length, sizeBytes, problem]),
    [
      ["trip", true, 2, 4, null],
      ["deep", true, 1, 0, "deep"],
      ["a.txt", false, 1, 2, null],
      ["lost", false, 1, 0, "unread"],
    ],
  );
  const many = Array.from(
    { length: PARCEL_FILES_MAX + 1 },
    (_, at) => ({ path: ["all", `${at}`], blob: blob("") }),
  );
  assertEquals(groupIntoParcels(many)[0]?.problem, "many");
});

Deno.test("The page's limits are the node's", () => {
  assertEquals([PARCEL_FILES_MAX, PARCEL_DEPTH_MAX], [OFFER_FILES_MAX, DEPTH_MAX]);
  assertEquals(SHOWN_BYTES_MAX, NODE_SHOWN_BYTES_MAX);
});

Deno.test("toUploadPath leads to no other place than the upload's own", () => {
  const cases: readonly (readonly [path: readonly string[], way: string])[] = [
    [["a b.txt"], "a%20b.txt"],
    [["trip", "ü?#.png"], "trip/%C3%BC%3F%23.png"],
    [["../x"], "..%2Fx"],
    [["a\\b"], "a%5Cb"],
    [["half\uD800"], "half%EF%BF%BD"],
    [["100%"], "100%25"],
  ];
  for (const [path, way] of cases) {
    assertEquals(toUploadPath({ path }), way);
    const { pathname } = new URL(`/upload/${"u".repeat(16)}/${way}`, "http://127.0.0.1");
    assertEquals(pathname, `/upload/${"u".repeat(16)}/${way}`);
  }
});

Deno.test("Names of the user's own hide nothing either, and pasted pictures are told apart", () => {
  assertEquals(shortenName("\u202Egpj.exe"), "�gpj.exe");
  assertEquals(shortenName("a\nb\u200B.txt"), "a�b�.txt");
  assertEquals([...shortenName("x".repeat(200))].length, 64);
  assertEquals(namePastedFile("image.png", "2026-11-21 20-52-01"), "2026-11-21 20-52-01.png");
  assertEquals(namePastedFile("cat.png", "2026-11-21 20-52-01"), "cat.png");
  const of = (type: string) => groupIntoParcels([{ path: ["x"], blob: new Blob([], { type }) }])[0];
  const previewed = ["image/png", "image/svg+xml", "text/html", ""].map((type) => {
    const parcel = of(type);
    return parcel !== undefined && isPreviewed(parcel);
  });
  assertEquals(previewed, [true, false, false, false]);
});

function plain(text: string): string {
  return text.replaceAll(/[\u00A0\u202F]/g, " ");
}
