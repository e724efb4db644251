import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { WorldError } from "../../../src/errors.ts";
import { ROOM_ID_BYTES, toRoomId } from "../../../src/room/id.ts";
import {
  findDefaultHome,
  findFormerHome,
  formatRoomFolderName,
  parseRoomFolderName,
} from "../../../src/store/home/paths.ts";

const ID = toRoomId(new Uint8Array(ROOM_ID_BYTES).fill(7));

const HOMES: [os: string, env: Record<string, string>, home: string][] = [
  ["linux", { HOME: "/home/ada" }, "/home/ada/.local/share/earshot"],
  ["linux", { HOME: "/home/ada", XDG_DATA_HOME: "/data" }, "/data/earshot"],
  ["linux", { HOME: "/home/ada", XDG_DATA_HOME: "/data/" }, "/data/earshot"],
  ["linux", { HOME: "/home/ada", XDG_DATA_HOME: "data" }, "/home/ada/.local/share/earshot"],
  ["linux", { HOME: "/home/ada", XDG_DATA_HOME: "" }, "/home/ada/.local/share/earshot"],
  ["freebsd", { HOME: "/home/ada" }, "/home/ada/.local/share/earshot"],
  [
    "darwin",
    { HOME: "/Users/ada", XDG_DATA_HOME: "/data" },
    "/Users/ada/Library/Application Support/earshot",
  ],
  [
    "windows",
    { APPDATA: "C:\\Roaming", LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local", HOME: "/x" },
    "C:\\Users\\ada\\AppData\\Local\\earshot",
  ],
  ["linux", { EARSHOT_HOME: "/else", HOME: "/home/ada", XDG_DATA_HOME: "/data" }, "/else"],
  ["windows", { EARSHOT_HOME: "D:\\else" }, "D:\\else"],
  ["linux", { EARSHOT_HOME: "~/e", HOME: "/home/ada" }, "/home/ada/e"],
  ["linux", { EARSHOT_HOME: "~", HOME: "/home/ada" }, "/home/ada"],
  ["linux", { EARSHOT_HOME: "~ada/e", HOME: "/home/ada" }, "~ada/e"],
  ["windows", { EARSHOT_HOME: "~\\e", USERPROFILE: "C:\\Users\\ada" }, "C:\\Users\\ada\\e"],
];

for (const [os, env, home] of HOMES) {
  Deno.test(`defaultHome is ${home} on ${os} with ${JSON.stringify(env)}`, () => {
    assertEquals(findDefaultHome((name) => env[name], os), home);
  });
}

Deno.test("defaultHome says what to do where the environment names no place", () => {
  for (const os of ["linux", "darwin"]) {
    assertThrows(
      () => findDefaultHome(() => undefined, os),
      WorldError,
      "HOME is not set. Name a folder with --home",
    );
  }
  assertThrows(() => findDefaultHome(() => undefined, "windows"), WorldError, "LOCALAPPDATA is not set");
});

Deno.test("findFormerHome is in the roaming part of a Windows profile, unless a home is named", () => {
  const cases: [os: string, env: Record<string, string>, home: string | null][] = [
    ["windows", { APPDATA: "C:\\Roaming", LOCALAPPDATA: "C:\\Local" }, "C:\\Roaming\\earshot"],
    ["windows", { APPDATA: "C:\\Roaming", EARSHOT_HOME: "D:\\else" }, null],
    ["windows", { LOCALAPPDATA: "C:\\Local" }, null],
    ["linux", { APPDATA: "C:\\Roaming", HOME: "/home/ada" }, null],
  ];
  for (const [os, env, home] of cases) assertEquals(findFormerHome((name) => env[name], os), home);
});

const TITLES: [title: string, start: string][] = [
  ["Attic", "Attic"],
  ["the attic, 3rd floor", "the-attic-3rd-floor"],
  ["Dachboden (süd)", "Dachboden-süd"],
  ["u\u0308ber", "über"],
  ["屋根裏", "屋根裏"],
  ["चर्चा", "चर्चा"],
  ["snake_case-kept", "snake_case-kept"],
  ["../../etc/passwd", "etc-passwd"],
  ["..", "room"],
  [".hidden", "hidden"],
  ['a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"],
  ["line\nbreak\0nul\u202Erev", "line-break-nul-rev"],
  ["🎉🎉", "room"],
  ["", "room"],
  ["CON", "CON"],
  ["x".repeat(100), "x".repeat(40)],
  [`${"x".repeat(39)} y`, "x".repeat(39)],
  ["𝔸".repeat(50), "𝔸".repeat(40)],
  ["\uD800", "room"],
];

for (const [title, start] of TITLES) {
  Deno.test(`roomFolderName of ${JSON.stringify(title)} begins with ${start}`, () => {
    assertEquals(formatRoomFolderName(ID, title), `${start}-${ID}`);
  });
}

Deno.test("roomFolderName fits every file system and leads back to the room, whatever the title", () => {
  const unit = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));
  fc.assert(fc.property(fc.string({ unit, maxLength: 200 }), (title) => {
    const name = formatRoomFolderName(ID, title);
    assertEquals(parseRoomFolderName(name), ID);
    assert(new TextEncoder().encode(name).length <= 255);
    assert(/^[\p{L}\p{M}\p{N}_-]+$/u.test(name));
    assert(!/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name));
  }));
});

Deno.test("roomIdOfFolder goes by what stands behind the last dash", () => {
  assertEquals(parseRoomFolderName(ID), ID);
  assertEquals(parseRoomFolderName(`renamed by hand - ${ID}`), null);
  assertEquals(parseRoomFolderName(`renamed by hand-${ID}`), ID);
  assertEquals(parseRoomFolderName(`x${ID}`), null);
  assertEquals(parseRoomFolderName(`Attic-${ID} (copy)`), null);
  assertEquals(parseRoomFolderName(`Attic-${ID.slice(1)}`), null);
  assertEquals(parseRoomFolderName(""), null);
});
