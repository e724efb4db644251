import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  parsePeerId,
  parseRoomId,
  type PeerId,
  type RoomId,
  toPeerId,
  toPeerKey,
  toRoomBytes,
  toRoomId,
} from "../../src/room/id.ts";

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index * 8);
const KEY_TEXT = "aaebagbafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4a";
const ROOM = Uint8Array.from({ length: 16 }, (_, index) => 255 - index);
const ROOM_TEXT = "777p37h37l47r57w6x2ph4xr6a";

Deno.test("peer and room ids are the base32 of their bytes, both ways", () => {
  assertEquals(toPeerId(KEY), KEY_TEXT as PeerId);
  assertEquals(toPeerKey(KEY_TEXT as PeerId), KEY);
  assertEquals(parsePeerId(KEY_TEXT), KEY_TEXT as PeerId);
  assertEquals(toRoomId(ROOM), ROOM_TEXT as RoomId);
  assertEquals(toRoomBytes(ROOM_TEXT as RoomId), ROOM);
  assertEquals(parseRoomId(ROOM_TEXT), ROOM_TEXT as RoomId);
});

Deno.test("toPeerId and toRoomId refuse bytes of another length", () => {
  for (const size of [0, 16, 31, 33]) {
    assertThrows(() => toPeerId(new Uint8Array(size)), RangeError, "32 bytes");
  }
  for (const size of [0, 15, 17, 32]) {
    assertThrows(() => toRoomId(new Uint8Array(size)), RangeError, "16 bytes");
  }
});

Deno.test("parsePeerId and parseRoomId take one spelling of an id only", () => {
  const foreign = [
    "",
    KEY_TEXT.slice(1),
    KEY_TEXT + "a",
    KEY_TEXT.toUpperCase(),
    KEY_TEXT.replace("y", "1"),
    KEY_TEXT.replace("y", "é"),
    KEY_TEXT.replace("y", " "),
    KEY_TEXT.slice(0, -1) + "b", // The last of the four padding bits is set.
    KEY_TEXT.slice(0, -1) + "i",
    "🙂".repeat(26),
  ];
  for (const text of foreign) assertEquals(parsePeerId(text), null, text);
  for (
    const text of ["", ROOM_TEXT.slice(1), ROOM_TEXT.slice(0, -1) + "5", ROOM_TEXT.toUpperCase(), KEY_TEXT]
  ) {
    assertEquals(parseRoomId(text), null, text);
  }
});

Deno.test("every key and every room has an id of its own, and that id alone stands for it", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(fc.property(bytes(32), bytes(16), (key, room) => {
    const peer = toPeerId(key);
    assertEquals(peer.length, 52);
    assertEquals(toPeerKey(peer), key);
    assertEquals(parsePeerId(peer), peer);
    const id = toRoomId(room);
    assertEquals(id.length, 26);
    assertEquals(toRoomBytes(id), room);
    assertEquals(parseRoomId(id), id);
  }));
});

Deno.test("parsePeerId takes a text only if it is the id of its key", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz234567"),
    minLength: 52,
    maxLength: 52,
  });
  fc.assert(fc.property(text, (candidate) => {
    const peer = parsePeerId(candidate);
    assert(peer === null || toPeerId(toPeerKey(peer)) === candidate);
  }));
});
