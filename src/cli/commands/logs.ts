/** Commands to read earlier messages: log and search. */

import { requireOpen, toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText } from "../chat/slash_command.ts";
import { type CommandInput, requireAllArgs } from "../command_line/command_input.ts";
import { parseCount } from "../command_line/value_parsers.ts";
import { formatLogReply, formatSearchReply } from "../format/replies.ts";
import { toFormatContext, withNode } from "../node_access/command_context.ts";
import { runOffline } from "../node_access/run_on_node.ts";
import { defineCommand } from "./define_command.ts";
import { followLog } from "../operations/node_and_log.ts";

/** The default of `search --last`. */
const SEARCH_LAST = 50;
/** The default of /log. */
const LOG_LAST = 20;

const LAST = { name: "last", short: "n", value: "COUNT", summary: "show at most this many lines" } as const;

const LOG = defineCommand({
  name: "log",
  args: "TO",
  summary: "show the messages of a conversation",
  more: [
    "Your own lines that no other device has yet end in (kept here only). Messages of blocked people are hidden; exports contain them.",
  ],
  examples: ['earshot log "#Kitchen" --last 20', "earshot log bob --follow"],
  options: [
    LAST,
    { name: "follow", short: "f", summary: "keep showing new messages until Ctrl-C" },
  ],
  parse: (input) => ({
    do: "log",
    to: requireAllArgs(input, "TO"),
    last: parseLast(input),
    follow: input.options.has("follow"),
  }),
  run: async (invocation, context) => {
    if (invocation.follow) return await followLog(invocation, context);
    const { to, last } = invocation;
    const { output } = context;
    // A script that looks has not read it for its user.
    const log = await runOffline(context, {
      do: "log",
      to,
      ...(last !== null && { last }),
      markRead: !output.isJson,
    });
    return formatLogReply(log, output);
  },
  slash: {
    name: "log",
    args: "[COUNT]",
    summary: "show the last messages of the open conversation",
    parse: ({ text }) => ({ do: "log", last: text === "" ? LOG_LAST : parseCount(text, "/log") }),
    run: async ({ last }, chat) =>
      formatLogReply(
        await chat.runner.run({ do: "log", to: requireOpen(chat).id, last }),
        toChatFormatContext(chat),
      ),
  },
});

const SEARCH = defineCommand({
  name: "search",
  args: "TEXT",
  summary: "search for messages in all conversations",
  more: [
    "Upper and lower case are equal, and so are wide and narrow characters. The newest 50 matches are shown, or as many as --last says. Messages of blocked people are hidden.",
  ],
  examples: ["earshot search pancakes", "earshot search door code --last 5"],
  options: [LAST],
  parse: (input) => ({
    do: "search",
    text: requireAllArgs(input, "TEXT"),
    last: parseLast(input) ?? SEARCH_LAST,
  }),
  run: async (command, context) => {
    const need = { network: false, lasting: false, own: false };
    const reply = await withNode(
      context,
      need,
      async ({ runner }) => ({ ...await runner.run(command), ...await runner.run({ do: "rooms" }) }),
    );
    return formatSearchReply(reply, toFormatContext(context));
  },
  slash: {
    name: "search",
    args: "TEXT",
    helpRank: 11,
    parse: (input) => ({ do: "search", text: requireText(input), last: SEARCH_LAST }),
    run: async (command, chat) =>
      formatSearchReply(
        { ...await chat.runner.run(command), ...await chat.runner.run({ do: "rooms" }) },
        toChatFormatContext(chat),
      ),
  },
});

/** In the order of help. */
export const LOG_COMMANDS = [LOG, SEARCH] as const;

function parseLast({ options }: CommandInput<"last">): number | null {
  const last = options.value("last");
  return last === null ? null : parseCount(last, "--last");
}
