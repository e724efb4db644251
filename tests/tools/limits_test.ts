import { assertEquals } from "@std/assert";
import { findLimits, formatLimits } from "../../tools/limits.ts";

Deno.test("every limit has a number and a reason", async () => {
  const without = (await findLimits()).filter(({ value, reason }) => !(value > 0) || reason === "");
  assertEquals(without.map(({ file, name }) => `${file} ${name}`), []);
});

Deno.test("docs/limits.md is what the code says", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/limits.md", import.meta.url));
  assertEquals(text, formatLimits(await findLimits()), 'Run "deno task limits"');
});
