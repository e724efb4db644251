import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../../src/room/entry.ts";
import type { PeerId, RoomId } from "../../../src/room/id.ts";
import { sanitizeLine, sanitizeText } from "../../../src/text/sanitize.ts";
import {
  type FullTranscript,
  renderJson,
  type TranscriptEntry,
} from "../../../src/store/transcript/transcript_json.ts";

const ALICE = "a".repeat(52) as PeerId;
const ROOM = "k".repeat(26) as RoomId;
const TIME = "2026-11-20T14:03:22.000Z";

function line(body: string, entry: Partial<Entry> = {}): TranscriptEntry {
  const whole: Entry = {
    room: ROOM,
    author: ALICE,
    number: 1,
    prev: "",
    clock: 7,
    wallMs: Date.parse(TIME),
    kind: "text",
    name: "alice",
    body,
    hash: "h",
    line: "l",
    sizeBytes: 1,
    ...entry,
  };
  return {
    entry: whole,
    body: whole.body,
    wallMs: whole.wallMs,
    kind: "text",
    label: sanitizeLine(whole.name),
    text: sanitizeText(body),
    time: TIME,
  };
}

function transcript(lines: readonly TranscriptEntry[], more: Partial<FullTranscript> = {}): FullTranscript {
  return {
    title: "Attic",
    roomId: ROOM,
    access: "open",
    fingerprint: "abcdefghijklmnop",
    totalCount: lines.length,
    members: [{ id: ALICE, name: "alice", isIn: true }],
    lines,
    ...more,
  };
}

Deno.test("renderJson writes one object, with an entry on each line", () => {
  const text = renderJson(transcript([line("hello"), line("hi\nthere", { number: 2, clock: 8 })], {
    totalCount: 5,
    sinceMs: 1_000,
  }));
  assertEquals(
    text,
    [
      "{",
      '"earshot": 1,',
      `"room": {"id":"${ROOM}","title":"Attic","access":"open","fingerprint":"abcdefghijklmnop"},`,
      '"part": {"count":2,"total":5,"sinceMs":1000,"untilMs":null},',
      '"members": [',
      `{"id":"${ALICE}","name":"alice","in":true}`,
      "],",
      '"entries": [',
      `{"author":"${ALICE}","name":"alice","number":1,"clock":7,"time":"${TIME}","kind":"text","text":"hello",` +
      `"raw":{"name":"alice","wallMs":${Date.parse(TIME)},"body":"hello"}},`,
      `{"author":"${ALICE}","name":"alice","number":2,"clock":8,"time":"${TIME}","kind":"text","text":"hi\\nthere",` +
      `"raw":{"name":"alice","wallMs":${Date.parse(TIME)},"body":"hi\\nthere"}}`,
      "]",
      "}",
      "",
    ].join("\n"),
  );
  assertEquals(JSON.parse(text).entries.length, 2);
});

Deno.test("renderJson writes an empty conversation", () => {
  const { members, entries, part } = JSON.parse(renderJson(transcript([], { members: [], untilMs: 5 })));
  assertEquals([members, entries, part], [[], [], { count: 0, total: 0, sinceMs: null, untilMs: 5 }]);
});

const HARMLESS: [what: string, body: string, raw: string][] = [
  ["an escape sequence", "\x1b]0;x\x07", "\\u001b]0;x\\u0007"],
  ["a C1 control", "\x9b2J\x7f", "\\u009b2J\\u007f"],
  ["a carriage return", "a\rb\bc\vd", "a\\rb\\bc\\u000bd"],
  ["an order of letters", "\u202Eabc\u2066", "\\u202eabc\\u2066"],
  ["what has no width", "a\u200Bb\uFEFFc", "a\\u200bb\\ufeffc"],
  ["hidden text in tags", "a\u{E0041}", "a\\udb40\\udc41"],
  ["half of a character", "a\uD800b", "a\\ud800b"],
  ["a line end that is not JSON's", "a\u2028b", "a\\u2028b"],
  ["marks that pile up", `e${"\u0301".repeat(6)}`, `e${"\u0301".repeat(4)}\\u0301\\u0301`],
  ["a mark that lacks its letter", "\u0301a", "\\u0301a"],
  ["HTML", "</script><b>", "\\u003c/script\\u003e\\u003cb\\u003e"],
  ["a formula", "=cmd|' /C calc'!A0", "\\u003dcmd|' /C calc'!A0"],
  ["a formula in a later cell", "a,=1 b;+2 c|@d e, -3", "a,\\u003d1 b;\\u002b2 c|\\u0040d e, \\u002d3"],
  ["what is plain", 'say "hi": 1-1=0 日本語 🙂', 'say \\"hi\\": 1-1=0 日本語 🙂'],
];

for (const [what, body, raw] of HARMLESS) {
  Deno.test(`renderJson writes ${what} so that it does no harm and reads back`, () => {
    const text = renderJson(transcript([line(body)]));
    assertEquals(/"body":"((?:\\.|[^"\\])*)"/.exec(text)?.[1], raw);
    assertEquals(JSON.parse(text).entries[0].raw.body, body);
  });
}

Deno.test("renderJson loses nothing and shows nothing that is not to be seen, whatever bodies, names and titles hold", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary-ascii" }),
  );
  fc.assert(fc.property(text, text, text, (body, name, title) => {
    const written = renderJson(transcript([line(body, { name })], { title }));
    const { room, entries: [entry] } = JSON.parse(written);
    assertEquals([room.title, entry.raw.body, entry.raw.name], [title, body, name]);
    // deno-lint-ignore no-control-regex -- that they are not there is what is tested.
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f<>\u2028\u2029]|\p{Cf}|\p{DI}/u.test(written));
    assertEquals(written.split("\n").length, 12);
  }));
});

Deno.test("renderJson leaves the links of invitations out, because whoever reads them could come in", () => {
  const link = "earshot://10.0.0.2:9999/room/secret/key";
  for (const [body, raw] of [[[link, "Attic", ""], [null, "Attic", ""]], [link, [null]]] as const) {
    const written = renderJson(transcript([line("", { kind: "invite", body })]));
    assert(!written.includes("secret"));
    assertEquals(JSON.parse(written).entries[0].raw.body, raw);
  }
});

Deno.test("renderJson takes the longest message in little time", () => {
  for (const unit of ["a", " ", "\u0301", ",", "=", ", ", "\x1b"]) {
    assert(renderJson(transcript([line(unit.repeat(32 * 1024))])).length > 0);
  }
});
