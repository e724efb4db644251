/** Builds the parts of a node and joins them: who knows whom is to be read here, and nowhere else. */

import { AddressBook } from "../client/address_book.ts";
import { PeerTable, type PeerView } from "../discovery/peers.ts";
import type { Watch } from "../discovery/watch.ts";
import type { Ports } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import type { ContactsFile } from "../store/contacts_file.ts";
import type { Home } from "../store/home.ts";
import type { Identity } from "../store/identity.ts";
import { Authoring } from "./authoring.ts";
import { Commands } from "./commands.ts";
import { ContactKeeper } from "./contact_keeper.ts";
import { Conversations } from "./conversations.ts";
import { EventHub } from "./event_hub.ts";
import { News } from "./news.ts";
import { People } from "./people.ts";
import { Reaching } from "./reaching.ts";
import { Rooms } from "./rooms.ts";
import { Sessions } from "./sessions.ts";
import { Steering } from "./steering.ts";
import { Strangers } from "./strangers.ts";
import { Switchboard } from "./switchboard.ts";
import type { StatusReply } from "./vocabulary.ts";
import { Waiters } from "./waiters.ts";

/** What the parts need of their owner. */
export interface AssemblyOptions {
  readonly ports: Ports;
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
  outlook(): string;
  status(): StatusReply;
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
  readonly steering: Steering;
  readonly conversations: Conversations;
  readonly news: News;
  readonly switchboard: Switchboard;
  readonly strangers: Strangers;
  readonly authoring: Authoring;
  readonly commands: Commands;
}

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
    onBug,
    onOpen: (link, peer) => switchboard.onOpen(link, peer),
    onRecord: (link, record) => switchboard.onRecord(link, record),
    onDrained: (link) => switchboard.onDrained(link),
    onClosed: (link, peer, error) => switchboard.onClosed(link, peer, error),
  });
  const rooms: Rooms = new Rooms({
    me,
    signer,
    crypto,
    chance,
    clock,
    disk,
    home,
    contactIds: () => contacts.contacts.all.map((contact) => contact.id),
    nameOf: (peer) => people.nameOf(peer),
    onChange: (keeper, change) => switchboard.onRoom(keeper, change),
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
  const steering = new Steering({
    me,
    rooms,
    sessions,
    book,
    clock,
    chance,
    heard,
    isBlocked,
    onHosts: (changed) => switchboard.onHosts(changed),
    onAbsent: (peer) => switchboard.onAbsent(peer),
    onRefused: (peer, error) => news.notice(`${people.labelOf(peer)} could not be reached: ${error.message}`),
    onBug,
  });
  const conversations = new Conversations({ me, crypto, rooms, people, steering, sessions, heard, myName });
  const news = new News({ clock, hub, people, conversations });
  const switchboard: Switchboard = new Switchboard({
    me,
    clock,
    crypto,
    interfaces,
    book,
    sessions,
    rooms,
    people,
    contacts: contactKeeper,
    steering,
    conversations,
    news,
    waiters,
    myName,
    myPort,
    onProfile: (profile) => watch()?.announce(profile),
    onPin: (peer, isPinned) => isPinned ? watch()?.pin(peer) : watch()?.unpin(peer),
    onBug,
  });
  const strangers = new Strangers({ sessions, clock, chance, signal, onBug });
  const authoring = new Authoring({ me, rooms, myName });
  const reaching = new Reaching({
    me,
    sessions,
    rooms,
    people,
    steering,
    conversations,
    switchboard,
    authoring,
    waiters,
    signal,
    myName,
  });
  const commands = new Commands({
    me,
    contacts,
    rooms,
    people,
    steering,
    conversations,
    switchboard,
    reaching,
    authoring,
    waiters,
    myName,
    setName: (name) => options.setName(name),
    outlook: () => options.outlook(),
    status: () => options.status(),
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
    steering,
    conversations,
    news,
    switchboard,
    strangers,
    authoring,
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
