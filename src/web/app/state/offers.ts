/** Offers of files: their actions, progress and texts. Pure. */

import type { FileRow } from "../../../api/files.ts";

/** An action on an offer. */
export type FileAction = "get" | "getAgain" | "pause" | "goOn" | "cancel" | "withdraw" | "save" | "copyPath";

/** Bytes of a picture that is shown. The node has the same limit (web/page/file_routes.ts); a test compares them. */
export const SHOWN_BYTES_MAX = 32 * 1024 * 1024;

/** Lists the possible actions, the likeliest first. */
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

/** Whether the file is being downloaded or is paused. Then a bar shows the progress. */
export function isUnderWay({ state }: Pick<FileRow, "state">): boolean {
  return ["seeking", "receiving", "checking", "paused"].includes(state);
}

/** Whether there is a place for the picture. It exists from the start of the download, so that nothing moves later. */
export function hasPicture(file: FileRow): boolean {
  return file.isPicture && file.sizeBytes <= SHOWN_BYTES_MAX && (file.state === "here" || isUnderWay(file));
}

/** A file name in two parts. */
export interface SplitName {
  readonly stem: string;
  /** The ending as the name has it, or as the file is saved if the name does not end in it. */
  readonly ending: string;
  /** The shown name does not end in the real ending. */
  readonly isHidden: boolean;
}

/** Splits the name: "photo.jpg.exe" ends in ".exe", wherever a screen breaks the line. */
export function splitName({ name, ending }: Pick<FileRow, "name" | "ending">): SplitName {
  if (ending === "") return { stem: name, ending, isHidden: false };
  if (!name.toLowerCase().endsWith(ending)) return { stem: name, ending, isHidden: true };
  return {
    stem: name.slice(0, name.length - ending.length),
    ending: name.slice(name.length - ending.length),
    isHidden: false,
  };
}

/** The files with that row in place of its old one. */
export function withFile(files: ReadonlyMap<string, FileRow>, file: FileRow): ReadonlyMap<string, FileRow> {
  return new Map(files).set(file.id, file);
}

/** Lists the offers of a conversation, newest first. */
export function listRoomFiles(files: ReadonlyMap<string, FileRow>, roomId: string): readonly FileRow[] {
  return [...files.values()].filter((file) => file.roomId === roomId)
    .toSorted((left, right) => right.time.localeCompare(left.time) || right.number - left.number);
}

/** A screen reader hears the progress in quarters. */
const PARTS_TOLD = 4;

/** Compares two states of an offer for a screen reader: downloaded, failed, or the received percentage. Null if nothing is worth telling. */
export function findFileNews(before: FileRow | undefined, now: FileRow): "here" | "failed" | number | null {
  if (before === undefined || now.mine) return null;
  if (now.state !== before.state && (now.state === "here" || now.state === "failed")) return now.state;
  if (now.state !== "receiving" || now.sizeBytes === 0) return null;
  const partOf = ({ gotBytes }: FileRow) => Math.floor(gotBytes / now.sizeBytes * PARTS_TOLD);
  const part = partOf(now);
  return part > partOf(before) && part < PARTS_TOLD ? part * 100 / PARTS_TOLD : null;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes as the language writes them, in powers of ten. */
export function formatFileSize(bytes: number, tag: string): string {
  return formatInUnits(bytes, { tag, suffix: "" });
}

/** A rate as the language writes it. */
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

/** The remaining time in its largest unit. */
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

/** Formatters are slow to create, and progress comes four times a second. */
function formatNumber(
  value: number,
  { tag, ...options }: Intl.NumberFormatOptions & { tag: string },
): string {
  const key = `${tag} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(tag, options);
  formatters.set(key, known);
  return known.format(value);
}
