/** Finds names and addresses in vCards (RFC 6350 and its older forms). Pure. */

/** The first line of a card. */
export const CARD_BEGIN = /^BEGIN:VCARD$/i;
const CARD_END = /^END:VCARD$/i;
/** An address in any value: `192.168.1.5`, with a port, or an IPv6 address in brackets. */
const ADDRESS = /(?:\[[0-9a-f:.]+\]|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))(?::\d+)?/i;

/** What a card says; null for what it lacks. */
export interface ContactCard {
  readonly name: string | null;
  /** `ADDRESS` or `ADDRESS:PORT`, unchecked. */
  readonly place: string | null;
  /** How many lines it takes. */
  readonly lineCount: number;
}

/** Parses the card that begins at the first of these lines. One without an end ends with them. */
export function parseContactCard(lines: readonly string[]): ContactCard {
  const endIndex = lines.findIndex((line) => CARD_END.test(line.trim()));
  const lineCount = endIndex === -1 ? lines.length : endIndex + 1;
  const properties = unfold(lines.slice(0, lineCount)).flatMap((line) => {
    const [, key = "", parameters = "", value = ""] =
      /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/.exec(line) ?? [];
    return key === "" ? [] : [{ key: key.toUpperCase(), value: decodeValue(value, parameters) }];
  });
  const valueOf = (key: string) => properties.find((property) => property.key === key)?.value.trim() || null;
  const [family = "", given = ""] = valueOf("N")?.split(";") ?? [];
  const structured = `${given} ${family}`.trim();
  const place = properties.filter(({ key }) => !["VERSION", "FN", "N", "REV"].includes(key))
    .map(({ value }) => ADDRESS.exec(value)?.[0]).find((found) => found !== undefined);
  return { name: valueOf("FN") ?? (structured || null), place: place ?? null, lineCount };
}

/** Joins continued lines, which begin with a blank. */
function unfold(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) whole[whole.length - 1] = last + line.slice(1);
    else whole.push(line);
  }
  return whole;
}

/** The plain value: vCard 2.1 writes letters beyond ASCII as quoted-printable UTF-8, later versions escape commas. */
function decodeValue(value: string, parameters: string): string {
  if (!/QUOTED-PRINTABLE/i.test(parameters)) return value.replaceAll(/\\([,;\\])/g, "$1");
  const bytes = value.replaceAll(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
