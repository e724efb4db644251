import { assertEquals, assertNotEquals } from "@std/assert";
import { deriveDirectRoom, foundRoom, readRoomInfo } from "../../src/room/access.ts";
import type { Body } from "../../src/room/entry.ts";
import type { RoomId } from "../../src/room/id.ts";
import { ALICE, BOB, CAROL, CRYPTO, entryOf, founding, SALT, WALL_MS } from "../fixtures/room/people.ts";

Deno.test("foundRoom makes an open room, and roomOf reads what it is", () => {
  const entry = founding();
  assertEquals(entry.body, ["Attic", "open", "BwcHBwcHBwcHBwcHBwcHBw"]);
  assertEquals(readRoomInfo(entry), {
    id: "35sbuaqjffemqgnkn73ze6orpy" as RoomId,
    access: "open",
    title: "Attic",
    founders: [ALICE.id],
  });
});

Deno.test("foundRoom gives another id for another title, creator, name, time or salt", () => {
  const made = { title: "Attic", salt: SALT, name: "alice", wallMs: WALL_MS };
  const others = [
    foundRoom({ ...made, title: "attic" }, ALICE.signer, CRYPTO),
    foundRoom({ ...made, salt: new Uint8Array(16) }, ALICE.signer, CRYPTO),
    foundRoom({ ...made, name: "Alice" }, ALICE.signer, CRYPTO),
    foundRoom({ ...made, wallMs: WALL_MS + 1 }, ALICE.signer, CRYPTO),
    foundRoom(made, BOB.signer, CRYPTO),
  ];
  assertEquals(new Set([founding(), ...others].map((entry) => entry.room)).size, 6);
});

const BODIES: readonly (readonly [body: Body, title: string | null])[] = [
  [["Attic", "open", "salt"], "Attic"],
  [["Attic", "open"], "Attic"],
  [["Attic", "open", "salt", "of a later version"], "Attic"],
  [["\u202eAttic\n", "open", ""], "\u202eAttic\n"], // Foreign text: made safe where it is shown.
  [["x".repeat(255), "open", ""], "x".repeat(255)],
  [["x".repeat(256), "open", ""], null],
  [["\u4e00".repeat(85), "open", ""], "\u4e00".repeat(85)],
  [["\u4e00".repeat(86), "open", ""], null], // It would not fit into a profile, and its host would fall over it.
  [["", "open", ""], null],
  [["Attic"], null],
  [["Attic", "by invitation", ""], null],
  [["Attic", "direct", ""], null],
  [["Attic", "Open", ""], null],
  [[], null],
  ["Attic", null],
];

Deno.test("roomOf knows open rooms with a title, and no others", () => {
  for (const [body, title] of BODIES) {
    const entry = entryOf({ room: null, number: 1, prev: "", clock: 1, kind: "room", body });
    assertEquals(readRoomInfo(entry)?.title ?? null, title, JSON.stringify(body));
  }
});

Deno.test("roomOf makes no room of an entry of another kind", () => {
  assertEquals(readRoomInfo(entryOf({ body: ["Attic", "open", "salt"] })), null);
});

Deno.test("directRoom gives both sides the golden id, and the two in one order", () => {
  // Made with Python: SHA-256 of "earshot direct 1\0", Bob's key and Alice's, whose ids as text are in this order.
  const room = {
    id: "sc5x2aqapqyf4hkne5naqnmcji" as RoomId,
    access: "direct",
    title: "",
    founders: [BOB.id, ALICE.id],
  } as const;
  assertEquals(deriveDirectRoom(ALICE.id, BOB.id, CRYPTO), room);
  assertEquals(deriveDirectRoom(BOB.id, ALICE.id, CRYPTO), room);
  assertNotEquals(deriveDirectRoom(ALICE.id, CAROL.id, CRYPTO).id, room.id);
});
