import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeBase32, encodeBase32 } from "../../src/encoding/base32.ts";

/** RFC 4648, section 10, in lower case and without padding. */
const BASE32: readonly (readonly [text: string, base32: string])[] = [
  ["", ""],
  ["f", "my"],
  ["fo", "mzxq"],
  ["foo", "mzxw6"],
  ["foob", "mzxw6yq"],
  ["fooba", "mzxw6ytb"],
  ["foobar", "mzxw6ytboi"],
];

Deno.test("encodeBase32 and decodeBase32 follow RFC 4648", () => {
  for (const [text, base32] of BASE32) {
    const bytes = new TextEncoder().encode(text);
    assertEquals(encodeBase32(bytes), base32);
    assertEquals(decodeBase32(base32, bytes.length), bytes);
  }
});

Deno.test("decodeBase32 refuses another length, foreign characters and set padding bits", () => {
  const wrong: readonly (readonly [text: string, length: number])[] = [
    ["mzxq", 1],
    ["mzxq", 3],
    ["", 1],
    ["my", 0],
    ["MY", 1],
    ["m1", 1],
    ["m=", 1],
    ["mé", 1],
    ["mz", 1], // The lowest of the two padding bits is set.
    ["m3", 1],
  ];
  for (const [text, length] of wrong) {
    assertEquals(decodeBase32(text, length), null, `${text} as ${length} bytes`);
  }
});

Deno.test("decodeBase32 returns the bytes that encodeBase32 was given", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
    assertEquals(decodeBase32(encodeBase32(bytes), bytes.length), bytes);
  }));
});
