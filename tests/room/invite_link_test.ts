import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { toPeerId, toRoomId } from "../../src/room/id.ts";
import { formatLink, isLink, parseLink } from "../../src/room/invite_link.ts";

const ROOM = toRoomId(new Uint8Array(16).fill(7));
const PEER = toPeerId(new Uint8Array(32).fill(0x11));
const SECRET = new Uint8Array(16).fill(0x42);
const ENDPOINT = { address: "192.168.43.1", port: 9999 };
const GOLDEN =
  "earshot://192.168.43.1:9999/a4dqobyha4dqobyha4dqobyha4/ijbeeqscijbeeqscijbeeqscii/ceirceirceirceir";
const SAID = { endpoint: ENDPOINT, room: ROOM, secret: SECRET, keyStart: "ceirceirceirceir" };

Deno.test("formatLink writes the golden link, and parseLink reads it", () => {
  assertEquals(formatLink({ endpoint: ENDPOINT, room: ROOM, secret: SECRET, peer: PEER }), GOLDEN);
  assertEquals(parseLink(GOLDEN), SAID);
});

Deno.test("parseLink reads links in capitals and with what copying brings along", () => {
  for (const text of [GOLDEN.toUpperCase(), `  ${GOLDEN}\n`, `<${GOLDEN}>`, `"${GOLDEN}".`, `(${GOLDEN}/)`]) {
    assert(isLink(text), text);
    assertEquals(parseLink(text), SAID, text);
  }
});

Deno.test("parseLink reads the link of an open room, and one with an IPv6 address", () => {
  const open = { endpoint: { address: "fe80::1", port: 1 }, room: ROOM, secret: null, peer: PEER };
  assertEquals(formatLink(open), "earshot://[fe80::1]:1/a4dqobyha4dqobyha4dqobyha4/-/ceirceirceirceir");
  assertEquals(parseLink(formatLink(open)), {
    endpoint: open.endpoint,
    room: ROOM,
    secret: null,
    keyStart: "ceirceirceirceir",
  });
});

Deno.test("parseLink takes no link that lacks anything", () => {
  for (let size = 0; size < GOLDEN.length; size++) assertEquals(parseLink(GOLDEN.slice(0, size)), null);
  const wrong = [
    GOLDEN.replace("9999", "0"),
    GOLDEN.replace("9999", "65536"),
    GOLDEN.replace("192.168.43.1", "example.org"),
    GOLDEN.replace("/ijbe", "/1jbe"),
    GOLDEN.replace("eqscii/", "eqscij/"), // Padding bits that are not zero.
    GOLDEN.replace("earshot:", "https:"),
    `${GOLDEN}aa`,
    `${GOLDEN} and more`,
    GOLDEN.replace("/a4dq", "/ a4dq"),
    `earshot://${"9".repeat(1_000_000)}`,
  ];
  for (const text of wrong) assertEquals(parseLink(text), null, text.slice(0, 120));
});

Deno.test("isLink knows what is meant as a link, whole or not", () => {
  for (const text of ["earshot://", "EARSHOT://x", ` "earshot://cut`]) assert(isLink(text), text);
  for (const text of ["", "Attic", "192.168.43.1", "say earshot://x", "x".repeat(100_000)]) {
    assert(!isLink(text));
  }
});

Deno.test("parseLink reads whatever formatLink writes", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const endpoint = fc.record({ address: fc.ipV4(), port: fc.integer({ min: 1, max: 65_535 }) });
  fc.assert(fc.property(bytes(16), bytes(16), bytes(32), endpoint, (room, secret, key, at) => {
    const link = { endpoint: at, room: toRoomId(room), secret, peer: toPeerId(key) };
    const keyStart = link.peer.slice(0, 16);
    assertEquals(parseLink(formatLink(link)), { endpoint: at, room: link.room, secret, keyStart });
  }));
});
