import { assertEquals } from "@std/assert";
import { PasteTokens, PLAIN_UNITS_MAX } from "../../../src/cli/terminal/paste_tokens.ts";

Deno.test("Pastes leaves a short plain line as it is", () => {
  assertEquals(new PasteTokens().add("hello 日本 👍🏽"), "hello 日本 👍🏽");
  assertEquals(new PasteTokens().add("x".repeat(PLAIN_UNITS_MAX)), "x".repeat(PLAIN_UNITS_MAX));
});

const LABELS: [pasted: string, label: string][] = [
  ["a\rb", "[paste 1: 2 lines, 3 bytes]"],
  ["a\r\nb\n", "[paste 1: 2 lines, 4 bytes]"],
  ["\tx", "[paste 1: 2 bytes]"],
  ["\x1b[2J", "[paste 1: 4 bytes]"],
  ["é".repeat(PLAIN_UNITS_MAX + 1), "[paste 1: 1 KB]"],
  ["0123456789abcde\n".repeat(4_096), "[paste 1: 4096 lines, 66 KB]"],
];
for (const [pasted, label] of LABELS) {
  Deno.test(`Pastes shows ${JSON.stringify(pasted.slice(0, 12))} as ${label}, and puts it back`, () => {
    const it = new PasteTokens();
    const char = it.add(pasted);
    assertEquals([...char].length, 1);
    assertEquals(it.shown(`a${char}b`), `a${label}b`);
    assertEquals(it.whole(`a${char}b`), `a${pasted.replace(/\r\n?/g, "\n")}b`);
  });
}

Deno.test("Pastes shows line breaks as marks and what is typed safely", () => {
  const it = new PasteTokens();
  const line = `one${it.lineBreak}two\x1b\u202E`;
  assertEquals(it.shown(line), "one⏎two^[⟨202E⟩");
  assertEquals(it.whole(line), "one\ntwo\x1b\u202E");
});

Deno.test("Pastes lets nobody type or paste its own characters", () => {
  const it = new PasteTokens();
  const char = it.add("secret\n");
  assertEquals(it.typed(`a${char}b`), "ab");
  assertEquals(it.add(`a${char}${it.lineBreak}b`), "ab");
});

Deno.test("Pastes forgets the oldest, and says so", () => {
  const it = new PasteTokens();
  const first = it.add("1\n");
  for (let at = 0; at < 64; at++) it.add("2\n");
  assertEquals(it.whole(`a${first}`), null);
  assertEquals(it.shown(`a${first}`), "a[paste: forgotten]");
});
