/** Commands to find people and connect to them, and to answer requests. */

import { parseEndpoint } from "../../node/support/address.ts";
import { requirePeer, toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText, toUsageError } from "../chat/slash_command.ts";
import { refuseArgsFrom, requireAllArgs, requireArg } from "../command_line/command_input.ts";
import { parseAddressValue, parsePeerOrAddress } from "../command_line/value_parsers.ts";
import {
  formatAcceptReply,
  formatConnectReply,
  formatDisconnectReply,
  formatIgnoreReply,
  formatPeersReply,
  formatRequestsReply,
} from "../format/replies.ts";
import { toFormatContext } from "../node_access/command_context.ts";
import { runAfterListening, runOffline, runOnline, runOnRunningNode } from "../node_access/run_on_node.ts";
import { defineCommand } from "./define_command.ts";

const PEERS = defineCommand({
  name: "peers",
  summary: "list the people who are here",
  more: [
    "Lists everybody on this network or connected to you. People choose their names; they cannot change the id.",
  ],
  examples: ["earshot peers", "earshot peers --json"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "peers" };
  },
  run: async (command, context) =>
    formatPeersReply(await runAfterListening(context, command), toFormatContext(context)),
  slash: {
    name: "peers",
    helpRank: 7,
    parse: () => ({ do: "peers" }),
    run: async (command, chat) => formatPeersReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const REQUESTS = defineCommand({
  name: "requests",
  summary: "list the people who want to talk to you, and invitations",
  more: [
    "The first messages of a stranger wait here, three at most. To answer, accept the request.",
  ],
  examples: ["earshot requests"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "requests" };
  },
  run: async (command, context) =>
    formatRequestsReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "requests",
    summary: "list requests and invitations",
    helpRank: 10,
    parse: () => ({ do: "requests" }),
    run: async (command, chat) =>
      formatRequestsReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const ACCEPT = defineCommand({
  name: "accept",
  args: "NAME",
  summary: "accept a request to talk",
  examples: ["earshot accept carol"],
  parse: (input) => ({ do: "accept", peer: requireAllArgs(input, "NAME") }),
  run: async (command, context) =>
    formatAcceptReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "accept",
    args: "NAME",
    completes: ["request"],
    parse: (input) => ({ do: "accept", peer: requireText(input) }),
    run: async (command, chat) => {
      const reply = await chat.runner.run(command);
      await chat.ui.output.show(formatAcceptReply(reply, toChatFormatContext(chat)));
      await chat.opener.open(reply.room);
    },
  },
});

const IGNORE = defineCommand({
  name: "ignore",
  args: "NAME",
  summary: "ignore a request without telling them",
  more: ['To see no more of their messages: "earshot contacts block NAME".'],
  examples: ["earshot ignore carol"],
  parse: (input) => ({ do: "ignore", peer: requireAllArgs(input, "NAME") }),
  run: async (command, context) =>
    formatIgnoreReply(await runOffline(context, command), toFormatContext(context)),
  slash: {
    name: "ignore",
    args: "NAME",
    completes: ["request"],
    parse: (input) => ({ do: "ignore", peer: requireText(input) }),
    run: async (command, chat) =>
      formatIgnoreReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const CONNECT = defineCommand({
  name: "connect",
  args: "ADDRESS|NAME [PORT]",
  summary: "connect to an address (port 9999 unless given) or to a contact",
  more: [
    "For networks where people are not found automatically. They become a contact, so later you can connect by name, whatever their address is then.",
  ],
  examples: ["earshot connect 192.168.43.1", "earshot connect 192.168.43.1 9998", "earshot connect bob"],
  parse: (input) => {
    refuseArgsFrom(2, input);
    const [to, port] = input.args;
    return {
      do: "connect",
      ...parsePeerOrAddress(requireArg(to?.text, "ADDRESS or NAME", input.command), port?.text),
    };
  },
  run: async ({ to, port }, context) =>
    formatConnectReply(await runOnline(context, { do: "connect", to, ...(port !== null && { port }) })),
  slash: {
    name: "connect",
    args: "NAME|ADDRESS [PORT]",
    summary: "connect to a person by name or address",
    more: ["The port is 9999 unless given: /connect 192.168.43.1 9998."],
    completes: ["peer"],
    helpRank: 9,
    isRetried: true,
    parse: (input) => {
      const [to, port, ...more] = input.words;
      if (to === undefined || more.length > 0) throw toUsageError(input);
      if (parseEndpoint(to) === null && port === undefined) return { do: "connect", to, port: null };
      const place = parseAddressValue(to, port);
      return { do: "connect", to: place.address, port: place.port };
    },
    run: async ({ to, port }, { opener }) => await opener.connect(to, port),
  },
});

const DISCONNECT = defineCommand({
  name: "disconnect",
  args: "NAME",
  summary: "disconnect from a person until you connect again",
  examples: ["earshot disconnect bob"],
  parse: (input) => ({ do: "disconnect", peer: requireAllArgs(input, "NAME") }),
  run: async (command, context) =>
    formatDisconnectReply(await runOnRunningNode(context, command), toFormatContext(context)),
  slash: {
    name: "disconnect",
    args: "[NAME]",
    completes: ["peer"],
    parse: ({ words }) => ({ do: "disconnect", peer: words[0] ?? null }),
    run: async ({ peer }, chat) =>
      formatDisconnectReply(
        await chat.runner.run({ do: "disconnect", peer: requirePeer(chat, peer, "/disconnect NAME") }),
        toChatFormatContext(chat),
      ),
  },
});

/** In the order of help. */
export const PEER_COMMANDS = [PEERS, REQUESTS, ACCEPT, IGNORE, CONNECT, DISCONNECT] as const;
