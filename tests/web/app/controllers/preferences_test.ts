import { assertEquals } from "@std/assert";
import { parsePreferences } from "../../../../src/web/app/controllers/preferences.ts";
import { DEFAULT_PREFERENCES } from "../../../../src/web/app/state/app_state.ts";

for (
  const broken of [null, "", "{", "null", "7", "[]", '{"theme":"pink","isNotifying":"yes","language":7}']
) {
  Deno.test(`parsePreferences takes ${broken} for the usual, which is quiet`, () => {
    assertEquals(parsePreferences(broken), DEFAULT_PREFERENCES);
  });
}

Deno.test("parsePreferences reads what was kept", () => {
  const chosen = {
    ...DEFAULT_PREFERENCES,
    theme: "dark",
    language: "de",
    isSounding: true,
    areDetailsShown: false,
  } as const;
  assertEquals(parsePreferences(JSON.stringify(chosen)), chosen);
});
