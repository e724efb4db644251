/** All that the page shows, as signals. Made once, by main.tsx. The controllers write most of it; views write their dialogs. */

import type { MessageData } from "../../../messages/catalogue.ts";
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type {
  DoctorReply,
  LogRow,
  MemberRow,
  PeerRow,
  Replies,
  RoomRow,
  StatusReply,
} from "../../../api/commands.ts";
import type { FileRow } from "../../../api/files.ts";
import type { SocketState } from "../connection/node_socket.ts";
import type { Drafts } from "./drafts.ts";
import type { Parcel, Upload } from "./parcels.ts";
import { findRouteId, type Route } from "./route.ts";
import type { LogSection } from "./rows.ts";
import type { Typist } from "./typists.ts";

/** The conversation that is open. */
export interface OpenConversation {
  /** Its id in the route: a room id, or a peer id for a direct conversation. */
  readonly to: string;
  readonly room: RoomRow;
  readonly section: LogSection;
  /** The key of the first unread row, where the line "New" stands; null for none. */
  readonly newFrom: string | null;
  /** Messages that arrived below the visible part. */
  readonly belowCount: number;
}

/** Where the log scrolls to. Each request is a new object, so that the same place can be asked for twice. */
export interface ScrollTarget {
  /** A row's key, "new" for the first unread one, or "end". */
  readonly key: string;
  /** The row is highlighted. */
  readonly isMarked: boolean;
}

/** The user's settings in this browser. */
export interface Preferences {
  readonly language: string | null;
  readonly theme: "auto" | "light" | "dark";
  readonly isNotifying: boolean;
  readonly isSounding: boolean;
  readonly isTypingTold: boolean;
  readonly areDetailsShown: boolean;
  readonly isWelcomed: boolean;
}

/** The settings of a new browser: quiet. */
export const DEFAULT_PREFERENCES: Preferences = {
  language: null,
  theme: "auto",
  isNotifying: false,
  isSounding: false,
  isTypingTold: true,
  areDetailsShown: true,
  isWelcomed: false,
};

/** The signals. */
export interface AppState {
  readonly connection: Signal<SocketState>;
  /** The token in the address did not let this browser in. */
  readonly isTokenRefused: Signal<boolean>;
  /** Everything has been read from the node once. */
  readonly isLoaded: Signal<boolean>;
  readonly status: Signal<StatusReply | null>;
  /** The findings of the last checkup. */
  readonly checkup: Signal<DoctorReply | null>;
  readonly peers: Signal<readonly PeerRow[]>;
  /** The node's summary of discovery. */
  readonly discoveryStatus: Signal<readonly MessageData[]>;
  readonly rooms: Signal<readonly RoomRow[]>;
  readonly contacts: Signal<Replies["contacts"]>;
  readonly requests: Signal<Replies["requests"]>;
  /** The newest row of each conversation, by room id. */
  readonly latestRows: Signal<ReadonlyMap<string, LogRow>>;
  readonly route: Signal<Route>;
  readonly conversation: Signal<OpenConversation | null>;
  /** Why the conversation in the route cannot be shown. */
  readonly conversationProblem: Signal<string | null>;
  /** The members of the open conversation. */
  readonly members: Signal<readonly MemberRow[]>;
  readonly scrollTarget: Signal<ScrollTarget | null>;
  readonly typists: Signal<readonly Typist[]>;
  readonly drafts: Signal<Drafts>;
  readonly preferences: Signal<Preferences>;
  /** Offers by file id, of each conversation that has been open. */
  readonly files: Signal<ReadonlyMap<string, FileRow>>;
  /** Files that are chosen and not yet confirmed. */
  readonly parcels: Signal<readonly Parcel[]>;
  /** Files on their way to the user's own node, which then offers them. */
  readonly uploads: Signal<readonly Upload[]>;
  readonly dialog: Signal<DialogState | null>;
  /** The next text for a screen reader. */
  readonly announcement: Signal<string>;
  /** A message at the edge of the page that goes away by itself. */
  readonly toast: Signal<{ readonly text: string; readonly isProblem: boolean } | null>;
  /** Keys of the long messages that the user has expanded. */
  readonly expandedRows: Signal<ReadonlySet<string>>;
  /** The last search, kept so that the page can show it again. */
  readonly search: Signal<{ readonly text: string; readonly found: Replies["search"] | null }>;
  /** The time for "5 minutes ago"; it moves every 30 seconds. */
  readonly nowMs: Signal<number>;
  /** The id of the conversation in the route, or null. */
  readonly openId: ReadonlySignal<string | null>;
  /** Identifies this run of the node; null without a connection. */
  readonly instance: ReadonlySignal<string | null>;
  /** The room of the open conversation, if we have its log; else null. */
  readonly openRoomId: ReadonlySignal<string | null>;
}

/** The open dialog and its subject. */
export type DialogState =
  | { readonly is: "start" | "import" | "give" | "quit" }
  /** `link`: a link to a room that the user clicked. */
  | { readonly is: "join"; readonly link?: string }
  | { readonly is: "send"; readonly to: string; readonly room: RoomRow }
  | { readonly is: "picture"; readonly file: FileRow }
  | { readonly is: "invite" | "renew" | "export" | "leave"; readonly room: RoomRow }
  | { readonly is: "verify" | "edit" | "block" | "forget"; readonly peer: PeerRow };

/** The state of a page that has just been opened. */
export function createState(): AppState {
  const connection = signal<SocketState>({ at: "idle" });
  const route = signal<Route>({ at: "home" });
  const conversation = signal<OpenConversation | null>(null);
  return {
    connection,
    route,
    conversation,
    isTokenRefused: signal(false),
    isLoaded: signal(false),
    status: signal<StatusReply | null>(null),
    checkup: signal<DoctorReply | null>(null),
    peers: signal<readonly PeerRow[]>([]),
    discoveryStatus: signal<readonly MessageData[]>([]),
    rooms: signal<readonly RoomRow[]>([]),
    contacts: signal<Replies["contacts"]>({ contacts: [], places: [], broken: [] }),
    requests: signal<Replies["requests"]>({ requests: [], invitations: [] }),
    latestRows: signal<ReadonlyMap<string, LogRow>>(new Map()),
    conversationProblem: signal<string | null>(null),
    members: signal<readonly MemberRow[]>([]),
    scrollTarget: signal<ScrollTarget | null>(null),
    typists: signal<readonly Typist[]>([]),
    drafts: signal<Drafts>(new Map()),
    preferences: signal<Preferences>(DEFAULT_PREFERENCES),
    files: signal<ReadonlyMap<string, FileRow>>(new Map()),
    parcels: signal<readonly Parcel[]>([]),
    uploads: signal<readonly Upload[]>([]),
    dialog: signal<DialogState | null>(null),
    announcement: signal(""),
    toast: signal<{ readonly text: string; readonly isProblem: boolean } | null>(null),
    expandedRows: signal<ReadonlySet<string>>(new Set()),
    search: signal<{ readonly text: string; readonly found: Replies["search"] | null }>({
      text: "",
      found: null,
    }),
    nowMs: signal(0),
    openId: computed(() => findRouteId(route.value)),
    instance: computed(() => connection.value.at === "open" ? connection.value.hello.instance : null),
    openRoomId: computed(() =>
      conversation.value !== null && hasLog(conversation.value) ? conversation.value.room.id : null
    ),
  };
}

/** Whether we have the conversation's log. We have none of a room that a peer hosts and that we have not joined. */
export function hasLog({ room, section }: OpenConversation): boolean {
  return room.joined || room.direct || section.rows.length > 0;
}

/** Finds a peer by id among peers nearby, members and contacts. */
export function findPeer({ peers, members, contacts }: AppState, id: string): PeerRow | null {
  return peers.value.find((peer) => peer.id === id) ?? members.value.find((member) => member.id === id) ??
    contacts.value.contacts.find((contact) => contact.id === id) ?? null;
}

/** The id that stands for a room in a route: its peer's for a direct conversation. */
export function toConversationId(room: RoomRow): string {
  return room.peer ?? room.id;
}

/** Finds the room that an id in a route stands for. */
export function findRoom({ rooms }: AppState, to: string): RoomRow | null {
  return rooms.value.find((room) => room.id === to || room.peer === to) ?? null;
}
