/** Exports conversations to files. */

import { message } from "../../messages/message.ts";
import { join } from "@std/path";
import { UsageError, WorldError } from "../../errors.ts";
import type { ExportFormat, Replies, RoomRow } from "../../api/commands.ts";
import type { NodeApi } from "../../api/node_api.ts";
import { toSafeFileName } from "../../text/file_name.ts";
import { copyIntoFolder } from "../../store/files/copy_files.ts";
import { writeExport } from "../../store/transcript/write_export.ts";
import { formatRoomFolderName } from "../../store/home/paths.ts";
import { formatDiskError } from "../../store/files/disk_error_text.ts";
import { type CommandContext, withNode } from "../node_access/command_context.ts";
import { resolveOutputPath } from "../environment/output_path.ts";
import { formatCount } from "../format/entries.ts";

const DONE = 0;
const FAILED = 1;
/** What to export, and where to write it. */
export interface ExportRequest {
  readonly do: "export";
  /** Null for all conversations. */
  readonly to: string | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  readonly format: ExportFormat;
  /** The file, or the folder for all conversations; null for standard output. */
  readonly path: string | null;
  readonly force: boolean;
  /** A folder for the conversation and its downloaded files; null for neither. */
  readonly withFiles: string | null;
}

/** Writes one conversation or all; the exit code. @throws {UsageError}, {WorldError}. */
export async function exportConversation(request: ExportRequest, context: CommandContext): Promise<number> {
  return await withNode(context, { network: false, lasting: false, own: false }, async ({ runner }) => {
    const { to } = request;
    return to === null
      ? await exportAll(request, context, runner)
      : await exportOne({ ...request, to }, context, runner);
  });
}

async function exportOne(
  request: ExportRequest & { readonly to: string },
  context: CommandContext,
  runner: NodeApi,
): Promise<number> {
  const { output, environment } = context;
  const reply = await renderExport(request.to, { request, runner });
  const { title, text, count } = reply;
  if (request.withFiles !== null) {
    return await exportWithFiles(request, { context, runner, reply, folder: request.withFiles });
  }
  if (request.path === null) {
    await output.show({ rows: [{ title, count, text }], lines: text.replace(/\n$/, "").split("\n") });
    return DONE;
  }
  const path = resolveOutputPath(request.path, context);
  await writeExport(environment.ports.disk, { path, text, force: request.force });
  await output.show({
    rows: [{ title, count, file: path }],
    lines: output.isQuiet ? [] : [`${formatCount(count, "line")} of ${title} saved to ${path}`],
  });
  return DONE;
}

/** Exports the conversation together with copies of its downloaded files. */
async function exportWithFiles(
  { to, format, force }: ExportRequest & { readonly to: string },
  { context, runner, reply: { title, text, count }, folder: named }: {
    readonly context: CommandContext;
    readonly runner: NodeApi;
    readonly reply: Replies["export"];
    readonly folder: string;
  },
): Promise<number> {
  const { output, environment: { ports: { disk, files } } } = context;
  const folder = resolveOutputPath(named, context);
  await formatDiskError(message("doing.make-folder", { path: folder }), () => disk.makeFolder(folder));
  const path = join(folder, `${toSafeFileName(title)}.${format}`);
  await writeExport(disk, { path, text, force });
  const offered = (await runner.run({ do: "files", to })).files;
  const here = offered.filter(({ state }) => state === "here");
  const missing = offered.filter(({ state, path }) => state === "gone" && path !== null);
  const copied = new Set<string>();
  for (const file of here) {
    // A file that was offered twice is copied once.
    if (file.path === null || copied.has(file.path)) continue;
    const from = file.path;
    copied.add(from);
    await formatDiskError(
      message("doing.copy", { name: file.name }),
      () => copyIntoFolder({ disk, files }, { from, folder: join(folder, "files") }),
    );
  }
  await output.show({
    rows: [{ title, count, file: path, files: copied.size }],
    lines: output.isQuiet ? [] : [
      `${formatCount(count, "line")} of ${title} and ${formatCount(copied.size, "file")} saved to ${folder}`,
    ],
  });
  if (missing.length === 0) return DONE;
  const names = missing.map(({ name }) => `"${name}"`);
  await output.error(message("export.missing-files", { count: missing.length, names }));
  return FAILED;
}

/** Exports each conversation to its own file. One that fails does not stop the others. */
async function exportAll(request: ExportRequest, context: CommandContext, runner: NodeApi): Promise<number> {
  const { output, environment: { ports: { disk } } } = context;
  const { format, force } = request;
  const folder = resolveOutputPath(request.path ?? "", context);
  const { rooms } = await runner.run({ do: "rooms" });
  await formatDiskError(message("doing.make-folder", { path: folder }), () => disk.makeFolder(folder));
  let writtenCount = 0;
  let failedCount = 0;
  for (const room of rooms) {
    const path = join(folder, `${formatRoomFolderName(room.id, room.title)}.${format}`);
    try {
      const reply = await renderOwnExport(room, { request, runner });
      if (reply === null) continue;
      const { title, text, count } = reply;
      await writeExport(disk, { path, text, force });
      writtenCount++;
      await output.show({
        rows: [{ title, count, file: path }],
        lines: output.isQuiet ? [] : [`${formatCount(count, "line")} of ${title} saved to ${path}`],
      });
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      failedCount++;
      await output.error(error.details);
    }
  }
  if (writtenCount + failedCount === 0) {
    await output.note("There are no conversations yet, so nothing was saved.");
  }
  if (failedCount === 0) return DONE;
  await output.note(`${writtenCount} of ${formatCount(writtenCount + failedCount, "conversation")} saved.`);
  return FAILED;
}

interface Source {
  readonly request: ExportRequest;
  readonly runner: NodeApi;
}

async function renderExport(
  to: string,
  { request: { sinceMs, untilMs, format }, runner }: Source,
): Promise<Replies["export"]> {
  return await runner.run({
    do: "export",
    to,
    format,
    ...(sinceMs !== null && { sinceMs }),
    ...(untilMs !== null && { untilMs }),
  });
}

/** Null for a room nearby without messages here. */
async function renderOwnExport(room: RoomRow, source: Source): Promise<Replies["export"] | null> {
  try {
    return await renderExport(room.id, source);
  } catch (error) {
    // The node does not know this conversation. It still knows conversations that the user has left.
    if (error instanceof UsageError && !room.joined) return null;
    throw error;
  }
}
