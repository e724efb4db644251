/** Commands that change what others see of the user. */

import { toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText } from "../chat/slash_command.ts";
import { joinArgs, refuseArgsFrom, requireAllArgs } from "../command_line/command_input.ts";
import { parseNameValue } from "../command_line/value_parsers.ts";
import { formatAwayReply, formatNickReply } from "../format/replies.ts";
import { toFormatContext } from "../node_access/command_context.ts";
import { runOffline, runOnRunningNode } from "../node_access/run_on_node.ts";
import { defineCommand } from "./define_command.ts";

const AWAY = defineCommand({
  name: "away",
  args: "[TEXT]",
  summary: "tell others that you are away, and why",
  more: ["Connected peers see it next to your name. You still get messages."],
  examples: ["earshot away", "earshot away lunch until two"],
  parse: (input) => ({ do: "away", text: joinArgs(input).trim() }),
  run: async (command, context) =>
    formatAwayReply(await runOnRunningNode(context, command), toFormatContext(context)),
  slash: {
    name: "away",
    args: "[TEXT]",
    parse: ({ text }) => ({ do: "away", text }),
    run: async (command, chat) => formatAwayReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const BACK = defineCommand({
  name: "back",
  summary: "tell others that you are back",
  examples: ["earshot back"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "away", text: null };
  },
  run: async (command, context) =>
    formatAwayReply(await runOnRunningNode(context, command), toFormatContext(context)),
  slash: {
    name: "back",
    parse: () => ({ do: "away", text: null }),
    run: async (command, chat) => formatAwayReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const NICK = defineCommand({
  name: "nick",
  args: "NAME",
  summary: "change your name",
  examples: ["earshot nick alice"],
  parse: (input) => ({ do: "nick", name: parseNameValue(requireAllArgs(input, "NAME")) }),
  run: async (command, context) => formatNickReply(await runOffline(context, command)),
  slash: {
    name: "nick",
    args: "NAME",
    parse: (input) => ({ do: "nick", name: parseNameValue(requireText(input)) }),
    run: async (command, chat) => formatNickReply(await chat.runner.run(command)),
  },
});

/** In the order of help. */
export const PRESENCE_COMMANDS = [AWAY, BACK, NICK] as const;
