/** What the parts of a node need, and what they are. */

import type { Watch } from "../discovery/watch.ts";
import type { Endpoint, Ports } from "../ports.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import type { LogLimits } from "../store/entry_log.ts";
import type { Home } from "../store/home.ts";
import type { Identity } from "../store/identity.ts";
import type { Authoring } from "./authoring.ts";
import type { WantedPorts } from "./checkup.ts";
import type { Commands } from "./commands.ts";
import type { ContactKeeper } from "./contact_keeper.ts";
import type { Conversations } from "./conversations.ts";
import type { EventHub } from "./event_hub.ts";
import type { GiveReply } from "./give_reply.ts";
import type { Turn } from "./giver.ts";
import type { Knocks } from "./knocks.ts";
import type { Merit } from "./merit.ts";
import type { Moving } from "./moving.ts";
import type { News } from "./news.ts";
import type { People } from "./people.ts";
import type { Presence } from "./presence.ts";
import type { Rooms } from "./rooms.ts";
import type { Sessions } from "./sessions.ts";
import type { Sharing } from "./sharing.ts";
import type { Steering } from "./steering.ts";
import type { Strangers } from "./strangers.ts";
import type { Switchboard } from "./switchboard.ts";
import type { StatusReply } from "./vocabulary.ts";
import type { Waiters } from "./waiters.ts";

/** What the parts need of their owner. */
export interface AssemblyOptions {
  readonly ports: Ports;
  readonly logLimits: LogLimits;
  readonly home: Home;
  readonly identity: Identity;
  readonly contacts: ContactsFile;
  readonly instance: number;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  /** Discovery, while there is a network. */
  watch(): Watch | undefined;
  /** What we are called now. */
  myName(): string;
  /** Our rendezvous port; 0 without a network. */
  myPort(): number;
  /** Keeps the name for the next start. @throws {WorldError}. */
  setName(name: string): Promise<void>;
  /** Where others on the network can reach us; null without a network. */
  ownEndpoint(): Endpoint | null;
  /** Opens the rendezvous port there instead; the port. @throws {WorldError}; then the old one stays. */
  listen(port: number): number;
  /** The ports and interfaces that the user wants. */
  wanted(): WantedPorts;
  outlook(): string;
  status(): StatusReply;
  give(turn: Turn | null): Promise<GiveReply>;
  stop(): void;
  onBug(error: unknown): void;
}

/** The parts of a node. */
export interface Assembly {
  readonly hub: EventHub;
  readonly waiters: Waiters;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly people: People;
  readonly contactKeeper: ContactKeeper;
  readonly merit: Merit;
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly news: News;
  readonly switchboard: Switchboard;
  readonly strangers: Strangers;
  readonly knocks: Knocks;
  readonly authoring: Authoring;
  readonly moving: Moving;
  readonly presence: Presence;
  readonly sharing: Sharing;
  readonly commands: Commands;
}
