/** Commands that ask a node for one thing and show its reply. */

import { assertNever } from "../../errors.ts";
import type { Command, Replies } from "../../api/commands.ts";
import {
  acceptedShown,
  awayShown,
  blockedShown,
  connectedShown,
  disconnectedShown,
  enteredShown,
  forgottenShown,
  ignoredShown,
  importedShown,
  invitedShown,
  leftShown,
  membersShown,
  namedShown,
  notedShown,
  peersShown,
  renewedShown,
  requestsShown,
  roomsShown,
  savedShown,
  searchShown,
  statusShown,
  verifiedShown,
  wordsShown,
} from "../format/replies.ts";
import { afterListening, offline, online, running, soon } from "../node_access/run_on_node.ts";
import { type CommandContext, now, withNode } from "../node_access/command_context.ts";
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
  const at = now(context);
  switch (asked.do) {
    case "peers":
      return peersShown(await afterListening(context, { do: "peers" }), at);
    case "rooms":
      return roomsShown(await afterListening(context, { do: "rooms" }), at);
    case "status":
      return statusShown(await afterListening(context, { do: "status" }));
    case "members":
      return membersShown(await afterListening(context, asked), at);
    case "save":
      return savedShown(await soon(context, asked), at);
    case "save-place":
      return savedShown(await savePlace(asked, context), at);
    case "forget":
      return forgottenShown(await offline(context, asked), at);
    case "note":
      return notedShown(await offline(context, asked), at);
    case "block":
      return blockedShown(await offline(context, asked), at);
    case "words":
      return wordsShown(await offline(context, asked), at);
    case "verify":
      return verifiedShown(await offline(context, asked), at);
    case "import":
      return importedShown(
        await offline(context, { do: "import", text: await importText(asked.file, context) }),
        at,
      );
    case "requests":
      return requestsShown(await offline(context, { do: "requests" }), at);
    case "accept":
      return acceptedShown(await offline(context, asked), at);
    case "ignore":
      return ignoredShown(await offline(context, asked), at);
    case "host":
      return enteredShown({ ...await online(context, asked), note: null });
    case "join":
      return enteredShown(await online(context, asked));
    case "leave":
      return leftShown(await offline(context, asked));
    case "invite": {
      const { room, peers, isQrRefused } = asked;
      return invitedShown(await online(context, { do: "invite", room, peers }), { ...at, isQrRefused });
    }
    case "renew": {
      const { room, without, isQrRefused } = asked;
      return renewedShown(await online(context, { do: "renew", room, without }), { ...at, isQrRefused });
    }
    case "connect":
      return connectedShown(await online(context, connecting(asked)));
    case "disconnect":
      return disconnectedShown(await running(context, asked), at);
    case "search":
      return searchShown(await searching(asked, context), at);
    case "away":
      return awayShown(await running(context, asked), at);
    case "nick":
      return namedShown(await offline(context, asked));
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
