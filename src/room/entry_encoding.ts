/**
 * The text of an entry (docs/protocol.md, "Entries"). The signed text is a JSON array
 *     [version, room, author, number, prev, clock, wallMs, kind, name, body]
 * and the line around it `{"e":[…],"s":"SIGNATURE"}`. Log file, wire and signature use the same bytes.
 * Each entry has exactly one text: any text that `encodeEntryText` would write differently is refused. The hash
 * covers the whole line. Without the signature in it, a chain could vouch for lines that other replicas reject.
 */

/** The first number of every signed text. A different number belongs to a later version. */
export const ENTRY_VERSION = 1;
const SIGNATURE_CHARS = 86;
/** DEL, the C1 controls, line and paragraph separators, and direction controls. */
const UNSEEN = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/**
 * Matches the common canonical texts: a text body, and no character in body or name that is or should be escaped.
 * Surrogates are excluded because JSON.stringify escapes lone ones.
 */
const PLAIN = buildPlainPattern();
const HEAD = '{"e":';
const MIDDLE = ',"s":"';
const TAIL = '"}';
/** Index of the body in the array. */
const BODY_AT = 9;

/** The fields of the signed text, except for the room. */
export interface SignedFields {
  readonly author: string;
  readonly number: number;
  readonly prev: string;
  readonly clock: number;
  readonly wallMs: number;
  readonly kind: string;
  readonly name: string;
  readonly body: string | readonly string[];
}

/** The text that is signed. */
export function formatSignedText(fields: SignedFields, room: string): string {
  const { author, number, prev, clock, wallMs, kind, name, body } = fields;
  return encodeEntryText([ENTRY_VERSION, room, author, number, prev, clock, wallMs, kind, name, body]);
}

/** The whole line. */
export function formatLine(signed: string, signature: string): string {
  return `${HEAD}${signed}${MIDDLE}${signature}${TAIL}`;
}

/** The signed text of a line; null if the line does not have that shape. */
export function parseSignedText(line: string): string | null {
  const end = line.length - (MIDDLE.length + SIGNATURE_CHARS + TAIL.length);
  if (end <= HEAD.length || !line.startsWith(HEAD) || !line.startsWith(MIDDLE, end) || !line.endsWith(TAIL)) {
    return null;
  }
  return line.slice(HEAD.length, end);
}

/** The signature of a line with that shape. */
export function parseSignature(line: string): string {
  return line.slice(-(SIGNATURE_CHARS + TAIL.length), -TAIL.length);
}

/** The body of a line whose other fields are known. */
export function parseBody(line: string): SignedFields["body"] {
  return JSON.parse(parseSignedText(line) ?? "[]")[BODY_AT];
}

/**
 * The canonical text of a value inside an entry: the output of JSON.stringify, with characters that move a cursor or
 * change the reading direction also escaped, so that `cat` can show a log. The set is fixed and does not depend on a
 * Unicode version.
 */
export function encodeEntryText(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSEEN,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Whether `encodeEntryText` would produce this text from the value parsed out of it. The pattern avoids encoding it
 * again, which takes longer than parsing.
 */
export function isCanonicalText(text: string, value: unknown): boolean {
  return PLAIN.test(text) || encodeEntryText(value) === text;
}

/** The same text as an independent string. A slice would keep its whole line, and the page around it, in memory. */
export function detachText(text: string): string {
  return JSON.parse(`"${text}"`);
}

/** Safe integers have no other form in this pattern; their range is checked elsewhere. */
function buildPlainPattern(): RegExp {
  const char =
    /[ !#-[\]-~\xa0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]/.source;
  const [id, count] = ["[a-z2-7]*", "[1-9]\\d*"];
  const head = `${ENTRY_VERSION},"${id}","${id}",${count},"[\\w-]*",${count},${count}`;
  return new RegExp(`^\\[${head},"[a-z0-9-]+","${char}*","${char}*"\\]$`);
}
