import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { linkify } from "../../../../src/web/app/state/linkify.ts";

const links = (text: string) =>
  linkify(text).flatMap(({ text, href, isRoom }) => href === null && !isRoom ? [] : [text]);
const addresses = (text: string) => linkify(text).flatMap(({ href }) => href === null ? [] : [href]);

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
  ["file:///etc/passwd ftp://example.org earshot:/a earshot://192.168.43.1:9999", []],
  ["Join earshot://192.168.43.1:9999/kkk/-/bbb.", ["earshot://192.168.43.1:9999/kkk/-/bbb"]],
  ["see www.example.org/a, or (www.example.org)", ["www.example.org/a", "www.example.org"]],
  ["www.no awww.example.org https:/www.example.org", []],
  ["ask bob.smith+lan@mail.example.org.", ["bob.smith+lan@mail.example.org"]],
  ["联系bob@example.org谢谢", ["bob@example.org"]],
  ["bob@attic, @bob, a@b@example.org", []],
  ["printer: 10.0.0.5:8080, or 10.0.0.5:8080/status?x=1", ["10.0.0.5:8080", "10.0.0.5:8080/status?x=1"]],
  ["10.0.0.5 1.2.3.4.5:80 999.0.0.1:80 10.0.0.5:99999 10.0.0.5:8080x", []],
  ["看https://example.org/路径。谢谢", ["https://example.org/路径"]],
  ["（https://example.org）「www.example.org」、http://a.b！", [
    "https://example.org",
    "www.example.org",
    "http://a.b",
  ]],
  ["https://", []],
  ["https://bank.example@evil.example/", []],
  ["xhttps://example.org", []],
  ["no link", []],
];

for (const [text, found] of CASES) {
  Deno.test(`linkify finds ${found.length} in ${JSON.stringify(text)}`, () =>
    assertEquals(links(text), found));
}

Deno.test("linkify loses and adds nothing, and every address is of the web or of mail", () => {
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
    "www.",
    "earshot://",
    "10.0.0.5:80",
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
      for (const { href } of pieces) {
        if (href !== null) assertEquals(/^(?:https?:\/\/|mailto:[^:/]+$)/.test(href), true);
      }
    }),
  );
});

Deno.test("linkify takes a hostile text of 64 KiB in a moment, and makes a hundred links of it", () => {
  assertEquals(links("http://a.b ".repeat(6_000)).length, 100);
  assertEquals(links(`http://a.b/${"(".repeat(60_000)}`).length, 0);
  assertEquals(links(`http://a.b/${")".repeat(60_000)}`).length, 0);
  assertEquals(links(`http://a.b/${")".repeat(1_000)} `.repeat(60)).length, 60);
  assertEquals(links("a.".repeat(30_000)).length, 0);
  assertEquals(links(`${"a".repeat(60)}@`.repeat(1_000)).length, 0);
  assertEquals(links("1.1.1.1:".repeat(8_000)).length, 0);
  assertEquals(links(`a@${"b.".repeat(30_000)}`).length, 0);
  // Once three nested loops: a second for each of these.
  const knot = `https://a/${".".repeat(1_400)}x${")".repeat(600)}`;
  assertEquals(links(`${knot} `.repeat(30)).length, 30);
});

Deno.test("linkify opens the web by http unless the text says https, and mail by the mail program", () => {
  assertEquals(
    addresses("www.example.org 10.0.0.5:8080/a a@example.org https://b.example.org/ earshot://1.2.3.4:9/a/b"),
    [
      "http://www.example.org/",
      "http://10.0.0.5:8080/a",
      "mailto:a@example.org",
      "https://b.example.org/",
    ],
  );
});
