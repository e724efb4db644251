/** The rows of a conversation that the page holds: a section of its log without holes. Pure. */

import type { EntryPlace, LogRow } from "../../../api/commands.ts";
import type { ReceiptState } from "../../../room/receipts.ts";

/** Rows that are read at a time. */
export const PAGE_ROWS = 100;
/** Rows that are held. Further ones are dropped at the far end, and read again when the user scrolls there. */
export const ROWS_MAX = 500;

/** A section of a log, oldest first. */
export interface LogSection {
  readonly rows: readonly LogRow[];
  /** Nothing is older. */
  readonly isStart: boolean;
  /** Nothing is newer. */
  readonly isEnd: boolean;
}

/** The key of a row: its place in the conversation. */
export function toRowKey({ author, number }: EntryPlace): string {
  return `${author}/${number}`;
}

/** Whether the row is a message or an offer of files. All others are notices. */
export function isMessage({ notice, file }: Pick<LogRow, "notice" | "file">): boolean {
  return !notice || file !== undefined;
}

/** The row's place, for reading the rows around it. */
export function toEntryPlace({ author, number }: EntryPlace): EntryPlace {
  return { author, number };
}

/** The section with older rows in front. */
export function withOlder(held: LogSection, older: LogSection): LogSection {
  const rows = distinct([...older.rows, ...held.rows]);
  const kept = rows.slice(0, ROWS_MAX);
  return { rows: kept, isStart: older.isStart, isEnd: held.isEnd && kept.length === rows.length };
}

/** The section with newer rows behind. */
export function withNewer(held: LogSection, newer: LogSection): LogSection {
  const rows = distinct([...held.rows, ...newer.rows]);
  const kept = rows.slice(-ROWS_MAX);
  return { rows: kept, isStart: held.isStart && kept.length === rows.length, isEnd: newer.isEnd };
}

/** The section with a row that has just arrived. A section that does not reach the end stays as it is. */
export function withNewRow(held: LogSection, row: LogRow): LogSection {
  if (!held.isEnd || held.rows.some((each) => toRowKey(each) === toRowKey(row))) return held;
  return withNewer(held, { rows: [row], isStart: false, isEnd: true });
}

/**
 * Whether the row may belong before others, or one before it may be missing: only the node knows the clock that orders rows,
 * and events may be lost. Then the end of the log has to be read again.
 */
export function isDoubtful({ rows }: LogSection, row: LogRow): boolean {
  const last = rows.at(-1);
  if (last === undefined) return false;
  const before = rows.findLast(({ author }) => author === row.author);
  return row.time < last.time || (before !== undefined && row.number > before.number + 1);
}

/** The section after a receipt: the user's own entries up to that number have that state. */
export function withReceipts(
  held: LogSection,
  { number, state }: { readonly number: number; readonly state: ReceiptState },
): LogSection {
  const isNews = (row: LogRow) => row.state !== null && row.number <= number && rank(row.state) < rank(state);
  if (!held.rows.some(isNews)) return held;
  return { ...held, rows: held.rows.map((row) => isNews(row) ? { ...row, state } : row) };
}

function rank(state: ReceiptState): number {
  return ["kept", "passed", "everywhere"].indexOf(state);
}

function distinct(rows: readonly LogRow[]): readonly LogRow[] {
  const byKey = new Map<string, LogRow>();
  for (const row of rows) byKey.set(toRowKey(row), row);
  return byKey.size === rows.length ? rows : [...byKey.values()];
}
