/** What the parts of a node need, and what they are. */

import type { DiscoveryLoop } from "../discovery/discovery_loop.ts";
import type { Endpoint } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import type { ContactsFile } from "../store/contacts/contacts_file.ts";
import type { LogLimits } from "../store/log/entry_log.ts";
import type { Home } from "../store/home/home.ts";
import type { Identity } from "../store/home/identity.ts";
import type { EntryAuthor } from "./rooms/entry_author.ts";
import type { WantedPorts } from "./diagnostics/checkup.ts";
import type { CommandHandler } from "./commands/command_handler.ts";
import type { AutoContacts } from "./peers/auto_contacts.ts";
import type { ConversationDirectory } from "./views/conversation_directory.ts";
import type { EventHub } from "./support/event_hub.ts";
import type { GiveReply } from "../api/give.ts";
import type { GiveTurn } from "./support/self_distribution.ts";
import type { ReachabilityCheck } from "./peers/reachability.ts";
import type { LocalProfile } from "./peers/local_profile.ts";
import type { HostScore } from "./peers/host_score.ts";
import type { RoomMoveFollower } from "./commands/follow_room_moves.ts";
import type { EventPublisher } from "./views/event_publisher.ts";
import type { PeerDirectory } from "./peers/peer_directory.ts";
import type { Presence } from "./peers/presence.ts";
import type { Rooms } from "./rooms/rooms.ts";
import type { Sessions } from "./peers/sessions.ts";
import type { FileService } from "./transfers/file_service.ts";
import type { ConnectionManager } from "./peers/connection_manager.ts";
import type { UnknownEndpointDialer } from "./peers/unknown_endpoint_dialer.ts";
import type { EventRouter } from "./event_router.ts";
import type { StatusReply } from "../api/commands.ts";
import type { ConditionWaiters } from "./support/condition_waiters.ts";

/** What the parts need of their owner. */
export interface NodePartsOptions {
  readonly ports: Ports;
  readonly logLimits: LogLimits;
  readonly home: Home;
  readonly identity: Identity;
  readonly contacts: ContactsFile;
  readonly instance: number;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  /** Discovery, while there is a network. */
  watch(): DiscoveryLoop | undefined;
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
  give(turn: GiveTurn | null): Promise<GiveReply>;
  stop(): void;
  onBug(error: unknown): void;
}

/** The parts of a node. */
export interface NodeParts {
  readonly hub: EventHub;
  readonly waiters: ConditionWaiters;
  readonly sessions: Sessions;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly autoContacts: AutoContacts;
  readonly hostScore: HostScore;
  readonly connectionManager: ConnectionManager;
  readonly conversations: ConversationDirectory;
  readonly publisher: EventPublisher;
  readonly localProfile: LocalProfile;
  readonly eventRouter: EventRouter;
  readonly unknownDialer: UnknownEndpointDialer;
  readonly reachability: ReachabilityCheck;
  readonly entryAuthor: EntryAuthor;
  readonly moveFollower: RoomMoveFollower;
  readonly presence: Presence;
  readonly fileService: FileService;
  readonly commands: CommandHandler;
}
