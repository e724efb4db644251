import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { BROWSERS_MAX, formatPageState, parsePageState } from "../../../src/web/page/page_state.ts";

const WORD = "w".repeat(42) + "A";
const BROWSER = { cookieHash: WORD, key: WORD, usedAtMs: 1_767_225_600_000 };
const TEXT = `{"version":1,"port":9990,"browsers":[{"cookieHash":"${WORD}","key":"${WORD}",` +
  `"usedAtMs":1767225600000}]}\n`;

Deno.test("page.json is written and read like this", () => {
  assertEquals(formatPageState({ port: 9990, browsers: [BROWSER] }), TEXT);
  assertEquals(parsePageState(TEXT), { port: 9990, browsers: [BROWSER] });
});

const state = { version: 1, port: 9990, browsers: [BROWSER] };
const NONE: [what: string, value: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["a list", []],
  ["another version", { ...state, version: 2 }],
  ["no port", { ...state, port: undefined }],
  ["a port of the system's", { ...state, port: 80 }],
  ["a port above all", { ...state, port: 65_536 }],
  ["a port in text", { ...state, port: "9990" }],
  ["no browsers", { ...state, browsers: undefined }],
  ["browsers that are no list", { ...state, browsers: {} }],
  ["too many browsers", { ...state, browsers: Array(BROWSERS_MAX + 1).fill(BROWSER) }],
  ["a browser that is null", { ...state, browsers: [null] }],
  ["a short key", { ...state, browsers: [{ ...BROWSER, key: "x" }] }],
  ["an empty hash, which any cookie might be", { ...state, browsers: [{ ...BROWSER, cookieHash: "" }] }],
  ["a time before 1970", { ...state, browsers: [{ ...BROWSER, usedAtMs: -1 }] }],
  ["a time in text", { ...state, browsers: [{ ...BROWSER, usedAtMs: "now" }] }],
];

for (const [what, value] of NONE) {
  Deno.test(`parsePageState takes ${what} for no page.json`, () => {
    assertEquals(parsePageState(JSON.stringify(value) ?? ""), null);
  });
}

Deno.test("parsePageState takes every start of a file for none, and never throws", () => {
  for (let length = 0; length < TEXT.trimEnd().length; length++) {
    assertEquals(parsePageState(TEXT.slice(0, length)), null);
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePageState(text)));
});
