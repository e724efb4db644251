/**
 * What screens say to a node and hear from it: one vocabulary for the terminal, the page and scripts.
 * Everything is plain JSON, so that it travels over the control address as it is. Text in it is safe to print.
 */

import type { Message } from "../messages/message.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import type { ReceiptState } from "../room/receipts.ts";
import type { GiveReply } from "./give.ts";
import type { Command } from "./command_schema.ts";
import type { Outlook } from "./outlook.ts";
import type { FileEvent, FileRow } from "./files.ts";

export type { Command };

/** One entry of a conversation. */
export interface EntryPlace {
  readonly author: PeerId;
  readonly number: number;
}

/** What a conversation is written as. */
export type ExportFormat = "txt" | "md" | "json";

/** A state that is worth waiting for. */
export type WaitState = Exclude<ReceiptState, "kept">;

/** Somebody else. */
export interface PeerRow {
  readonly id: PeerId;
  readonly name: string;
  /** The contact whose name this peer's looks like, though it is somebody else: another key. Null if there is none, and for contacts. */
  readonly alike: string | null;
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
  /** The user wants to hear nothing of it. */
  readonly blocked: boolean;
  /** Why its user is away; null while it is not, as far as we know. */
  readonly away: string | null;
  /** The user's own name for it, as `name` then has it too; "" if there is none. */
  readonly label: string;
  /** The user's own words about it. */
  readonly note: string;
}

/** Somebody in a conversation. */
export interface MemberRow extends PeerRow {
  /** It is this node itself. */
  readonly me: boolean;
  /** It relays the room now. */
  readonly relays: boolean;
  /** It has signed two different lines as one: what it says here may be told otherwise elsewhere. */
  readonly forked: boolean;
}

/** Somebody whom the user has not answered yet. */
export interface RequestRow {
  readonly peer: PeerRow;
  readonly roomId: RoomId;
  /** What it said, three lines at most: more is not taken in. */
  readonly rows: readonly LogRow[];
}

/** A room that somebody invited us to, and that we have not joined. */
export interface InvitationRow {
  readonly roomId: RoomId;
  readonly title: string;
  readonly from: PeerRow;
}

/** An address of the older programs, whose key is not known yet: it becomes a contact when it is first reached. */
export interface PlaceRow {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** A room of ours, or one that somebody nearby hosts. */
export interface RoomRow {
  readonly id: RoomId;
  readonly title: string;
  readonly direct: boolean;
  /** Only those who have its link may join. */
  readonly invited: boolean;
  /** A direct conversation with somebody whom the user has not answered yet. */
  readonly request: boolean;
  /** Whom a direct conversation is with. */
  readonly peer: PeerId | null;
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
  /** Of one's own entries; null for others'. A join that begins a feed remains "passed": nobody acknowledges it (see Receipting). */
  readonly state: ReceiptState | null;
  /** What it offers: the id of a FileRow, which `files` tells. Only of offers. */
  readonly file?: string;
}

/** A line of contacts.dat that could not be read; it is kept as it is. */
export interface BrokenContact {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
  /** The reason as data; absent for lines of contacts.dat. */
  readonly reasonMessage?: Message;
}

/** What a finding is about. */
export type FindingAbout =
  | "start"
  | "network"
  | "interface"
  | "echo"
  | "gateway"
  | "discovery-port"
  | "rendezvous-port"
  | "reached"
  | "heard"
  | "firewall"
  | "public-profile"
  | "isolation"
  | "vpn"
  | "clock"
  | "home"
  | "notice";

/** How it is. "unknown": it could not be looked at. */
export type FindingState = "ok" | "warn" | "bad" | "unknown";

/** One thing that `doctor` looked at. */
export interface Finding {
  readonly about: FindingAbout;
  /** What was looked at, such as "Interface wlan0 (192.168.43.2/24)". */
  readonly looked: string;
  readonly state: FindingState;
  /** How it is, and what that means: sentences. */
  readonly found: string;
  /** What to do; empty where nothing is to be done. */
  readonly advice: string;
  /** Lines for a shell that do it. */
  readonly commands: readonly string[];
  /** The same as data; absent from a node of an earlier version. */
  readonly messages?: FindingMessages;
}

/** The texts of a finding as data. */
export interface FindingMessages {
  readonly looked: Message;
  readonly found: readonly Message[];
  readonly advice: readonly Message[];
}

/** What `doctor` found. */
export interface DoctorReply {
  /** Null where there is no node: it could not start. */
  readonly id: PeerId | null;
  readonly version: string;
  readonly os: string;
  readonly home: string;
  /** The executable. */
  readonly program: string;
  readonly findings: readonly Finding[];
}

/** The answer to each command. */
export interface Replies {
  status: StatusReply;
  doctor: DoctorReply;
  give: GiveReply;
  peers: { readonly peers: readonly PeerRow[] } & Outlook;
  rooms: { readonly rooms: readonly RoomRow[] } & Outlook;
  members: { readonly room: RoomRow; readonly members: readonly MemberRow[] };
  contacts: {
    readonly contacts: readonly PeerRow[];
    readonly places: readonly PlaceRow[];
    readonly broken: readonly BrokenContact[];
  };
  save: { readonly peer: PeerRow };
  forget: { readonly name: string };
  note: { readonly peer: PeerRow };
  block: { readonly peer: PeerRow };
  words: { readonly peer: PeerRow; readonly words: readonly string[] };
  verify: { readonly peer: PeerRow };
  import: {
    readonly added: readonly PlaceRow[];
    /** The new contacts with a known key: those of another contacts.dat. Absent if there are none. */
    readonly contacts?: readonly PeerRow[];
    /** How many were there already. */
    readonly knownCount: number;
    readonly broken: readonly BrokenContact[];
  };
  host: { readonly room: RoomRow };
  listen: { readonly port: number };
  join: { readonly room: RoomRow; readonly note: string | null; readonly noteMessage?: Message | null };
  leave: { readonly room: RoomRow };
  /** `told`: whom the link was sent to, by name. */
  invite: { readonly room: RoomRow; readonly link: string; readonly told: readonly string[] };
  renew: { readonly room: RoomRow; readonly link: string; readonly told: readonly string[] };
  connect: { readonly peer: PeerRow; readonly rooms: readonly RoomRow[] };
  disconnect: { readonly peer: PeerRow };
  requests: { readonly requests: readonly RequestRow[]; readonly invitations: readonly InvitationRow[] };
  accept: { readonly peer: PeerRow; readonly room: RoomRow };
  ignore: { readonly peer: PeerRow };
  send: {
    readonly room: RoomId;
    readonly title: string;
    readonly number: number;
    readonly state: ReceiptState;
  };
  offer: { readonly files: readonly FileRow[] };
  files: {
    readonly files: readonly FileRow[];
    /** The number of further offers of this user that the conversation can list; only of one conversation. */
    readonly freeCount?: number;
  };
  get: { readonly file: FileRow };
  pause: { readonly file: FileRow };
  cancel: { readonly file: FileRow };
  wait: { readonly state: ReceiptState; readonly isReached: boolean };
  log: {
    readonly room: RoomRow;
    readonly rows: readonly LogRow[];
    /** There is nothing older. */
    readonly isStart: boolean;
    /** There is nothing newer. */
    readonly isEnd: boolean;
  };
  search: { readonly rows: readonly LogRow[]; readonly count: number };
  export: { readonly title: string; readonly text: string; readonly count: number };
  nick: { readonly name: string };
  away: { readonly text: string | null };
  typing: Record<string, never>;
  rescan: Record<string, never>;
  stop: Record<string, never>;
}

/** How the node does. */
export interface StatusReply extends Outlook {
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
  /** Why we are away; null while we are not. */
  readonly away: string | null;
  readonly interfaces: readonly {
    readonly name: string;
    readonly address: string;
    readonly state: string;
    readonly stateMessage?: Message;
  }[];
  /** Where earshot itself is given to others; none while it is not. */
  readonly giving: readonly string[];
  /** Troubles since the start: what was found damaged, what could not be kept. */
  readonly notices: readonly string[];
  /** The same as data, as every `…Message` beside a text; absent from a node of an earlier version. */
  readonly noticeMessages?: readonly Message[];
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
  /** A stranger said something, or somebody invited us: `requests` tells what. */
  | { readonly event: "request"; readonly from: PeerRow; readonly roomId: RoomId }
  /** Somebody types in a conversation right now. */
  | { readonly event: "typing"; readonly roomId: RoomId; readonly peer: PeerId; readonly name: string }
  | FileEvent
  /** `text` is English, for scripts. */
  | { readonly event: "notice"; readonly text: string; readonly message?: Message };

/** The reply to a command, by its name. */
export type ReplyTo<C extends Command> = Replies[C["do"]];
