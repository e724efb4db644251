/** Texts in the user's language. A third language needs one file like strings/de.ts, and a line in LANGUAGES. */

import { computed, signal } from "@preact/signals";
import type { MessageData } from "../../../messages/catalogue.ts";
import { ENGLISH, formatMessage, joinMessages, type Speech } from "../../../messages/format_message.ts";
import { GERMAN } from "../../../messages/german.ts";
import type { LogNotice } from "../state/notice.ts";
import type { Catalogue, TextKey, ValuesOf } from "../strings/catalogue.ts";
import { DE } from "../strings/de.ts";
import { EN } from "../strings/en.ts";

/** A language of the page. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** Its own name for itself. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
  readonly texts: Catalogue;
  /** How it says what the node tells. */
  readonly speech: Speech;
}

/** All languages. The first one is the default. */
export const LANGUAGES: readonly [Language, ...Language[]] = [
  { tag: "en", name: "English", direction: "ltr", texts: EN, speech: ENGLISH },
  { tag: "de", name: "Deutsch", direction: "ltr", texts: DE, speech: GERMAN },
];

/** The user's choice; null follows the browser. */
export const chosenTag = signal<string | null>(null);
/** The browser's languages, best first. */
export const browserTags = signal<readonly string[]>([]);
/** The present language. */
export const language = computed(() => findLanguage(chosenTag.value, browserTags.value));

/** The tag for times and numbers: the user's country, if the browser names one with this language. */
export const region = computed(() =>
  browserTags.value.find((tag) => tag.startsWith(`${language.value.tag}-`)) ?? language.value.tag
);

/** The chosen language, else the first one that the browser prefers and the page has. */
export function findLanguage(chosen: string | null, preferred: readonly string[]): Language {
  for (const tag of chosen === null ? preferred : [chosen, ...preferred]) {
    const found = LANGUAGES.find((each) => tag === each.tag || tag.startsWith(`${each.tag}-`));
    if (found !== undefined) return found;
  }
  return LANGUAGES[0];
}

/** Translates a text. */
export function translate<Key extends TextKey>(
  key: Key,
  ...[values]: [keyof ValuesOf<Key>] extends [never] ? [] : [ValuesOf<Key>]
): string {
  const { texts, tag } = language.value;
  const entry: Catalogue[TextKey] = texts[key];
  const given: Readonly<Record<string, string | number>> = values ?? {};
  const text = typeof entry === "string" ? entry : findPluralForm(entry, Number(given.count), tag);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => formatValue(given[name] ?? whole, tag));
}

/** What the node tells, without hints to type commands. */
export function translateMessage(message: MessageData): string {
  return formatMessage(message, language.value.speech, () => null);
}

/** Several as one paragraph. */
export function translateAll(messages: readonly MessageData[]): string {
  return joinMessages(messages, translateMessage);
}

/** The same for a text that comes with its message; the text alone from a node of an earlier version. */
export function translateTold(text: string, message: MessageData | null | undefined): string {
  return message === null || message === undefined ? text : translateMessage(message);
}

/** The text of a notice, which follows the name. */
export function formatNotice(notice: LogNotice): string {
  switch (notice.says) {
    case "room":
      return translate("notice.room", { title: notice.title });
    case "invite":
      return translate("notice.invite", { title: notice.title });
    case "file":
    case "folder":
      return translate(`notice.${notice.says}`, { name: notice.name });
    case "name":
      return translate("notice.name", { name: notice.name });
    default:
      return translate(`notice.${notice.says}`);
  }
}

function findPluralForm(
  entry: Exclude<Catalogue[TextKey], string>,
  count: number,
  tag: string,
): string {
  return entry[new Intl.PluralRules(tag).select(count)] ?? entry.other;
}

function formatValue(value: string | number, tag: string): string {
  return typeof value === "number"
    ? new Intl.NumberFormat(tag, { useGrouping: value > 9_999 }).format(value)
    : value;
}
