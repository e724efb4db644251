import { assertEquals } from "@std/assert";
import { createPreferences, parsePreferences } from "../../../../src/web/app/controllers/preferences.ts";
import { DEFAULT_PREFERENCES } from "../../../../src/web/app/state/app_state.ts";
import { createPageWorld } from "../../../fixtures/web/page_world.ts";

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

Deno.test("Settings are applied when the page starts and whenever they change, and stored", () => {
  const { state, storage, window } = createPageWorld();
  storage.write("choices", '{"theme":"dark"}');
  const preferences = createPreferences({ state, storage, window });
  const stop = preferences.start();
  preferences.change({ language: "de" });
  assertEquals(window.looks, ["en ltr dark", "de ltr dark"]);
  assertEquals(parsePreferences(storage.read("choices")), {
    ...DEFAULT_PREFERENCES,
    theme: "dark",
    language: "de",
  });
  preferences.change({ language: null });
  stop();
});
