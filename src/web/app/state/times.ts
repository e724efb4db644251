/** Formats moments. Pure: the present is an argument. */

const DAY_MS = 24 * 60 * 60 * 1000;

/** The local day of a moment, such as "2026-11-20". */
export function toDay(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Hours and minutes, as the language writes them. */
export function formatClockTime(time: string, tag: string): string {
  return findFormatter(tag, { hour: "2-digit", minute: "2-digit" }).format(new Date(time));
}

/** Date and time. */
export function formatFullTime(time: string, tag: string): string {
  return findFormatter(tag, { dateStyle: "full", timeStyle: "short" }).format(new Date(time));
}

/** A day, or the words for today and yesterday. */
export function formatDayHeading(
  time: string,
  { tag, nowMs, today, yesterday }: {
    readonly tag: string;
    readonly nowMs: number;
    readonly today: string;
    readonly yesterday: string;
  },
): string {
  const day = toDay(time);
  if (day === toDay(new Date(nowMs).toISOString())) return today;
  if (day === toDay(new Date(nowMs - DAY_MS).toISOString())) return yesterday;
  const isThisYear = day.slice(0, 4) === String(new Date(nowMs).getFullYear());
  return findFormatter(tag, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(!isThisYear && { year: "numeric" }),
  }).format(new Date(time));
}

/** A short form for lists: the time today, else the day. */
export function formatShortTime(
  time: string,
  { tag, nowMs }: { readonly tag: string; readonly nowMs: number },
): string {
  if (toDay(time) === toDay(new Date(nowMs).toISOString())) return formatClockTime(time, tag);
  const age = nowMs - Date.parse(time);
  if (age > 0 && age < 6 * DAY_MS) return findFormatter(tag, { weekday: "short" }).format(new Date(time));
  return findFormatter(tag, { day: "numeric", month: "numeric", year: "2-digit" }).format(new Date(time));
}

/** A past moment, such as "2 hours ago". */
export function formatTimeAgo(
  time: string,
  { tag, nowMs, now }: { readonly tag: string; readonly nowMs: number; readonly now: string },
): string {
  const minutes = Math.round((nowMs - Date.parse(time)) / 60_000);
  if (minutes < 1) return now;
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  if (minutes < 60) return format.format(-minutes, "minute");
  if (minutes < 24 * 60) return format.format(-Math.round(minutes / 60), "hour");
  return format.format(-Math.round(minutes / (24 * 60)), "day");
}

/** Formatters are slow to create, and each row needs one. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function findFormatter(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(tag, options);
  formatters.set(key, known);
  return known;
}
