/**
 * The text of an entry. The signed text is a JSON array
 *
 *     [version, room, author, number, prev, clock, wallMs, kind, name, body]
 *
 * and the line around it `{"e":[…],"s":"SIGNATURE"}`: the same bytes in the log file, on the wire and under the signature.
 * Exactly one text stands for an entry: what `encodeEntryText` would not write again just so is refused. The hash covers the
 * whole line: were the signature left out, a chain would vouch for lines that nobody else accepts.
 */

/** The first number of every signed text; another one is of a later earshot. */
export const ENTRY_VERSION = 1;
const SIGNATURE_CHARS = 86;
/** DEL, the C1 controls, line and paragraph separators, and all that sets a direction. */
const UNSEEN = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/**
 * Texts that `encodeEntryText` writes, as nearly all are: one body, and nothing in it or in the name that is or should be escaped.
 * Halves of surrogate pairs are left out: JSON.stringify escapes those that stand alone.
 */
const PLAIN = buildPlainPattern();
const HEAD = '{"e":';
const MIDDLE = ',"s":"';
const TAIL = '"}';
/** Where the body stands in the array. */
const BODY_AT = 9;

/** What the signed text says, but for the room. */
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

/** The signed text in a line; null if the line has not that shape. */
export function parseSignedText(line: string): string | null {
  const end = line.length - (MIDDLE.length + SIGNATURE_CHARS + TAIL.length);
  if (end <= HEAD.length || !line.startsWith(HEAD) || !line.startsWith(MIDDLE, end) || !line.endsWith(TAIL)) {
    return null;
  }
  return line.slice(HEAD.length, end);
}

/** The signature in a line of that shape. */
export function parseSignature(line: string): string {
  return line.slice(-(SIGNATURE_CHARS + TAIL.length), -TAIL.length);
}

/** The body in the line of an entry, of which everything else is known. */
export function parseBody(line: string): SignedFields["body"] {
  return JSON.parse(parseSignedText(line) ?? "[]")[BODY_AT];
}

/**
 * The one text of a value inside an entry: JSON.stringify's, with what moves a cursor or turns the reading direction
 * escaped beyond what JSON asks for, so that a log can be shown by `cat`. These characters, and not a property of some Unicode version.
 */
export function encodeEntryText(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSEEN,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Whether `encodeEntryText` writes just this text of the value, which was read from it. To write it again only to compare takes longer than to read it. */
export function isCanonicalText(text: string, value: unknown): boolean {
  return PLAIN.test(text) || encodeEntryText(value) === text;
}

/** The same text as a string of its own: a slice of a line, as engines make it, would keep the line, and the page that came with it. */
export function detachText(text: string): string {
  return JSON.parse(`"${text}"`);
}

/** Numbers have no other form here that is a safe integer; whether they are is looked at apart. */
function buildPlainPattern(): RegExp {
  const char =
    /[ !#-[\]-~\xa0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]/.source;
  const [id, count] = ["[a-z2-7]*", "[1-9]\\d*"];
  const head = `${ENTRY_VERSION},"${id}","${id}",${count},"[\\w-]*",${count},${count}`;
  return new RegExp(`^\\[${head},"[a-z0-9-]+","${char}*","${char}*"\\]$`);
}
