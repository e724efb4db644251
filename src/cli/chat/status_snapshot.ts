/** The node's state for the status line. It is read again after each hint, so a lost hint does no harm. */

import type { MemberRow, PeerRow, RoomRow } from "../../api/commands.ts";
import type { NodeApi } from "../../api/node_api.ts";
import type { RoomId } from "../../room/id.ts";
import type { ReceiptState } from "../../room/receipts.ts";

/** The number of own lines that are checked for delivery. */
const LINES_MAX = 200;

/** The state of a node. */
export interface StatusSnapshot {
  readonly rooms: readonly RoomRow[];
  readonly peers: readonly PeerRow[];
  /** Of the open conversation. */
  readonly members: readonly MemberRow[];
  /** Names of the peers with an open request or invitation. */
  readonly requestNames: readonly string[];
  /** Why we are away; null while we are not. */
  readonly away: string | null;
  /** How far our last line in the open conversation has come; null without one. */
  readonly last: ReceiptState | null;
  /** Our lines there that no other device has yet. */
  readonly waitingCount: number;
}

/** Nothing yet. */
export const EMPTY_STATUS: StatusSnapshot = {
  rooms: [],
  peers: [],
  members: [],
  requestNames: [],
  away: null,
  last: null,
  waitingCount: 0,
};

/** Looks. @throws as the node does. */
export async function takeStatusSnapshot(runner: NodeApi, open: RoomId | null): Promise<StatusSnapshot> {
  const { rooms } = await runner.run({ do: "rooms" });
  const { peers } = await runner.run({ do: "peers" });
  const { requests, invitations } = await runner.run({ do: "requests" });
  const { away } = await runner.run({ do: "status" });
  const members = open === null ? [] : (await runner.run({ do: "members", room: open })).members;
  // Lines on the screen count as read, even if this process is killed.
  const log = open === null
    ? []
    : (await runner.run({ do: "log", to: open, last: LINES_MAX, markRead: true })).rows;
  const own = log.filter((row) => row.state !== null && !row.notice);
  return {
    rooms,
    peers,
    members,
    requestNames: [...requests.map(({ peer }) => peer.name), ...invitations.map(({ from }) => from.name)],
    away,
    last: own.at(-1)?.state ?? null,
    waitingCount: own.filter((row) => row.state === "kept").length,
  };
}
