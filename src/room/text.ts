/**
 * Foreign text made safe for terminals, exports, shown logs and errors. Nothing that a person would want to read is
 * changed; whatever moves the cursor, reverses the order, hides or piles up becomes visible: ESC is shown as `^[`,
 * U+202E as `⟨202E⟩`, marks beyond the fourth as `⟨+12⟩`. Safe text is left as it is: doing it twice changes nothing.
 * Both functions take any string, never throw, and need time in proportion to its length.
 */

/** Combining marks kept on one character; no living orthography needs more, and piles of them reach into other lines. */
export const MARKS_MAX = 4;
/** Emoji tied to one by joiners: kisses and families have three joiners, skin tones not counted. */
export const EMOJI_JOINS_MAX = 4;

const TAB_AS_SPACES = "    ";
const ELLIPSIS = "…";
const ZERO_WIDTH_JOINER = "\u200D";
/** Stands in for the base that a mark at the start of a line lacks, so that it does not change what we wrote before it. */
const DOTTED_CIRCLE = "◌";

/** Marks, and Hangul vowels and finals, which pile up on what stands before them alike. */
const MARK = /^[\p{M}\u1160-\u11FF\uD7B0-\uD7FF]$/u;
/** Never shown as they are: controls, what Unicode calls default-ignorable, separators, annotations, blank hieroglyphs. */
const HIDDEN = /^[\p{Cc}\p{DI}\u2028\u2029\uFFF9-\uFFFB\u{13430}-\u{13446}]$/u;
/** What the two above have in common with the exceptions: a text without any of these is safe already. */
const NEEDS_CARE =
  /[\p{M}\p{Cc}\p{DI}\u1160-\u11FF\u2028\u2029\uD7B0-\uD7FF\uFFF9-\uFFFB\u{13430}-\u{13446}]/u;

const EMOJI = /^\p{Emoji}$/u;
const SKIN_TONE = /^[\u{1F3FB}-\u{1F3FF}]$/u;
const JOINABLE_EMOJI = /^[\p{Extended_Pictographic}\uFE0F\u{1F3FB}-\u{1F3FF}]$/u;
const JOINED_EMOJI = /^\p{Extended_Pictographic}$/u;
/** The flags of England, Scotland and Wales are spelt with tag characters; anywhere else these are hidden text. */
const TAGGED_FLAG =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/uy;
const BLACK_FLAG = "\u{1F3F4}";
/** Letters and marks of the scripts whose spelling uses the joiners U+200C and U+200D. */
const JOINING_SCRIPTS =
  "Arabic Syriac Nko Adlam Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil " +
  "Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan";
const JOINING = new RegExp(
  `^(?=[\\p{L}\\p{M}])[${JOINING_SCRIPTS.replaceAll(/(\w+) ?/g, "\\p{scx=$1}")}]$`,
  "u",
);
/** Malayalam of before Unicode 5.1 ends words with this and U+200D. */
const MALAYALAM_VIRAMA = "\u0D4D";

/** Two cells wide in a terminal (East Asian Width W and F), whatever the font. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115F\u2329\u232A\u2630-\u2637\u268A-\u268F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1D300}-\u{1D376}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]$/u;
const ZERO_WIDE = /^[\p{Mn}\p{Me}\p{DI}\u1160-\u11FF\uD7B0-\uD7FF]$/u;
const REGIONAL_INDICATOR = /^\p{RI}$/u;

/** One safe line: line breaks and tabs are shown too. `maxCells`: a longer one is cut and ends in "…"; below 1, nothing is left. */
export function safeLine(text: string, options: { readonly maxCells?: number } = {}): string {
  const safe = makeSafe(text, { isMultiline: false });
  return options.maxCells === undefined ? safe : cutToCells(safe, options.maxCells);
}

/** Safe text of several lines: every kind of line break becomes "\n", a tab four spaces. */
export function safeText(text: string): string {
  const lines = text.replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n").replaceAll("\t", TAB_AS_SPACES);
  return makeSafe(lines, { isMultiline: true });
}

/** The cells that a safe line takes in a terminal, at most: terminals differ in how they draw joined emoji. */
export function cellsOf(line: string): number {
  let cells = 0;
  let previous = "";
  for (const char of line) {
    cells += cellsBehind(previous, char);
    previous = char;
  }
  return cells;
}

function makeSafe(text: string, options: { readonly isMultiline: boolean }): string {
  const wellFormed = text.toWellFormed();
  return NEEDS_CARE.test(wellFormed) ? new Cleaner(options).clean(wellFormed) : wellFormed;
}

/**
 * Goes through one text, character by character. What is decided depends on what was put out before and on the next
 * character, and only on what a second pass would see alike: that is why it changes nothing.
 */
class Cleaner {
  readonly #isMultiline: boolean;
  #safe = "";
  /** The last character put out as it is; "" at the start of a line and behind anything that we wrote ourselves. */
  #previous = "";
  /** Marks on the present base: kept, and left out. */
  #marks = 0;
  #marksDropped = 0;
  #emojiJoins = 0;

  constructor(options: { readonly isMultiline: boolean }) {
    this.#isMultiline = options.isMultiline;
  }

  clean(text: string): string {
    for (let at = 0; at < text.length;) {
      const char = characterAt(text, at);
      const unit = char === BLACK_FLAG ? taggedFlagAt(text, at) ?? char : char;
      at += unit.length;
      if (unit === char && NEEDS_CARE.test(char)) this.#takeSpecial(char, characterAt(text, at));
      else this.#takePlain(unit);
    }
    this.#endMarks();
    return this.#safe;
  }

  #takePlain(char: string): void {
    this.#endMarks();
    if (this.#previous !== ZERO_WIDTH_JOINER && !SKIN_TONE.test(char)) this.#emojiJoins = 0;
    this.#marks = 0;
    this.#keep(char);
  }

  #takeSpecial(char: string, next: string): void {
    if (!HIDDEN.test(char)) return this.#takeMark(char);
    this.#endMarks();
    if (char === "\n" && this.#isMultiline) {
      this.#write(char);
    } else if (this.#isWantedSelector(char) || this.#isWantedJoiner(char, next)) {
      this.#keep(char);
    } else {
      this.#write(visible(char));
    }
  }

  #takeMark(char: string): void {
    if (this.#previous === "" && this.#marksDropped === 0) this.#takePlain(DOTTED_CIRCLE);
    if (this.#marks === MARKS_MAX) {
      this.#marksDropped++;
    } else {
      this.#marks++;
      this.#keep(char);
    }
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

  /** Whether it asks for the text or emoji form of the character directly before it. */
  #isWantedSelector(char: string): boolean {
    return (char === "\uFE0E" || char === "\uFE0F") && EMOJI.test(this.#previous);
  }

  #isWantedJoiner(char: string, next: string): boolean {
    if (char !== ZERO_WIDTH_JOINER && char !== "\u200C") return false;
    if (JOINING.test(this.#previous) && JOINING.test(next) && !HIDDEN.test(next)) {
      return this.#marks < MARKS_MAX || !MARK.test(next); // A mark that will be left out needs no joiner before it.
    }
    if (char !== ZERO_WIDTH_JOINER) return false;
    if (this.#previous === MALAYALAM_VIRAMA) return true;
    if (!JOINABLE_EMOJI.test(this.#previous) || !JOINED_EMOJI.test(next)) return false;
    return this.#emojiJoins++ < EMOJI_JOINS_MAX;
  }
}

function taggedFlagAt(text: string, at: number): string | undefined {
  TAGGED_FLAG.lastIndex = at;
  return TAGGED_FLAG.exec(text)?.[0];
}

/** The character that starts there, whole; "" behind the end. */
function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function visible(hidden: string): string {
  const code = hidden.codePointAt(0) ?? 0;
  if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
  if (code === 0x7f) return "^?";
  return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

function cutToCells(line: string, maxCells: number): string {
  if (maxCells < 1) return "";
  let cells = 0;
  let previous = "";
  let at = 0;
  let cutAt = 0; // The end of what would leave one cell for the ellipsis.
  for (const char of line) {
    cells += cellsBehind(previous, char);
    at += char.length;
    if (cells > maxCells) return line.slice(0, cutAt).replace(/[\u200C\u200D]$/, "") + ELLIPSIS;
    if (cells < maxCells) cutAt = at;
    previous = char;
  }
  return line;
}

/** The cells that a character adds. */
function cellsBehind(previous: string, char: string): number {
  if (char === "\uFE0F") return WIDE.test(previous) ? 0 : 1; // The emoji form is two cells wide.
  if (ZERO_WIDE.test(char)) return 0;
  return WIDE.test(char) && !REGIONAL_INDICATOR.test(char) ? 2 : 1; // Two indicators make one flag.
}
