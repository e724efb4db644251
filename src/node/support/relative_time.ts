/** Formats a moment relative to now. */

import { formatLocalTime } from "../../store/transcript/transcript.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Differences below this are "just now": clocks and beacons are not more exact. */
const NOW_MS = 10_000;
/** From this many days on, a date says more. */
const DAYS_MAX = 14;

/** Formats as "just now", "2 min ago" or "2026-11-20"; null is "never". A moment in the future (a clock was set) is a date. */
export function formatAgo(atMs: number | null, nowMs: number): string {
  if (atMs === null) return "never";
  const ms = nowMs - atMs;
  if (Math.abs(ms) < NOW_MS) return "just now";
  if (ms < 0) return formatLocalTime(atMs).slice(0, 16);
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ago`;
  const days = Math.floor(ms / DAY_MS);
  if (days < DAYS_MAX) return days === 1 ? "1 day ago" : `${days} days ago`;
  return formatLocalTime(atMs).slice(0, 10);
}
