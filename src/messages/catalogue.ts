/**
 * The shape of a language's texts. English is the model: every other language has the same codes, and each text may only
 * name the values that the English one names. The compiler checks both.
 *
 * A placeholder is `{name}` or `{name:format}`. Without a format it stands for a text, a number or another message;
 * the formats are listed in `FormattedValue`.
 */

import type { CommandHint } from "./command_names.ts";

/** A text that depends on the value `count`: by the plural categories of its language, "other" for all that are not named. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/** A text with a sentence behind it that names a command, as `{command}`. Only places that take commands show that sentence. */
export interface HintedText {
  readonly text: string | Plural;
  readonly hint: string;
}

/** One message of a catalogue. */
export type MessageText = string | Plural | HintedText;

/** Messages by their code. */
export type Texts = Readonly<Record<string, MessageText>>;

/** A message as it travels. Its code is checked where it is made (message.ts). */
export interface MessageData {
  readonly code: string;
  readonly values: Readonly<Record<string, Value>>;
  /** What the user can do about it. Shown in the form that fits the place, or not at all. */
  readonly hint?: CommandHint;
}

/** A value that a message carries: plain JSON. */
export type Value = string | number | MessageData | readonly ListItem[];

/** An item of a list. */
export type ListItem = string | MessageData;

/** The formats of placeholders: bytes, milliseconds, and lists joined by "and", "or" or commas. */
interface FormattedValue {
  readonly bytes: number;
  readonly span: number;
  readonly and: readonly ListItem[];
  readonly or: readonly ListItem[];
  readonly list: readonly ListItem[];
}

/** The placeholders of a text, as they are written. */
type MarksIn<Text> = Text extends `${string}{${infer Mark}}${infer Rest}` ? Mark | MarksIn<Rest> : never;

type FormOf<Form> = Form extends string ? Form : Form[keyof Form];
type TextOf<Each> = Each extends { readonly text: infer Form; readonly hint: infer Hint }
  ? FormOf<Form> | Hint
  : FormOf<Each>;
type MarksOf<Each> = Exclude<MarksIn<TextOf<Each>>, "command">;
type NameOf<Mark> = Mark extends `${infer Name}:${string}` ? Name : Mark;
type ValueOf<Mark> = Mark extends `${string}:${infer Format}`
  ? Format extends keyof FormattedValue ? FormattedValue[Format] : never
  : string | number | MessageData;
type IsPlural<Each> = Each extends { readonly other: string } ? true
  : Each extends { readonly text: { readonly other: string } } ? true
  : false;

/** The values that a message of this entry takes. */
export type MessageValues<Each> =
  & { readonly [Mark in MarksOf<Each> as NameOf<Mark> & string]: ValueOf<Mark> }
  & (IsPlural<Each> extends true ? { readonly count: number } : unknown);

/** Whether the entry names a command. */
export type IsHinted<Each> = Each extends { readonly hint: string } ? true : false;

/** A translation of English texts: extra codes, missing ones, unknown values and missing hints do not fit. */
type Checked<English, Own> = {
  readonly [Code in keyof Own]: Code extends keyof English
    ? [MarksOf<Own[Code]>] extends [MarksOf<English[Code]> | CountOf<English[Code]>]
      ? IsHinted<Own[Code]> extends IsHinted<English[Code]> ? Own[Code] : never
    : never
    : never;
};
type CountOf<Each> = IsPlural<Each> extends true ? "count" : never;

/** Checks a translation: `translationOf<typeof EN_NAMES>()({ … })`. */
export function translationOf<English extends Texts>(): <
  const Own extends { readonly [Code in keyof English]: MessageText },
>(own: Own & Checked<English, Own>) => Own {
  return (own) => own;
}
