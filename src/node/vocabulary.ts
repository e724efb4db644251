/**
 * What screens say to a node and hear from it: one vocabulary for the terminal, the page and scripts.
 * Everything is plain JSON, so that it travels over the control address as it is. Text in it is safe to print.
 */

import type { PeerId, RoomId } from "../room/id.ts";
import type { ReceiptState } from "../room/receipt.ts";

/** What a screen can ask for. */
export type Command =
  | { readonly do: "status" }
  | { readonly do: "peers" }
  | { readonly do: "rooms" }
  | { readonly do: "contacts" }
  | { readonly do: "host"; readonly title: string }
  /** A room's title or id, or an address with or without a port. */
  | { readonly do: "join"; readonly room: string }
  | { readonly do: "leave"; readonly room: string }
  | { readonly do: "connect"; readonly address: string; readonly port: number }
  | { readonly do: "send"; readonly to: string; readonly text: string }
  /** Waits until our entry has come that far. */
  | {
    readonly do: "wait";
    readonly room: RoomId;
    readonly number: number;
    readonly until: WaitState;
    readonly ms: number;
  }
  | { readonly do: "log"; readonly to: string; readonly last?: number; readonly markRead?: boolean }
  | { readonly do: "export"; readonly to: string; readonly sinceMs?: number; readonly untilMs?: number }
  | { readonly do: "nick"; readonly name: string }
  | { readonly do: "rescan" }
  | { readonly do: "stop" };

/** A state that is worth waiting for. */
export type WaitState = Exclude<ReceiptState, "kept">;

/** Somebody else. */
export interface PeerRow {
  readonly id: PeerId;
  readonly name: string;
  /** Null when no address is known. */
  readonly address: string | null;
  readonly port: number | null;
  /** When it was last heard of, ISO 8601; null if never. */
  readonly seen: string | null;
  /** Heard or connected lately, as far as we can tell. */
  readonly here: boolean;
  /** There is an open session. */
  readonly connected: boolean;
  /** Its user and ours compared keys. */
  readonly verified: boolean;
  readonly contact: boolean;
}

/** A room of ours, or one that somebody nearby hosts. */
export interface RoomRow {
  readonly id: RoomId;
  readonly title: string;
  readonly direct: boolean;
  /** How many take part. */
  readonly members: number;
  /** The name of who relays it now; null while nobody does. */
  readonly host: string | null;
  readonly joined: boolean;
  readonly unread: number;
}

/** One entry as a screen shows it. */
export interface LogRow {
  /** The room's title, or the other's name. */
  readonly room: string;
  readonly roomId: RoomId;
  /** The author's id. */
  readonly author: PeerId;
  /** The author's name, told apart from others of that name in the room. */
  readonly name: string;
  readonly number: number;
  readonly kind: string;
  /** The message; for a notice the sentence without the name. */
  readonly text: string;
  readonly notice: boolean;
  /** By the author's clock, ISO 8601. */
  readonly time: string;
  /** Of one's own entries; null for others'. */
  readonly state: ReceiptState | null;
}

/** A line of contacts.dat that could not be read; it is kept as it is. */
export interface BrokenContact {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** The answer to each command. */
export interface Replies {
  status: StatusReply;
  peers: { readonly peers: readonly PeerRow[]; readonly outlook: string };
  rooms: { readonly rooms: readonly RoomRow[]; readonly outlook: string };
  contacts: { readonly contacts: readonly PeerRow[]; readonly broken: readonly BrokenContact[] };
  host: { readonly room: RoomRow };
  join: { readonly room: RoomRow; readonly note: string | null };
  leave: { readonly room: RoomRow };
  connect: { readonly peer: PeerRow; readonly rooms: readonly RoomRow[] };
  send: {
    readonly room: RoomId;
    readonly title: string;
    readonly number: number;
    readonly state: ReceiptState;
  };
  wait: { readonly state: ReceiptState; readonly isReached: boolean };
  log: { readonly room: RoomRow; readonly rows: readonly LogRow[] };
  export: { readonly title: string; readonly text: string; readonly count: number };
  nick: { readonly name: string };
  rescan: Record<string, never>;
  stop: Record<string, never>;
}

/** How the node does. */
export interface StatusReply {
  readonly id: PeerId;
  readonly name: string;
  readonly version: string;
  readonly home: string;
  readonly pid: number;
  /** The rendezvous port; null when it has none (a command without network). */
  readonly port: number | null;
  readonly discoveryPort: number | null;
  readonly sessions: number;
  readonly peers: number;
  readonly rooms: number;
  /** One or two plain sentences about the network. */
  readonly outlook: string;
  readonly interfaces: readonly { readonly name: string; readonly address: string; readonly state: string }[];
  /** Troubles since the start: what was found damaged, what could not be kept. */
  readonly notices: readonly string[];
}

/** What a node tells on its own: a hint to look again, with the news in it. May be lost when a screen is too slow. */
export type NodeEvent =
  | {
    readonly event: "ready";
    readonly id: PeerId;
    readonly name: string;
    readonly port: number;
    readonly discoveryPort: number | null;
  }
  | { readonly event: "peer"; readonly change: "new" | "changed" | "gone"; readonly peer: PeerRow }
  | { readonly event: "entry"; readonly row: LogRow }
  | {
    readonly event: "state";
    readonly roomId: RoomId;
    readonly number: number;
    readonly state: ReceiptState;
  }
  | { readonly event: "room"; readonly room: RoomRow }
  | { readonly event: "notice"; readonly text: string };

/** The reply to a command, by its name. */
export type ReplyTo<C extends Command> = Replies[C["do"]];

/** Whatever runs commands: a node in this process, or one behind its control address. */
export interface CommandRunner {
  /** @throws {WorldError} when it failed, {UsageError} when it cannot be done as asked. */
  run<C extends Command>(command: C): Promise<ReplyTo<C>>;
  /** Events from now on, until the signal. */
  events(signal: AbortSignal): AsyncIterable<NodeEvent>;
}
