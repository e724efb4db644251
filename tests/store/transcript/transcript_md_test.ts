import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { sanitizeText } from "../../../src/text/sanitize.ts";
import {
  formatUtcOffsets,
  type Transcript,
  type TranscriptLine,
} from "../../../src/store/transcript/transcript.ts";
import { renderMarkdown } from "../../../src/store/transcript/transcript_md.ts";

/** A moment of the local time zone, whichever it is. */
const MOMENT = new Date(2026, 10, 20, 14, 3, 22).getTime();
const DAY_MS = 24 * 60 * 60 * 1000;

function markdown(lines: readonly TranscriptLine[], more: Partial<Transcript> = {}): string {
  return renderMarkdown({
    title: "Attic",
    roomId: "abcdefghijklmnopqrstuvwxyz",
    fingerprint: "abcdefghijklmnop",
    totalCount: lines.length,
    lines,
    ...more,
  });
}

/** The item of one line. */
function item(line: Partial<TranscriptLine>): string {
  return markdown([{ wallMs: MOMENT, kind: "text", label: "alice", text: "hello", ...line }])
    .split("\n").slice(6, -5).join("\n");
}

Deno.test("renderMarkdown writes a heading, one for each day, and an item for each message or notice", () => {
  const text = markdown([
    { wallMs: MOMENT, kind: "notice", label: "alice", text: "joined" },
    { wallMs: MOMENT + 61_000, kind: "text", label: "alice", text: "hello" },
    { wallMs: MOMENT + DAY_MS, kind: "text", label: "bob·k3fw", text: "hi\n\nthere" },
  ], { totalCount: 34, sinceMs: MOMENT, untilMs: MOMENT + DAY_MS });
  assertEquals(
    text,
    [
      "# Attic",
      "",
      `Room \`abcdefghijklmnopqrstuvwxyz\`, times of ${
        formatUtcOffsets({ lines: [{ wallMs: MOMENT, kind: "text", label: "", text: "" }] })
      }, from 2026-11-20 14:03:22, until 2026-11-21 14:03:22`,
      "",
      "## 2026-11-20",
      "",
      "- 14:03:22 *alice* joined",
      "- 14:04:23 **alice**: hello",
      "",
      "## 2026-11-21",
      "",
      "- 14:03:22 **bob·k3fw**: hi\\",
      "  \u00A0\\",
      "  there",
      "",
      "---",
      "",
      "3 messages and notices of 34 · fingerprint abcd efgh ijkl mnop",
      "",
    ].join("\n"),
  );
});

const INERT: [what: string, text: string, written: string][] = [
  ["emphasis", "*a* _b_ ~c~ `d`", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\`"],
  ["a link", "[x](y)", "\\[x\\](y)"],
  ["an image", "![x](http://e/x.png)", "`![x](http://e/x.png)`"],
  [
    "an address",
    "see http://evil.example, or www.evil.example.",
    "see `http://evil.example,` or `www.evil.example.`",
  ],
  ["an address without a scheme", "evil.example", "`evil.example`"],
  ["a mail address", "ask bob@evil.example!", "ask `bob@evil.example!`"],
  ["a script's address", "javascript:alert(1)", "`javascript:alert(1)`"],
  ["an address in brackets", "<http://evil.example>", "&lt;`http://evil.example`&gt;"],
  ["an address in a code span", "`http://evil.example`", "\\``http://evil.example`\\`"],
  ["an address with markup in it", "a@b.co*\\x", "`a@b.co`\\*\\\\x"],
  ["HTML", "<img onerror=x> &lt;b&gt; <!-- -->", "&lt;img onerror=x&gt; &amp;lt;b&amp;gt; &lt;!-- --&gt;"],
  ["HTML around an address", "<a href=//evil.example>x</a>", "&lt;a `href=//evil.example`&gt;x&lt;/a&gt;"],
  ["a heading", "# x", "\\# x"],
  ["a list", "- x", "\\- x"],
  ["another list", "+ x", "\\+ x"],
  ["a numbered list", "12. x", "12\\. x"],
  ["another numbered list", "12) x", "12\\) x"],
  ["a quotation", "> x", "&gt; x"],
  ["a rule", "---", "\\---"],
  ["an underline", "===", "\\==="],
  ["a table", "|a|b|", "\\|a\\|b\\|"],
  ["a fence", "```sh", "\\`\\`\\`sh"],
  ["another fence", "~~~", "\\~\\~\\~"],
  ["a backslash", "\\*x\\*", "\\\\\\*x\\\\\\*"],
  ["a formula", "$x^2$", "\\$x\\^2\\$"],
  ["a raw attribute of Pandoc", "`<b>`{=html}", "\\`&lt;b&gt;\\`\\{=html\\}"],
  ["a definition", ": x", "\\: x"],
  ["blanks before a text", "    x", "\u00A0\u00A0\u00A0\u00A0x"],
  ["blanks behind a text, which would break the line", "x   ", "x"],
  [
    "what is plain",
    'Tea at 3:30? It\'s 1.5 € (or 2), e.g. "green".',
    'Tea at 3:30? It\'s 1.5 € (or 2), e.g. "green".',
  ],
];

for (const [what, text, written] of INERT) {
  Deno.test(`renderMarkdown leaves no markup of ${what}`, () => {
    assertEquals(item({ text }), `- 14:03:22 **alice**: ${written}`);
  });
  Deno.test(`renderMarkdown leaves no markup of ${what} in a later line, a notice, a name or a title`, () => {
    assertEquals(item({ text: `x\n${text}` }), `- 14:03:22 **alice**: x\\\n  ${written}`);
    assertEquals(item({ kind: "notice", text }), `- 14:03:22 *alice* ${written}`);
    const title = markdown([], { title: text });
    assertEquals(title.split("\n")[0], `# ${written}`);
  });
}

const FORGERIES: [what: string, line: Partial<TranscriptLine>, expected: string][] = [
  [
    "a line in the name of another",
    { text: "x\n- 14:03:22 **bob**: I owe you" },
    "- 14:03:22 **alice**: x\\\n  \\- 14:03:22 \\*\\*bob\\*\\*: I owe you",
  ],
  ["a heading", { text: "x\n\n## 2026-11-21" }, "- 14:03:22 **alice**: x\\\n  \u00A0\\\n  \\#\\# 2026-11-21"],
  ["a label with a text in it", { label: "bob: yes" }, '- 14:03:22 **"bob: yes"**: hello'],
  ["a label with markup", { label: "**bob**" }, '- 14:03:22 **"\\*\\*bob\\*\\*"**: hello'],
  ["a label of two lines", { label: "bob\n# x" }, "- 14:03:22 **bob \\# x**: hello"],
  ["a moment that no clock can mean", { wallMs: -1e15 }, "- ??:??:?? **alice**: hello"],
];

for (const [what, line, expected] of FORGERIES) {
  Deno.test(`renderMarkdown does not let a member forge ${what}`, () => assertEquals(item(line), expected));
}

Deno.test("renderMarkdown keeps every line in its place, and no markup, whatever texts hold", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."a1\n\r\v\x85\u2028#*_`[]()<>&|~$^{}!-+=.:\\ @/w🙂\x1b\u202e".split(/(?:)/u)),
  });
  const line = fc.record({
    wallMs: fc.constant(MOMENT),
    kind: fc.constantFrom("text" as const, "notice" as const),
    label: text.map((label) => sanitizeText(label)),
    text: text.map((body) => sanitizeText(body)),
  });
  fc.assert(fc.property(fc.array(line, { minLength: 1 }), (lines) => {
    const rows = markdown(lines).split("\n").slice(6, -5);
    assertEquals(rows.filter((row) => row.startsWith("- 14:03:22 *")).length, lines.length);
    for (const row of rows) {
      assert(/^(?:- 14:03:22 \*| {2}[^ ])/.test(row), row);
      assert(!row.startsWith("  ") || !/^ {2}(?:[-+=:#>|]|\d+[.)])/.test(row), row);
      // Outside of code, every character of markup stands behind a backslash, but for our own.
      const bare = row.replaceAll(/\\[\\`*_[\]{}|~$^#.):+=-]|`[^`]*`/g, "").replace(/\\$/, "");
      assert(!/[<>]|[`_[\]{}|~$^#]/.test(bare), row);
      const isItem = row.startsWith("- ");
      assertEquals(bare.split("*").length - 1, !isItem ? 0 : row.startsWith("- 14:03:22 **") ? 4 : 2, row);
    }
  }));
});

Deno.test("renderMarkdown takes the longest message in little time", () => {
  for (const unit of ["a", "a.", "http:", "@", "[", "<", "\n", " "]) {
    const text = unit.repeat(64 * 1024 / unit.length);
    assert(item({ text }).length > 0);
  }
});
