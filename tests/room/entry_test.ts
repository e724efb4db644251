import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  BODY_BYTES_MAX,
  BODY_PARTS_MAX,
  compareEntries,
  type Entry,
  ENTRY_LINE_BYTES_MAX,
  ENTRY_NAME_UNITS_MAX,
  type EntryDraft,
  type EntryProblem,
  isSigned,
  readEntry,
  TEXT_BYTES_MAX,
  writeEntry,
} from "../../src/room/entry.ts";
import { byteLength } from "../../src/encoding/utf8.ts";
import { encodeEntryText } from "../../src/room/entry_encoding.ts";
import type { RoomId } from "../../src/room/id.ts";
import {
  ALICE,
  anyText,
  BOB,
  CAROL,
  CRYPTO,
  entryOf,
  founding,
  lineOf,
  read,
} from "../fixtures/room/people.ts";

const ROOM = "35sbuaqjffemqgnkn73ze6orpy" as RoomId;
const AUTHOR = "rkeohxlubhyzl7ks3mwtzos5olfgocn7dwkbeg7toseadnapn5oa";
const PREV = "32QaAgkpSMgZqm_3knnRfg";

/** Made with Python's `cryptography`, not with this code: the seed 01 01 … and the salt 07 07 …. */
const FIRST_SIGNED =
  `[1,"","${AUTHOR}",1,"",1,1795219874123,"room","alice",["Attic","open","BwcHBwcHBwcHBwcHBwcHBw"]]`;
const FIRST_LINE = `{"e":${FIRST_SIGNED},"s":` +
  '"Xjnp26tTBFM_Yr30mH7_-WRQ6z-Wn3OGSTsuhbuakrpCdQ0yfk_GtYYUCQrl5v_C0UrgHVZTIZSdmDVvh7BIBQ"}';
const SECOND_SIGNED = `[1,"${ROOM}","${AUTHOR}",2,"${PREV}",2,1795219875000,"text","alice",` +
  '"Grüße, \\"Bob\\" \\\\ 👋\\nsecond line"]';
const SECOND_LINE = `{"e":${SECOND_SIGNED},"s":` +
  '"qxaFEIAn8XfuoG_LFbM_yldS8rsaDtqXMBSe7MMHT9LCzvp1reGFUvFlE7ufjrIHSPEFTd750z5Mv5m7f4GaBg"}';

const FIRST: EntryDraft = {
  room: null,
  number: 1,
  prev: "",
  clock: 1,
  wallMs: 1_795_219_874_123,
  kind: "room",
  name: "alice",
  body: ["Attic", "open", "BwcHBwcHBwcHBwcHBwcHBw"],
};
const SECOND: EntryDraft = {
  room: ROOM,
  number: 2,
  prev: PREV,
  clock: 2,
  wallMs: 1_795_219_875_000,
  kind: "text",
  name: "alice",
  body: 'Grüße, "Bob" \\ 👋\nsecond line',
};

Deno.test("writeEntry writes the golden lines, and readEntry reads them", () => {
  const first: Entry = {
    ...FIRST,
    room: ROOM,
    author: ALICE.id,
    hash: PREV,
    line: FIRST_LINE,
    sizeBytes: new TextEncoder().encode(FIRST_LINE).length,
  };
  const second: Entry = {
    ...SECOND,
    room: ROOM,
    author: ALICE.id,
    hash: "oBpymF3dlg1b721jhkxGEg",
    line: SECOND_LINE,
    sizeBytes: new TextEncoder().encode(SECOND_LINE).length,
  };
  for (const [draft, entry] of [[FIRST, first], [SECOND, second]] as const) {
    assertEquals(plain(writeEntry(draft, ALICE.signer, CRYPTO)), entry);
    assertEquals(plain(read(entry.line)), entry);
    assert(isSigned(entry, CRYPTO));
  }
});

Deno.test("readEntry refuses every truncation of a line, and anything before or behind it", () => {
  for (let size = 0; size < SECOND_LINE.length; size++) {
    assertEquals(problemOf(SECOND_LINE.slice(0, size)), "not-an-entry", `cut at ${size}`);
    assertEquals(problemOf(SECOND_LINE.slice(size + 1)), "not-an-entry", `cut before ${size}`);
  }
  for (const more of ["}", " ", "\n", "\r", "\0", "x"]) {
    assertEquals(problemOf(SECOND_LINE + more), "not-an-entry");
    assertEquals(problemOf(more + SECOND_LINE), "not-an-entry");
  }
});

/** The fields of SECOND as JSON; `with` puts another text in the place of one. */
const FIELDS: readonly string[] = [
  "1",
  `"${ROOM}"`,
  `"${AUTHOR}"`,
  "2",
  `"${PREV}"`,
  "2",
  "1795219875000",
  '"text"',
  '"alice"',
  '"hello"',
];
type Field =
  | "version"
  | "room"
  | "author"
  | "number"
  | "prev"
  | "clock"
  | "wallMs"
  | "kind"
  | "name"
  | "body";
const PLACES: Readonly<Record<Field, number>> = {
  version: 0,
  room: 1,
  author: 2,
  number: 3,
  prev: 4,
  clock: 5,
  wallMs: 6,
  kind: 7,
  name: 8,
  body: 9,
};

/** Each row: the field, another JSON text in its place, and what readEntry says. All are signed well. */
const REPLACED: readonly (readonly [field: Field, json: string, problem: EntryProblem | null])[] = [
  ["version", "2", "other-version"],
  ["version", "0", "other-version"],
  ["version", "1.5", "other-version"],
  ["version", "-1", "other-version"],
  ["version", "1e400", "other-version"],
  ["version", '"1"', "not-an-entry"],
  ["version", "true", "not-an-entry"],
  ["version", "null", "not-an-entry"],
  ["version", "1.0", "not-an-entry"],
  ["version", "1e0", "not-an-entry"],
  ["room", '""', "out-of-range"],
  ["room", '"35sbuaqjffemqgnkn73ze6orp"', "not-an-entry"],
  ["room", '"35SBUAQJFFEMQGNKN73ZE6ORPY"', "not-an-entry"],
  ["room", '"35sbuaqjffemqgnkn73ze6orpz"', "not-an-entry"],
  ["room", "null", "not-an-entry"],
  ["room", "7", "not-an-entry"],
  ["author", '""', "not-an-entry"],
  ["author", `"${AUTHOR.toUpperCase()}"`, "not-an-entry"],
  ["author", `"${AUTHOR}a"`, "not-an-entry"],
  ["author", `["${AUTHOR}"]`, "not-an-entry"],
  ["author", "null", "not-an-entry"],
  ["number", "3", null],
  ["number", "9007199254740991", null],
  ["number", "9007199254740992", "out-of-range"],
  ["number", "9007199254740993", "out-of-range"],
  ["number", "1e400", "out-of-range"],
  ["number", "0", "out-of-range"],
  ["number", "-0", "out-of-range"],
  ["number", "-2", "out-of-range"],
  ["number", "2.5", "out-of-range"],
  ["number", "1", "out-of-range"], // Number 1 follows nothing.
  ["number", "2.0", "not-an-entry"],
  ["number", "1e3", "not-an-entry"],
  ["number", "02", "not-an-entry"],
  ["number", "+2", "not-an-entry"],
  ["number", '"2"', "out-of-range"],
  ["number", "true", "out-of-range"],
  ["number", "null", "out-of-range"],
  ["prev", '""', "out-of-range"],
  ["prev", '"32QaAgkpSMgZqm_3knnRf"', "out-of-range"],
  ["prev", '"32QaAgkpSMgZqm_3knnRfh"', "out-of-range"],
  ["prev", '"32QaAgkpSMgZqm/3knnRfg"', "out-of-range"],
  ["prev", "null", "not-an-entry"],
  ["clock", "9007199254740991", null],
  ["clock", "9007199254740992", "out-of-range"],
  ["clock", "0", "out-of-range"],
  ["clock", "-1", "out-of-range"],
  ["clock", "1e1", "not-an-entry"],
  ["clock", '"2"', "out-of-range"],
  ["clock", "{}", "out-of-range"],
  ["wallMs", "0", null],
  ["wallMs", "-62135596800000", null], // A clock may be wrong by any amount.
  ["wallMs", "-0", "not-an-entry"],
  ["wallMs", "9007199254740991", null],
  ["wallMs", "9007199254740992", "out-of-range"],
  ["wallMs", "1.5", "out-of-range"],
  ["wallMs", "1e3", "not-an-entry"],
  ["wallMs", "null", "out-of-range"],
  ["kind", '"x-later2"', null],
  ["kind", `"${"k".repeat(32)}"`, null],
  ["kind", `"${"k".repeat(33)}"`, "out-of-range"],
  ["kind", '""', "out-of-range"],
  ["kind", '"Text"', "out-of-range"],
  ["kind", '"2x"', "out-of-range"],
  ["kind", '"te xt"', "out-of-range"],
  ["kind", '"text\\n"', "out-of-range"],
  ["kind", '"room"', "out-of-range"], // Only the entry that has no room yet makes one.
  ["kind", "null", "not-an-entry"],
  ["name", '""', "out-of-range"],
  ["name", `"${"n".repeat(64)}"`, null],
  ["name", `"${"n".repeat(65)}"`, "out-of-range"],
  ["name", '"a·b\\n"', null], // Foreign text: made safe where it is shown.
  ["name", "null", "not-an-entry"],
  ["body", '""', null],
  ["body", "[]", null],
  ["body", '["a","b"]', null],
  ["body", `[${'"",'.repeat(63)}""]`, null],
  ["body", `[${'"",'.repeat(64)}""]`, "not-an-entry"],
  ["body", '["a",1]', "not-an-entry"],
  ["body", '["a",null]', "not-an-entry"],
  ["body", '["a",["b"]]', "not-an-entry"],
  ["body", "null", "not-an-entry"],
  ["body", "7", "not-an-entry"],
  ["body", "true", "not-an-entry"],
  ["body", "{}", "not-an-entry"],
  ["body", '{"length":0}', "not-an-entry"],
  ["body", '{"a":"1","a":"2"}', "not-an-entry"],
];

Deno.test("readEntry looks at the type and the range of every field", () => {
  for (const [field, json, problem] of REPLACED) {
    assertEquals(problemOf(lineOf(replaced(field, json))), problem, `${field}: ${json.slice(0, 60)}`);
  }
});

/** Other texts for what means the same, or for nothing: one entry has one line. */
const OTHER_TEXTS: readonly (readonly [what: string, signed: string])[] = [
  ["a space behind a comma", `[${FIELDS.join(", ")}]`],
  ["a space at the start", `[ ${FIELDS.join(",")}]`],
  ["a newline at the end", `[${FIELDS.join(",")}\n]`],
  ["a space around the array", ` [${FIELDS.join(",")}]`],
  ["a byte order mark", `\ufeff[${FIELDS.join(",")}]`],
  ["an escape that is not needed", replaced("body", '"h\\u0065llo"')],
  ["an escaped slash", replaced("body", '"and\\/or"')],
  ["a long escape for a short one", replaced("body", '"a\\u000ab"')],
  ["an escape in capitals", replaced("body", '"\\u001F"')],
  ["an escaped letter outside ASCII", replaced("body", '"Gr\\u00fc\\u00dfe"')],
  ["an escaped pair", replaced("body", '"\\ud83d\\udc4b"')],
  ["half a character in the clear", replaced("body", '"\ud83d"')],
  ["a newline in a text", replaced("body", '"a\nb"')],
  ["a tab in a text", replaced("body", '"a\tb"')],
  ["a field more", `[${FIELDS.join(",")},""]`],
  ["a field less", `[${FIELDS.slice(0, 9).join(",")}]`],
  ["a comma more", `[${FIELDS.join(",")},]`],
  ["a hole", replaced("body", "")],
  ["nothing", "[]"],
  ["no JSON", "[1,"],
  ["a text", '"hello"'],
  ["a number", "1"],
  ["null", "null"],
  ["an object", `{"0":${FIELDS.join(',"1":')}}`],
  ["an array in an array", `[[${FIELDS.join(",")}]]`],
  ["two arrays", `[${FIELDS.join(",")}],[${FIELDS.join(",")}]`],
  ["an array and a comment", `[${FIELDS.join(",")}]//`],
  ["a nest that is never closed", "[".repeat(100_000)],
  ["a deep nest", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
  ["a deep nest as a body", replaced("body", `${"[".repeat(50_000)}${"]".repeat(50_000)}`)],
];

Deno.test("readEntry refuses every other text than the one canonical one", () => {
  assertEquals(problemOf(lineOf(`[${FIELDS.join(",")}]`)), null);
  for (const [what, signed] of OTHER_TEXTS) assertEquals(problemOf(lineOf(signed)), "not-an-entry", what);
});

Deno.test("readEntry takes a name and a body only as entryText writes them, whatever stands in them", () => {
  const code = fc.oneof(
    fc.integer({ max: 0x2ff }),
    fc.integer({ min: 0x600, max: 0x620 }),
    fc.integer({ min: 0x2000, max: 0x2070 }),
    fc.integer({ min: 0xd7fe, max: 0xe001 }),
  );
  const piece = fc.oneof(
    code.map((at) => String.fromCharCode(at)),
    code.map((at) => `\\u${at.toString(16).padStart(4, "0")}`),
    fc.constantFrom("plain", "\\n", "\\/", '\\"', "\\", "👋"),
  );
  const text = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, text, (name, body) => {
      const signed = `[1,"${ROOM}","${AUTHOR}",2,"${PREV}",2,1795219875000,"text","${name}","${body}"]`;
      let isCanonical = false;
      try {
        const fields = JSON.parse(signed);
        isCanonical = fields.length === 10 && encodeEntryText(fields) === signed;
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
      assertEquals(!("problem" in readEntry(lineOf(signed), CRYPTO)), isCanonical);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("readEntry refuses another object around the array", () => {
  const [head, signature] = SECOND_LINE.split(',"s":"');
  const others = [
    `{"s":"${signature?.slice(0, 86)}",${head?.slice(1)}}`, // The two keys the other way round.
    SECOND_LINE.replace('{"e":', '{ "e":'),
    SECOND_LINE.replace(',"s":', ', "s":'),
    SECOND_LINE.replace(/}$/, ',"s":""}'),
    SECOND_LINE.replace(/}$/, ',"x":1}'),
    SECOND_LINE.replace('{"e":', '{"e":[],"e":'),
    SECOND_LINE.replace('{"e":', '{"E":'),
    SECOND_LINE.replace(/"}$/, '"]'),
  ];
  for (const line of others) assertEquals(problemOf(line), "not-an-entry", line.slice(0, 40));
});

Deno.test("readEntry takes half a character only as the escape that JSON.stringify writes", () => {
  const entry = entryOf({ body: "half \ud83d", name: "\udc4b" });
  assert(entry.line.includes('"half \\ud83d"') && entry.line.includes('"\\udc4b"'));
  assertEquals(read(entry.line), entry);
});

Deno.test("readEntry gives the entry that makes a room its hash as its room, and the first clock", () => {
  assertEquals(founding().room, ROOM);
  const first = FIRST_SIGNED;
  assertEquals(problemOf(lineOf(first.replace('",1,"",1,', '",1,"",2,'))), "out-of-range");
  assertEquals(problemOf(lineOf(first.replace('",1,"",1,', `",2,"${PREV}",1,`))), "out-of-range");
  assertEquals(problemOf(lineOf(first.replace('"room"', '"text"'))), "out-of-range");
  assertEquals(problemOf(lineOf(first.replace('[1,"",', `[1,"${ROOM}",`))), "out-of-range");
});

Deno.test("readEntry refuses a join with the first clock: it would stand before the room", () => {
  const join: Partial<EntryDraft> = { number: 1, prev: "", kind: "join" };
  assertEquals(entryOf({ ...join, clock: 2 }, BOB).clock, 2);
  assertThrows(() => entryOf({ ...join, clock: 1 }, BOB), RangeError, "out-of-range");
});

Deno.test("readEntry refuses a line above 128 KiB unread", () => {
  const spare = ENTRY_LINE_BYTES_MAX - byteLength(entryOf({ body: "" }).line);
  const longest = entryOf({ body: "x".repeat(spare) });
  assertEquals(byteLength(longest.line), 131_072);
  assertEquals(problemOf(lineOf(replaced("body", `"${"x".repeat(129 * 1024)}"`))), "too-long");
  for (const body of ["x".repeat(spare + 1), "é".repeat(spare / 2 + 1), "\u4e00".repeat(spare / 3 + 1)]) {
    assertThrows(() => entryOf({ body }), RangeError, "too-long");
  }
  assertEquals(problemOf("[".repeat(1_000_000)), "too-long");
});

Deno.test("a text of the greatest length fits, unless most of it needs escapes", () => {
  assertEquals(entryOf({ body: "\u4e00".repeat(TEXT_BYTES_MAX / 3) }).body.length, 21_845);
  assertEquals(entryOf({ body: "x\n".repeat(TEXT_BYTES_MAX / 2) }).body.length, 65_536);
  assertThrows(() => entryOf({ body: "\u0001".repeat(TEXT_BYTES_MAX) }), RangeError, "too-long");
});

Deno.test("a body of BODY_BYTES_MAX fits beside the longest other fields", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const longest = {
    number: most,
    clock: most,
    wallMs: -most,
    kind: "k".repeat(32),
    name: "\u0001".repeat(64),
  };
  const body = "\n".repeat((BODY_BYTES_MAX - 2) / 2);
  assertEquals(byteLength(JSON.stringify(body)), 130_048);
  assert(byteLength(entryOf({ ...longest, body }).line) <= ENTRY_LINE_BYTES_MAX);
});

Deno.test("writeEntry throws for what readEntry would refuse", () => {
  const wrong: readonly Partial<EntryDraft>[] = [
    { number: 0 },
    { clock: 0 },
    { clock: 2 ** 53 },
    { wallMs: NaN },
    { wallMs: 0.5 },
    { kind: "Text" },
    { name: "" },
    { name: "n".repeat(ENTRY_NAME_UNITS_MAX + 1) },
    { prev: "" },
    { prev: "x" },
    { room: null },
    { room: "attic" as RoomId },
    { body: Array.from({ length: BODY_PARTS_MAX + 1 }, () => "") },
  ];
  for (const changes of wrong) assertThrows(() => entryOf(changes), RangeError, "Cannot write this entry");
});

Deno.test("isSigned holds for no other author, no other text and no other signature", () => {
  const entry = read(SECOND_LINE);
  assertEquals(isSigned(read(lineOf(SECOND_SIGNED, BOB)), CRYPTO), false);
  assertEquals(isSigned(read(SECOND_LINE.replace(AUTHOR, BOB.id)), CRYPTO), false);
  assertEquals(isSigned(read(SECOND_LINE.replace("second", "Second")), CRYPTO), false);
  assertEquals(isSigned({ ...plain(entry), author: BOB.id }, CRYPTO), false);
  assertEquals(isSigned({ ...plain(entry), line: "" }, CRYPTO), false);
});

Deno.test("isSigned fails for a change of any character of the signature, to any kind of character", () => {
  const from = SECOND_LINE.length - 88;
  for (let at = from; at < from + 86; at++) {
    for (const char of ["A", "z", "9", "-", "_", "+", "/", "=", '"', "\n", " ", "é", "\ud800", "\0"]) {
      if (SECOND_LINE[at] === char) continue;
      const line = SECOND_LINE.slice(0, at) + char + SECOND_LINE.slice(at + 1);
      const entry = readEntry(line, CRYPTO);
      assert("problem" in entry || !isSigned(entry, CRYPTO), `${char} at ${at - from}`);
      if (!("problem" in entry)) assertEquals(entry.line, line);
    }
  }
});

Deno.test("an entry's hash is that of its whole line: what is changed anywhere has another one", () => {
  const { hash } = read(SECOND_LINE);
  assertEquals(hash, "oBpymF3dlg1b721jhkxGEg");
  assertNotEquals(read(lineOf(SECOND_SIGNED, BOB)).hash, hash);
  assertNotEquals(read(SECOND_LINE.replace("second", "Second")).hash, hash);
  assertNotEquals(read(SECOND_LINE.replace("qxaFEIAn", "qxaFEIAm")).hash, hash);
  assertEquals(writeEntry(SECOND, ALICE.signer, CRYPTO).hash, hash);
});

Deno.test("compareEntries goes by clock, then author, then number, then hash", () => {
  const ordered = [
    entryOf({ clock: 5 }, CAROL),
    entryOf({ clock: 5 }, BOB),
    entryOf({ clock: 5 }, ALICE),
    entryOf({ clock: 5, number: 3 }, ALICE),
    entryOf({ clock: 40, wallMs: 0 }, CAROL),
    entryOf({ clock: 9_007_199_254_740_991, wallMs: -1 }, BOB),
  ];
  assertEquals([...ordered].reverse().sort(compareEntries), ordered);
  const branches = [entryOf({ body: "one" }), entryOf({ body: "other" })].sort(compareEntries);
  assert((branches[0]?.hash ?? "") < (branches[1]?.hash ?? ""));
});

const draft = fc.record({
  number: fc.integer({ min: 2, max: 4 }),
  clock: fc.integer({ min: 2, max: 4 }),
  wallMs: fc.maxSafeInteger(),
  kind: fc.constantFrom("text", "join", "leave", "name", "x-later"),
  name: anyText(20).filter((name) => name !== ""),
  body: fc.oneof(anyText(60), fc.array(anyText(10), { maxLength: 5 })),
});
const entry = fc.tuple(draft, fc.constantFrom(ALICE, BOB, CAROL)).map(([made, who]) => entryOf(made, who));

Deno.test("compareEntries is a total order: zero only for one entry, opposite when turned, and transitive", () => {
  fc.assert(fc.property(entry, entry, entry, (a, b, c) => {
    assertEquals(Math.sign(compareEntries(a, b)), -Math.sign(compareEntries(b, a)) + 0);
    assertEquals(compareEntries(a, b) === 0, a.line === b.line);
    if (compareEntries(a, b) < 0 && compareEntries(b, c) < 0) assert(compareEntries(a, c) < 0);
  }));
});

Deno.test("readEntry brings back whatever writeEntry wrote, through UTF-8", () => {
  fc.assert(fc.property(entry, (written) => {
    const bytes = new TextEncoder().encode(written.line);
    const back = read(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    assertEquals(back, written);
    assert(isSigned(back, CRYPTO));
  }));
});

Deno.test("readEntry never throws, and takes no changed line for a signed one", () => {
  const change = fc.record({ at: fc.nat(400), cut: fc.nat(3), put: anyText(3) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      let line = SECOND_LINE;
      for (const { at, cut, put } of changes) line = line.slice(0, at) + put + line.slice(at + cut);
      const result = readEntry(line, CRYPTO);
      if (line !== SECOND_LINE && !("problem" in result)) assertEquals(isSigned(result, CRYPTO), false);
    }),
    { numRuns: 1_000 },
  );
  fc.assert(fc.property(fc.json({ depthSize: "medium" }), (json) => void readEntry(lineOf(json), CRYPTO)));
  fc.assert(fc.property(anyText(300), (text) => assertEquals(problemOf(text), "not-an-entry")));
});

function replaced(field: Field, json: string): string {
  return `[${FIELDS.with(PLACES[field], json).join(",")}]`;
}

/** The entry as data, its line with it. */
function plain(entry: Entry): Entry {
  return { ...entry, body: entry.body, line: entry.line };
}

function problemOf(line: string): EntryProblem | null {
  const entry = readEntry(line, CRYPTO);
  return "problem" in entry ? entry.problem : null;
}
