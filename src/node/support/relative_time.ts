/** How long ago, in words. */

import { formatLocalTime } from "../../store/transcript/transcript.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Below this, a difference says nothing: clocks, beacons and people are not that exact. */
const NOW_MS = 10_000;
/** From here on a date says more than a count of days. */
const DAYS_MAX = 14;

/** The moment as seen from now: "just now", "2 min ago", "2026-11-20"; "never" for null. A moment to come (a clock was set) is a date. */
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
