import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatLocalTime,
  formatUtcOffsets,
  renderTranscript,
  type Transcript,
  type TranscriptLine,
} from "../../../src/store/transcript/transcript.ts";

/** A moment of the local time zone, whichever it is. */
const MOMENT = new Date(2026, 10, 20, 14, 3, 22).getTime();

function transcript(lines: readonly TranscriptLine[], more: Partial<Transcript> = {}): string {
  return renderTranscript({
    title: "Attic",
    roomId: "abcdefghijklmnopqrstuvwxyz",
    fingerprint: "abcd efgh ijkl mnop",
    totalCount: lines.length,
    lines,
    ...more,
  });
}

/** The records of one line. */
function rendered(line: Partial<TranscriptLine>): string {
  return transcript([{ wallMs: MOMENT, kind: "text", label: "alice", text: "hello", ...line }])
    .split("\n").slice(3, -2).join("\n");
}

Deno.test("renderTranscript writes messages and notices between a head and a foot", () => {
  const text = transcript([
    { wallMs: MOMENT, kind: "notice", label: "alice", text: "joined" },
    { wallMs: MOMENT + 61_000, kind: "text", label: "alice", text: "hello" },
    { wallMs: MOMENT + 62_999, kind: "text", label: "bob·k3fw", text: "hi\n\nthere" },
  ]);
  assertEquals(
    text,
    [
      "# Attic",
      "# room abcdefghijklmnopqrstuvwxyz",
      `# times of ${formatUtcOffsets({ lines: [{ wallMs: MOMENT, kind: "text", label: "", text: "" }] })}`,
      "2026-11-20 14:03:22  * alice joined",
      "2026-11-20 14:04:23  alice: hello",
      "2026-11-20 14:04:24  bob·k3fw: hi",
      "                     ",
      "                     there",
      "# 3 messages and notices · fingerprint abcd efgh ijkl mnop",
      "",
    ].join("\n"),
  );
});

Deno.test("renderTranscript says which part it is of", () => {
  const line: TranscriptLine = { wallMs: MOMENT, kind: "text", label: "alice", text: "hello" };
  assertEquals(
    transcript([line], { totalCount: 34, sinceMs: MOMENT, untilMs: MOMENT + 3_600_000 }),
    [
      "# Attic",
      "# room abcdefghijklmnopqrstuvwxyz",
      `# times of ${formatUtcOffsets({ lines: [{ wallMs: MOMENT, kind: "text", label: "", text: "" }] })}`,
      "# from 2026-11-20 14:03:22",
      "# until 2026-11-20 15:03:22",
      "2026-11-20 14:03:22  alice: hello",
      "# 1 message or notice of 34 · fingerprint abcd efgh ijkl mnop",
      "",
    ].join("\n"),
  );
});

Deno.test("renderTranscript counts one and none, and groups a fingerprint that is in one piece", () => {
  const line: TranscriptLine = { wallMs: MOMENT, kind: "text", label: "a", text: "x" };
  assert(transcript([line]).endsWith("\n# 1 message or notice · fingerprint abcd efgh ijkl mnop\n"));
  assert(transcript([line, line], { totalCount: 3 }).includes("\n# 2 messages and notices of 3 · "));
  assert(transcript([]).endsWith("\n# 0 messages and notices · fingerprint abcd efgh ijkl mnop\n"));
  assert(transcript([], { fingerprint: "abcdefghij" }).endsWith(" · fingerprint abcd efgh ij\n"));
});

const FORGERIES: [what: string, line: Partial<TranscriptLine>, expected: string][] = [
  [
    "a line in the name of another",
    { text: "x\n2026-11-20 14:03:22  bob: I owe you" },
    "2026-11-20 14:03:22  alice: x\n                     2026-11-20 14:03:22  bob: I owe you",
  ],
  ["a foot", { text: "x\n# 2 messages" }, "2026-11-20 14:03:22  alice: x\n                     # 2 messages"],
  ["a label with a text in it", { label: "bob: yes" }, '2026-11-20 14:03:22  "bob: yes": hello'],
  ["a label as a notice", { label: "* bob left" }, '2026-11-20 14:03:22  "* bob left": hello'],
  ["a label in quotes", { label: '"bob"' }, "2026-11-20 14:03:22  \"'bob'\": hello"],
  ["a label of two lines", { label: "bob\n# x" }, "2026-11-20 14:03:22  bob # x: hello"],
  [
    "a notice of two lines",
    { kind: "notice", text: "left\n# x" },
    "2026-11-20 14:03:22  * alice left\n                     # x",
  ],
];

for (const [what, line, expected] of FORGERIES) {
  Deno.test(`renderTranscript does not let a member forge ${what}`, () => {
    assertEquals(rendered(line), expected);
  });
}

for (const end of ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"]) {
  Deno.test(`renderTranscript goes on in a new line behind ${JSON.stringify(end)}`, () => {
    assertEquals(
      rendered({ text: `one${end}two${end}` }),
      "2026-11-20 14:03:22  alice: one\n                     two\n                     ",
    );
  });
}

Deno.test("renderTranscript keeps every line in its place, whatever titles, labels and texts hold", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\n", "\r", "\v", "\x85", "\u2028", "#", "*", ":", " ", '"', "🙂"),
  });
  const line = fc.record({
    wallMs: fc.integer(),
    kind: fc.constantFrom("text" as const, "notice" as const),
    label: text,
    text,
  });
  fc.assert(fc.property(fc.array(line), text, (lines, title) => {
    const written = transcript(lines, { title });
    assert(written.endsWith("\n"));
    assert(!/[\r\v\f\x85\u2028\u2029]/.test(written));
    const rows = written.slice(0, -1).split("\n");
    const starts = rows.map((row) => /^(?:(#) |([\d?]{4}-[\d?]{2}-[\d?]{2} [\d?:]{8}) {2}| {21})/.exec(row));
    assert(starts.every((start) => start !== null));
    assertEquals(starts.filter((start) => start?.[1] !== undefined).length, 4);
    assertEquals(starts.filter((start) => start?.[2] !== undefined).length, lines.length);
  }));
});

const TIMES: [wallMs: number, text: string][] = [
  [MOMENT + 999, "2026-11-20 14:03:22"],
  [new Date(1970, 0, 2, 3, 4, 5).getTime(), "1970-01-02 03:04:05"],
  [new Date(9999, 11, 31, 23, 59, 59).getTime(), "9999-12-31 23:59:59"],
  [new Date(1969, 11, 31, 23, 59, 59).getTime(), "????-??-?? ??:??:??"],
  [new Date(10000, 0, 1).getTime(), "????-??-?? ??:??:??"],
  [-Number.MAX_SAFE_INTEGER, "????-??-?? ??:??:??"],
  [Number.MAX_SAFE_INTEGER, "????-??-?? ??:??:??"],
  [NaN, "????-??-?? ??:??:??"],
];

for (const [wallMs, text] of TIMES) {
  Deno.test(`localTime of ${wallMs} is ${text}`, () => assertEquals(formatLocalTime(wallMs), text));
}

/** Runs a script in a process of its own with that time zone, and returns its output. */
async function runInZone(zone: string, script: string): Promise<string> {
  const module = new URL("../../../src/store/transcript/transcript.ts", import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", `import { formatLocalTime, formatUtcOffsets } from "${module}"; ${script}`],
    env: { TZ: zone, NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("formatLocalTime tells the hour that comes twice apart, and formatUtcOffsets names what holds at both ends", async () => {
  const moments = ["00:29:00", "00:30:00", "01:30:00", "02:00:00"].map((time) => `"2026-10-25T${time}Z"`);
  const script =
    `const lines = ["2026-10-24T12:00Z", "2026-10-26T12:00Z"].map((at) => ({ wallMs: Date.parse(at) }));
    console.log(formatUtcOffsets({ lines }), formatUtcOffsets({ lines: lines.slice(1) })); for (const at of [${moments}]) console.log(formatLocalTime(Date.parse(at)));`;
  assertEquals((await runInZone("Europe/Berlin", script)).split("\n"), [
    "UTC+02:00 and UTC+01:00 UTC+01:00",
    "2026-10-25 02:29:00+02:00",
    "2026-10-25 02:30:00+02:00",
    "2026-10-25 02:30:00+01:00",
    "2026-10-25 03:00:00",
    "",
  ]);
  const edges = `for (const at of ["2026-10-24T23:59:59Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"]) {
    console.log(formatLocalTime(Date.parse(at)));
  }`;
  assertEquals((await runInZone("Europe/Berlin", edges)).split("\n"), [
    "2026-10-25 01:59:59",
    "2026-03-29 01:59:59",
    "2026-03-29 03:00:00",
    "",
  ]);
  // Lord Howe Island sets its clocks back by half an hour.
  const half = 'console.log(formatLocalTime(Date.parse("2026-04-04T14:45:00Z")))';
  assertEquals(await runInZone("Australia/Lord_Howe", half), "2026-04-05 01:45:00+11:00\n");
});
