import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { linkify } from "../../../../src/web/app/state/linkify.ts";

const links = (text: string) => linkify(text).flatMap(({ text, href }) => href === null ? [] : [text]);

const CASES: readonly (readonly [text: string, found: readonly string[]])[] = [
  ["see https://example.org.", ["https://example.org"]],
  ["(https://example.org/a_(b))", ["https://example.org/a_(b)"]],
  ["HTTP://EXAMPLE.ORG/x?y=1#z, and http://a.b!", ["HTTP://EXAMPLE.ORG/x?y=1#z", "http://a.b"]],
  ["<https://example.org>", ["https://example.org"]],
  ["„https://example.org“", ["https://example.org"]],
  ["http://192.168.43.1:8080/", ["http://192.168.43.1:8080/"]],
  ["javascript:alert(1)", []],
  ["javascript://example.org/%0aalert(1)", []],
  ["data:text/html,<script>alert(1)</script>", []],
  ["file:///etc/passwd ftp://example.org earshot://192.168.43.1:9999/a", []],
  ["https://", []],
  ["https://bank.example@evil.example/", []],
  ["xhttps://example.org", []],
  ["no link", []],
];

for (const [text, found] of CASES) {
  Deno.test(`linkPieces finds ${found.length} in ${JSON.stringify(text)}`, () =>
    assertEquals(links(text), found));
}

Deno.test("linkPieces loses and adds nothing, and every address is http or https", () => {
  const part = fc.constantFrom(
    "http://",
    "https://",
    "a.b",
    "/",
    "(",
    ")",
    ".",
    " ",
    "javascript:",
    "\n",
    "\u202e",
    "é",
    "@",
    '"',
    "%00",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string({ unit: "grapheme" })), { maxLength: 12 }), (parts) => {
      const text = parts.join("");
      const pieces = linkify(text);
      assertEquals(pieces.map((piece) => piece.text).join(""), text);
      for (const { href } of pieces) if (href !== null) assertEquals(/^https?:\/\//.test(href), true);
    }),
  );
});

Deno.test("linkPieces takes a hostile text of 64 KiB in a moment, and makes a hundred links of it", () => {
  assertEquals(links("http://a.b ".repeat(6_000)).length, 100);
  assertEquals(links(`http://a.b/${"(".repeat(60_000)}`).length, 0);
  assertEquals(links(`http://a.b/${")".repeat(60_000)}`).length, 0);
  assertEquals(links(`http://a.b/${")".repeat(1_000)} `.repeat(60)).length, 60);
  // Once three nested loops: a second for each of these.
  const knot = `https://a/${".".repeat(1_400)}x${")".repeat(600)}`;
  assertEquals(links(`${knot} `.repeat(30)).length, 30);
});
