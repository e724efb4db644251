/**
 * Makes foreign text safe for terminals, exports, displayed logs and errors. Readable text stays unchanged. Anything
 * that moves the cursor, reverses the order, hides or piles up becomes visible: ESC is shown as `^[`, U+202E as
 * `⟨202E⟩`, marks beyond the fourth as `⟨+12⟩`. Soft hyphens and direction marks, which word processors insert
 * unasked, are removed.
 * Both functions are idempotent, accept any string, never throw, and run in linear time.
 * Private-use characters stay: they take one cell, do not move, and no mark of ours contains them.
 */

import { eastAsianWidth } from "get-east-asian-width";

/**
 * Marks kept above and below one character, and as many beside it (Burmese has five in all). A pile of marks covers
 * other lines.
 */
export const MARKS_MAX = 4;
/** Emoji that joiners attach to one emoji. Kisses and families have three joiners, not counting skin tones. */
export const EMOJI_JOINS_MAX = 4;

const TAB_AS_SPACES = "    ";
const ELLIPSIS = "…";
const ZERO_WIDTH_SPACE = "\u200B";
const ZERO_WIDTH_NON_JOINER = "\u200C";
const ZERO_WIDTH_JOINER = "\u200D";
/** Replaces the missing base of a mark at the start of a line, so that the mark does not change the text before it. */
const DOTTED_CIRCLE = "◌";

/** Combining marks, and Hangul vowels and finals, which also pile up on the preceding character. */
const STACKING_MARK = /^[\p{Mn}\p{Me}\u1160-\u11FF\uD7B0-\uD7FF]$/u;
/**
 * Never shown as they are: controls, default-ignorable characters, non-characters, separators, annotations, blank
 * hieroglyphs.
 */
const HIDDEN = /^[\p{Cc}\p{DI}\p{NChar}\u2028\u2029\uFFF9-\uFFFB\u{13430}-\u{13446}]$/u;
/** The union of the two above and the exceptions. A text without any of these is safe already. */
const NEEDS_CARE =
  /[\p{M}\p{Cc}\p{DI}\p{NChar}\u1160-\u11FF\u2028\u2029\uD7B0-\uD7FF\uFFF9-\uFFFB\u{13430}-\u{13446}]/u;

/**
 * Invisible characters that modify the preceding one: selectors for the text or emoji form, for the form of a Chinese
 * character (Japanese names have them), and for a Mongolian or Burmese letter.
 */
const SELECTED =
  /^(?:\p{Emoji}[\uFE0E\uFE0F]|\p{sc=Han}[\uFE00-\uFE02\u{E0100}-\u{E01EF}]|(?=\p{L})(?:\p{sc=Mongolian}[\u180B-\u180F]|\p{sc=Myanmar}\uFE00))$/u;
const SKIN_TONE = /^[\u{1F3FB}-\u{1F3FF}]$/u;
const JOINABLE_EMOJI = /^[\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}]$/u;
const JOINED_EMOJI = /^\p{Extended_Pictographic}$/u;
/** The flags of England, Scotland and Wales are spelt with tag characters. Anywhere else these are hidden text. */
const TAGGED_FLAG =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/uy;
const BLACK_FLAG = "\u{1F3F4}";
/** Letters and marks of scripts whose spelling uses the joiners U+200C and U+200D. */
const JOINING = buildScriptPattern(
  "Arabic Syriac Nko Adlam Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil " +
    "Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan",
);
/** Scripts without spaces, whose keyboards write U+200B between words. */
const SPACELESS = buildScriptPattern("Khmer Thai Lao Myanmar");
const RIGHT_TO_LEFT =
  /(?=\p{L})[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}]/u;
const DIRECTION_MARK = /^[\u061C\u200E\u200F]$/;
const LETTER = /^\p{L}$/u;
const SOFT_HYPHEN = "\u00AD";
/**
 * Two cells wide in some terminals although Unicode calls them narrow or ambiguous: one half of a flag, numbers in
 * black squares, two old emoji, and emoji to come.
 */
const ALSO_WIDE = /^(?:[\p{RI}\u3248-\u324F\u{1F93B}\u{1F946}]|(?=\p{Cn})\p{Extended_Pictographic})$/u;
/** The first wide character. */
const WIDE_FIRST = "\u1100";
/** Zero cells wide. Terminals disagree about Hangul beyond U+D7B0, and those of older Unicode about newer marks. */
const ZERO_WIDE = /^[\p{Mn}\p{Me}\p{DI}\u1160-\u11FF]$/u;
const REGIONAL_INDICATOR = /^\p{RI}$/u;

/**
 * One safe line: line breaks and tabs become visible too. With `maxCells` a longer line is cut and ends in "…"; below
 * 1 nothing is left.
 */
export function sanitizeLine(text: string, options: { readonly maxCells?: number } = {}): string {
  const safe = sanitize(text, { isMultiline: false });
  return options.maxCells === undefined ? safe : cutToCells(safe, options.maxCells);
}

/** Safe text of several lines. Every kind of line break becomes "\n", and a tab four spaces. */
export function sanitizeText(text: string): string {
  const lines = text.replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n").replaceAll("\t", TAB_AS_SPACES);
  return sanitize(lines, { isMultiline: true });
}

/** The greatest number of cells that a safe line takes in a terminal. Terminals differ in how they draw joined emoji. */
export function measureCells(line: string): number {
  const ruler = new CellMeter();
  let cells = 0;
  for (const char of line) cells += ruler.measure(char);
  return cells;
}

function sanitize(text: string, options: { readonly isMultiline: boolean }): string {
  const wellFormed = text.toWellFormed();
  return NEEDS_CARE.test(wellFormed) ? new Cleaner(wellFormed, options).clean() : wellFormed;
}

/**
 * Processes one text character by character. A decision depends on the output so far and on the next character, and
 * only on what a second pass would read the same way. That makes it idempotent.
 */
class Cleaner {
  readonly #text: string;
  readonly #isMultiline: boolean;
  /** Whether the text contains right-to-left letters. */
  readonly #isRightToLeft: boolean;
  #safe = "";
  /** The last character copied unchanged; "" at the start of a line and after anything that this class inserted. */
  #previous = "";
  /** Marks on the current base: stacking ones kept, others kept, and dropped ones. */
  #stacked = 0;
  #besides = 0;
  #marksDropped = 0;
  #emojiJoins = 0;

  constructor(text: string, options: { readonly isMultiline: boolean }) {
    this.#text = text;
    this.#isRightToLeft = RIGHT_TO_LEFT.test(text);
    this.#isMultiline = options.isMultiline;
  }

  clean(): string {
    const text = this.#text;
    for (let at = 0; at < text.length;) {
      const char = readCharacter(text, at);
      const unit = char === BLACK_FLAG ? matchTaggedFlag(text, at) ?? char : char;
      at += unit.length;
      if (unit === char && NEEDS_CARE.test(char)) this.#takeSpecial(char, readCharacter(text, at));
      else this.#takePlain(unit);
    }
    this.#endMarks();
    return this.#safe;
  }

  #takePlain(char: string): void {
    this.#endMarks();
    if (this.#previous !== ZERO_WIDTH_JOINER && !SKIN_TONE.test(char)) this.#emojiJoins = 0;
    this.#stacked = 0;
    this.#besides = 0;
    this.#keep(char);
  }

  #takeSpecial(char: string, next: string): void {
    if (!HIDDEN.test(char)) return this.#takeMark(char);
    this.#endMarks();
    if (char === "\n" && this.#isMultiline) {
      this.#write(char);
    } else if (SELECTED.test(this.#previous + char) || this.#isWantedJoiner(char, next)) {
      this.#keep(char);
    } else if (!this.#isNeedless(char, next)) {
      this.#write(escapeHidden(char));
    }
  }

  #takeMark(char: string): void {
    if (this.#previous === "" && this.#marksDropped === 0) this.#takePlain(DOTTED_CIRCLE);
    const count = STACKING_MARK.test(char) ? ++this.#stacked : ++this.#besides;
    if (count > MARKS_MAX) this.#marksDropped++;
    else this.#keep(char);
  }

  #endMarks(): void {
    if (this.#marksDropped > 0) this.#write(`⟨+${this.#marksDropped}⟩`);
    this.#marksDropped = 0;
  }

  #keep(char: string): void {
    this.#safe += char;
    this.#previous = char;
  }

  #write(ours: string): void {
    this.#safe += ours;
    this.#previous = "";
  }

  #isWantedJoiner(char: string, next: string): boolean {
    if (char === ZERO_WIDTH_SPACE) return this.#isBeside(SPACELESS(), next);
    if (char !== ZERO_WIDTH_JOINER && char !== ZERO_WIDTH_NON_JOINER) return false;
    if (this.#isBeside(JOINING(), next)) return true;
    if (char !== ZERO_WIDTH_JOINER) return false;
    if (!JOINABLE_EMOJI.test(this.#previous) || !JOINED_EMOJI.test(next)) return false;
    return this.#emojiJoins++ < EMOJI_JOINS_MAX;
  }

  /**
   * Whether the joiner follows a character of these scripts, or stands between a visible character and one of their
   * letters.
   */
  #isBeside(scripts: RegExp, next: string): boolean {
    if (this.#previous === "" || HIDDEN.test(this.#previous)) return false;
    return scripts.test(this.#previous) || scripts.test(next) && LETTER.test(next);
  }

  /**
   * Whether the character can be dropped without a visible mark: between letters, or where the letters set the
   * direction anyway.
   */
  #isNeedless(char: string, next: string): boolean {
    if (char === SOFT_HYPHEN) return LETTER.test(this.#previous) && LETTER.test(next);
    return DIRECTION_MARK.test(char) && this.#isRightToLeft;
  }
}

/**
 * Matches one letter or mark of these scripts. Built on first use: most texts need none, and two of them take 2 ms of
 * a start.
 */
function buildScriptPattern(scripts: string): () => RegExp {
  let made: RegExp | undefined;
  return () =>
    made ??= new RegExp(`^(?=[\\p{L}\\p{M}])[${scripts.replaceAll(/(\w+) ?/g, "\\p{scx=$1}")}]$`, "u");
}

function matchTaggedFlag(text: string, at: number): string | undefined {
  TAGGED_FLAG.lastIndex = at;
  return TAGGED_FLAG.exec(text)?.[0];
}

/** The whole character that starts there; "" beyond the end. */
function readCharacter(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function escapeHidden(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return "^?";
  return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

function cutToCells(line: string, maxCells: number): string {
  if (maxCells < 1) return "";
  const ruler = new CellMeter();
  let cells = 0;
  let at = 0;
  let cutAt = 0; // The end of the longest prefix that leaves one cell for the ellipsis.
  for (const char of line) {
    cells += ruler.measure(char);
    at += char.length;
    if (cells > maxCells) return line.slice(0, cutAt).replace(/[\u200B-\u200D]$/, "") + ELLIPSIS;
    if (cells < maxCells) cutAt = at;
  }
  return line;
}

/** Measures a line character by character. */
class CellMeter {
  #previous = "";

  /** The number of cells that this character adds. */
  measure(char: string): number {
    const previous = this.#previous;
    const isFlag = REGIONAL_INDICATOR.test(previous) && REGIONAL_INDICATOR.test(char);
    this.#previous = isFlag ? "" : char;
    if (isFlag || ZERO_WIDE.test(char) && char !== "\uFE0F") return 0;
    if (char === "\uFE0F") return isWide(previous) ? 0 : 1; // The emoji form is two cells wide.
    return isWide(char) ? 2 : 1;
  }
}

/** Whether the character takes two cells in a terminal, whatever the font. */
function isWide(char: string): boolean {
  // Most text is below all wide characters.
  return char >= WIDE_FIRST && (eastAsianWidth(char.codePointAt(0) ?? 0) === 2 || ALSO_WIDE.test(char));
}
