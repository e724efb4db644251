import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeBase64Url, encodeBase64Url } from "../../src/encoding/base64url.ts";
import { anyText } from "../fixtures/room/people.ts";

/** RFC 4648, section 10, without padding; and the two characters that differ from plain base64. */
const GOLDEN: readonly (readonly [bytes: readonly number[], text: string])[] = [
  [[], ""],
  [[0x66], "Zg"],
  [[0x66, 0x6f], "Zm8"],
  [[0x66, 0x6f, 0x6f], "Zm9v"],
  [[0x66, 0x6f, 0x6f, 0x62], "Zm9vYg"],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61], "Zm9vYmE"],
  [[0x66, 0x6f, 0x6f, 0x62, 0x61, 0x72], "Zm9vYmFy"],
  [[0xfb, 0xef, 0xbe], "----"],
  [[0xff, 0xff, 0xff], "____"],
  [[0x00, 0x00], "AAA"],
];

Deno.test("base64url is what RFC 4648 says, both ways", () => {
  for (const [bytes, text] of GOLDEN) {
    assertEquals(encodeBase64Url(Uint8Array.from(bytes)), text);
    assertEquals(decodeBase64Url(text, bytes.length), Uint8Array.from(bytes));
  }
});

Deno.test("decodeBase64Url refuses every other length than the one asked for", () => {
  for (const [bytes, text] of GOLDEN) {
    for (let length = 0; length < 12; length++) {
      if (length !== bytes.length) assertEquals(decodeBase64Url(text, length), null, `${text} as ${length}`);
    }
  }
});

Deno.test("decodeBase64Url refuses every truncation, and anything behind", () => {
  const text = "32QaAgkpSMgZqm_3knnRfg";
  for (let size = 0; size < text.length; size++) {
    assertEquals(decodeBase64Url(text.slice(0, size), 16), null);
  }
  for (const more of ["A", "=", "==", " ", "\n", "\0"]) assertEquals(decodeBase64Url(text + more, 16), null);
});

Deno.test("decodeBase64Url takes one text for each value, and no foreign character", () => {
  const refused: readonly (readonly [text: string, length: number, why: string])[] = [
    ["Zh", 1, "bits behind the last byte that are not zero"],
    ["Zm9", 2, "the same behind two bytes"],
    ["Zg==", 1, "padding"],
    ["Zg==", 3, "padding of the right length"],
    ["++++", 3, "plain base64"],
    ["////", 3, "plain base64"],
    ["Zm9\n", 3, "a newline, which atob would skip"],
    ["Zm 9", 3, "a space"],
    ["Zm9é", 3, "not ASCII"],
    ["Zm9\ud800", 3, "half a character"],
    ["Zm9\0", 3, "a zero"],
  ];
  for (const [text, length, why] of refused) assertEquals(decodeBase64Url(text, length), null, why);
});

Deno.test("base64url brings any bytes back", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    assertEquals(decodeBase64Url(encodeBase64Url(bytes), bytes.length), bytes);
  }));
});

Deno.test("decodeBase64Url never throws, and what it takes is canonical", () => {
  const text = fc.oneof(
    anyText(24),
    fc.string({ unit: fc.constantFrom(..."AQgwZz09-_+/= \n"), maxLength: 24 }),
  );
  fc.assert(fc.property(text, fc.nat(20), (text, length) => {
    const bytes = decodeBase64Url(text, length);
    if (bytes !== null) assertEquals([bytes.length, encodeBase64Url(bytes)], [length, text]);
  }));
});
