/** The command that saves conversations as files. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { ExportFormat } from "../../api/commands.ts";
import { writeExport } from "../../store/transcript/write_export.ts";
import { toSafeFileName } from "../../text/file_name.ts";
import type { ChatContext } from "../chat/chat_context.ts";
import { requireOpen } from "../chat/chat_parts.ts";
import { type CommandInput, joinArgs, requireAllArgs } from "../command_line/command_input.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { parseTypedPath } from "../command_line/typed_path.ts";
import { parseMoment } from "../command_line/value_parsers.ts";
import type { Printable } from "../format/output.ts";
import { exportConversation, type ExportRequest } from "../operations/export_conversation.ts";
import { defineCommand } from "./define_command.ts";

/** The format by the ending of a file's name in the chat; any other name is a text. */
const FORMATS: readonly (readonly [ending: RegExp, format: ExportFormat])[] = [
  [/\.md$/i, "md"],
  [/\.json$/i, "json"],
];

const EXPORT = defineCommand({
  name: "export",
  args: "TO",
  summary: "save a conversation as a file, or all conversations",
  more: [
    "The format is text (txt), Markdown (md), or JSON with everything that was signed (json). Members who have the same lines get the same file, within one time zone. Messages of blocked people are included.",
    'A time is 2026-11-20, "2026-11-20 14:00" or 14:00 (today), in local time. --until 2026-11-20 includes that whole day.',
  ],
  examples: [
    'earshot export "#Kitchen" -o kitchen.txt',
    'earshot export bob --since 2026-11-20 --until "2026-11-21 12:00"',
    "earshot export bob -o bob.md",
    "earshot export --all ./chats --format json",
    'earshot export "#Kitchen" --with-files ./kitchen',
  ],
  options: [
    { name: "output", short: "o", value: "FILE", summary: "write to this file, which must not exist yet" },
    { name: "format", value: "txt|md|json", summary: "the format (from the file's name, else txt)" },
    { name: "since", value: "TIME", summary: "only from this time on" },
    { name: "until", value: "TIME", summary: "only up to this time" },
    { name: "all", value: "FOLDER", summary: "write every conversation to its own file in this folder" },
    {
      name: "with-files",
      value: "FOLDER",
      summary: "write the conversation and its downloaded files to this folder",
    },
    { name: "force", summary: "replace existing files" },
  ],
  parse: parseExport,
  run: exportConversation,
  slash: {
    name: "export",
    args: "[--force] [FILE]",
    summary: "save the open conversation as a file",
    more: ["The name's ending sets the format: .txt, .md or .json. --force replaces an existing file."],
    parse: ({ text }) => {
      const isForced = /^--force(\s|$)/.test(text);
      const file = isForced ? text.replace(/^--force\s*/, "") : text;
      return { do: "export", file: file === "" ? null : parseTypedPath(file), isForced };
    },
    run: exportFromChat,
  },
});

/** In the order of help. */
export const EXPORT_COMMANDS = [EXPORT] as const;

function parseExport(
  input: CommandInput<"output" | "format" | "since" | "until" | "all" | "with-files" | "force">,
): ExportRequest {
  const { options, nowMs } = input;
  const since = options.value("since");
  const until = options.value("until");
  const sinceMs = since === null ? null : parseMoment(since, { what: "--since", nowMs, edge: "start" });
  const untilMs = until === null ? null : parseMoment(until, { what: "--until", nowMs, edge: "end" });
  if (sinceMs !== null && untilMs !== null && sinceMs > untilMs) {
    throw new UsageError(message("option.since-late"));
  }
  const folder = options.value("all");
  const file = options.value("output");
  const force = options.has("force");
  const withFiles = options.value("with-files");
  const to = folder === null ? requireAllArgs(input, "TO") : null;
  if (folder !== null && file !== null) {
    throw new UsageError(message("option.exclusive", { first: "-o FILE", second: "--all FOLDER" }));
  }
  if (folder !== null && joinArgs(input) !== "") {
    throw new UsageError(message("argument.beside-all", { text: quoteToken(joinArgs(input)) }));
  }
  if (force && file === null && folder === null && withFiles === null) {
    throw new UsageError(
      message("option.needs", {
        option: "--force",
        others: ["-o FILE", "--all FOLDER", "--with-files FOLDER"],
      }),
    );
  }
  if (withFiles !== null && (folder !== null || file !== null)) {
    throw new UsageError(message("option.with-files"));
  }
  const format = parseFormat({ format: options.value("format"), file });
  return { do: "export", to, sinceMs, untilMs, format, path: folder ?? file, force, withFiles };
}

function parseFormat(
  { format, file }: { readonly format: string | null; readonly file: string | null },
): ExportFormat {
  if (format !== null && !isFormat(format)) {
    throw new UsageError(message("value.format", { text: quoteToken(format) }));
  }
  const ending = /\.([^.]*)$/.exec(file ?? "")?.[1]?.toLowerCase() ?? "";
  return format ?? (isFormat(ending) ? ending : "txt");
}

function isFormat(text: string): text is ExportFormat {
  return text === "txt" || text === "md" || text === "json";
}

/** Writes the open conversation of a chat; without a file's name, one is made of the title. @throws {UsageError}, {WorldError}. */
async function exportFromChat(
  { file, isForced }: { readonly file: string | null; readonly isForced: boolean },
  chat: ChatContext,
): Promise<Printable> {
  const { runner, environment } = chat;
  const open = requireOpen(chat);
  const format = FORMATS.find(([ending]) => file !== null && ending.test(file))?.[1];
  const { title, text, count } = await runner.run({
    do: "export",
    to: open.id,
    ...(format !== undefined && { format }),
  });
  const path = environment.absolutePath(file ?? toSafeFileName(`${title.replaceAll(/\s+/g, "-")}.txt`));
  await writeExport(environment.ports.disk, { path, text, force: isForced });
  return { rows: [{ title, count, file: path }], lines: [`Saved to ${path}`] };
}
