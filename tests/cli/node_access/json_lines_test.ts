import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readJsonLines, readTextLines } from "../../../src/cli/node_access/json_lines.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

const LIMIT = { lineUnitsMax: 10 };
const lines = (...parts: Uint8Array[]) => Array.fromAsync(readTextLines(chunks(...parts), LIMIT));

const CASES: [text: string, lines: string[]][] = [
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["\n\n", ["", ""]],
  ["a\rb\n", ["a\rb"]],
  ["äöü\n日本", ["äöü", "日本"]],
];

for (const [text, expected] of CASES) {
  Deno.test(`textLines splits ${JSON.stringify(text)}, however it is cut`, async () => {
    assertEquals(await lines(bytes(text)), expected);
    assertEquals(await lines(...[...bytes(text)].map((byte) => Uint8Array.of(byte))), expected);
  });
}

Deno.test("textLines refuses a line beyond the limit before it has all of it", async () => {
  await assertRejects(() => lines(bytes("0123456789"), bytes("0")), RangeError);
  assertEquals(await lines(bytes("0123456789"), bytes("\n")), ["0123456789"]);
});

Deno.test("jsonLines gives what was written, however it is cut, and drops a line that was cut off", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue()), fc.nat(), async (values, at) => {
    const all = bytes(values.map((value) => `${JSON.stringify(value)}\n`).join("") + '{"cut');
    const cut = at % (all.length + 1);
    const read = await Array.fromAsync(readJsonLines(chunks(all.subarray(0, cut), all.subarray(cut))));
    assertEquals(JSON.stringify(read), JSON.stringify(values));
  }));
});
