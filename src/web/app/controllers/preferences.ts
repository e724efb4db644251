/** The user's settings: stored in this browser and applied to the page. */

import { effect } from "@preact/signals";
import type { PageStorage, PageWindow } from "../browser/ports.ts";
import { browserTags, chosenTag, language } from "../i18n/i18n.ts";
import { type AppState, DEFAULT_PREFERENCES, type Preferences } from "../state/app_state.ts";

/** The name of the settings in the browser's storage. */
const STORED_AS = "choices";

/** The settings. */
export interface PreferencesController {
  /** Reads the stored settings, and applies them from now on. The result ends that. */
  start(): () => void;
  /** Changes some settings and stores all of them. */
  change(change: Partial<Preferences>): void;
}

/** Makes the controller. */
export function createPreferences(
  { state: { preferences }, storage, window }: {
    readonly state: AppState;
    readonly storage: PageStorage;
    readonly window: Pick<PageWindow, "languages" | "applyLook">;
  },
): PreferencesController {
  return {
    start() {
      preferences.value = parsePreferences(storage.read(STORED_AS));
      browserTags.value = window.languages;
      return effect(() => {
        chosenTag.value = preferences.value.language;
        const { tag, direction } = language.value;
        window.applyLook({ language: tag, direction, theme: preferences.value.theme });
      });
    },
    change(change) {
      preferences.value = { ...preferences.value, ...change };
      storage.write(STORED_AS, JSON.stringify(preferences.value));
    },
  };
}

/** Reads stored settings. A missing or malformed one has its default. */
export function parsePreferences(text: string | null): Preferences {
  if (text === null) return DEFAULT_PREFERENCES;
  try {
    const value: unknown = JSON.parse(text);
    const given: Record<string, unknown> = typeof value === "object" ? { ...value } : {};
    const { theme, language: tag } = given;
    const flag = (name: keyof Preferences & `${"is" | "are"}${string}`) => {
      const one = given[name];
      return typeof one === "boolean" ? one : DEFAULT_PREFERENCES[name];
    };
    return {
      language: typeof tag === "string" ? tag : null,
      theme: theme === "light" || theme === "dark" ? theme : "auto",
      isNotifying: flag("isNotifying"),
      isSounding: flag("isSounding"),
      isTypingTold: flag("isTypingTold"),
      areDetailsShown: flag("areDetailsShown"),
      isWelcomed: flag("isWelcomed"),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return DEFAULT_PREFERENCES;
    throw error;
  }
}
