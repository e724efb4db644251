/** Builds the parts of a node and joins them: who knows whom is to be read here, and nowhere else. */

import { AddressBook } from "../client/address_book.ts";
import { PeerTable, type PeerView } from "../discovery/peer_table.ts";
import type { PeerId } from "../room/id.ts";
import type { ContactsFile } from "../store/contacts/contacts_file.ts";
import type { NodeParts, NodePartsOptions } from "./node_parts.ts";
import { EntryAuthor } from "./rooms/entry_author.ts";
import { Checkup } from "./diagnostics/checkup.ts";
import { CommandHandler } from "./commands/command_handler.ts";
import { Connect } from "./commands/connect.ts";
import { ContactCommands } from "./commands/contact_commands.ts";
import { AutoContacts } from "./peers/auto_contacts.ts";
import { ConversationDirectory } from "./views/conversation_directory.ts";
import { JoinRoom } from "./commands/join_room.ts";
import { EventHub } from "./support/event_hub.ts";
import { PeerExchange } from "./peers/peer_exchange.ts";
import { ReceivedInvitations } from "./commands/received_invitations.ts";
import { Invite } from "./commands/invite.ts";
import { ReachabilityCheck } from "./peers/reachability.ts";
import { HOST_SCORE_UNKNOWN } from "../room/host_rank.ts";
import { HostScore } from "./peers/host_score.ts";
import { RoomMoveFollower } from "./commands/follow_room_moves.ts";
import { EventPublisher } from "./views/event_publisher.ts";
import { PeerDirectory } from "./peers/peer_directory.ts";
import { Presence } from "./peers/presence.ts";
import { Quotas } from "./support/quotas.ts";
import { JoinTarget } from "./commands/join_target.ts";
import { History } from "./views/history.ts";
import { RequestPolicy } from "./peers/request_policy.ts";
import { LocalProfile } from "./peers/local_profile.ts";
import { Requests } from "./commands/answer_requests.ts";
import { AuthorLabels } from "./rooms/author_labels.ts";
import { Rooms } from "./rooms/rooms.ts";
import { Sessions } from "./peers/sessions.ts";
import { FileService } from "./transfers/file_service.ts";
import { ConnectionManager } from "./peers/connection_manager.ts";
import { UnknownEndpointDialer } from "./peers/unknown_endpoint_dialer.ts";
import { EventRouter } from "./event_router.ts";
import { ConditionWaiters } from "./support/condition_waiters.ts";

/** Builds them; nothing starts. Parts that report to a later one reach it when they first have something to report. */
export function composeNode(options: NodePartsOptions): NodeParts {
  const { ports, home, identity, contacts, instance, signal, watch, myName, myPort, onBug } = options;
  const { clock, chance, crypto, tcp, disk, interfaces } = ports;
  const { id: me, signer } = identity;
  const nobody: PeerView = new PeerTable();
  const heard = () => watch()?.peers ?? nobody;
  const isBlocked = (peer: PeerId) => contacts.contacts.get(peer)?.isBlocked === true;
  const book = bookOf(contacts);
  const hub = new EventHub();
  const requestPolicy = new RequestPolicy(me, contacts);
  const waiters = new ConditionWaiters(clock);
  const sessions = new Sessions({
    tcp,
    clock,
    chance,
    crypto,
    signer,
    me,
    instance,
    isBlocked,
    isPaused: (peer) => connect.isPaused(peer),
    onBug,
    onOpen: (connection, peer) => eventRouter.onOpen(connection, peer),
    onRecord: (connection, record) => eventRouter.onRecord(connection, record),
    onDrained: (connection) => eventRouter.onDrained(connection),
    onBulkDrained: (connection) => eventRouter.onBulkDrained(connection),
    onClosed: (connection, peer, error) => eventRouter.onClosed(connection, peer, error),
  });
  const quotas = new Quotas(clock, (link) => eventRouter.onFlood(link));
  const rooms: Rooms = new Rooms({
    me,
    signer,
    crypto,
    chance,
    clock,
    disk,
    home,
    logLimits: options.logLimits,
    contactIds: () => contacts.contacts.all.map((contact) => contact.id),
    nameOf: (peer) => peerDirectory.nameOf(peer),
    feedMax: (localRoom) => requestPolicy.feedMax(localRoom),
    onChange: (localRoom, change) => eventRouter.onRoom(localRoom, change),
    onRead: (localRoom) => eventRouter.onRead(localRoom),
    charge: (connection, points) => quotas.charge(connection, points),
    onNotice: (text) => publisher.notice(text),
    onBug,
  });
  const peerDirectory = new PeerDirectory({ me, clock, contacts, sessions, rooms, heard });
  const autoContacts = new AutoContacts({
    clock,
    contacts,
    sessions,
    peerDirectory,
    onTrouble: (text) => publisher.notice(text),
    onBug,
  });
  const hostScore = new HostScore({
    device: ports.device,
    clock,
    onChange: () => {
      connectionManager.schedule();
      localProfile.tell();
    },
    onBug,
  });
  const connectionManager = new ConnectionManager({
    me,
    rooms,
    sessions,
    book,
    clock,
    chance,
    heard,
    isBlocked: (peer) => isBlocked(peer) || connect.isPaused(peer),
    hostedBy: (peer) => peerDirectory.hostedBy(peer),
    hostScoreOf: (peer) =>
      peer === me ? hostScore.current : peerDirectory.hostScoreOf(peer) ?? HOST_SCORE_UNKNOWN,
    onHosts: (changed) => eventRouter.onHosts(changed),
    onAbsent: (peer) => eventRouter.onAbsent(peer),
    alsoWanted: () => fileService.wantedPeers,
    onRefused: (peer, error) =>
      publisher.notice(`${peerDirectory.labelOf(peer)} could not be reached: ${error.message}`),
    onBug,
  });
  const conversations = new ConversationDirectory({
    me,
    rooms,
    peerDirectory,
    connectionManager,
    sessions,
    heard,
    isBlocked,
    isRequest: (localRoom) => requestPolicy.isRequest(localRoom),
    myName,
  });
  const invitations = new ReceivedInvitations({ me, rooms, conversations, autoContacts: autoContacts });
  const requests = new Requests({
    rooms,
    peerDirectory,
    conversations,
    contacts,
    requestPolicy,
    invitations,
    befriend: (peer) => eventRouter.befriend(peer),
  });
  const authorLabels = new AuthorLabels();
  const publisher = new EventPublisher({
    clock,
    hub,
    peerDirectory,
    conversations,
    requestPolicy,
    authorLabels,
    isBlocked,
  });
  const peerExchange = new PeerExchange({ me, interfaces, book, peerDirectory, rooms });
  const presence: Presence = new Presence({
    clock,
    hub,
    sessions,
    rooms,
    peerDirectory,
    requestPolicy,
    onChange: () => localProfile.tell(),
  });
  const localProfile: LocalProfile = new LocalProfile({
    me,
    clock,
    rooms,
    connectionManager,
    presence,
    sessions,
    myName,
    myPort,
    myMerit: () => hostScore.current,
    onProfile: (profile) => watch()?.announce(profile),
  });
  const entryAuthor = new EntryAuthor({ me, myName });
  const fileService: FileService = new FileService({
    me,
    ports,
    hub,
    rooms,
    sessions,
    peerDirectory,
    conversations,
    authorLabels,
    entryAuthor,
    uploads: home.paths.uploads,
    signal,
    isBlocked,
    isRequest: (localRoom) => requestPolicy.isRequest(localRoom),
    onWanted: () => connectionManager.schedule(),
    onNotice: (text) => publisher.notice(text),
    onBug,
  });
  const reachability = new ReachabilityCheck({
    tcp,
    clock,
    waiters,
    signal,
    portOf: (peer) => peerDirectory.profileOf(peer)?.rendezvousPort,
    hears: (peer) => heard().get(peer)?.isHeard === true,
    onBug,
  });
  const eventRouter: EventRouter = new EventRouter({
    me,
    clock,
    crypto,
    book,
    sessions,
    rooms,
    peerDirectory,
    autoContacts: autoContacts,
    connectionManager,
    conversations,
    peerExchange,
    reachability,
    requestPolicy,
    localProfile,
    presence,
    entryAuthor,
    // Built last, because it joins rooms as a user does; nothing is reported before all are there.
    moveFollower: { followNext: () => moveFollower.followNext(), noteMoves: () => moveFollower.noteMoves() },
    publisher,
    fileService,
    quotas,
    waiters,
    onPin: (peer, isPinned) => isPinned ? watch()?.pin(peer) : watch()?.unpin(peer),
    onBug,
  });
  const unknownDialer = new UnknownEndpointDialer({ sessions, clock, chance, signal, onBug });
  const connect: Connect = new Connect({
    clock,
    contacts,
    autoContacts,
    sessions,
    peerDirectory,
    connectionManager,
    conversations,
    waiters,
    signal,
    befriend: (peer) => eventRouter.befriend(peer),
    rescan: () => watch()?.rescan(),
  });
  const joinRoom = new JoinRoom({
    sessions,
    rooms,
    peerDirectory,
    connectionManager,
    connect,
    autoContacts: autoContacts,
    entryAuthor,
    waiters,
    interfaces,
    signal,
    befriend: (peer) => eventRouter.befriend(peer),
    isAvoided: (peer) => isBlocked(peer) || connect.isPaused(peer),
  });
  const joinTarget = new JoinTarget({
    me,
    rooms,
    peerDirectory,
    conversations,
    connect,
    joinRoom,
    invitations,
    requestPolicy,
    myName,
  });
  const contactCommands = new ContactCommands({
    me,
    clock,
    crypto,
    contacts,
    peerDirectory,
    sessions,
    waiters,
    befriend: (peer) => eventRouter.befriend(peer),
    unpin: (peer) => watch()?.unpin(peer),
    onChange: () => eventRouter.onPeers(),
  });
  const history = new History({
    crypto,
    clock,
    rooms,
    conversations,
    authorLabels,
    isBlocked,
    isRequest: (localRoom) => requestPolicy.isRequest(localRoom),
  });
  const invite = new Invite({
    me,
    rooms,
    peerDirectory,
    conversations,
    entryAuthor,
    connectionManager,
    ownEndpoint: () => options.ownEndpoint(),
    myName,
  });
  const moveFollower = new RoomMoveFollower({
    clock,
    chance,
    rooms,
    peerDirectory,
    conversations,
    invitations,
    joinRoom,
    entryAuthor,
    signal,
    onNotice: (text) => publisher.notice(text),
    onBug,
  });
  const checkup = new Checkup({
    ports,
    home: home.paths.folder,
    sessions,
    reachability,
    signal,
    watch,
    openPort: () => watch() === undefined ? null : myPort(),
    wanted: () => options.wanted(),
    heard,
    isAvoided: (peer) => isBlocked(peer) || connect.isPaused(peer),
    notices: () => publisher.notices,
  });
  const commands = new CommandHandler({
    me,
    rooms,
    peerDirectory,
    connectionManager,
    conversations,
    localProfile,
    joinTarget,
    connect,
    invite,
    requests,
    contactCommands,
    history,
    presence,
    fileService,
    entryAuthor,
    checkup,
    waiters,
    myName,
    setName: (name) => options.setName(name),
    outlook: () => options.outlook(),
    status: () => options.status(),
    give: (turn) => options.give(turn),
    listen: (port) => options.listen(port),
    rescan: () => watch()?.rescan(),
    stop: () => options.stop(),
  });
  return {
    hub,
    waiters,
    sessions,
    rooms,
    peerDirectory,
    autoContacts,
    hostScore,
    connectionManager,
    conversations,
    publisher,
    localProfile,
    eventRouter,
    unknownDialer,
    reachability,
    entryAuthor,
    moveFollower,
    presence,
    fileService,
    commands,
  };
}

/** Where the contacts were last. */
function bookOf({ contacts }: ContactsFile): AddressBook {
  const book = new AddressBook();
  for (const { id, address, port } of contacts.all) {
    if (address !== null && port !== null) book.note(id, { address, port });
  }
  return book;
}
