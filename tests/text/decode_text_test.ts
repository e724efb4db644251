import { assertEquals } from "@std/assert";
import { decodeText } from "../../src/text/decode_text.ts";

const CASES: readonly (readonly [hex: string, text: string, encoding: string])[] = [
  ["", "", "utf-8"],
  ["5a6fc3ab", "Zo\u00EB", "utf-8"],
  ["efbbbf5a", "Z", "utf-8"],
  ["fffe5a006f00eb00", "Zo\u00EB", "utf-16le"],
  ["feff005a006f00eb", "Zo\u00EB", "utf-16be"],
  ["5a006f00eb00", "Zo\u00EB", "utf-16le"],
  ["005a006f00eb", "Zo\u00EB", "utf-16be"],
  ["4d966c", "M\u2013l", "windows-1252"],
  ["5a6feb", "Zo\u00EB", "windows-1252"],
];

for (const [hex, text, encoding] of CASES) {
  Deno.test(`decodeText reads ${hex === "" ? "nothing" : hex} as ${encoding}`, () => {
    assertEquals(decodeText(Uint8Array.fromHex(hex)), { text, encoding } as ReturnType<typeof decodeText>);
  });
}
