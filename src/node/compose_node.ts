/**
 * Builds the parts of a node, from the ground up: storage, rooms, peers, views, transfers, commands. Each step gets all parts
 * of the steps before it, and each part takes those that its Parts interface names. Two listeners lead back up: `bindListeners`
 * binds them to the sessions and to the rooms, once, when everything is there.
 */

import { AddressBook } from "../client/address_book.ts";
import type { Ports } from "../ports/node_ports.ts";
import type { ContactsFile } from "../store/contacts/contacts_file.ts";
import type { Home } from "../store/home/home.ts";
import type { Identity } from "../store/home/identity.ts";
import type { LogLimits } from "../store/log/entry_log.ts";
import { Requests } from "./commands/answer_requests.ts";
import { CommandHandler, type NodeCommandTable, readHistory } from "./commands/command_handler.ts";
import { Connect } from "./commands/connect.ts";
import { ContactCommands } from "./commands/contact_commands.ts";
import { FileCommands } from "./commands/file_commands.ts";
import { RoomMoveFollower } from "./commands/follow_room_moves.ts";
import { Invite } from "./commands/invite.ts";
import { JoinRoom } from "./commands/join_room.ts";
import { JoinTarget } from "./commands/join_target.ts";
import { MessageCommands } from "./commands/message_commands.ts";
import { NodeCommands, type NodeProgram } from "./commands/node_commands.ts";
import { ProfileCommands } from "./commands/profile_commands.ts";
import { ReceivedInvitations } from "./commands/received_invitations.ts";
import { RoomCommands } from "./commands/room_commands.ts";
import { Checkup } from "./diagnostics/checkup.ts";
import { AutoContacts } from "./peers/auto_contacts.ts";
import { ConnectionManager } from "./peers/connection_manager.ts";
import { HostScore } from "./peers/host_score.ts";
import type { LocalNetwork } from "./peers/local_network.ts";
import { LocalProfile } from "./peers/local_profile.ts";
import type { WantedPorts } from "./peers/network_services.ts";
import { PeerDirectory } from "./peers/peer_directory.ts";
import { PeerExchange } from "./peers/peer_exchange.ts";
import { PeerPolicy } from "./peers/peer_policy.ts";
import { Presence } from "./peers/presence.ts";
import { ReachabilityCheck } from "./peers/reachability.ts";
import { RequestPolicy } from "./peers/request_policy.ts";
import { Sessions } from "./peers/sessions.ts";
import { UnknownEndpointDialer } from "./peers/unknown_endpoint_dialer.ts";
import { AuthorLabels } from "./rooms/author_labels.ts";
import { AuthorShares } from "./rooms/author_shares.ts";
import { EntryAuthor } from "./rooms/entry_author.ts";
import type { LocalName } from "./rooms/local_name.ts";
import { Rooms } from "./rooms/rooms.ts";
import { addFloodNotice } from "./routing/flood_notice.ts";
import { HolderCache } from "./routing/holder_cache.ts";
import { NewEntryRouter } from "./routing/new_entry_router.ts";
import { PeerRouter } from "./routing/peer_router.ts";
import { ProfileReceiver } from "./routing/profile_receiver.ts";
import { RecordRouter } from "./routing/record_router.ts";
import { RoomRecordRouter } from "./routing/room_record_router.ts";
import { RoomRouter } from "./routing/room_router.ts";
import { SessionRouter } from "./routing/session_router.ts";
import { BackgroundTasks } from "./support/background_tasks.ts";
import { ConditionWaiters } from "./support/condition_waiters.ts";
import { EventHub } from "./support/event_hub.ts";
import { Notices } from "./support/notices.ts";
import { Quotas } from "./support/quotas.ts";
import { FileRows } from "./transfers/file_rows.ts";
import { FileService } from "./transfers/file_service.ts";
import { ConversationDirectory } from "./views/conversation_directory.ts";
import { EventPublisher } from "./views/event_publisher.ts";
import { History } from "./views/history.ts";

/** What the parts of a node get from its owner. */
export interface NodeParts {
  readonly ports: Ports;
  readonly logLimits: LogLimits;
  readonly home: Home;
  readonly identity: Identity;
  readonly contacts: ContactsFile;
  /** Tells this start of the node from others. */
  readonly instance: number;
  readonly network: LocalNetwork;
  readonly name: LocalName;
  readonly wanted: WantedPorts;
  readonly program: NodeProgram;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  /** A task without a caller ended with a bug. */
  onBug(error: unknown): void;
}

/** All parts of a node. */
export type ComposedNode = WithCommands & ReturnType<typeof bindListeners>;

/** Builds the parts. Nothing runs before `Rooms.load` and `HostScore.start`. */
export function composeNode(parts: NodeParts): ComposedNode {
  const base = composeBase(parts);
  const withRooms = { ...base, ...composeRooms(base) };
  const withPeers = { ...withRooms, ...composePeers(withRooms) };
  const withViews = { ...withPeers, ...composeViews(withPeers) };
  const withTransfers = { ...withViews, ...composeTransfers(withViews) };
  const withCommands = { ...withTransfers, ...composeCommands(withTransfers) };
  return { ...withCommands, ...bindListeners(withCommands) };
}

type Base = ReturnType<typeof composeBase>;
type WithRooms = Base & ReturnType<typeof composeRooms>;
type WithPeers = WithRooms & ReturnType<typeof composePeers>;
type WithViews = WithPeers & ReturnType<typeof composeViews>;
type WithTransfers = WithViews & ReturnType<typeof composeTransfers>;
type WithCommands = WithTransfers & ReturnType<typeof composeCommands>;

/** What needs no other part, and what the policies need of storage. */
function composeBase(parts: NodeParts) {
  const { ports, identity: { id: me, signer }, contacts } = parts;
  const hub = new EventHub();
  const notices = new Notices(hub, ports.clock);
  const tasks = new BackgroundTasks((error) => parts.onBug(error));
  return {
    ...parts,
    ...ports,
    me,
    signer,
    hub,
    notices,
    waiters: new ConditionWaiters(ports.clock),
    tasks,
    authorShares: new AuthorShares({ ...parts, me, notices, tasks }),
    policy: new PeerPolicy(contacts),
    requestPolicy: new RequestPolicy(me, contacts),
  };
}

function composeRooms(base: Base) {
  return {
    rooms: new Rooms(base),
    authorLabels: new AuthorLabels(),
    entryAuthor: new EntryAuthor(base),
  };
}

function composePeers(given: WithRooms) {
  const sessions = new Sessions(given);
  const hostScore = new HostScore(given);
  const book = makeAddressBook(given.contacts);
  const peerDirectory = new PeerDirectory({ ...given, sessions });
  const known = { ...given, sessions, hostScore, book, peerDirectory };
  const autoContacts = new AutoContacts(known);
  const connectionManager = new ConnectionManager(known);
  const localProfile = new LocalProfile({ ...known, connectionManager });
  const presence = new Presence({ ...known, localProfile });
  const peerExchange = new PeerExchange(known);
  const reachability = new ReachabilityCheck(known);
  const unknownDialer = new UnknownEndpointDialer(known);
  return {
    sessions,
    hostScore,
    book,
    peerDirectory,
    autoContacts,
    connectionManager,
    localProfile,
    presence,
    peerExchange,
    reachability,
    unknownDialer,
  };
}

function composeViews(given: WithPeers) {
  const conversations = new ConversationDirectory(given);
  const publisher = new EventPublisher({ ...given, conversations });
  const history = new History({ ...given, conversations });
  return { conversations, publisher, history };
}

function composeTransfers(given: WithViews) {
  const fileRows = new FileRows(given);
  return { fileRows, fileService: new FileService({ ...given, fileRows }) };
}

function composeCommands(given: WithTransfers) {
  const connect = new Connect(given);
  const joinRoom = new JoinRoom({ ...given, connect });
  const invitations = new ReceivedInvitations(given);
  const joining = { ...given, connect, joinRoom, invitations };
  const moveFollower = new RoomMoveFollower(joining);
  const peerRouter = new PeerRouter({ ...given, moveFollower });
  const checkup = new Checkup({ ...given, home: given.home.paths.folder });
  const table = makeCommandTable({
    given,
    connect,
    requests: new Requests(joining),
    joinTarget: new JoinTarget(joining),
    contactCommands: new ContactCommands({ ...given, onChange: () => peerRouter.onPeers() }),
    nodeCommands: new NodeCommands({ ...given, checkup }),
  });
  const commands = new CommandHandler({ ...given, table, loading: given.rooms.loading });
  return { moveFollower, peerRouter, commands };
}

/** The commands of a node that are made of other parts. */
interface CommandSources {
  readonly given: WithTransfers;
  readonly connect: Connect;
  readonly requests: Requests;
  readonly joinTarget: JoinTarget;
  readonly contactCommands: ContactCommands;
  readonly nodeCommands: NodeCommands;
}

function makeCommandTable(sources: CommandSources): NodeCommandTable {
  const { given, connect, requests, joinTarget, contactCommands, nodeCommands } = sources;
  const { conversations, history, presence } = given;
  const fileCommands = new FileCommands({ ...given, uploads: given.home.paths.uploads });
  const messageCommands = new MessageCommands({ ...given, fileCommands });
  const profileCommands = new ProfileCommands(given);
  const roomCommands = new RoomCommands(given);
  const invite = new Invite(given);
  return {
    status: () => nodeCommands.status(),
    doctor: () => nodeCommands.doctor(),
    give: (command) => nodeCommands.give(command),
    peers: () => nodeCommands.peers(),
    listen: (command) => nodeCommands.listen(command),
    rescan: () => nodeCommands.rescan(),
    stop: () => nodeCommands.stop(),
    rooms: () => roomCommands.list(),
    host: (command) => roomCommands.host(command),
    leave: (command) => roomCommands.leave(command),
    members: ({ room }) => conversations.listMembers(room),
    join: ({ room }) => joinTarget.join(room),
    invite: (command) => invite.invite(command),
    renew: (command) => invite.renew(command),
    connect: (command) => connect.connect(command),
    disconnect: (command) => connect.disconnect(command),
    contacts: () => contactCommands.list(),
    save: (command) => contactCommands.save(command),
    forget: (command) => contactCommands.forget(command),
    note: (command) => contactCommands.note(command),
    block: (command) => contactCommands.block(command),
    words: (command) => contactCommands.compareWords(command),
    verify: (command) => contactCommands.verify(command),
    import: (command) => contactCommands.importContacts(command),
    requests: () => requests.list(),
    accept: (command) => requests.accept(command),
    ignore: (command) => requests.ignore(command),
    send: (command) => messageCommands.send(command),
    wait: (command) => messageCommands.wait(command),
    offer: (command) => messageCommands.offer(command),
    files: (command) => fileCommands.list(command),
    get: (command) => fileCommands.get(command),
    pause: (command) => fileCommands.pause(command),
    cancel: (command) => fileCommands.cancel(command),
    log: (command) => readHistory(() => history.log(command)),
    search: (command) => readHistory(() => history.search(command)),
    export: (command) => readHistory(() => history.export(command)),
    nick: (command) => profileCommands.nick(command),
    away: (command) => presence.setAway(command),
    typing: (command) => presence.typing(command),
  };
}

/** Binds the two listeners that lead back up. */
function bindListeners(given: WithCommands) {
  const quotas = new Quotas(given.clock, (connection) => addFloodNotice(connection, given));
  const holderCache = new HolderCache(given);
  const newEntryRouter = new NewEntryRouter(given);
  const profileReceiver = new ProfileReceiver(given);
  const roomRecordRouter = new RoomRecordRouter(given);
  const recordRouter = new RecordRouter({ ...given, quotas, profileReceiver, roomRecordRouter });
  given.rooms.listener = new RoomRouter({ ...given, quotas, holderCache, newEntryRouter });
  given.sessions.listener = new SessionRouter({ ...given, quotas, recordRouter });
  return { holderCache };
}

/** The addresses at which the contacts were last. */
function makeAddressBook({ contacts }: ContactsFile): AddressBook {
  const book = new AddressBook();
  for (const { id, address, port } of contacts.all) {
    if (address !== null && port !== null) book.note(id, { address, port });
  }
  return book;
}
