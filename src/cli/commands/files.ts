/** Commands for files: offer, list, download, pause and cancel. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { type ChatParts, requireOpen, toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText, unquote } from "../chat/slash_command.ts";
import { joinArgs, requireAllArgs, requireArg } from "../command_line/command_input.ts";
import { parseTypedPath } from "../command_line/typed_path.ts";
import { parseSeconds } from "../command_line/value_parsers.ts";
import { formatFileReply, formatFilesReply, formatOfferReply } from "../format/files.ts";
import { toFormatContext } from "../node_access/command_context.ts";
import { runOffline } from "../node_access/run_on_node.ts";
import { defineCommand } from "./define_command.ts";
import { getFile, offerFiles } from "../operations/transfer_files.ts";

const IN = { name: "in", value: "TO", summary: "only in this room, or with this person" } as const;

const FILE = defineCommand({
  name: "file",
  args: "TO PATH…",
  summary: "offer files or folders to a room or a person",
  more: [
    "Nothing is sent until somebody downloads it. Members who have the file pass it on, even when you are away. Until then it comes from this device: leave it where it is, and do not change it.",
    "Links in a folder and empty folders are left out.",
  ],
  examples: ['earshot file "#Kitchen" photo.jpg', "earshot file bob ./holiday notes.txt"],
  parse: ({ command, args }) => {
    const [to, ...paths] = args.map(({ text }) => text);
    requireArg(paths[0], "PATH", command);
    return { do: "file", to: requireArg(to, "TO", command), paths };
  },
  run: offerFiles,
  slash: {
    name: "file",
    args: "PATH",
    summary: "offer a file or folder in the conversation",
    more: [
      "Nothing is sent until somebody downloads it. Leave it where it is as long as others may want it.",
    ],
    parse: (input) => ({ do: "file", path: parseTypedPath(requireText(input)) }),
    run: async ({ path }, chat) => {
      const paths = [chat.environment.absolutePath(path)];
      return formatOfferReply(
        await chat.runner.run({ do: "offer", to: requireOpen(chat).id, paths }),
        toChatFormatContext(chat),
      );
    },
  },
});

const FILES = defineCommand({
  name: "files",
  args: "[TO]",
  summary: "list the offered files, and the progress of downloads",
  more: ["FILE in other commands is a number of this list, or a name."],
  examples: ["earshot files", 'earshot files "#Kitchen"'],
  parse: (input) => ({ do: "files", to: joinArgs(input).trim() === "" ? null : joinArgs(input) }),
  run: async ({ to }, context) =>
    formatFilesReply(
      await runOffline(context, { do: "files", ...(to !== null && { to }) }),
      toFormatContext(context),
    ),
  slash: {
    name: "files",
    summary: "list the files offered in the open conversation",
    parse: () => ({ do: "files" }),
    run: async (command, chat) =>
      formatFilesReply(
        await chat.runner.run({ ...command, to: requireOpen(chat).id }),
        toChatFormatContext(chat),
      ),
  },
});

const GET = defineCommand({
  name: "get",
  args: "FILE",
  summary: "download a file or folder, or continue a download",
  more: [
    "It comes from every member who has it, from several at once, and each piece is checked. Received pieces are kept, so the same command continues an interrupted download.",
    "The file is saved in the room's folder files, or in the folder that --into names. Existing files are never replaced.",
    "The command ends when the download is complete. If that takes longer than --timeout, the exit code is 3.",
  ],
  examples: ["earshot get 3", "earshot get photo.jpg --into ."],
  options: [
    { name: "into", value: "FOLDER", summary: "save it in this folder" },
    IN,
    { name: "timeout", value: "SECONDS", summary: "the longest wait (no limit)" },
  ],
  parse: (input) => {
    const { options } = input;
    const timeout = options.value("timeout");
    return {
      do: "get",
      file: requireAllArgs(input, "FILE"),
      to: options.value("in"),
      into: options.value("into"),
      timeoutMs: timeout === null ? null : parseSeconds(timeout, "--timeout"),
    };
  },
  run: getFile,
  slash: {
    name: "get",
    args: "[FILE]",
    more: ["FILE is a number of /files or a name; without it the newest offer."],
    completes: ["file"],
    parse: ({ text }) => ({ do: "get", file: text === "" ? null : unquote(text) }),
    run: async ({ file }, chat) =>
      formatFileReply(
        await chat.runner.run({ do: "get", file: file ?? await findNewestOffer(chat) }),
        toChatFormatContext(chat),
      ),
  },
});

const PAUSE = defineCommand({
  name: "pause",
  args: "FILE",
  summary: "pause a download",
  more: ["Received pieces are kept: earshot get continues the download."],
  examples: ["earshot pause 3"],
  options: [IN],
  parse: (input) => ({ do: "pause", file: requireAllArgs(input, "FILE"), to: input.options.value("in") }),
  run: async ({ file, to }, context) =>
    formatFileReply(
      await runOffline(context, { do: "pause", file, ...(to !== null && { to }) }),
      toFormatContext(context),
    ),
  slash: {
    name: "pause",
    args: "FILE",
    completes: ["file"],
    parse: (input) => ({ do: "pause", file: unquote(requireText(input)) }),
    run: async (command, chat) =>
      formatFileReply(
        await chat.runner.run({ ...command, to: requireOpen(chat).id }),
        toChatFormatContext(chat),
      ),
  },
});

const CANCEL = defineCommand({
  name: "cancel",
  args: "FILE",
  summary: "stop downloading a file, or stop offering it",
  more: ["Received pieces are removed. A complete file, and a file of your own, stays where it is."],
  examples: ["earshot cancel 3"],
  options: [IN],
  parse: (input) => ({ do: "cancel", file: requireAllArgs(input, "FILE"), to: input.options.value("in") }),
  run: async ({ file, to }, context) =>
    formatFileReply(
      await runOffline(context, { do: "cancel", file, ...(to !== null && { to }) }),
      toFormatContext(context),
    ),
  slash: {
    name: "cancel",
    args: "FILE",
    completes: ["file"],
    parse: (input) => ({ do: "cancel", file: unquote(requireText(input)) }),
    run: async (command, chat) =>
      formatFileReply(
        await chat.runner.run({ ...command, to: requireOpen(chat).id }),
        toChatFormatContext(chat),
      ),
  },
});

/** In the order of help. */
export const FILE_COMMANDS = [FILE, FILES, GET, PAUSE, CANCEL] as const;

/** The newest offer of the open conversation that is not downloaded yet. @throws {UsageError} if there is none. */
async function findNewestOffer(chat: ChatParts): Promise<string> {
  const { files } = await chat.runner.run({ do: "files", to: requireOpen(chat).id });
  const newest = files.findLast(({ state, mine }) => !mine && state !== "here");
  if (newest !== undefined) return newest.id;
  throw new UsageError(message("chat.no-offer"));
}
