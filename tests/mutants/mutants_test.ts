/** What the judge is tried with has to be there: code that changes takes its faults along. */

import { assertEquals } from "@std/assert";
import { MUTANTS } from "./mutants.ts";

Deno.test("Every mutant changes one place of its file", async () => {
  for (const { name, file, from } of MUTANTS) {
    const text = await Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
    assertEquals(text.split(from).length, 2, name);
  }
});
