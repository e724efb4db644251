/** All that the page shows, as signals. Only desk.ts, talking.ts, filing.ts and sending.ts write to it. */

import { computed, signal } from "@preact/signals";
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
  /** As the route names it. */
  readonly to: string;
  readonly room: RoomRow;
  readonly stretch: LogSection;
  /** The key of the first row that was new when it was opened, or since nobody looked; null for none. */
  readonly newFrom: string | null;
  /** Messages that came below what is seen. */
  readonly belowCount: number;
}

/** Where the log is to go; each time another object. */
export interface ScrollTarget {
  /** A row's key, or the end. */
  readonly key: string | "end";
  readonly isMarked: boolean;
}

/** What the user chose for this browser. */
export interface Preferences {
  readonly language: string | null;
  readonly theme: "auto" | "light" | "dark";
  readonly isNotifying: boolean;
  readonly isSounding: boolean;
  readonly isTypingTold: boolean;
  readonly areDetailsShown: boolean;
  readonly isWelcomed: boolean;
}

/** Before the user chose anything: quiet. */
export const DEFAULT_PREFERENCES: Preferences = {
  language: null,
  theme: "auto",
  isNotifying: false,
  isSounding: false,
  isTypingTold: true,
  areDetailsShown: true,
  isWelcomed: false,
};

export const connection = signal<SocketState>({ at: "idle" });
/** The token of the address did not let this browser in. */
export const isTokenRefused = signal(false);
/** The first state was read. */
export const isLoaded = signal(false);
export const status = signal<StatusReply | null>(null);
/** What was found when the user last asked. */
export const checkup = signal<DoctorReply | null>(null);
export const peers = signal<readonly PeerRow[]>([]);
export const discoveryStatus = signal("");
export const rooms = signal<readonly RoomRow[]>([]);
export const contacts = signal<Replies["contacts"]>({ contacts: [], places: [], broken: [] });
export const requests = signal<Replies["requests"]>({ requests: [], invitations: [] });
/** The newest row of each conversation. */
export const latestRows = signal<ReadonlyMap<string, LogRow>>(new Map());
export const route = signal<Route>({ at: "home" });
export const conversation = signal<OpenConversation | null>(null);
/** Why the conversation of the route cannot be shown. */
export const conversationProblem = signal<string | null>(null);
export const members = signal<readonly MemberRow[]>([]);
export const scrollTarget = signal<ScrollTarget | null>(null);
export const typists = signal<readonly Typist[]>([]);
export const drafts = signal<Drafts>(new Map());
export const preferences = signal<Preferences>(DEFAULT_PREFERENCES);
/** Offers of files by id: those of the conversations that were open. */
export const files = signal<ReadonlyMap<string, FileRow>>(new Map());
/** What the user has chosen to send, until it is confirmed. */
export const parcels = signal<readonly Parcel[]>([]);
/** What goes to the own node, to be offered then. */
export const uploads = signal<readonly Upload[]>([]);
/** A dialog by name, with what it is about. */
export const dialog = signal<DialogState | null>(null);
/** What a screen reader is to say next. */
export const announcement = signal("");
/** A sentence that stands for a while. */
export const toast = signal<{ readonly text: string; readonly isProblem: boolean } | null>(null);
/** The last search, which going back to it finds again. */
export const search = signal<{ readonly text: string; readonly found: Replies["search"] | null }>({
  text: "",
  found: null,
});
export const nowMs = signal(0);

export const me = computed(() => status.value?.id ?? null);
export const openId = computed(() => findRouteId(route.value));

/** The dialogs. */
export type DialogState =
  | { readonly is: "start" | "join" | "import" | "give" | "quit" }
  | { readonly is: "send"; readonly to: string; readonly room: RoomRow }
  | { readonly is: "picture"; readonly file: FileRow }
  | { readonly is: "invite" | "renew" | "export" | "leave"; readonly room: RoomRow }
  | { readonly is: "verify" | "edit" | "block" | "forget"; readonly peer: PeerRow };

/** Somebody by key, wherever they are known from. */
export function findPeer(id: string): PeerRow | null {
  return peers.value.find((peer) => peer.id === id) ?? members.value.find((member) => member.id === id) ??
    contacts.value.contacts.find((contact) => contact.id === id) ?? null;
}

/** How the route names the conversation. */
export function toConversationId(room: RoomRow): string {
  return room.peer ?? room.id;
}

/** The row of the conversation that the route names. */
export function findRoom(to: string): RoomRow | null {
  return rooms.value.find((room) => room.id === to || room.peer === to) ?? null;
}
