import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { toSearchKey } from "../../src/text/search_key.ts";

const SAME: readonly (readonly [what: string, left: string, right: string])[] = [
  ["capitals", "Hello", "hELLO"],
  ["German ß", "Straße", "STRASSE"],
  ["German ẞ", "STRAẞE", "strasse"],
  ["a Turkish dotted i", "İstanbul", "istanbul"],
  ["a Turkish dotless i", "ısı", "ISI"],
  ["a Greek final sigma", "ΟΔΟΣ", "οδός"],
  ["a Greek sigma before a mark", "Σίσυφος", "ΣΙΣΥΦΟΣ"],
  ["Portuguese tildes", "não", "NAO"],
  ["marks in either form", "Zoe\u0308", "zoë"],
  ["Hebrew points", "שָׁלוֹם", "שלום"],
  ["Arabic vowel signs", "مُحَمَّد", "محمد"],
  ["width and ligatures", "ＦＩＮ ﬁn", "fin fin"],
  ["joiners", "می\u200Cخواهم", "میخواهم"],
];

for (const [what, left, right] of SAME) {
  Deno.test(`toSearchKey ignores ${what}`, () => assertEquals(toSearchKey(left), toSearchKey(right)));
}

const DIFFERENT: readonly (readonly [what: string, left: string, right: string])[] = [
  ["letters", "tea", "ten"],
  ["Hindi vowel signs", "कि", "का"],
  ["Japanese voiced marks", "か", "が"],
  ["Thai vowels", "กิ", "กุ"],
  ["Korean syllables", "한", "하"],
];

for (const [what, left, right] of DIFFERENT) {
  Deno.test(`toSearchKey keeps ${what}`, () => assertNotEquals(toSearchKey(left), toSearchKey(right)));
}

Deno.test("toSearchKey finds a text in itself, and its own key", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assertEquals(toSearchKey(toSearchKey(text)), toSearchKey(text));
  }));
});
