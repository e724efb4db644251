/** What the user chose, kept in this browser, and carried out: language, brightness, notifications, drafts. */

import { effect } from "@preact/signals";
import { keep, keepMeanwhile, kept, leftOver, onKept } from "../browser/storage.ts";
import { formatDrafts, parseDrafts, withDraft, withUnsent } from "../state/drafts.ts";
import { DEFAULT_PREFERENCES, drafts, type Preferences, preferences } from "../state/app_state.ts";
import { browserTags, chosenTag, language } from "../i18n/i18n.ts";

/** Reads what was chosen, and has it carried out from now on. */
export function loadPreferences(): void {
  preferences.value = parsePreferences(kept("choices"));
  drafts.value = parseDrafts(kept("drafts"));
  // It was on its way when this tab was loaded anew: the user sees in the log whether it arrived.
  for (const text of leftOver("sending")) {
    for (const [to, said] of parseDrafts(text)) keepUnsent(to, said);
  }
  onKept("drafts", () => drafts.value = parseDrafts(kept("drafts")));
  browserTags.value = navigator.languages;
  effect(() => {
    chosenTag.value = preferences.value.language;
    const root = document.documentElement;
    root.lang = language.value.tag;
    root.dir = language.value.direction;
    root.dataset.theme = preferences.value.theme;
  });
}

/** Chooses. */
export function setPreference(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change };
  keep("choices", JSON.stringify(preferences.value));
}

/** Keeps what is typed and not sent. */
export function keepDraft(to: string, text: string): void {
  // Another page of this browser may have kept drafts since.
  drafts.value = withDraft(parseDrafts(kept("drafts")), to, text);
  keep("drafts", drafts.value.size === 0 ? null : formatDrafts(drafts.value));
}

/** Keeps what was on its way and did not arrive, in the order in which it was typed. */
export function keepUnsent(to: string, text: string): void {
  const held = parseDrafts(kept("drafts")).get(to) ?? "";
  const { draft, back } = withUnsent(held, { text, before: unsent.get(to) ?? "" });
  unsent.set(to, back);
  keepDraft(to, draft);
}

/** What came back last, by conversation. */
const unsent = new Map<string, string>();

/** Keeps what is on its way, also should the tab be loaded anew meanwhile; what is returned ends that. */
export function keepSending(to: string, text: string): () => void {
  return keepMeanwhile("sending", formatDrafts(new Map([[to, text]])));
}

/** What was kept; the usual for what is missing or of another kind. */
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
