import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import type { Body, Entry } from "../../src/room/entry.ts";
import type { PeerId } from "../../src/room/id.ts";
import { parseName, toNameKey } from "../../src/text/name.ts";
import { sanitizeLine, sanitizeText } from "../../src/text/sanitize.ts";
import { computeFingerprint, Labels, toViewLine, toViewLines } from "../../src/room/room_view.ts";
import {
  ALICE,
  anyText,
  BOB,
  CAROL,
  CRYPTO,
  entryAfter,
  entryOf,
  founding,
  roomOf,
  say,
  write,
} from "../fixtures/room/people.ts";

function labelsOf(...names: readonly (readonly [author: PeerId, name: string])[]): Labels {
  const labels = new Labels();
  for (const [author, name] of names) labels.note(author, name);
  return labels;
}

Deno.test("Labels gives a name that nobody shares as it is", () => {
  const labels = labelsOf([ALICE.id, "alice"], [BOB.id, "bob"], [BOB.id, "robert"]);
  assertEquals(labels.format(ALICE.id, "alice"), "alice");
  assertEquals(labels.format(BOB.id, "robert"), "robert");
  assertEquals(labels.format(CAROL.id, "carol"), "carol"); // Not noted before.
});

Deno.test("Labels tells apart who shares, or once shared, a name", () => {
  const labels = labelsOf([ALICE.id, "sam"], [BOB.id, "sam"], [BOB.id, "bob"]);
  assertEquals(labels.format(ALICE.id, "sam"), "sam·rkeo");
  assertEquals(labels.format(BOB.id, "sam"), "sam·qe4x");
  assertEquals(labels.format(BOB.id, "bob"), "bob");
});

Deno.test("Labels gives each of many with one name the shortest tag that no other has", () => {
  const id = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 52, maxLength: 52 }) as fc.Arbitrary<
    PeerId
  >;
  fc.assert(fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 40 }), (ids) => {
    const labels = labelsOf(...ids.map((one) => [one, "sam"] as const));
    for (const one of ids) {
      let length = 4;
      while (ids.some((other) => other !== one && other.startsWith(one.slice(0, length)))) length++;
      assertEquals(labels.format(one, "sam"), `sam·${one.slice(0, length)}`);
    }
  }));
});
Deno.test("Labels takes names that look alike for one name", () => {
  const alike = ["sam", "SAM", "Sam", "ｓａｍ", "ſam"];
  for (const name of alike) {
    const labels = labelsOf([ALICE.id, "sam"], [BOB.id, name]);
    assertEquals(labels.format(BOB.id, name), `${name}·qe4x`);
    assertEquals(labels.format(ALICE.id, "sam"), "sam·rkeo");
  }
});

Deno.test("Labels lengthens the tag until it parts the two", () => {
  const others = ["rkeo", "rkeohx", "rkeohxlubhyzl7ks3mwtzos5olfgocn7dwkbeg7toseadnapn5o"].map((start) =>
    `${start}${"2".repeat(52 - start.length)}` as PeerId
  );
  const [near = BOB.id, nearer = BOB.id, nearest = BOB.id] = others;
  assertEquals(labelsOf([ALICE.id, "sam"], [near, "sam"]).format(ALICE.id, "sam"), "sam·rkeoh");
  assertEquals(labelsOf([ALICE.id, "sam"], [nearer, "sam"]).format(ALICE.id, "sam"), "sam·rkeohxl");
  const all = labelsOf([ALICE.id, "sam"], ...others.map((other) => [other, "sam"] as const));
  assertEquals(all.format(ALICE.id, "sam"), `sam·${ALICE.id}`);
  assertEquals(all.format(nearest, "sam"), `sam·${nearest}`);
});

/** Names that an honest earshot never takes, and what Bob is called with them. */
const POSES: readonly (readonly [name: string, label: string])[] = [
  ["alice·rkeo", "alice.rkeo·qe4x"],
  ["alice\u0387rkeo", "alice\u0387rkeo·qe4x"], // Another dot, which NFC would make the same.
  ["·rkeo", ".rkeo·qe4x"],
  ["alice:", "alice.·qe4x"],
  ["* alice", "* alice·qe4x"],
  ["#attic", "#attic·qe4x"],
  ["alice bob", "alice bob·qe4x"],
  ["alice\n", "alice^J·qe4x"],
  ["\u202eecila", "⟨202E⟩ecila·qe4x"],
  ["alice\u200b", "alice⟨200B⟩·qe4x"],
  ["\u001b[31malice", "^[[31malice·qe4x"],
  ["\ud800", "\ufffd·qe4x"],
  ["x".repeat(33), `${"x".repeat(31)}…·qe4x`],
];

Deno.test("Labels gives every name that parseName refuses its tag, so that it poses as nobody", () => {
  for (const [name, label] of POSES) {
    assertEquals(labelsOf([ALICE.id, "alice"], [BOB.id, name]).format(BOB.id, name), label);
  }
});

Deno.test("Labels shows a name in its one form: composed, as parseName keeps it", () => {
  const labels = labelsOf([ALICE.id, "re\u0301my"]);
  assertEquals(labels.format(ALICE.id, "re\u0301my"), "r\u00e9my");
});

const oddName = fc.oneof(
  anyText(20),
  fc.string({ unit: fc.constantFrom(..."aAá·.\u0301\u0323\u0316\u200b\u202e:, ﬁ"), maxLength: 20 }),
  fc.constantFrom("sam", "SAM", "ſam", "alice·rkeo"),
).filter((name) => name !== "");

Deno.test("Labels are safe to print, and never the same for two authors", () => {
  fc.assert(
    fc.property(fc.tuple(oddName, oddName, oddName), ([hers, his, third]) => {
      const named = [[ALICE.id, hers], [BOB.id, his], [CAROL.id, third]] as const;
      const labels = labelsOf(...named);
      const given = named.map(([author, name]) => labels.format(author, name));
      for (const [index, label] of given.entries()) {
        assertEquals(sanitizeLine(label), label);
        const [author, name] = named[index] ?? [ALICE.id, ""];
        const tag = label.slice(label.lastIndexOf("·") + 1);
        if ("problem" in parseName(name)) assert(tag.length >= 4 && author.startsWith(tag), label);
      }
      assertEquals(new Set(given.map(toNameKey)).size, 3, JSON.stringify(given));
    }),
    { numRuns: 500 },
  );
});

const ROOM_ENTRY = founding();

/** Entries by Alice, and how they read. */
const SHOWN: readonly (readonly [kind: string, body: Body, isNotice: boolean, text: string])[] = [
  ["text", "hello", false, "hello"],
  ["text", "", false, ""],
  ["text", "two\r\nlines\tand a tab", false, "two\nlines    and a tab"],
  ["text", "\u001b]0;title\u0007", false, "^[]0;title^G"],
  ["text", "\u202ekcab", false, "⟨202E⟩kcab"],
  ["text", "half \ud83d", false, "half \ufffd"],
  ["text", ["a", "list"], true, "sent something that this version of earshot cannot show"],
  ["join", "", true, "joined"],
  ["join", "whatever", true, "joined"],
  ["leave", "", true, "left"],
  ["name", "", true, "is now known as alice"],
  ["x-later", "secret", true, "sent something that this version of earshot cannot show"],
];

Deno.test("viewLine shows messages and notices, and makes every text safe", () => {
  const labels = labelsOf([ALICE.id, "alice"]);
  for (const [kind, body, isNotice, text] of SHOWN) {
    const entry = entryOf({ kind, body });
    assertEquals(toViewLine(entry, undefined, labels), { entry, label: "alice", isNotice, text });
  }
});

Deno.test("viewLine shows who opened the room, and makes its title one safe line", () => {
  const titles: readonly (readonly [title: Body, shown: string])[] = [
    [["Attic", "open"], 'opened the room "Attic"'],
    [["a\nb\u202e", "open"], 'opened the room "a^Jb⟨202E⟩"'],
    [[], 'opened the room ""'],
    ["Attic", 'opened the room ""'],
  ];
  for (const [body, text] of titles) {
    const entry = entryOf({ room: null, number: 1, prev: "", clock: 1, kind: "room", body });
    assertEquals(toViewLine(entry, undefined, labelsOf()).text, text);
  }
});

Deno.test("viewLine tells a new name in the words of the old one", () => {
  const labels = labelsOf([ALICE.id, "alice"], [ALICE.id, "sam"], [BOB.id, "sam"], [ALICE.id, "a:b"]);
  const renamed = entryOf({ kind: "name", name: "sam", body: "" });
  assertEquals(toViewLine(renamed, "alice", labels), {
    entry: renamed,
    label: "alice",
    isNotice: true,
    text: "is now known as sam·rkeo",
  });
  assertEquals(
    toViewLine(entryOf({ kind: "name", name: "a:b" }), "sam", labels).text,
    "is now known as a.b·rkeo",
  );
  assertEquals(
    toViewLine(entryOf({ kind: "name", name: "a\nb" }), undefined, labels).text,
    "is now known as a^Jb",
  );
});

Deno.test("viewLines reads as a conversation", () => {
  const room = roomOf(BOB);
  say(room, BOB, "hi");
  room.write({ kind: "name", name: "sam", body: "", wallMs: 0 }, BOB.signer, BOB.id);
  room.write({ kind: "text", name: "sam", body: "it is me", wallMs: 0 }, BOB.signer, BOB.id);
  room.write({ kind: "name", name: "sam", body: "", wallMs: 0 }, ALICE.signer, ALICE.id);
  write(room, BOB, "leave");
  const told = toViewLines(room.entries).map(({ label, isNotice, text }) =>
    isNotice ? `* ${label} ${text}` : `${label}: ${text}`
  );
  assertEquals(told, [
    '* alice opened the room "Attic"',
    "* bob joined",
    "bob: hi",
    "* bob is now known as sam·qe4x",
    "sam·qe4x: it is me",
    "* alice is now known as sam·rkeo",
    "* bob left",
  ]);
});

Deno.test("viewLines never throws, and prints nothing unsafe, whatever was signed", () => {
  const draft = fc.record({
    kind: fc.constantFrom("text", "join", "leave", "name", "x-later"),
    name: oddName,
    body: fc.oneof(anyText(80), fc.array(anyText(20), { maxLength: 3 })),
  });
  fc.assert(fc.property(fc.array(draft, { maxLength: 8 }), (drafts) => {
    const feed: Entry[] = [ROOM_ENTRY];
    for (const changes of drafts) feed.push(entryAfter(feed.at(-1) ?? ROOM_ENTRY, changes));
    for (const { label, text } of toViewLines(feed)) {
      assertEquals([sanitizeLine(label), sanitizeText(text)], [label, text]);
    }
  }));
});

Deno.test("fingerprint is 16 characters, and the golden ones", () => {
  // Made with Python: base32 of the first 10 bytes of SHA-256 over the hashes, a newline between them.
  const second = entryOf({ wallMs: 1_795_219_875_000, body: 'Grüße, "Bob" \\ 👋\nsecond line' });
  assertEquals(computeFingerprint([], CRYPTO), "4oymiquy7qobjgx3");
  assertEquals(computeFingerprint([ROOM_ENTRY, second], CRYPTO), "xte32krxla57u4il");
});

Deno.test("fingerprint is another one for another order, another entry, one more or one less", () => {
  const room = roomOf(BOB);
  const entries = [...room.entries, say(room, ALICE, "one"), say(room, ALICE, "two")];
  const whole = computeFingerprint(entries, CRYPTO);
  assertEquals(whole, computeFingerprint(room.entries, CRYPTO));
  assertNotEquals(computeFingerprint(entries.slice(1), CRYPTO), whole);
  assertNotEquals(computeFingerprint(entries.slice(0, -1), CRYPTO), whole);
  assertNotEquals(computeFingerprint(entries.toReversed(), CRYPTO), whole);
  assertNotEquals(computeFingerprint(entries.with(3, entryAfter(entries[2] ?? ROOM_ENTRY)), CRYPTO), whole);
});
