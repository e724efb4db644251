/**
 * Rules for names of people and titles of rooms. A name is typed after "@" and stands before ":" and between tabs, so
 * it must show all that it contains. A title may have spaces. Both are stored in NFC on every machine.
 */

import LOOKS from "unhomoglyph/data.json" with { type: "json" };
import { type Message, message } from "../messages/message.ts";
import { sanitizeLine } from "./sanitize.ts";

/** Characters of a name. A longer one would push other text off the screen. */
export const NAME_CHARS_MAX = 32;
/** Characters of a room's title. */
export const TITLE_CHARS_MAX = 64;
/** UTF-8 bytes of a title, which has a one-byte length on the wire. Only 64 characters of four bytes each exceed it. */
export const TITLE_BYTES_MAX = 255;

/** UTF-16 units that are normalised. The time grows with the square of the marks on one letter. */
const UNITS_MAX = 1_024;
const FALLBACK_NAME = "guest";

/**
 * Control, format, private-use and default-ignorable characters, surrogates, non-characters and blank Braille:
 * invisible, or different on each machine.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{DI}\p{NChar}\u2028\u2029\u2800]/u;
const WHITE_SPACE = /\p{White_Space}/u;
/** In a title these may select an emoji's form or join letters. `shownProblem` ensures that they do nothing else. */
const JOINERS_AND_SELECTORS = /[\u200C\u200D\uFE0E\uFE0F]/g;
/**
 * ":" ends a name in a line and "," in a list. "·" and its lookalikes precede the tag that distinguishes two equal
 * names.
 */
export const RESERVED_IN_NAMES = /[:,·•‧∙⋅⸱・･᛫𐄁]/u;
/**
 * A letter with marks that are overlooked: those below it, and a dot above. Accents above a letter part names in many languages
 * ("zoe" and "zoë"), and elsewhere marks are vowels. A mark that stands alone is on a space.
 */
const MARKED =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic} ])[\u0307\u0316-\u0319\u031C-\u0333\u0339-\u033C\u0345\u0347-\u0349\u034D\u034E\u0353-\u0356\u0359\u035A]+/gu;
/** Full stops, raised ones and what is left of a mark without a letter. */
const DOTS_AT_END = /[ .˙·•‧∙⋅…'`´]+$/u;
/** The first characters of rooms, people, commands and options. */
const RESERVED_FIRST = /^[#@/-]/u;

/** The name in NFC, or a sentence for the user that says what is wrong with it. */
export function parseName(text: string): { readonly name: string } | { readonly problem: Message } {
  const name = normalize(text);
  if (name === "") return { problem: message("name.empty") };
  const problem = lengthProblem("name", name, NAME_CHARS_MAX) ?? spaceProblem(name) ??
    invisibleProblem("name", name) ?? reservedProblem(name) ?? displayProblem("name", name);
  return problem === null ? { name } : { problem };
}

/** A key to compare names: equal for names that differ only in case, width or ligatures (NFKC). */
export function toNameKey(name: string): string {
  return name.slice(0, UNITS_MAX).normalize("NFKC").toLowerCase().normalize("NFKC");
}

/**
 * Two names that share one of these keys look alike: they are equal except for case, width and ligatures, or equal in
 * print, such as Cyrillic "аlice" and "alice", "AIice" and "Alice", "b0b" and "bob" (skeletons of UTS #39, section 4,
 * in any case; "I", "l", "1" and "i" are one letter). Use them to distinguish people on screens, never to find them:
 * a user who types "alice" does not mean the other name.
 * The table is that of Unicode 13, from unhomoglyph 1.0.6. All members share it as part of the view: a different
 * table could label the same room differently, so it changes only with the version of the view.
 */
export function toLookalikeKeys(name: string): readonly string[] {
  const key = toNameKey(name);
  // Visible letters only: what hides between them makes no other name.
  const visible = name.slice(0, UNITS_MAX).replaceAll(new RegExp(INVISIBLE, "gu"), "");
  // By the letters as they stand, and by what they are compatible with: "ϲ" looks like "c", and is compatible with a sigma.
  const looks = [visible.normalize("NFD"), visible.normalize("NFKD")].map((letters) =>
    foldMarks(toSkeleton(toSkeleton(letters).normalize("NFKD")).normalize("NFKD").toLowerCase()).replaceAll(
      "i",
      "l",
    )
  );
  return [...new Set([key, ...looks])];
}

/** Without the marks, and the dots at the end, that are overlooked at a glance. */
function foldMarks(text: string): string {
  return text.replaceAll(MARKED, "$1").replace(DOTS_AT_END, "");
}

/**
 * Replaces each character by its lookalike from the table. The package's own function builds a regular expression of
 * all 6,000 at load, which adds 15 ms to every start.
 */
function toSkeleton(text: string): string {
  const looks: Readonly<Record<string, string>> = LOOKS;
  return Array.from(text, (char) => Object.hasOwn(looks, char) ? looks[char] : char).join("");
}

/**
 * A valid name from the name of an account or a computer, such as `OFFICE\Bob Smith` or `bobs-mac.local`; "guest" if
 * nothing is left.
 */
export function suggestName(raw: string): string {
  const visible = raw.slice(0, UNITS_MAX).replaceAll(new RegExp(INVISIBLE, "gu"), " ").normalize("NFC")
    .trim();
  const words = visible.replace(/^.*\\/, "").replace(/\.(?:local|lan|home|localdomain)$/i, "");
  const joined = words.replaceAll(/[\p{White_Space}:,·]+/gu, "-").replace(/^[#@/-]+/, "");
  const short = [...joined].slice(0, NAME_CHARS_MAX).join("").replace(/-+$/, "");
  const parsed = parseName(short);
  return "name" in parsed ? parsed.name : FALLBACK_NAME;
}

/** The title in NFC and trimmed, or a sentence for the user that says what is wrong with it. */
export function parseTitle(text: string): { readonly title: string } | { readonly problem: Message } {
  const title = normalize(text.trim());
  if (title === "") return { problem: message("title.empty") };
  const problem = lengthProblem("title", title, TITLE_CHARS_MAX) ?? bytesProblem(title) ??
    invisibleProblem("title", title.replaceAll(JOINERS_AND_SELECTORS, "")) ?? displayProblem("title", title);
  return problem === null ? { title } : { problem };
}

function normalize(text: string): string {
  return text.length > UNITS_MAX ? text : text.normalize("NFC");
}

function lengthProblem(what: "name" | "title", text: string, charsMax: number): Message | null {
  let count = 0;
  for (const _ of text) count++;
  return count <= charsMax ? null : message(`${what}.too-long`, { max: charsMax, length: count });
}

function bytesProblem(title: string): Message | null {
  const sizeBytes = new TextEncoder().encode(title).length;
  if (sizeBytes <= TITLE_BYTES_MAX) return null;
  return message("title.too-many-bytes", { max: TITLE_BYTES_MAX, length: sizeBytes });
}

function spaceProblem(name: string): Message | null {
  return WHITE_SPACE.test(name) ? message("name.spaces", { suggestion: suggestName(name) }) : null;
}

function invisibleProblem(what: "name" | "title", text: string): Message | null {
  const code = INVISIBLE.exec(text)?.[0].codePointAt(0);
  if (code === undefined) return null;
  const hex = code.toString(16).toUpperCase().padStart(4, "0");
  return message(`${what}.invisible`, { character: `U+${hex}` });
}

function reservedProblem(name: string): Message | null {
  const first = RESERVED_FIRST.exec(name)?.[0];
  if (first !== undefined) return message("name.reserved-first", { character: first });
  const reserved = RESERVED_IN_NAMES.exec(name)?.[0];
  return reserved === undefined ? null : message("name.reserved", { character: reserved });
}

/**
 * The last check: marks without a letter, too many marks on one letter, and anything else that would not be shown as
 * written.
 */
function displayProblem(what: "name" | "title", text: string): Message | null {
  const displayed = sanitizeLine(text);
  return displayed === text ? null : message(`${what}.displayed-differently`, { displayed });
}
