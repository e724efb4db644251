/** Offers of files as the page shows them: what can be done with one, how far it is, in which words. Pure. */

import type { FileRow } from "../../../api/files.ts";

/** Something to be done with an offer. */
export type FileAction = "get" | "getAgain" | "pause" | "goOn" | "cancel" | "withdraw" | "save" | "copyPath";

/** Bytes of a picture that is shown; the node sends no larger one to be looked at (web/file_routes.ts, which a test compares). */
export const SHOWN_BYTES_MAX = 32 * 1024 * 1024;

/** What can be done, the likeliest first. */
export function listFileActions({ state, mine, isFolder }: FileRow): readonly FileAction[] {
  switch (state) {
    case "offered":
      return ["get"];
    case "seeking":
    case "receiving":
    case "checking":
      return ["pause", "cancel"];
    case "paused":
      return ["goOn", "cancel"];
    case "failed":
      return ["getAgain", "cancel"];
    case "here":
      return [...isFolder ? [] : ["save" as const], "copyPath", ...mine ? ["withdraw" as const] : []];
    case "gone":
      return mine ? [] : ["getAgain"];
  }
}

/** Whether it is on its way here, or was stopped on it: then a bar says how far. */
export function isUnderWay({ state }: Pick<FileRow, "state">): boolean {
  return ["seeking", "receiving", "checking", "paused"].includes(state);
}

/** Whether a place is kept for the picture: from when it is wanted on, so that nothing moves when it comes. */
export function hasPicture(file: FileRow): boolean {
  return file.isPicture && file.sizeBytes <= SHOWN_BYTES_MAX && (file.state === "here" || isUnderWay(file));
}

/** A name in two: what a user reads of it, and what opens it. */
export interface SplitName {
  readonly stem: string;
  /** As it stands in the name, or how it is saved where it does not stand at the end. */
  readonly ending: string;
  /** What opens it is not what the end of the shown name says. */
  readonly isHidden: boolean;
}

/** The name, with the ending by itself: of "photo.jpg.exe" it is ".exe", wherever a screen breaks the line. */
export function splitName({ name, ending }: Pick<FileRow, "name" | "ending">): SplitName {
  if (ending === "") return { stem: name, ending, isHidden: false };
  if (!name.toLowerCase().endsWith(ending)) return { stem: name, ending, isHidden: true };
  return {
    stem: name.slice(0, name.length - ending.length),
    ending: name.slice(name.length - ending.length),
    isHidden: false,
  };
}

/** With a row that is another than before. */
export function withFile(files: ReadonlyMap<string, FileRow>, file: FileRow): ReadonlyMap<string, FileRow> {
  return new Map(files).set(file.id, file);
}

/** The offers of a conversation, newest first. */
export function listRoomFiles(files: ReadonlyMap<string, FileRow>, roomId: string): readonly FileRow[] {
  return [...files.values()].filter((file) => file.roomId === roomId)
    .toSorted((left, right) => right.time.localeCompare(left.time) || right.number - left.number);
}

/** Quarters of what is received are told to who does not see the bar, and no more. */
const PARTS_TOLD = 4;

/** What is worth being told between two states of an offer: it is here, it failed, or so many percent are here. Null for nothing. */
export function findFileNews(before: FileRow | undefined, now: FileRow): "here" | "failed" | number | null {
  if (before === undefined || now.mine) return null;
  if (now.state !== before.state && (now.state === "here" || now.state === "failed")) return now.state;
  if (now.state !== "receiving" || now.sizeBytes === 0) return null;
  const partOf = ({ gotBytes }: FileRow) => Math.floor(gotBytes / now.sizeBytes * PARTS_TOLD);
  const part = partOf(now);
  return part > partOf(before) && part < PARTS_TOLD ? part * 100 / PARTS_TOLD : null;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes as the language writes them, in powers of ten, as file managers and phones count. */
export function formatFileSize(bytes: number, tag: string): string {
  return formatInUnits(bytes, { tag, suffix: "" });
}

/** How quick something is. */
export function formatRate(bytesPerSecond: number, tag: string): string {
  return formatInUnits(bytesPerSecond, { tag, suffix: "-per-second" });
}

function formatInUnits(
  bytes: number,
  { tag, suffix }: { readonly tag: string; readonly suffix: string },
): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  return formatNumber(value, {
    tag,
    style: "unit",
    unit: `${UNITS[unit]}${suffix}`,
    unitDisplay: unit === 0 && suffix === "" ? "long" : "short",
    maximumFractionDigits: unit > 0 && value < 9.95 ? 1 : 0,
  });
}

/** A time that is left, in its largest unit. */
export function formatDuration(ms: number, tag: string): string {
  const seconds = Math.max(Math.ceil(ms / 1_000), 1);
  const [value, unit] = seconds < 60
    ? [seconds, "second"]
    : seconds < 3_600
    ? [Math.round(seconds / 60), "minute"]
    : [Math.round(seconds / 3_600), "hour"];
  return formatNumber(value, { tag, style: "unit", unit, unitDisplay: "short" });
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Formatters take long to make, and progress is told four times a second. */
function formatNumber(
  value: number,
  { tag, ...options }: Intl.NumberFormatOptions & { tag: string },
): string {
  const key = `${tag} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(tag, options);
  formatters.set(key, known);
  return known.format(value);
}
