/** Tells of new messages while the user does not look: by screen reader, notification and sound. */

import type { LogRow } from "../../../api/commands.ts";
import type { Notifier, PageClock } from "../browser/ports.ts";
import { formatNotice, translate } from "../i18n/i18n.ts";
import type { AppState } from "../state/app_state.ts";
import { parseNotice } from "../state/notice.ts";

/** Messages within this time share one announcement: a screen reader would not finish reading more. */
const ANNOUNCED_TOGETHER_MS = 1_200;
/** Characters of a message in a notification or an announcement. */
const TEXT_CHARS_MAX = 160;
/** Time between two sounds. */
const SOUND_MS_MIN = 3_000;
/** Time between two notifications of one conversation. */
const NOTIFY_MS_MIN = 2_000;

/** Tells of messages. */
export interface Notifications {
  /** Has a screen reader read the message, together with others that come soon after it. */
  announce(row: LogRow): void;
  /** Shows a notification and plays the sound, as far as the settings allow. For rows that nobody sees; requests of strangers never come here. */
  notify(row: LogRow, options: { readonly isDirect: boolean; onClick(): void }): void;
}

/** Makes them. */
export function createNotifications(
  { state, clock, notifier }: {
    readonly state: AppState;
    readonly clock: PageClock;
    readonly notifier: Notifier;
  },
): Notifications {
  const notifiedMs = new Map<string, number>();
  let toAnnounce: LogRow[] = [];
  let soundedMs = -Infinity;

  function announceAll(): void {
    const [first, ...more] = toAnnounce;
    toAnnounce = [];
    if (first === undefined) return;
    state.announcement.value = more.length === 0
      ? translate("toast.direct", { name: first.name, text: formatText(first) })
      : translate("toast.count", { count: more.length + 1 });
  }

  return {
    announce(row) {
      toAnnounce.push(row);
      if (toAnnounce.length === 1) clock.runLater(ANNOUNCED_TOGETHER_MS, announceAll);
    },

    notify(row, { isDirect, onClick }) {
      const { isNotifying, isSounding } = state.preferences.value;
      const nowMs = clock.elapsedMs();
      if (isNotifying && nowMs - (notifiedMs.get(row.roomId) ?? -Infinity) > NOTIFY_MS_MIN) {
        notifiedMs.set(row.roomId, nowMs);
        notifier.show(isDirect ? row.name : `${row.name} · ${row.room}`, {
          body: formatText(row),
          // One notification a conversation, the newest: a flood must not fill the screen.
          tag: row.roomId,
          onClick,
        });
      }
      if (isSounding && nowMs - soundedMs > SOUND_MS_MIN) {
        soundedMs = nowMs;
        notifier.playSound();
      }
    },
  };
}

/** A message's beginning. An offer is told in the user's language, not in the node's. */
function formatText(row: LogRow): string {
  return shorten(row.notice ? formatNotice(parseNotice(row)) : row.text);
}

function shorten(text: string): string {
  const chars = [...text.slice(0, TEXT_CHARS_MAX * 2)];
  return chars.length <= TEXT_CHARS_MAX ? chars.join("") : `${chars.slice(0, TEXT_CHARS_MAX).join("")}…`;
}
