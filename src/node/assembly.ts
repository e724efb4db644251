/** Builds the parts of a node and joins them: who knows whom is to be read here, and nowhere else. */

import { AddressBook } from "../client/address_book.ts";
import { PeerTable, type PeerView } from "../discovery/peers.ts";
import type { PeerId } from "../room/id.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import type { Assembly, AssemblyOptions } from "./assembly_parts.ts";
import { Authoring } from "./authoring.ts";
import { Checkup } from "./checkup.ts";
import { Commands } from "./commands.ts";
import { Connecting } from "./connecting.ts";
import { ContactBook } from "./contact_book.ts";
import { ContactKeeper } from "./contact_keeper.ts";
import { Conversations } from "./conversations.ts";
import { Entering } from "./entering.ts";
import { EventHub } from "./event_hub.ts";
import { Introductions } from "./introductions.ts";
import { Invitations } from "./invitations.ts";
import { Inviting } from "./inviting.ts";
import { Knocks } from "./knocks.ts";
import { MERIT_UNKNOWN } from "../room/rank.ts";
import { Merit } from "./merit.ts";
import { Moving } from "./moving.ts";
import { News } from "./news.ts";
import { People } from "./people.ts";
import { Presence } from "./presence.ts";
import { Quotas } from "./quotas.ts";
import { Reaching } from "./reaching.ts";
import { Reading } from "./reading.ts";
import { Requests } from "./requests.ts";
import { RoomLabels } from "./room_labels.ts";
import { Rooms } from "./rooms.ts";
import { Sessions } from "./sessions.ts";
import { Sharing } from "./sharing.ts";
import { Steering } from "./steering.ts";
import { Strangers } from "./strangers.ts";
import { Switchboard } from "./switchboard.ts";
import { Waiters } from "./waiters.ts";

/** Builds them; nothing starts. Parts that report to a later one reach it when they first have something to report. */
export function assemble(options: AssemblyOptions): Assembly {
  const { ports, home, identity, contacts, instance, signal, watch, myName, myPort, onBug } = options;
  const { clock, chance, crypto, tcp, disk, interfaces } = ports;
  const { id: me, signer } = identity;
  const nobody: PeerView = new PeerTable();
  const heard = () => watch()?.peers ?? nobody;
  const isBlocked = (peer: PeerId) => contacts.contacts.get(peer)?.isBlocked === true;
  const book = bookOf(contacts);
  const hub = new EventHub();
  const waiters = new Waiters(clock);
  const sessions = new Sessions({
    tcp,
    clock,
    chance,
    crypto,
    signer,
    me,
    instance,
    isBlocked,
    isPaused: (peer) => connecting.isPaused(peer),
    onBug,
    onOpen: (link, peer) => switchboard.onOpen(link, peer),
    onRecord: (link, record) => switchboard.onRecord(link, record),
    onDrained: (link) => switchboard.onDrained(link),
    onBulkDrained: (link) => switchboard.onBulkDrained(link),
    onClosed: (link, peer, error) => switchboard.onClosed(link, peer, error),
  });
  const quotas = new Quotas(clock, (link) => switchboard.onFlood(link));
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
    nameOf: (peer) => people.nameOf(peer),
    feedMax: (keeper) => requests.feedMax(keeper),
    onChange: (keeper, change) => switchboard.onRoom(keeper, change),
    onRead: (keeper) => switchboard.onRead(keeper),
    charge: (link, points) => quotas.charge(link, points),
    onNotice: (text) => news.notice(text),
    onBug,
  });
  const people = new People({ me, clock, contacts, sessions, rooms, heard });
  const contactKeeper = new ContactKeeper({
    clock,
    contacts,
    sessions,
    people,
    onTrouble: (text) => news.notice(text),
    onBug,
  });
  const merit = new Merit({
    device: ports.device,
    clock,
    onChange: () => {
      steering.poke();
      switchboard.tellProfile();
    },
    onBug,
  });
  const steering = new Steering({
    me,
    rooms,
    sessions,
    book,
    clock,
    chance,
    heard,
    isBlocked: (peer) => isBlocked(peer) || connecting.isPaused(peer),
    hostedBy: (peer) => people.hostedBy(peer),
    meritOf: (peer) => peer === me ? merit.now : people.meritOf(peer) ?? MERIT_UNKNOWN,
    onHosts: (changed) => switchboard.onHosts(changed),
    onAbsent: (peer) => switchboard.onAbsent(peer),
    alsoWanted: () => sharing.wanted,
    onRefused: (peer, error) => news.notice(`${people.labelOf(peer)} could not be reached: ${error.message}`),
    onBug,
  });
  const conversations = new Conversations({
    me,
    rooms,
    people,
    steering,
    sessions,
    heard,
    isBlocked,
    isRequest: (keeper) => requests.isRequest(keeper),
    myName,
  });
  const invitations = new Invitations({ me, rooms, conversations, contacts: contactKeeper });
  const requests: Requests = new Requests({
    me,
    rooms,
    people,
    conversations,
    contacts,
    contactKeeper,
    invitations,
    befriend: (peer) => switchboard.befriend(peer),
  });
  const labels = new RoomLabels();
  const news = new News({ clock, hub, people, conversations, requests, labels, isBlocked });
  const introductions = new Introductions({ me, interfaces, book, people, rooms });
  const presence: Presence = new Presence({
    clock,
    hub,
    sessions,
    rooms,
    people,
    requests,
    onChange: () => switchboard.tellProfile(),
  });
  const authoring = new Authoring({ me, myName });
  const sharing: Sharing = new Sharing({
    me,
    ports,
    hub,
    rooms,
    sessions,
    people,
    conversations,
    labels,
    authoring,
    uploads: home.paths.uploads,
    signal,
    isBlocked,
    isRequest: (keeper) => requests.isRequest(keeper),
    onWanted: () => steering.poke(),
    onNotice: (text) => news.notice(text),
    onBug,
  });
  const knocks = new Knocks({
    tcp,
    clock,
    waiters,
    signal,
    portOf: (peer) => people.profileOf(peer)?.rendezvousPort,
    hears: (peer) => heard().get(peer)?.isHeard === true,
    onBug,
  });
  const switchboard: Switchboard = new Switchboard({
    me,
    clock,
    crypto,
    book,
    sessions,
    rooms,
    people,
    contacts: contactKeeper,
    steering,
    conversations,
    introductions,
    knocks,
    requests,
    presence,
    authoring,
    // Built last, because it joins rooms as a user does; nothing is reported before all are there.
    moving: { look: () => moving.look(), note: () => moving.note() },
    news,
    sharing,
    quotas,
    waiters,
    myName,
    myPort,
    myMerit: () => merit.now,
    onProfile: (profile) => watch()?.announce(profile),
    onPin: (peer, isPinned) => isPinned ? watch()?.pin(peer) : watch()?.unpin(peer),
    onBug,
  });
  const strangers = new Strangers({ sessions, clock, chance, signal, onBug });
  const connecting: Connecting = new Connecting({
    clock,
    contacts,
    contactKeeper,
    sessions,
    people,
    steering,
    conversations,
    waiters,
    signal,
    befriend: (peer) => switchboard.befriend(peer),
    rescan: () => watch()?.rescan(),
  });
  const entering = new Entering({
    sessions,
    rooms,
    people,
    steering,
    connecting,
    contacts: contactKeeper,
    authoring,
    waiters,
    interfaces,
    signal,
    befriend: (peer) => switchboard.befriend(peer),
    isAvoided: (peer) => isBlocked(peer) || connecting.isPaused(peer),
  });
  const reaching = new Reaching({
    me,
    rooms,
    people,
    conversations,
    connecting,
    entering,
    invitations,
    requests,
    myName,
  });
  const contactBook = new ContactBook({
    me,
    clock,
    crypto,
    contacts,
    people,
    sessions,
    waiters,
    befriend: (peer) => switchboard.befriend(peer),
    unpin: (peer) => watch()?.unpin(peer),
    onChange: () => switchboard.onPeers(),
  });
  const reading = new Reading({
    crypto,
    clock,
    rooms,
    conversations,
    labels,
    isBlocked,
    isRequest: (keeper) => requests.isRequest(keeper),
  });
  const inviting = new Inviting({
    me,
    rooms,
    people,
    conversations,
    authoring,
    steering,
    ownEndpoint: () => options.ownEndpoint(),
    myName,
  });
  const moving = new Moving({
    clock,
    chance,
    rooms,
    people,
    conversations,
    invitations,
    entering,
    authoring,
    signal,
    onNotice: (text) => news.notice(text),
    onBug,
  });
  const checkup = new Checkup({
    ports,
    home: home.paths.folder,
    sessions,
    knocks,
    signal,
    watch,
    openPort: () => watch() === undefined ? null : myPort(),
    wanted: () => options.wanted(),
    heard,
    isAvoided: (peer) => isBlocked(peer) || connecting.isPaused(peer),
    notices: () => news.notices,
  });
  const commands = new Commands({
    me,
    rooms,
    people,
    steering,
    conversations,
    switchboard,
    reaching,
    connecting,
    inviting,
    requests,
    contactBook,
    reading,
    presence,
    sharing,
    authoring,
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
    people,
    contactKeeper,
    merit,
    steering,
    conversations,
    news,
    switchboard,
    strangers,
    knocks,
    authoring,
    moving,
    presence,
    sharing,
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
