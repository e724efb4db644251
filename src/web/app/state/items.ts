/** Turns the rows of a log into its items: days, messages with or without a name, notices, the start of the unread ones. Pure. */

import type { LogRow } from "../../../api/commands.ts";
import { isMessage, toRowKey } from "./rows.ts";

/** An item of the log. */
export type LogItem =
  | { readonly kind: "start"; readonly key: string }
  | { readonly kind: "day"; readonly key: string; readonly day: string; readonly time: string }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "notice"; readonly key: string; readonly row: LogRow }
  | {
    /** An offer of files looks like a message. */
    readonly kind: "message" | "offer";
    readonly key: string;
    readonly row: LogRow;
    /** The name is shown: the row before is of another author, or older. */
    readonly isFirst: boolean;
    /** The state of the user's own message is shown: their next one has another state, or there is none. */
    readonly isStateShown: boolean;
  };

/** Messages of one author within this time stand together. */
const TOGETHER_MS = 5 * 60_000;

/** Builds the items. `newFrom` is the key of the first unread row. */
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
    // A day may have begun before this section. Its line would go away when older rows are loaded.
    if (today !== day && (day !== "" || isStart)) {
      // Clocks differ, so a day may come twice. Its key must not.
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

/** Keys of the user's own messages whose state is shown: the newest of each state in a run. */
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
