import { formatForShell } from "../../src/messages/format_message.ts";
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
  ["", "Names cannot be empty"],
  ["x".repeat(45), "Names have at most 32 characters; this one has 45"],
  ["🙂".repeat(33), "Names have at most 32 characters; this one has 33"],
  ["x".repeat(1_000_000), "Names have at most 32 characters; this one has 1000000"],
  ["Anna Lena", 'Names cannot contain spaces. Try "Anna-Lena"'],
  [" Anna", 'Names cannot contain spaces. Try "Anna"'],
  ["a\u3000b", 'Names cannot contain spaces. Try "a-b"'],
  ["a\tb", 'Names cannot contain spaces. Try "a-b"'],
  ["a\nb", 'Names cannot contain spaces. Try "a-b"'],
  ["\u00A0", 'Names cannot contain spaces. Try "guest"'],
  ["a\x1b[2J", "Names cannot contain invisible characters; this one contains U+001B"],
  ["a\x9bb", "Names cannot contain invisible characters; this one contains U+009B"],
  ["a\u202Eb", "Names cannot contain invisible characters; this one contains U+202E"],
  ["a\u200Bb", "Names cannot contain invisible characters; this one contains U+200B"],
  ["a\u200Db", "Names cannot contain invisible characters; this one contains U+200D"],
  ["❤\uFE0F", "Names cannot contain invisible characters; this one contains U+FE0F"],
  ["\u3164", "Names cannot contain invisible characters; this one contains U+3164"],
  ["\u2800", "Names cannot contain invisible characters; this one contains U+2800"],
  ["a\u{E0041}", "Names cannot contain invisible characters; this one contains U+E0041"],
  ["a\uE000", "Names cannot contain invisible characters; this one contains U+E000"],
  ["a\uFFFF", "Names cannot contain invisible characters; this one contains U+FFFF"],
  ["a\uD800", "Names cannot contain invisible characters; this one contains U+D800"],
  ["a:b", 'Names cannot contain ":"'],
  ["a,b", 'Names cannot contain ","'],
  ["a·b", 'Names cannot contain "·"'],
  ["a\u0387b", 'Names cannot contain "·"'], // The Greek one is the same character in NFC.
  ["#a", 'Names cannot begin with "#"'],
  ["@a", 'Names cannot begin with "@"'],
  ["/quit", 'Names cannot begin with "/"'],
  ["--help", 'Names cannot begin with "-"'],
  ["\u0301a", 'Names must look exactly as typed; this one would be displayed as "◌\u0301a"'],
  [
    "x" + "\u0302".repeat(6),
    `Names must look exactly as typed; this one would be displayed as "x${"\u0302".repeat(4)}⟨+2⟩"`,
  ],
];

Deno.test("parseName says in a sentence what is wrong", () => {
  for (const [text, problem] of NAME_PROBLEMS) assertEquals(problemOf(parseName(text)), problem);
});

function problemOf(parsed: ReturnType<typeof parseName> | ReturnType<typeof parseTitle>): string | null {
  return "problem" in parsed ? formatForShell(parsed.problem) : null;
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..." \t-#@/:,·\\.aé🙂\u0301\u200B\u202E\uD800\u2800"), maxLength: 40 }),
);

Deno.test("parseName's names are safe lines and names again, and its problems are safe lines", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseName(text);
      const problem = problemOf(parsed);
      if (problem !== null) assertEquals(sanitizeLine(problem), problem);
      if ("problem" in parsed) return;
      assertEquals(parseName(parsed.name), parsed);
      assertEquals(sanitizeLine(parsed.name), parsed.name);
      assert(new TextEncoder().encode(parsed.name).length <= 255);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("toNameKey is one for names that differ only in case, width or ligatures", () => {
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

Deno.test("toNameKey of a key is that key", () => {
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
  ["", "Room titles cannot be empty"],
  [" \t\n\u3000", "Room titles cannot be empty"],
  ["x".repeat(65), "Room titles have at most 64 characters; this one has 65"],
  ["🙂".repeat(64), "Room titles have at most 255 bytes; this one has 256"],
  ["a\nb", "Room titles cannot contain invisible characters; this one contains U+000A"],
  ["a\tb", "Room titles cannot contain invisible characters; this one contains U+0009"],
  ["a\u202Eb", "Room titles cannot contain invisible characters; this one contains U+202E"],
  ["a\u2800b", "Room titles cannot contain invisible characters; this one contains U+2800"],
  ["a\u200Cb", 'Room titles must look exactly as typed; this one would be displayed as "a⟨200C⟩b"'],
  ["x\uFE0F", 'Room titles must look exactly as typed; this one would be displayed as "x⟨FE0F⟩"'],
];

Deno.test("parseTitle says in a sentence what is wrong", () => {
  for (const [text, problem] of TITLE_PROBLEMS) assertEquals(problemOf(parseTitle(text)), problem);
});

Deno.test("parseTitle's titles are safe lines and titles again", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseTitle(text);
      const problem = problemOf(parsed);
      if (problem !== null) assertEquals(sanitizeLine(problem), problem);
      if ("problem" in parsed) return;
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
  ["alice", "ali\u03F2e", true], // lunate sigma, which is compatible with a sigma
  ["ALICE", "ALI\u03F9E", true], // the same as a capital
  ["fred", "\u017Fred", true], // long s
  ["alice", "al\u02DBce", true], // ogonek
  ["alice", "al\u037Ace", true], // Greek ypogegrammeni
  ["alice", "a\uFFE8ice", true], // half-width forms light vertical
  ["alice", "alic\u1EB9", true], // a dot below
  ["alice", "alice\u02D9", true], // a dot above
  ["alice", "alice.", true],
  ["alice", "alice\u2026", true],
  ["a.lice", "alice", false],
  ["\u092E\u0940\u0930\u093E", "\u092E\u093E\u0930\u093E", false], // vowel signs are marks
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
    // The name itself, its letters as they stand, and what they are compatible with.
    assert(keys.has(toNameKey(text)) && keys.size <= 3);
    if (toNameKey(text.toUpperCase()) === toNameKey(text)) {
      assert(toLookalikeKeys(text.toUpperCase()).some((key) => keys.has(key)));
    }
  }));
  assert((toLookalikeKeys(`a${"\u0301".repeat(100_000)}`)[0]?.length ?? 0) <= 1_024);
});
