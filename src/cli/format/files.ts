/** Offers of files as lines. Pure. */

import formatBar from "cli-progress/bar";
import type { FileRow } from "../../api/files.ts";
import type { Replies } from "../../api/commands.ts";
import { formatSize } from "../../room/file_offer.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import { type Column, formatTable } from "./table.ts";
import { commandHint } from "./command_hints.ts";
import type { Printable } from "./output.ts";
import { type FormatContext, formatCount } from "./entries.ts";

const NUMBER: Column = { head: "NO", cellsMin: 3, rank: 0 };
const NAME: Column = { head: "NAME", cellsMin: 12, rank: 0 };
const SIZE: Column = { head: "SIZE", cellsMin: 8, rank: 2 };
const FROM: Column = { head: "FROM", cellsMin: 8, rank: 3 };
const ROOM: Column = { head: "IN", cellsMin: 8, rank: 4 };
const STATE: Column = { head: "STATE", cellsMin: 10, rank: 1 };
/** Cells of a bar. */
const BAR_CELLS = 24;
const FULL = "█".repeat(BAR_CELLS);
const EMPTY = "░".repeat(BAR_CELLS);

/** What is on offer. */
export function formatFilesReply({ files }: Replies["files"], context: FormatContext): Printable {
  if (files.length === 0) return { rows: [], lines: ["No files are on offer."] };
  const rows = files.map((file) => [
    `${file.number}`,
    nameText(file),
    formatSize(file.sizeBytes),
    file.mine ? "you" : file.from,
    file.room,
    stateText(file),
  ]);
  const isOffered = files.some(({ state, mine }) => state === "offered" && !mine);
  const hint = isOffered ? [context.style.dim(`To fetch one: ${commandHint("get", "NUMBER", context)}`)] : [];
  return {
    rows: files,
    lines: [...formatTable([NUMBER, NAME, SIZE, FROM, ROOM, STATE], rows, context), ...hint],
  };
}

/** What was just offered. */
export function formatOfferReply({ files }: Replies["offer"], _now: FormatContext): Printable {
  const lines = files.map((file) => {
    const what = file.isFolder ? `${formatCount(file.filesCount, "file")}, ` : "";
    return `"${file.name}" is on offer in ${file.room} (${what}${formatSize(file.sizeBytes)}).`;
  });
  return { rows: files, lines };
}

/** What is being done with a file now. */
export function formatFileReply({ file }: Replies["get"], context: FormatContext): Printable {
  return {
    rows: [file],
    lines: [`${nameText(file)}: ${stateText(file)}.`, ...formatProgramWarning(file, context)],
  };
}

/** Whoever opens it should know. */
export function formatProgramWarning(file: FileRow, context: FormatContext): readonly string[] {
  if (!file.isProgram || file.mine || file.state !== "here") return [];
  return [
    context.style.strong(
      `  Opening it may run a program ("${file.ending}"). Do so only if you trust ${file.from}.`,
    ),
  ];
}

/** How far a file has come, with a bar; `columns` is the terminal's width. */
export function formatProgressLine(file: FileRow, columns: number): string {
  const { sizeBytes, gotBytes, bytesPerSecond, leftMs, state, sources } = file;
  const share = sizeBytes === 0 ? 1 : gotBytes / sizeBytes;
  const bar = formatBar(share, {
    barsize: BAR_CELLS,
    barCompleteString: FULL,
    barIncompleteString: EMPTY,
    barGlue: "",
  });
  const pace = bytesPerSecond === 0 ? [] : [`${formatSize(bytesPerSecond)}/s`];
  const left = leftMs === null || state !== "receiving" ? [] : [`${durationText(leftMs)} left`];
  const from = state === "receiving" ? [`from ${sources.join(", ")}`] : [WAITING[state] ?? state];
  const parts = [`${Math.floor(share * 100)} % of ${formatSize(sizeBytes)}`, ...pace, ...left, ...from];
  return sanitizeLine(`${bar} ${parts.join(", ")}`, { maxCells: columns - 1 });
}

/** The same in a few words, for a status line; null while nothing is fetched. */
export function formatProgress(files: readonly FileRow[]): string | null {
  const moving = files.filter(({ state }) =>
    state === "receiving" || state === "checking" || state === "seeking"
  );
  const [first] = moving;
  if (first === undefined) return null;
  const sum = (of: (file: FileRow) => number) => moving.reduce((all, file) => all + of(file), 0);
  const share = Math.floor(
    100 * sum(({ gotBytes }) => gotBytes) / Math.max(1, sum(({ sizeBytes }) => sizeBytes)),
  );
  const what = moving.length === 1
    ? sanitizeLine(first.name, { maxCells: 20 })
    : formatCount(moving.length, "file");
  const pace = sum(({ bytesPerSecond }) => bytesPerSecond);
  return `${what} ${share} %${pace === 0 ? "" : ` ${formatSize(pace)}/s`}`;
}

const WAITING: Partial<Record<FileRow["state"], string>> = {
  seeking: "waiting for somebody who has it",
  checking: "looking through what is here",
};

function nameText({ name, isFolder, isProgram, ending }: FileRow): string {
  if (isFolder) return `${name}/`;
  return isProgram ? `${name} (a program, "${ending}")` : name;
}

function stateText(file: FileRow): string {
  const { state, gotBytes, sizeBytes, bytesPerSecond, leftMs, mine, path } = file;
  const share = sizeBytes === 0 ? 0 : Math.floor(100 * gotBytes / sizeBytes);
  switch (state) {
    case "offered":
      return "on offer";
    case "seeking":
      return `${share} %, waiting for somebody who has it`;
    case "receiving": {
      const left = leftMs === null ? "" : `, ${durationText(leftMs)} left`;
      return `${share} %, ${formatSize(bytesPerSecond)}/s${left}`;
    }
    case "checking":
      return "looking through what is here";
    case "paused":
      return "paused";
    case "here":
      return mine ? "offered by you" : `here: ${sanitizeLine(path ?? "")}`;
    case "gone":
      return mine ? "not offered any more" : "not here any more";
    case "failed":
      return `failed: ${sanitizeLine(file.problem ?? "")}`;
  }
}

function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
