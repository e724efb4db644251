/** Commands for contacts; all but the first are subcommands of "contacts". */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Replies } from "../../api/commands.ts";
import { parseEndpoint } from "../../node/support/address.ts";
import { requirePeer, toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText, splitFirstWord, toUsageError, withoutDashes } from "../chat/slash_command.ts";
import { type CommandInput, joinArgs, refuseArgsFrom, requireArg } from "../command_line/command_input.ts";
import { parsePeerOrAddress } from "../command_line/value_parsers.ts";
import { formatBrokenContact } from "../format/people.ts";
import {
  formatBlockReply,
  formatContactsReply,
  formatForgetReply,
  formatImportReply,
  formatNoteReply,
  formatSaveReply,
  formatVerifyReply,
  formatWordsReply,
} from "../format/replies.ts";
import { toFormatContext, withNode } from "../node_access/command_context.ts";
import { runOffline, runWhenFound } from "../node_access/run_on_node.ts";
import { defineCommand, type RunContext } from "./define_command.ts";
import { readImport } from "../operations/read_import.ts";

/** The exit code of an import of nothing. */
const NOTHING_CAME = 1;
/** In place of a note: removes it. */
const NO_NOTE = "-";

const CONTACTS = defineCommand({
  name: "contacts",
  args: "[list]",
  summary: "list and change your contacts",
  more: [
    "Everybody you talk to becomes a contact. Contacts are the lines of contacts.dat in the home; you can edit that file.",
  ],
  examples: ["earshot contacts", "earshot contacts list --json"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "contacts" };
  },
  run: async (command, context) => {
    const { output } = context;
    const reply: Replies["contacts"] = await runOffline(context, command);
    await output.show(formatContactsReply(reply, toFormatContext(context)));
    for (const broken of reply.broken) await output.warn(formatBrokenContact(broken));
    return 0;
  },
  slash: {
    name: "contacts",
    summary: "your contacts",
    parse: () => ({ do: "contacts" }),
    run: async (command, chat) =>
      formatContactsReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const ADD = defineCommand({
  name: "contacts add",
  args: "NAME|ID|ADDRESS[:PORT] [LABEL]",
  summary: "add somebody nearby, or at that address",
  more: ["LABEL is your own name for them; nobody else sees it."],
  examples: [
    "earshot contacts add bob",
    "earshot contacts add bob Dad",
    "earshot contacts add 192.168.43.1:9998",
  ],
  parse: ({ command, args: [first, ...rest] }) => {
    const peer = requireArg(first?.text, "NAME, ID or ADDRESS", command);
    const label = rest.length === 0 ? null : joinArgs({ args: rest });
    return parseEndpoint(peer) === null
      ? { do: "save", peer, ...(label !== null && { label }) }
      : { do: "save-place", ...parsePeerOrAddress(peer, undefined), label };
  },
  run: async (invocation, context) => {
    const reply = invocation.do === "save"
      ? await runWhenFound(context, invocation)
      : await saveByAddress(invocation, context);
    return formatSaveReply(reply, toFormatContext(context));
  },
  slash: {
    name: "save",
    args: "[PEER] NAME",
    summary: "add a contact, under a name of your choice",
    more: ["In a direct conversation the NAME alone is enough."],
    completes: ["peer"],
    parse: (input) => {
      const [first, second, ...more] = input.words;
      if (first === undefined || more.length > 0) throw toUsageError(input);
      return second === undefined
        ? { do: "save", peer: null, name: first }
        : { do: "save", peer: first, name: second };
    },
    run: async ({ peer: named, name }, chat) => {
      const { open } = chat.chatView;
      const peer = named ?? (open?.direct === true ? open.peer : null);
      return formatSaveReply(
        await chat.runner.run({ do: "save", peer: peer ?? name, ...(peer !== null && { label: name }) }),
        toChatFormatContext(chat),
      );
    },
  },
});

const REMOVE = defineCommand({
  name: "contacts remove",
  args: "NAME",
  summary: "remove a contact; your messages are kept",
  examples: ["earshot contacts remove bob"],
  parse: (input) => ({ do: "forget", peer: parseOnlyName(input) }),
  run: async (command, context) =>
    formatForgetReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "forget",
    args: "NAME",
    completes: ["peer"],
    parse: (input) => ({ do: "forget", peer: requireText(input) }),
    run: async (command, chat) =>
      formatForgetReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const RENAME = defineCommand({
  name: "contacts rename",
  args: "NAME LABEL",
  summary: "give a contact a name of your own",
  more: ['Nobody else sees it. An empty LABEL ("") removes it.'],
  examples: ["earshot contacts rename bob Dad", 'earshot contacts rename Dad ""'],
  parse: (input) => ({ do: "save", peer: parseName(input), label: parseText(input, "LABEL") }),
  run: async (command, context) =>
    formatSaveReply(await runWhenFound(context, command), toFormatContext(context)),
});

const NOTE = defineCommand({
  name: "contacts note",
  args: "NAME TEXT",
  summary: "write a note about a contact",
  more: ['Nobody else sees it. An empty TEXT ("") removes it.'],
  examples: ["earshot contacts note bob owes me a tea", 'earshot contacts note bob ""'],
  parse: (input) => ({ do: "note", peer: parseName(input), text: parseText(input, "TEXT") }),
  run: async (command, context) =>
    formatNoteReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "note",
    args: "NAME TEXT",
    summary: "write a note about a contact, for yourself",
    more: ["/contacts shows it. A dash in place of TEXT removes it."],
    completes: ["peer"],
    parse: (input) => {
      const { first: peer, rest: text } = splitFirstWord(input);
      if (text === "") throw toUsageError(input);
      return { do: "note", peer, text: text === NO_NOTE ? "" : text };
    },
    run: async (command, chat) => formatNoteReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const BLOCK = defineCommand({
  name: "contacts block",
  args: "NAME",
  summary: "block a person",
  more: [
    "There is no connection and no message between you. In rooms their messages are hidden; they stay in the log file and in exports. If they try to connect, they are told that you declined.",
  ],
  examples: ["earshot contacts block eve"],
  parse: (input) => ({ do: "block", peer: parseOnlyName(input), isBlocked: true }),
  run: async (command, context) =>
    formatBlockReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "block",
    args: "[NAME]",
    completes: ["peer"],
    parse: ({ words }) => ({ do: "block", peer: words[0] ?? null, isBlocked: true }),
    run: async (action, chat) => {
      const peer = requirePeer(chat, action.peer, "/block NAME");
      const reply = await chat.runner.run({ ...action, peer });
      // Nothing can be sent there any more.
      if (chat.chatView.open?.peer === reply.peer.id) chat.opener.close();
      return formatBlockReply(reply, toChatFormatContext(chat));
    },
  },
});

const UNBLOCK = defineCommand({
  name: "contacts unblock",
  args: "NAME",
  summary: "unblock a person",
  examples: ["earshot contacts unblock eve"],
  parse: (input) => ({ do: "block", peer: parseOnlyName(input), isBlocked: false }),
  run: async (command, context) =>
    formatBlockReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "unblock",
    args: "[NAME]",
    completes: ["peer"],
    parse: ({ words }) => ({ do: "block", peer: words[0] ?? null, isBlocked: false }),
    run: async (action, chat) =>
      formatBlockReply(
        await chat.runner.run({ ...action, peer: requirePeer(chat, action.peer, "/unblock NAME") }),
        toChatFormatContext(chat),
      ),
  },
});

const VERIFY = defineCommand({
  name: "contacts verify",
  args: "NAME",
  summary: "check that nobody reads or changes your messages on the way",
  more: [
    "Shows six words. Both of you run this command, and read the words to each other, by voice or side by side. If they are the same, say --yes: the contact is then marked as verified. If they differ, somebody may be between you: say --no, and do not trust this connection.",
  ],
  examples: ["earshot contacts verify bob", "earshot contacts verify bob --yes"],
  options: [
    { name: "yes", summary: "the words were the same" },
    { name: "no", summary: "the words differed, or you are no longer sure" },
  ],
  parse: (input) => {
    const peer = parseOnlyName(input);
    const [isYes, isNo] = [input.options.has("yes"), input.options.has("no")];
    if (isYes && isNo) throw new UsageError(message("option.exclusive", { first: "--yes", second: "--no" }));
    return isYes || isNo ? { do: "verify", peer, isVerified: isYes } : { do: "words", peer };
  },
  run: async (command, context) =>
    command.do === "words"
      ? formatWordsReply(await runOffline(context, command), toFormatContext(context))
      : formatVerifyReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "verify",
    args: "[NAME] [yes|no]",
    summary: "compare six words, to be sure who it is",
    completes: ["peer", ["yes", "no"]],
    parse: (input) => {
      const [last, ...before] = input.words.toReversed();
      const answer = withoutDashes(last);
      const isSame = answer === "yes" ? true : answer === "no" ? false : null;
      const [peer, ...more] = isSame === null ? input.words : before;
      if (more.length > 0) throw toUsageError(input);
      return { do: "verify", peer: peer ?? null, isSame };
    },
    run: async ({ peer: named, isSame }, chat) => {
      const peer = requirePeer(chat, named, "/verify NAME");
      const context = toChatFormatContext(chat);
      return isSame === null
        ? formatWordsReply(await chat.runner.run({ do: "words", peer }), context)
        : formatVerifyReply(await chat.runner.run({ do: "verify", peer, isVerified: isSame }), context);
    },
  },
});

const IMPORT = defineCommand({
  name: "contacts import",
  args: "FILE|-",
  summary: "import contacts from another program",
  more: [
    'Each line is IP PORT NAME, IP:PORT or NAME IP PORT; "-" reads them from standard input. Their identity is filled in the first time you connect.',
    "CSV files with commas, semicolons or tabs, vCards with an IP address, and the contacts.dat of another earshot are read too; nobody in it counts as verified.",
    "The exit code is 1 if the list has no contact in it.",
  ],
  examples: ["earshot contacts import contacts.txt", "grep -v '^#' old.txt | earshot contacts import -"],
  parse: (input) => {
    const [file] = input.args;
    const path = requireArg(file?.text, "FILE", input.command);
    refuseArgsFrom(1, input);
    return { do: "import", file: path === "-" && file?.isLiteral === false ? null : path };
  },
  run: async ({ file }, context) => {
    const reply = await runOffline(context, { do: "import", text: await readImport(file, context) });
    await context.output.show(formatImportReply(reply, toFormatContext(context)));
    return reply.added.length + (reply.contacts?.length ?? 0) + reply.knownCount === 0 ? NOTHING_CAME : 0;
  },
});

/** In the order of help. */
export const CONTACT_COMMANDS = [
  CONTACTS,
  ADD,
  REMOVE,
  RENAME,
  NOTE,
  BLOCK,
  UNBLOCK,
  VERIFY,
  IMPORT,
] as const;

function parseName({ command, args }: CommandInput): string {
  return requireArg(args[0]?.text, "NAME", command);
}

function parseOnlyName(input: CommandInput): string {
  const name = parseName(input);
  refuseArgsFrom(1, input);
  return name;
}

/** The text after the name. An empty one has to be typed: it removes something. */
function parseText({ command, args: [, ...rest] }: CommandInput, name: string): string {
  if (rest.length === 0) requireArg(undefined, name, command);
  return joinArgs({ args: rest }).trim();
}

/** Connects first: then the peer at that address is known, and can be saved. */
async function saveByAddress(
  { to, port, label }: { readonly to: string; readonly port: number | null; readonly label: string | null },
  context: RunContext,
): Promise<Replies["save"]> {
  const need = { network: true, lasting: false, own: false };
  return await withNode(context, need, async ({ runner }) => {
    const { peer } = await runner.run({ do: "connect", to, ...(port !== null && { port }) });
    return await runner.run({ do: "save", peer: peer.id, ...(label !== null && { label }) });
  });
}
