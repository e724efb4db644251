import { assertEquals } from "@std/assert";
import type { EditedLine, Key } from "../../src/ports/terminal.ts";
import { openLine } from "../fixtures/line_editor.ts";

function opened(): { line: EditedLine; keys: Key[] } {
  const keys: Key[] = [];
  const line = openLine((key) => {
    keys.push(key);
    line.press(key);
  });
  return { line, keys };
}

const CASES: [name: string, typed: string, text: string, cursor: number][] = [
  ["inserts letters of any script", "hé日👍", "hé日👍", 5],
  ["moves by Ctrl-A and Ctrl-E", "world\x01hello \x05!", "hello world!", 12],
  ["moves by words", "one two\x1bbx", "one xtwo", 5],
  ["moves by arrows, Home and End", "ac\x1b[Db\x1b[H0\x1b[Fd", "0abcd", 5],
  ["kills by Ctrl-W, Ctrl-U and Ctrl-K", "one two\x17x\x15abc\x1b[D\x0b", "ab", 2],
  ["deletes whole characters", "a👍\x7f日\x7fb", "ab", 2],
  ["leaves out controls that mean nothing", "a\x1c\x1d\x00b", "ab", 2],
  ["knows keys of no meaning", "a\x1b[15~\x1b[5~b", "ab", 2],
];
for (const [name, typed, text, cursor] of CASES) {
  Deno.test(`openLine ${name}`, () => {
    const { line } = opened();
    line.type(typed);
    assertEquals([line.text, line.cursor], [text, cursor]);
    line[Symbol.dispose]();
  });
}

Deno.test("openLine remembers lines, and finds those that begin alike", () => {
  const { line } = opened();
  for (const text of ["/join Kitchen", "hello", "bye"]) {
    line.insert(text);
    assertEquals(line.submit(), text);
    assertEquals(line.text, "");
  }
  line.type("\x1b[A\x1b[A");
  assertEquals(line.text, "hello");
  line.replace("/j");
  line.type("\x1b[A");
  assertEquals(line.text, "/join Kitchen");
  line[Symbol.dispose]();
});

Deno.test("openLine names the keys that a chat takes for itself", () => {
  const keys: string[] = [];
  const line = openLine(({ name, isCtrl, isMeta, isShift }) =>
    keys.push(`${isCtrl ? "^" : ""}${isMeta ? "M-" : ""}${isShift ? "S-" : ""}${name}`)
  );
  line.type("\x03\x04\x0c\x1a\t\x1b[Z\r\x1b\r\x1b1\x1b0\x1ba");
  assertEquals(keys, ["^c", "^d", "^l", "^z", "tab", "S-tab", "return", "M-return", "M-1", "M-0", "M-a"]);
  line[Symbol.dispose]();
});

Deno.test("openLine takes a text and a cursor from outside", () => {
  const { line } = opened();
  line.replace("hello", 2);
  line.type("X");
  assertEquals([line.text, line.cursor], ["heXllo", 3]);
  line.replace("");
  assertEquals(line.submit(), "");
  line[Symbol.dispose]();
});

Deno.test("openLine leaves nothing behind, not even the wait behind a lone Escape", () => {
  const { line, keys } = opened();
  line.type("\x1b");
  line[Symbol.dispose]();
  assertEquals(keys, []);
});
