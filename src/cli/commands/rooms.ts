/** Commands for rooms. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { parseTitle } from "../../text/name.ts";
import { requireOpen, requireOpenRoom, toChatFormatContext } from "../chat/chat_parts.ts";
import { requireText, type SlashInput, toUsageError, unquote, withoutDashes } from "../chat/slash_command.ts";
import type { ChatContext } from "../chat/chat_context.ts";
import { refuseArgsFrom, requireAllArgs, requireArg } from "../command_line/command_input.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { parsePortValue, parseRoomOrAddress } from "../command_line/value_parsers.ts";
import type { Printable } from "../format/output.ts";
import {
  formatInviteReply,
  formatJoinReply,
  formatLeaveReply,
  formatListenReply,
  formatMembersReply,
  formatRenewReply,
  formatRoomsReply,
} from "../format/replies.ts";
import { toFormatContext } from "../node_access/command_context.ts";
import { runAfterListening, runOffline, runOnline } from "../node_access/run_on_node.ts";
import { defineCommand } from "./define_command.ts";

const NO_QR = { name: "no-qr", summary: "print the link without its QR code" } as const;
/** Before the names of members who are left behind. */
const WITHOUT = "without";

const ROOMS = defineCommand({
  name: "rooms",
  summary: "list your rooms and the rooms nearby",
  examples: ["earshot rooms"],
  parse: (input) => {
    refuseArgsFrom(0, input);
    return { do: "rooms" };
  },
  run: async (command, context) =>
    formatRoomsReply(await runAfterListening(context, command), toFormatContext(context)),
  slash: {
    name: "rooms",
    helpRank: 8,
    parse: () => ({ do: "rooms" }),
    run: async (command, chat) => formatRoomsReply(await chat.runner.run(command), toChatFormatContext(chat)),
  },
});

const HOST = defineCommand({
  name: "host",
  args: "TITLE",
  summary: "open a room, for everybody nearby or invite-only",
  more: [
    'To listen on another port, start with "earshot --port 9999", or type /host 9999 in the chat.',
  ],
  examples: ["earshot host Kitchen", "earshot host Coffee corner", "earshot host Plans --invited"],
  options: [{ name: "invited", summary: "only people with the room's link can join" }],
  parse: (input) => ({
    do: "host",
    title: parseHostTitle(requireAllArgs(input, "TITLE")),
    isInvited: input.options.has("invited"),
  }),
  run: async (command, context) => formatJoinReply({ ...await runOnline(context, command), note: null }),
  slash: {
    name: "host",
    args: "[--invited] TITLE",
    summary: "open a new room that anybody nearby can join",
    more: [
      "With --invited only people with its link can join: see /help invite.",
      "/host 9999 (only a port) listens for others on that TCP port instead.",
    ],
    helpRank: 1,
    parse: parseHostLine,
    run: hostFromChat,
  },
});

const JOIN = defineCommand({
  name: "join",
  args: "ROOM|ADDRESS[:PORT]|LINK",
  summary: "join a room by its title, its id, its link, or its host's address",
  more: ["Where people are not found automatically, the address of the room's first host works too."],
  examples: [
    "earshot join Kitchen",
    "earshot join 192.168.43.1",
    "earshot join 192.168.43.1:9998",
    "earshot join earshot://192.168.43.1:9999/kkkkkkkkkkkkkkkkkkkkkkkkka/-/bbbbbbbbbbbbbbbb",
  ],
  parse: (input) => ({ do: "join", room: parseRoomOrAddress(requireAllArgs(input, "ROOM")) }),
  run: async (command, context) => formatJoinReply(await runOnline(context, command)),
  slash: {
    name: "join",
    args: "ROOM",
    summary: "join a room, or switch to one of yours",
    more: [
      "Your next lines go there.",
      "ROOM is a title, an address (192.168.43.1) or a link (earshot://…).",
    ],
    completes: ["room"],
    helpRank: 2,
    isRetried: true,
    parse: (input) => ({ do: "join", room: parseRoomOrAddress(unquote(requireText(input))) }),
    run: async ({ room }, { opener }) => await opener.join(room),
  },
});

const LEAVE = defineCommand({
  name: "leave",
  args: "ROOM",
  summary: "leave a room; its messages are kept",
  examples: ["earshot leave Kitchen"],
  parse: (input) => ({ do: "leave", room: requireAllArgs(input, "ROOM") }),
  run: async (command, context) => formatLeaveReply(await runOffline(context, command)),
  slash: {
    name: "leave",
    args: "[ROOM]",
    summary: "leave the open room, or another one",
    completes: ["room"],
    helpRank: 5,
    parse: ({ text }) => ({ do: "leave", room: text === "" ? null : text }),
    run: async ({ room }, chat) => await leaveFromChat(room, chat),
  },
});

const WHO = defineCommand({
  name: "who",
  args: "ROOM",
  summary: "list the members of a room",
  examples: ['earshot who "#Kitchen"'],
  parse: (input) => ({ do: "members", room: requireAllArgs(input, "ROOM").replace(/^#?/, "#") }),
  run: async (command, context) =>
    formatMembersReply(await runAfterListening(context, command), toFormatContext(context)),
  slash: {
    name: "who",
    args: "[ROOM]",
    summary: "list the members of the open conversation",
    completes: ["conversation"],
    helpRank: 6,
    parse: ({ text }) => ({ do: "who", room: text === "" ? null : text }),
    run: async ({ room: named }, chat) => {
      const room = named === null ? requireOpen(chat).id : chat.chatView.numbers.find(named)?.id ?? named;
      return formatMembersReply(await chat.runner.run({ do: "members", room }), toChatFormatContext(chat));
    },
  },
});

const INVITE = defineCommand({
  name: "invite",
  args: "ROOM [NAME…]",
  summary: "show a room's link and QR code, and send the link to people",
  more: [
    'ROOM is one word: put a longer title in quotes. Each NAME finds the invitation in "earshot requests".',
    "The link contains your current address, so you must be online to create it. Anybody with the link of an invite-only room can join, and can pass the link on.",
  ],
  examples: [
    'earshot invite "#Plans"',
    'earshot invite "Coffee corner" bob carol',
    'earshot invite "#Plans" --json',
  ],
  options: [NO_QR],
  parse: ({ command, args, options }) => {
    const [room, ...peers] = args.map(({ text }) => text);
    return {
      do: "invite",
      room: requireArg(room, "ROOM", command),
      peers,
      isQrRefused: options.has("no-qr"),
    };
  },
  run: async ({ room, peers, isQrRefused }, context) =>
    formatInviteReply(
      await runOnline(context, { do: "invite", room, peers }),
      { ...toFormatContext(context), isQrRefused },
    ),
  slash: {
    name: "invite",
    args: "[#ROOM] [NAME…]",
    summary: "show the open room's link, and send it to NAME",
    completes: ["peer", "peer", "peer"],
    parse: ({ words }) => {
      const [room, peers] = words[0]?.startsWith("#") ? [words[0], words.slice(1)] : [null, words];
      return { do: "invite", room, peers };
    },
    run: async ({ room, peers }, chat) =>
      formatInviteReply(
        await chat.runner.run({ do: "invite", room: room ?? requireOpenRoom(chat), peers }),
        toChatFormatContext(chat),
      ),
  },
});

const RENEW = defineCommand({
  name: "renew",
  args: "ROOM",
  summary: "replace an invite-only room with a new one, with a new link",
  more: [
    "All members are invited to the new room, except those named with --without. The old link no longer lets anyone into the new room. Members keep the messages of the old one.",
  ],
  examples: ['earshot renew "#Plans" --without eve', "earshot renew Plans --without eve --without mallory"],
  options: [
    {
      name: "without",
      value: "NAME",
      isMany: true,
      summary: "leave this member behind; repeat it for more",
    },
    NO_QR,
  ],
  parse: (input) => ({
    do: "renew",
    room: requireAllArgs(input, "ROOM"),
    without: input.options.values("without") ?? [],
    isQrRefused: input.options.has("no-qr"),
  }),
  run: async ({ room, without, isQrRefused }, context) =>
    formatRenewReply(
      await runOnline(context, { do: "renew", room, without }),
      { ...toFormatContext(context), isQrRefused },
    ),
  slash: {
    name: "renew",
    args: "[without NAME…]",
    summary: "give the open room a new link, without NAME",
    more: ["All other members move to a new room. The messages of the old one are kept."],
    completes: [[WITHOUT], "peer", "peer"],
    parse: (input) => {
      const [first, second] = input.words;
      if (first !== undefined && (withoutDashes(first) !== WITHOUT || second === undefined)) {
        throw toUsageError(input);
      }
      return { do: "renew", without: input.words.slice(1) };
    },
    run: async ({ without }, chat) => {
      const reply = await chat.runner.run({ do: "renew", room: requireOpenRoom(chat), without });
      await chat.ui.output.show(formatRenewReply(reply, toChatFormatContext(chat)));
      await chat.opener.open(reply.room);
    },
  },
});

/** In the order of help. */
export const ROOM_COMMANDS = [ROOMS, HOST, JOIN, LEAVE, WHO, INVITE, RENEW] as const;

/** A number alone was a port in the programs before this one. */
function parseHostTitle(text: string): string {
  if (/^\d+$/.test(text)) {
    throw new UsageError(message("host.is-port", { port: quoteToken(text) }));
  }
  const parsed = parseTitle(text.replace(/^#/, ""));
  if ("title" in parsed) return parsed.title;
  throw new UsageError(parsed.problem);
}

type HostAction =
  | { readonly do: "listen"; readonly port: number }
  | { readonly do: "host"; readonly title: string; readonly isInvited: boolean };

function parseHostLine(input: SlashInput): HostAction {
  const text = requireText(input);
  if (/^\d+$/.test(text)) return { do: "listen", port: parsePortValue(text, "/host") };
  const isInvited = /^--invited(\s|$)/.test(text);
  const title = isInvited ? text.replace(/^--invited\s*/, "") : text;
  if (title === "") throw toUsageError(input);
  const parsed = parseTitle(title.replace(/^#/, ""));
  if ("title" in parsed) return { do: "host", title: parsed.title, isInvited };
  throw new UsageError(parsed.problem);
}

async function hostFromChat(action: HostAction, chat: ChatContext): Promise<Printable | void> {
  if (action.do === "listen") {
    return formatListenReply(await chat.runner.run(action), toChatFormatContext(chat));
  }
  const { title, isInvited } = action;
  const reply = await chat.runner.run({ do: "host", title, ...(isInvited && { isInvited }) });
  await chat.opener.enter({ ...reply, note: null });
}

async function leaveFromChat(named: string | null, chat: ChatContext): Promise<Printable | void> {
  const { chatView, opener, runner, ui } = chat;
  const { open } = chatView;
  if (named === null && open?.direct === true) {
    await opener.markRead();
    opener.close();
    return await ui.output.note("No conversation is open now. The messages are kept.");
  }
  const reply = await runner.run({ do: "leave", room: named ?? requireOpen(chat).id });
  chatView.learn([reply.room]);
  if (reply.room.id === open?.id) opener.close();
  return formatLeaveReply(reply);
}
