/** What a log shows of its rows: days, who speaks, notices in a row, where the new ones begin. Pure. */

import type { LogRow } from "../../../api/commands.ts";
import { isMessage, toRowKey } from "./rows.ts";

/** One thing under the other in a log. */
export type LogItem =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly day: string; readonly time: string }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "notice"; readonly key: string; readonly row: LogRow }
  | {
    /** An offer of files is said as a message is. */
    readonly kind: "message" | "offer";
    readonly key: string;
    readonly row: LogRow;
    /** Somebody else spoke before, or a while ago: the name is shown. */
    readonly isFirst: boolean;
    /** Of one's own: the state is told, because the next own message has another one, or there is none. */
    readonly isStateShown: boolean;
  };

/** Messages of one author within this time stand together. */
const TOGETHER_MS = 5 * 60_000;

/** What to show. `newFrom` is the key of the first row that is new. */
export function buildItems(
  rows: readonly LogRow[],
  { isStart, newFrom, dayOf }: {
    readonly isStart: boolean;
    readonly newFrom: string | null;
    dayOf(time: string): string;
  },
): readonly LogItem[] {
  const items: LogItem[] = isStart ? [{ kind: "start", key: "start" }] : [];
  const told = findShownStates(rows);
  let day = "";
  let before: LogRow | null = null;
  for (const row of rows) {
    const key = toRowKey(row);
    const today = dayOf(row.time);
    // Where the section begins, the day may have begun before: its line would go away again when older rows come.
    if (today !== day && (day !== "" || isStart)) {
      // The same day may come again: clocks differ. A key is never used twice.
      items.push({ kind: "day", key: `day ${key}`, day: today, time: row.time });
      before = null;
    }
    day = today;
    if (key === newFrom) {
      items.push({ kind: "new", key: "new" });
      before = null;
    }
    if (!isMessage(row)) {
      items.push({ kind: "notice", key, row });
      before = null;
      continue;
    }
    const kind = row.file === undefined ? "message" : "offer";
    items.push({ kind, key, row, isFirst: !isTogether(before, row), isStateShown: told.has(key) });
    before = row;
  }
  return items;
}

/** The newest of our own messages of each state, and all that nobody else has. */
function findShownStates(rows: readonly LogRow[]): ReadonlySet<string> {
  const told = new Set<string>();
  let next: LogRow["state"] = null;
  for (const row of rows.toReversed()) {
    if (row.state === null || !isMessage(row)) continue;
    if (row.state !== next) told.add(toRowKey(row));
    next = row.state;
  }
  return told;
}

function isTogether(before: LogRow | null, row: LogRow): boolean {
  if (before === null || before.author !== row.author || before.name !== row.name) return false;
  return Math.abs(Date.parse(row.time) - Date.parse(before.time)) < TOGETHER_MS;
}
