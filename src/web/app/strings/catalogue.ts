/**
 * The type of a catalogue of strings. English is the model: every other language has the same keys with the same placeholders
 * (tests/web/app/strings/strings_test.ts), and is one file beside it, with a line in i18n.ts.
 */

import type { Plural } from "../../../messages/catalogue.ts";
import type { EN } from "./en.ts";

/** The name of a text. */
export type TextKey = keyof typeof EN;

/** A language's texts. `{name}` is a placeholder, `{count}` the number that a plural depends on. */
export type Catalogue = { readonly [Key in TextKey]: (typeof EN)[Key] extends string ? string : Plural };

/** The placeholders of a text. */
type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type TextOf<Entry> = Entry extends string ? Entry
  : Entry extends { readonly other: infer Other } ? Other
  : never;

/** The values that a text needs. */
export type ValuesOf<Key extends TextKey> = {
  readonly [Name in NamesIn<TextOf<(typeof EN)[Key]>>]: string | number;
};
