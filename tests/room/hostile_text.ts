/** Texts made to do harm: what terminals obey, what hides, reorders and piles up, and what looks like it and is welcome. */

import fc from "fast-check";

/** Characters that decide something, so that random texts meet every rule. */
export const TROUBLE: readonly string[] = [
  ..."a1 #❤👨🏽🇩🏴\n\r\t\x00\x1b\x7f\x85\x9b\x9d\x90\x07\b",
  ..."\u0301\u064E\u0915\u094D\u0D28\u0D4D\u0645\u17B4\u180B\u180E\u1820\u1100\u1161\u11A8\u25CC\u27E8\u27E9+",
  ..."\u05D0\u05B0\u061C\u1780\u17D2\u0E01\u0E33\u1019\u102C\u103E\u845B\u{E0101}",
  ..."\u200B\u200C\u200D\u200E\u200F\u202E\u2028\u2066\u20E3\uFE0E\uFE0F\uFE00\uFEFF\uFFFA\u3164\u00AD\uFFFE",
  ..."\u{E0062}\u{E0067}\u{E0065}\u{E006E}\u{E007F}\u{13441}\u{10FFFF}\uE0B0",
  "\uD800",
  "\uDC00",
  "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
];

/** Beginnings and ends of what a terminal obeys. */
const SEQUENCES: readonly string[] = [
  ..."[]PX^_()%#cDEMHNO78=>Z\\",
  ..."0;1;2;31;8;52;c;?1049hlmnABCDHJKrq".match(/\d+|\W|[a-z]/gi) ?? [],
  "[2J",
  "]0;owned",
  "]8;;http://evil",
  "[6n",
  "Pq",
];

const troubled = fc.constantFrom(...TROUBLE);
const escape = fc.tuple(fc.constantFrom("\x1b", "\x9b", "\x9d", "\x90"), fc.constantFrom(...SEQUENCES)).map((
  parts,
) => parts.join(""));
const control = fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code));
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const any = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

/** A hostile text of at most so many parts. */
export function hostileText(partsMax: number): fc.Arbitrary<string> {
  const part = fc.oneof(troubled, troubled, escape, control, unit, any, fc.constantFrom(...SEQUENCES));
  return fc.oneof(
    fc.array(troubled, { maxLength: partsMax, size: "max" }),
    fc.array(part, { maxLength: partsMax, size: "max" }),
    fc.array(any, { maxLength: partsMax, size: "max" }),
  ).map((parts) => parts.join(""));
}
