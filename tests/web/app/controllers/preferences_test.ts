import { assertEquals } from "@std/assert";
import { parsePreferences } from "../../../../src/web/app/controllers/preferences.ts";
import { CHOICES } from "../../../../src/web/app/state/store.ts";

for (
  const broken of [null, "", "{", "null", "7", "[]", '{"theme":"pink","isNotifying":"yes","language":7}']
) {
  Deno.test(`parseChoices takes ${broken} for the usual, which is quiet`, () => {
    assertEquals(parsePreferences(broken), CHOICES);
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
  assertEquals(parsePreferences(JSON.stringify(chosen)), chosen);
});
