/** Commands that ask a node for one thing and show its reply. */

import { assertNever } from "../../errors.ts";
import type { Command, Replies } from "../../api/commands.ts";
import {
  formatAcceptReply,
  formatAwayReply,
  formatBlockReply,
  formatConnectReply,
  formatDisconnectReply,
  formatForgetReply,
  formatIgnoreReply,
  formatImportReply,
  formatInviteReply,
  formatJoinReply,
  formatLeaveReply,
  formatMembersReply,
  formatNickReply,
  formatNoteReply,
  formatPeersReply,
  formatRenewReply,
  formatRequestsReply,
  formatRoomsReply,
  formatSaveReply,
  formatSearchReply,
  formatStatusReply,
  formatVerifyReply,
  formatWordsReply,
} from "../format/replies.ts";
import {
  runAfterListening,
  runOffline,
  runOnline,
  runOnRunningNode,
  runWhenFound,
} from "../node_access/run_on_node.ts";
import { type CommandContext, toFormatContext, withNode } from "../node_access/command_context.ts";
import { importText } from "./import_contacts.ts";
import type { Invocation } from "../command_line/invocation.ts";
import type { Printable } from "../format/output.ts";

/** What one question to a node answers. */
type Asked = Exclude<
  Invocation,
  {
    readonly do:
      | "help"
      | "manual"
      | "config-help"
      | "completions"
      | "install"
      | "uninstall"
      | "version"
      | "chat"
      | "node"
      | "page"
      | "doctor"
      | "give"
      | "send"
      | "file"
      | "files"
      | "get"
      | "pause"
      | "cancel"
      | "log"
      | "export"
      | "stop"
      | "rescan"
      | "contacts";
  }
>;

/** Asks for one thing; what to show of the reply. @throws {UsageError}, {WorldError} as the node does. */
export async function runQuery(asked: Asked, context: CommandContext): Promise<Printable> {
  const at = toFormatContext(context);
  switch (asked.do) {
    case "peers":
      return formatPeersReply(await runAfterListening(context, { do: "peers" }), at);
    case "rooms":
      return formatRoomsReply(await runAfterListening(context, { do: "rooms" }), at);
    case "status":
      return formatStatusReply(await runAfterListening(context, { do: "status" }));
    case "members":
      return formatMembersReply(await runAfterListening(context, asked), at);
    case "save":
      return formatSaveReply(await runWhenFound(context, asked), at);
    case "save-place":
      return formatSaveReply(await savePlace(asked, context), at);
    case "forget":
      return formatForgetReply(await runOffline(context, asked), at);
    case "note":
      return formatNoteReply(await runOffline(context, asked), at);
    case "block":
      return formatBlockReply(await runOffline(context, asked), at);
    case "words":
      return formatWordsReply(await runOffline(context, asked), at);
    case "verify":
      return formatVerifyReply(await runOffline(context, asked), at);
    case "import":
      return formatImportReply(
        await runOffline(context, { do: "import", text: await importText(asked.file, context) }),
        at,
      );
    case "requests":
      return formatRequestsReply(await runOffline(context, { do: "requests" }), at);
    case "accept":
      return formatAcceptReply(await runOffline(context, asked), at);
    case "ignore":
      return formatIgnoreReply(await runOffline(context, asked), at);
    case "host":
      return formatJoinReply({ ...await runOnline(context, asked), note: null });
    case "join":
      return formatJoinReply(await runOnline(context, asked));
    case "leave":
      return formatLeaveReply(await runOffline(context, asked));
    case "invite": {
      const { room, peers, isQrRefused } = asked;
      return formatInviteReply(await runOnline(context, { do: "invite", room, peers }), {
        ...at,
        isQrRefused,
      });
    }
    case "renew": {
      const { room, without, isQrRefused } = asked;
      return formatRenewReply(await runOnline(context, { do: "renew", room, without }), {
        ...at,
        isQrRefused,
      });
    }
    case "connect":
      return formatConnectReply(await runOnline(context, connecting(asked)));
    case "disconnect":
      return formatDisconnectReply(await runOnRunningNode(context, asked), at);
    case "search":
      return formatSearchReply(await searching(asked, context), at);
    case "away":
      return formatAwayReply(await runOnRunningNode(context, asked), at);
    case "nick":
      return formatNickReply(await runOffline(context, asked));
    default:
      return assertNever(asked);
  }
}

/** What was found, and what the rooms are called that it was said in. */
async function searching(
  asked: Extract<Command, { do: "search" }>,
  context: CommandContext,
): Promise<Replies["search"] & Replies["rooms"]> {
  const need = { network: false, lasting: false, own: false };
  return await withNode(
    context,
    need,
    async ({ runner }) => ({ ...await runner.run(asked), ...await runner.run({ do: "rooms" }) }),
  );
}

function connecting(
  { to, port }: { readonly to: string; readonly port: number | null },
): Extract<Command, { do: "connect" }> {
  return { do: "connect", to, ...(port !== null && { port }) };
}

/** Whoever is at an address is known once we are connected, and kept then. */
async function savePlace(
  asked: Extract<Invocation, { do: "save-place" }>,
  context: CommandContext,
): Promise<Replies["save"]> {
  const need = { network: true, lasting: false, own: false };
  return await withNode(context, need, async ({ runner }) => {
    const { peer } = await runner.run(connecting(asked));
    const { label } = asked;
    return await runner.run({ do: "save", peer: peer.id, ...(label !== null && { label }) });
  });
}
