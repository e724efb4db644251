/** Contact lists as tables: columns separated by tabs, commas or semicolons (RFC 4180), with or without a header. Pure. */

const DELIMITERS = ["\t", ";", ","] as const;
const ADDRESS_TITLE = /^(?:ip|ip[ _-]?(?:v4|v6)?[ _-]?(?:address|adresse)?|address|adresse|host)$/i;
const PORT_TITLE = /^port$/i;
const NAME_TITLE = /^(?:name|nick|nickname|label|user|username|fullname|alias)$/i;

/** What the header of a table says; indexes of columns from 0, -1 for none. */
export interface Table {
  readonly delimiter: string;
  readonly addressIndex: number;
  readonly portIndex: number;
  readonly nameIndex: number;
}

/** A row; the texts are unchecked. */
export interface TableRow {
  readonly place: string;
  readonly port: string | undefined;
  readonly name: string;
  /** The columns that remain in a table without a header. */
  readonly note: string;
}

/** The table that this header begins; null if the line is no header. */
export function findTable(line: string): Table | null {
  for (const delimiter of DELIMITERS) {
    const titles = splitFields(line, delimiter);
    const [addressIndex, portIndex, nameIndex] = [ADDRESS_TITLE, PORT_TITLE, NAME_TITLE].map((title) =>
      titles.findIndex((field) => title.test(field))
    );
    if (titles.length === 1 || addressIndex === undefined || addressIndex === -1) continue;
    return { delimiter, addressIndex, portIndex: portIndex ?? -1, nameIndex: nameIndex ?? -1 };
  }
  return null;
}

/** The row in this line: by the header, or else by the first column that is an address. Null if it is no row. */
export function readTableRow(
  line: string,
  { table, isPlace }: { readonly table: Table | null; isPlace(text: string): boolean },
): TableRow | null {
  if (table !== null) {
    const fields = splitFields(line, table.delimiter);
    if (fields.length > 1) {
      const place = fields[table.addressIndex] ?? "";
      const port = fields[table.portIndex] || undefined;
      return { place, port, name: fields[table.nameIndex] ?? "", note: "" };
    }
  }
  for (const delimiter of DELIMITERS) {
    const fields = splitFields(line, delimiter);
    const place = fields.find(isPlace);
    if (fields.length === 1 || place === undefined) continue;
    const others = fields.toSpliced(fields.indexOf(place), 1);
    const portIndex = others.findIndex((field) => /^\d+$/.test(field));
    const port = portIndex === -1 ? undefined : others[portIndex];
    const [name = "", ...rest] = others.filter((field, index) => index !== portIndex && field !== "");
    return { place, port, name, note: rest.join(" ") };
  }
  return null;
}

/** The trimmed fields. Quotes protect delimiters and are left out. */
function splitFields(line: string, delimiter: string): readonly string[] {
  const fields = [""];
  let isQuoted = false;
  for (const char of line) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char === delimiter && !isQuoted) fields.push("");
    else fields[fields.length - 1] += char;
  }
  return fields.map((field) => field.trim());
}
