/** What came, for those who do not look: to a screen reader, as a notification, as a sound. */

import type { LogRow } from "../../../api/commands.ts";
import { nowMs, playSound, runLater, showNotification } from "../browser/browser_window.ts";
import { parseNotice } from "../state/notice.ts";
import * as store from "../state/app_state.ts";
import { formatNotice, translate } from "../i18n/i18n.ts";

/** Messages that come together are announced together: more would never be heard to their end. */
const ANNOUNCED_TOGETHER_MS = 1_200;
/** Characters of a message in a notification or an announcement. */
const TEXT_CHARS_MAX = 160;
/** Between two sounds. */
const SOUND_MS_MIN = 3_000;

/** Between two notifications of one conversation. */
const NOTIFY_MS_MIN = 2_000;

const notifiedMs = new Map<string, number>();
let toAnnounce: LogRow[] = [];
let soundedMs = -Infinity;

/** Has a screen reader say it, when it has time. */
export function announceRow(row: LogRow): void {
  toAnnounce.push(row);
  if (toAnnounce.length > 1) return;
  runLater(ANNOUNCED_TOGETHER_MS, () => {
    const [first, ...more] = toAnnounce;
    toAnnounce = [];
    if (first === undefined) return;
    store.announcement.value = more.length === 0
      ? translate("toast.direct", { name: first.name, text: shownText(first) })
      : translate("toast.count", { count: more.length + 1 });
  });
}

/** Tells of a message while nobody looks, as far as the user wants that. Strangers' lines are requests, and never come here. */
export function notifyOf(
  row: LogRow,
  { isDirect, onClick }: { readonly isDirect: boolean; onClick(): void },
): void {
  const { isNotifying, isSounding } = store.preferences.value;
  if (isNotifying && nowMs() - (notifiedMs.get(row.roomId) ?? -Infinity) > NOTIFY_MS_MIN) {
    notifiedMs.set(row.roomId, nowMs());
    showNotification(isDirect ? row.name : `${row.name} · ${row.room}`, {
      body: shownText(row),
      // One for each conversation, the newest: a flood or an old log that comes at last must not fill the screen.
      tag: row.roomId,
      onClick,
    });
  }
  if (isSounding && nowMs() - soundedMs > SOUND_MS_MIN) {
    soundedMs = nowMs();
    playSound();
  }
}

/** What is offered is told in the user's language, not by the node's sentence. */
function shownText(row: LogRow): string {
  return short(row.notice ? formatNotice(parseNotice(row)) : row.text);
}

function short(text: string): string {
  const chars = [...text.slice(0, TEXT_CHARS_MAX * 2)];
  return chars.length <= TEXT_CHARS_MAX ? chars.join("") : `${chars.slice(0, TEXT_CHARS_MAX).join("")}…`;
}
