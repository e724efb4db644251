import { assertEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { EntryTokens, TOKENS_MAX } from "../../../src/web/page/entry_tokens.ts";
import { SimChance } from "../../sim/chance.ts";

const tokensOf = () => new EntryTokens({ chance: new SimChance(1), crypto: denoCrypto() });

Deno.test("EntryTokens takes each token once, in any order, and no other text", () => {
  const tokens = tokensOf();
  const [first, second] = [tokens.issue(), tokens.issue()];
  assertEquals([first.length, first === second], [43, false]);
  for (const wrong of ["", "x", "A".repeat(43), `${first}=`, first.slice(1), ` ${first}`]) {
    assertEquals(tokens.use(wrong), false);
  }
  assertEquals([tokens.use(second), tokens.use(first)], [true, true]);
  assertEquals([tokens.use(second), tokens.use(first)], [false, false]);
});

Deno.test("EntryTokens lets the oldest go when too many are out, and tells of each that is worth nothing any more", () => {
  const tokens = tokensOf();
  const gone: string[] = [];
  const all = Array.from({ length: TOKENS_MAX + 2 }, () => tokens.issue((token) => gone.push(token)));
  assertEquals(gone, all.slice(0, 2));
  assertEquals(all.map((token) => tokens.use(token)), [false, false, ...Array(TOKENS_MAX).fill(true)]);
  assertEquals(gone, all);
});
