import { assertEquals } from "@std/assert";
import { parseChoices } from "../../../src/web/app/choices.ts";
import { CHOICES } from "../../../src/web/app/state/store.ts";

for (
  const broken of [null, "", "{", "null", "7", "[]", '{"theme":"pink","isNotifying":"yes","language":7}']
) {
  Deno.test(`parseChoices takes ${broken} for the usual, which is quiet`, () => {
    assertEquals(parseChoices(broken), CHOICES);
  });
}

Deno.test("parseChoices reads what was kept", () => {
  const chosen = {
    ...CHOICES,
    theme: "dark",
    language: "de",
    isSounding: true,
    areDetailsShown: false,
  } as const;
  assertEquals(parseChoices(JSON.stringify(chosen)), chosen);
});
