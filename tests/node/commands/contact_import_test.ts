import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseOldContacts } from "../../../src/node/commands/contact_import.ts";
import { parseName } from "../../../src/text/name.ts";

const LINES: readonly (readonly [line: string, contact: [address: string, port: number, name: string]])[] = [
  ["192.168.1.5 9999 Bob", ["192.168.1.5", 9999, "Bob"]],
  ["192.168.1.5:9998 Bob", ["192.168.1.5", 9998, "Bob"]],
  ["192.168.1.5 Bob", ["192.168.1.5", 9999, "Bob"]],
  ["\t 192.168.1.5 \t 8080\tBob  ", ["192.168.1.5", 8080, "Bob"]],
  ["192.168.1.5 1 4you", ["192.168.1.5", 1, "4you"]],
  ["192.168.1.5 4you", ["192.168.1.5", 9999, "4you"]],
  ["fe80::1 9999 Bob", ["fe80::1", 9999, "Bob"]],
  ["[fe80::1]:9998 Bob", ["fe80::1", 9998, "Bob"]],
  ["[fe80::1] Bob", ["fe80::1", 9999, "Bob"]],
  ["192.168.1.5 9999 Bob Smith", ["192.168.1.5", 9999, "Bob-Smith"]],
  ['192.168.1.5 9999 "Bob Smith"', ["192.168.1.5", 9999, "Bob-Smith"]],
  ["192.168.1.5 9999 @bob", ["192.168.1.5", 9999, "bob"]],
  ["192.168.1.5 9999 Bob: work, home", ["192.168.1.5", 9999, "Bob-work-home"]],
  ["192.168.1.5 9999 J\uFFFDrg", ["192.168.1.5", 9999, "J\uFFFDrg"]],
  ["192.168.1.5 9999 Bob\x07", ["192.168.1.5", 9999, "Bob"]],
  [`192.168.1.5 9999 ${"x".repeat(40)}`, ["192.168.1.5", 9999, "x".repeat(32)]],
  ["192.168.1.5 9999 :::", ["192.168.1.5", 9999, "guest"]],
  ["192.168.1.5 9999 Bob\0\0", ["192.168.1.5", 9999, "Bob"]],
];

for (const [line, [address, port, name]] of LINES) {
  Deno.test(`parseOldContacts takes ${JSON.stringify(line)}`, () => {
    assertEquals(parseOldContacts(line), { contacts: [{ address, port, name }], broken: [] });
    const parsed = parseName(name);
    assert("name" in parsed, "it can be typed");
  });
}

const BROKEN: readonly (readonly [line: string, reason: string])[] = [
  ["Bob", '"Bob" is not an IP address'],
  ["bobs-pc 9999 Bob", '"bobs-pc" is not an IP address'],
  ["300.1.1.1 9999 Bob", '"300.1.1.1" is not an IP address'],
  ["192.168.1 9999 Bob", '"192.168.1" is not an IP address'],
  ["- 9999 Bob", '"-" is not an IP address'],
  ["192.168.1.5 0 Bob", '"0" is not a port from 1 to 65535'],
  ["192.168.1.5 65536 Bob", '"65536" is not a port from 1 to 65535'],
  ["192.168.1.5:99999 Bob", '"99999" is not a port from 1 to 65535'],
  ["192.168.1.5", "it has no name"],
  ["192.168.1.5 9999", "it has no name"],
  ["192.168.1.5:9999", "it has no name"],
  ['192.168.1.5 9999 ""', "it has no name"],
  ["\x1b[2J 9999 Bob", '"^[[2J" is not an IP address'],
];

for (const [line, reason] of BROKEN) {
  Deno.test(`parseOldContacts says what is wrong with ${JSON.stringify(line)}`, () => {
    const { contacts, broken } = parseOldContacts(`# mine\n\n${line}\n`);
    assertEquals(contacts, []);
    assertEquals(broken.map(({ line, reason }) => [line, reason]), [[3, reason]]);
  });
}

Deno.test("parseOldContacts reads a file as Windows, a Mac of old and editors write it, and numbers lines as they do", () => {
  const { contacts, broken } = parseOldContacts(
    "\uFEFF# my friends\r\n10.0.0.1 9999 Ada\r\n\r\n  # off: 10.0.0.9 9999 Eve\rnonsense\r10.0.0.2\t9999\tBob\n\x1A",
  );
  assertEquals(contacts.map(({ address, name }) => [address, name]), [["10.0.0.1", "Ada"], [
    "10.0.0.2",
    "Bob",
  ]]);
  assertEquals(broken, [{
    line: 5,
    text: "nonsense",
    reason: '"nonsense" is not an IP address',
    reasonMessage: { code: "import.not-address", values: { text: "nonsense" } },
  }]);
});

Deno.test("parseOldContacts shows the beginning of a very long line", () => {
  const [only] = parseOldContacts("x".repeat(100_000)).broken;
  assertEquals(only?.text, `${"x".repeat(79)}…`);
  assert((only?.reason.length ?? 0) < 200);
});

Deno.test("parseOldContacts takes any text, and every line is taken, left out or told", () => {
  const piece = fc.constantFrom(
    "10.0.0.1",
    " ",
    "\t",
    "\n",
    "\r",
    "9999",
    ":",
    "Bob",
    "#",
    "[",
    "]",
    "::1",
    '"',
    "\uFEFF",
    "\0",
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.array(piece).map((pieces) => pieces.join("")));
  fc.assert(fc.property(text, (text) => {
    const { contacts, broken } = parseOldContacts(text);
    const lines = text.replaceAll("\uFEFF", "").split(/\r\n|\r|\n/).map((line) =>
      line.replaceAll("\0", "").replaceAll("\x1A", "").trim()
    );
    assertEquals(
      contacts.length + broken.length,
      lines.filter((line) => line !== "" && !line.startsWith("#")).length,
    );
    assert(contacts.every(({ name, port }) => "name" in parseName(name) && port >= 1 && port <= 65_535));
  }));
});
