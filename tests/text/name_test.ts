import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseName, parseTitle, suggestName, toLookalikeKeys, toNameKey } from "../../src/text/name.ts";
import { sanitizeLine } from "../../src/text/sanitize.ts";

Deno.test("parseName takes what people are called", () => {
  for (
    const name of [
      "Anna",
      "a",
      "anna_b-2",
      "Jürgen",
      "Мария",
      "小明",
      "محمد",
      "O'Neil",
      "x.y+z",
      "🙂",
      "a#b",
      "a@b",
      "a/b",
      "a-",
    ]
  ) assertEquals(parseName(name), { name });
});

Deno.test("parseName keeps one spelling of a name", () => {
  assertEquals(parseName("Zoe\u0308"), { name: "Zo\u00EB" });
  assertEquals(parseName("\u1112\u1161\u11AB"), { name: "한" });
});

Deno.test("parseName counts characters, not code units, up to 32", () => {
  assertEquals(parseName("x".repeat(32)), { name: "x".repeat(32) });
  assertEquals(parseName("🙂".repeat(32)), { name: "🙂".repeat(32) });
  assertEquals(parseName("e\u0301".repeat(32)), { name: "é".repeat(32) });
});

const NAME_PROBLEMS: readonly (readonly [text: string, problem: string])[] = [
  ["", "A name cannot be empty"],
  ["x".repeat(45), "A name has at most 32 characters: this one has 45"],
  ["🙂".repeat(33), "A name has at most 32 characters: this one has 33"],
  ["x".repeat(1_000_000), "A name has at most 32 characters: this one has 1000000"],
  ["Anna Lena", 'A name cannot contain spaces: "Anna-Lena" would do'],
  [" Anna", 'A name cannot contain spaces: "Anna" would do'],
  ["a\u3000b", 'A name cannot contain spaces: "a-b" would do'],
  ["a\tb", 'A name cannot contain spaces: "a-b" would do'],
  ["a\nb", 'A name cannot contain spaces: "a-b" would do'],
  ["\u00A0", 'A name cannot contain spaces: "guest" would do'],
  ["a\x1b[2J", "A name cannot contain characters that cannot be seen: this one has U+001B"],
  ["a\x9bb", "A name cannot contain characters that cannot be seen: this one has U+009B"],
  ["a\u202Eb", "A name cannot contain characters that cannot be seen: this one has U+202E"],
  ["a\u200Bb", "A name cannot contain characters that cannot be seen: this one has U+200B"],
  ["a\u200Db", "A name cannot contain characters that cannot be seen: this one has U+200D"],
  ["❤\uFE0F", "A name cannot contain characters that cannot be seen: this one has U+FE0F"],
  ["\u3164", "A name cannot contain characters that cannot be seen: this one has U+3164"],
  ["\u2800", "A name cannot contain characters that cannot be seen: this one has U+2800"],
  ["a\u{E0041}", "A name cannot contain characters that cannot be seen: this one has U+E0041"],
  ["a\uE000", "A name cannot contain characters that cannot be seen: this one has U+E000"],
  ["a\uFFFF", "A name cannot contain characters that cannot be seen: this one has U+FFFF"],
  ["a\uD800", "A name cannot contain characters that cannot be seen: this one has U+D800"],
  ["a:b", 'A name cannot contain ":"'],
  ["a,b", 'A name cannot contain ","'],
  ["a·b", 'A name cannot contain "·"'],
  ["a\u0387b", 'A name cannot contain "·"'], // The Greek one is the same character in NFC.
  ["#a", 'A name cannot begin with "#"'],
  ["@a", 'A name cannot begin with "@"'],
  ["/quit", 'A name cannot begin with "/"'],
  ["--help", 'A name cannot begin with "-"'],
  ["\u0301a", 'A name has to be shown as it is: this one would look like "◌\u0301a"'],
  [
    "x" + "\u0302".repeat(6),
    `A name has to be shown as it is: this one would look like "x${"\u0302".repeat(4)}⟨+2⟩"`,
  ],
];

Deno.test("parseName says in a sentence what is wrong", () => {
  for (const [text, problem] of NAME_PROBLEMS) assertEquals(parseName(text), { problem }, problem);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..." \t-#@/:,·\\.aé🙂\u0301\u200B\u202E\uD800\u2800"), maxLength: 40 }),
);

Deno.test("parseName's names are safe lines and names again, and its problems are safe lines", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseName(text);
      if ("problem" in parsed) return assertEquals(sanitizeLine(parsed.problem), parsed.problem);
      assertEquals(parseName(parsed.name), parsed);
      assertEquals(sanitizeLine(parsed.name), parsed.name);
      assert(new TextEncoder().encode(parsed.name).length <= 255);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("nameKey is one for names that differ only in case, width or ligatures", () => {
  for (
    const [one, other] of [["Anna", "aNNA"], ["ＡＮＮＡ", "anna"], ["ﬁn", "FIN"], ["Zoe\u0308", "ZO\u00CB"], [
      "İ",
      "i\u0307",
    ]]
  ) {
    assertEquals(toNameKey(one ?? ""), toNameKey(other ?? ""), one);
  }
  assert(toNameKey("Anna") !== toNameKey("Anne"));
  assert(toNameKey("Zoe") !== toNameKey("Zoë"));
});

Deno.test("nameKey of a key is that key", () => {
  fc.assert(fc.property(anyText, (text) => assertEquals(toNameKey(toNameKey(text)), toNameKey(text))), {
    numRuns: 2_000,
  });
});

const SUGGESTIONS: readonly (readonly [raw: string, name: string])[] = [
  ["anna", "anna"],
  ["OFFICE\\Bob Smith", "Bob-Smith"],
  ["bobs-mac.local", "bobs-mac"],
  ["PC-17.lan", "PC-17"],
  ["bob.smith", "bob.smith"],
  ["Anna's MacBook Pro", "Anna's-MacBook-Pro"],
  ["José", "José"],
  ["a:b,c·d", "a-b-c-d"],
  ["  --#@/x  ", "x"],
  ["x".repeat(80), "x".repeat(32)],
  ["a\x1b]0;b\x07", "a-]0;b"],
  ["", "guest"],
  ["   ", "guest"],
  ["@@@", "guest"],
  ["\u200B\u202E", "guest"],
  ["\u0301", "guest"],
  ["x".repeat(31) + " y", "x".repeat(31)],
];

Deno.test("suggestName makes a name of what the system calls its user", () => {
  for (const [raw, name] of SUGGESTIONS) assertEquals(suggestName(raw), name);
});

Deno.test("suggestName always makes a valid name", () => {
  fc.assert(
    fc.property(anyText, (raw) => {
      const name = suggestName(raw);
      assertEquals(parseName(name), { name });
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("parseTitle takes what rooms are called, trimmed, in one spelling", () => {
  assertEquals(parseTitle("  The Attic \n"), { title: "The Attic" });
  assertEquals(parseTitle("Cafe\u0301: 10-12, #3"), { title: "Café: 10-12, #3" });
  assertEquals(parseTitle("Lunch ☀\uFE0F 👨\u200D👩\u200D👧"), { title: "Lunch ☀\uFE0F 👨\u200D👩\u200D👧" });
  assertEquals(parseTitle("می\u200Cخواهم"), { title: "می\u200Cخواهم" });
  assertEquals(parseTitle("x".repeat(64)), { title: "x".repeat(64) });
});

const TITLE_PROBLEMS: readonly (readonly [text: string, problem: string])[] = [
  ["", "A title cannot be empty"],
  [" \t\n\u3000", "A title cannot be empty"],
  ["x".repeat(65), "A title has at most 64 characters: this one has 65"],
  ["🙂".repeat(64), "A title has at most 255 bytes: this one has 256"],
  ["a\nb", "A title cannot contain characters that cannot be seen: this one has U+000A"],
  ["a\tb", "A title cannot contain characters that cannot be seen: this one has U+0009"],
  ["a\u202Eb", "A title cannot contain characters that cannot be seen: this one has U+202E"],
  ["a\u2800b", "A title cannot contain characters that cannot be seen: this one has U+2800"],
  ["a\u200Cb", 'A title has to be shown as it is: this one would look like "a⟨200C⟩b"'],
  ["x\uFE0F", 'A title has to be shown as it is: this one would look like "x⟨FE0F⟩"'],
];

Deno.test("parseTitle says in a sentence what is wrong", () => {
  for (const [text, problem] of TITLE_PROBLEMS) assertEquals(parseTitle(text), { problem }, problem);
});

Deno.test("parseTitle's titles are safe lines and titles again", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseTitle(text);
      if ("problem" in parsed) return assertEquals(sanitizeLine(parsed.problem), parsed.problem);
      assertEquals(parseTitle(parsed.title), parsed);
      assertEquals(sanitizeLine(parsed.title), parsed.title);
    }),
    { numRuns: 2_000 },
  );
});

/** What looks like "alice", "bob" and so on in print, and what does not. */
const LOOKS: readonly (readonly [one: string, other: string, isAlike: boolean])[] = [
  ["alice", "ALICE", true],
  ["alice", "\u0430lice", true], // Cyrillic a
  ["ALICE", "\u0391LICE", true], // Greek Alpha
  ["alice", "AIice", true],
  ["alice", "al1ce", true],
  ["alice", "a|ice", true],
  ["bob", "b0b", true],
  ["bob", "\u0412ob", true], // Cyrillic Ve
  ["paypal", "\u0440\u0430\u0443\u0440\u0430l", true],
  ["alice", "\uFF41lice", true], // full width
  ["alice", "\u{1D41A}lice", true], // mathematical bold
  ["alice", "a\u200Blice", true], // zero width space
  ["\u0412\u0410\u0421\u042F", "\u0432\u0430\u0441\u044F", true], // the same Cyrillic name in capitals
  ["mike", "rnike", true],
  ["zoe", "zo\u00EB", false],
  ["\u0434\u0430", "da", false],
  ["anna", "hanna", false],
  ["guest1", "guest2", false],
  ["alice", "alicia", false],
  ["\u5C0F\u660E", "\u5C0F\u7EA2", false],
];

for (const [one, other, isAlike] of LOOKS) {
  Deno.test(`lookKeys says that ${JSON.stringify(one)} and ${JSON.stringify(other)} look ${isAlike ? "alike" : "different"}`, () => {
    const keys = new Set(toLookalikeKeys(one));
    assertEquals(toLookalikeKeys(other).some((key) => keys.has(key)), isAlike);
  });
}

Deno.test("lookKeys are the same in every version: labels of transcripts hang on them", () => {
  assertEquals(toLookalikeKeys("Alice"), ["alice", "allce"]);
  assertEquals(toLookalikeKeys("bob"), ["bob"]);
  assertEquals(toLookalikeKeys("\u0412\u0430\u0441\u044F"), ["\u0432\u0430\u0441\u044F", "bac\u1D19"]);
  assertEquals(toLookalikeKeys(""), [""]);
});

Deno.test("lookKeys take any text, in proportion to a name's length, and find every text alike to itself in any case", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const keys = new Set(toLookalikeKeys(text));
    assert(keys.has(toNameKey(text)) && keys.size <= 2);
    if (toNameKey(text.toUpperCase()) === toNameKey(text)) {
      assert(toLookalikeKeys(text.toUpperCase()).some((key) => keys.has(key)));
    }
  }));
  assert((toLookalikeKeys(`a${"\u0301".repeat(100_000)}`)[0]?.length ?? 0) <= 1_024);
});
