/** The composition root: builds one node from ports and owns its lifetime. */

import { AddressBook } from "../client/address_book.ts";
import { outlook } from "../discovery/outlook.ts";
import { PeerTable, type PeerView } from "../discovery/peers.ts";
import { WELL_KNOWN_PORT } from "../discovery/targets.ts";
import { startWatch, type Watch } from "../discovery/watch.ts";
import { NetworkError, UsageError, WorldError } from "../errors.ts";
import { type Door, type DoorOptions, openDoor, type PortRange, RENDEZVOUS_PORT } from "../host/door.ts";
import type { Endpoint, Ports } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { parseName, suggestName } from "../room/name.ts";
import { type Config, loadConfig, saveConfig } from "../store/config.ts";
import { type ContactsFile, openContacts } from "../store/contacts_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { type Identity, loadOrMakeIdentity } from "../store/identity.ts";
import { explained } from "../store/trouble.ts";
import { Commands } from "./commands.ts";
import { Conversations } from "./conversations.ts";
import { EventHub } from "./event_hub.ts";
import { People } from "./people.ts";
import { Rooms } from "./rooms.ts";
import { Sessions } from "./sessions.ts";
import { Steering } from "./steering.ts";
import { Strangers } from "./strangers.ts";
import { Switchboard } from "./switchboard.ts";
import type { Command, CommandRunner, NodeEvent, ReplyTo, StatusReply } from "./vocabulary.ts";
import { Waiters } from "./waiters.ts";

/** What makes one node different from another. */
export interface NodeOptions {
  readonly ports: Ports;
  /** The folder that holds all that it keeps. */
  readonly home: string;
  readonly pid: number;
  readonly version: string;
  /** From the user; kept. */
  readonly name?: string;
  /** What to call a newcomer: the account's or the computer's name. */
  readonly suggestedName: string;
  /** Exactly this rendezvous port; else 9999 or the next free one. */
  readonly port?: number;
  readonly discoveryPort?: number;
  /** Only these interfaces; loopback, too, only if it is named. */
  readonly interfaces?: readonly string[];
  readonly sessionPorts?: PortRange;
  /** False for what only reads and writes the home: no sockets at all. */
  readonly network: boolean;
}

/** A running node. */
export interface Node extends CommandRunner, AsyncDisposable {
  readonly id: PeerId;
  readonly name: string;
  /** The rendezvous port; null without a network. */
  readonly port: number | null;
  /** The port for beacons; null without a network. */
  readonly discoveryPort: number | null;
  /** Resolves when somebody asked it to stop; rejects if a bug ended a part of it. The owner then disposes of it. */
  readonly ended: Promise<void>;
}

/** Starts a node. @throws {WorldError} if its home or its port cannot be had, {UsageError} for a name that is none. */
export async function startNode(options: NodeOptions, signal: AbortSignal): Promise<Node> {
  const { ports: { disk, crypto, chance }, home: folder, pid } = options;
  const wantedName = checkedName(options.name);
  signal.throwIfAborted();
  await using parts = new AsyncDisposableStack();
  const home = parts.use(await openHome(disk, { folder, pid }));
  const identity = await loadOrMakeIdentity(disk, { path: home.paths.identity, crypto, chance });
  const config = await loadConfig(disk, home.paths.config);
  const contacts = await openContacts(disk, home.paths.contacts);
  const name = wantedName ?? config.name ?? suggestName(options.suggestedName);
  const node = parts.use(new RunningNode(options, { home, identity, contacts, config, name }));
  await node.start(signal);
  node.own(parts.move());
  return node;
}

/** What a node has from its home. */
interface Belongings {
  readonly home: Home;
  readonly identity: Identity;
  readonly contacts: ContactsFile;
  readonly config: Config;
  readonly name: string;
}

class RunningNode implements Node {
  readonly id: PeerId;
  readonly ended: Promise<void>;
  readonly #options: NodeOptions;
  readonly #home: Home;
  readonly #identity: Identity;
  readonly #contacts: ContactsFile;
  readonly #abort = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  readonly #hub = new EventHub();
  readonly #waiters: Waiters;
  readonly #sessions: Sessions;
  readonly #rooms: Rooms;
  readonly #steering: Steering;
  readonly #conversations: Conversations;
  readonly #people: People;
  readonly #switchboard: Switchboard;
  readonly #commands: Commands;
  readonly #strangers: Strangers;
  readonly #nobody: PeerView = new PeerTable();
  readonly #instance: number;
  #config: Config;
  #name: string;
  #door: Door | undefined;
  #doorRun: Promise<void> = Promise.resolve();
  #watch: Watch | undefined;
  #parts: AsyncDisposable | undefined;
  #isDisposed = false;

  constructor(options: NodeOptions, { home, identity, contacts, config, name }: Belongings) {
    const { clock, chance, crypto, tcp, disk } = options.ports;
    const { id: me, signer } = identity;
    this.id = me;
    this.ended = this.#end.promise;
    this.#options = options;
    this.#home = home;
    this.#identity = identity;
    this.#contacts = contacts;
    this.#config = config;
    this.#name = name;
    this.#instance = instanceOf(clock.wallMs());
    const heard = () => this.#watch?.peers ?? this.#nobody;
    const isBlocked = (peer: PeerId) => contacts.contacts.get(peer)?.isBlocked === true;
    const myName = () => this.#name;
    const onBug = (error: unknown) => this.#end.reject(error);
    const book = new AddressBook();
    const hub = this.#hub;
    const waiters = this.#waiters = new Waiters(clock);
    const sessions = this.#sessions = new Sessions({
      tcp,
      clock,
      chance,
      crypto,
      signer,
      me,
      instance: this.#instance,
      isBlocked,
      onOpen: (link, peer) => this.#switchboard.onOpen(link, peer),
      onRecord: (link, record) => this.#switchboard.onRecord(link, record),
      onDrained: (link) => this.#switchboard.onDrained(link),
      onClosed: (link, peer, error) => this.#switchboard.onClosed(link, peer, error),
      onBug,
    });
    const rooms: Rooms = this.#rooms = new Rooms({
      me,
      signer,
      crypto,
      chance,
      clock,
      disk,
      home,
      contactIds: () => contacts.contacts.all.map((contact) => contact.id),
      nameOf: (peer) => people.nameOf(peer),
      onChange: (keeper, change) => this.#switchboard.onRoom(keeper, change),
      onNotice: (text) => this.#switchboard.notice(text),
    });
    const people = this.#people = new People({ me, clock, contacts, sessions, rooms, heard });
    const steering = this.#steering = new Steering({
      me,
      rooms,
      sessions,
      book,
      clock,
      chance,
      heard,
      isBlocked,
      onHosts: () => this.#switchboard.tellProfile(),
      onRefused: (peer, error) =>
        this.#switchboard.notice(`${people.labelOf(peer)} could not be reached: ${error.message}`),
      onBug,
    });
    const conversations = this.#conversations = new Conversations({
      me,
      crypto,
      rooms,
      people,
      steering,
      sessions,
      heard,
      myName,
    });
    this.#strangers = new Strangers({ sessions, clock, chance, signal: this.#abort.signal, onBug });
    const switchboard = this.#switchboard = new Switchboard({
      me,
      clock,
      crypto,
      contacts,
      book,
      sessions,
      rooms,
      people,
      steering,
      conversations,
      hub,
      waiters,
      myName,
      myPort: () => this.port ?? 0,
      onProfile: (profile) => this.#watch?.announce(profile),
      onPin: (peer, isPinned) => isPinned ? this.#watch?.pin(peer) : this.#watch?.unpin(peer),
      onBug,
    });
    this.#commands = new Commands({
      me,
      contacts,
      sessions,
      rooms,
      people,
      steering,
      conversations,
      switchboard,
      waiters,
      signal: this.#abort.signal,
      myName,
      setName: (wanted) => this.#setName(wanted),
      outlook: () => this.#outlook(),
      status: () => this.#status(),
      rescan: () => this.#watch?.rescan(),
      stop: () => this.#end.resolve(),
    });
    for (const contact of contacts.contacts.all) {
      if (contact.address !== null && contact.port !== null) {
        book.note(contact.id, { address: contact.address, port: contact.port });
      }
    }
  }

  get name(): string {
    return this.#name;
  }

  get port(): number | null {
    return this.#door?.port ?? null;
  }

  get discoveryPort(): number | null {
    return this.#watch?.port ?? null;
  }

  /** Reads the home, opens the door, looks round. */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#name !== this.#config.name) await this.#setName(this.#name);
    await explained("read the rooms", () => this.#rooms.load());
    this.#tellBrokenContacts();
    await this.#commands.announceName();
    if (this.#options.network) this.#goOnline();
    this.#steering.decide();
    this.#switchboard.tellProfile();
    signal.throwIfAborted();
  }

  /** From now on disposing of the node disposes of this too, last. */
  own(parts: AsyncDisposable): void {
    this.#parts = parts;
  }

  run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    return this.#commands.run(command);
  }

  async *events(signal: AbortSignal): AsyncGenerator<NodeEvent> {
    const events = this.#hub.listen(signal);
    yield {
      event: "ready",
      id: this.id,
      name: this.#name,
      port: this.port ?? 0,
      discoveryPort: this.discoveryPort,
    };
    yield* events;
  }

  /** Leaves: says good-bye, keeps what is to be kept, lets the home go. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#abort.abort(new DOMException("The node stops", "AbortError"));
    this.#waiters.close();
    this.#door?.close();
    await this.#watch?.[Symbol.asyncDispose]();
    await this.#steering.close();
    await this.#strangers.close();
    for (const keeper of this.#rooms.list()) keeper.flush();
    await this.#sessions.close();
    await this.#doorRun;
    await this.#switchboard.close();
    await this.#rooms.close();
    this.#hub.close();
    this.#end.resolve();
    await this.#parts?.[Symbol.asyncDispose]();
  }

  #goOnline(): void {
    const { ports, port, discoveryPort, sessionPorts, interfaces } = this.#options;
    const { tcp, clock, chance } = ports;
    const wanted = port ?? this.#config.rendezvousPort;
    const range = sessionPorts ?? this.#config.sessionPorts;
    const door = this.#door = openOrExplain({
      tcp,
      clock,
      chance,
      port: wanted ?? RENDEZVOUS_PORT,
      isExact: wanted !== null,
      ...(range !== null && { sessionPorts: range }),
      sessionCount: () => this.#sessions.count,
      onArrival: (arrival) => this.#sessions.arrive(arrival),
    });
    this.#doorRun = door.run().catch((error) => this.#end.reject(error));
    const names = interfaces ?? this.#config.interfaces;
    const watch = this.#watch = startWatch({
      ports,
      signer: this.#identity.signer,
      id: this.id,
      instance: this.#instance,
      discoveryPort: discoveryPort ?? this.#config.discoveryPort ?? WELL_KNOWN_PORT,
      ...(names !== null && { interfaceNames: names }),
      profile: { name: this.#name, rendezvousPort: door.port, rooms: [] },
      known: () => this.#knownPlaces(),
      onChange: () => this.#switchboard.onPeers(),
      onEndpoint: (endpoint) => this.#strangers.greet(endpoint),
    }, this.#abort.signal);
    watch.done.catch((error) => this.#end.reject(error));
    for (const contact of this.#contacts.contacts.all) watch.pin(contact.id);
  }

  #knownPlaces(): readonly Endpoint[] {
    return this.#contacts.contacts.all.flatMap(({ address, port }) =>
      address === null || port === null ? [] : [{ address, port }]
    );
  }

  async #setName(name: string): Promise<void> {
    this.#config = { ...this.#config, name };
    await saveConfig(this.#options.ports.disk, { path: this.#home.paths.config, config: this.#config });
    this.#name = name;
  }

  #tellBrokenContacts(): void {
    for (const { lineNumber, reason } of this.#contacts.contacts.problems) {
      this.#switchboard.notice(
        `Line ${lineNumber} of "${this.#home.paths.contacts}" is no contact: ${reason}. It is kept as it is`,
      );
    }
  }

  #outlook(): string {
    return this.#watch === undefined ? "" : outlook(this.#watch.status()).join(" ");
  }

  #status(): StatusReply {
    const interfaces = this.#watch?.status().interfaces ?? [];
    return {
      id: this.id,
      name: this.#name,
      version: this.#options.version,
      home: this.#home.paths.folder,
      pid: this.#options.pid,
      port: this.port,
      discoveryPort: this.discoveryPort,
      sessions: this.#sessions.links.size,
      peers: this.#people.here().length,
      rooms:
        this.#rooms.list().filter((keeper) =>
          keeper.isIn && this.#conversations.otherOf(keeper) === undefined
        ).length,
      outlook: this.#outlook(),
      interfaces: interfaces.map(({ network, openProblem, neighboursCount }) => ({
        name: network.name,
        address: `${network.address}/${network.prefixLength}`,
        state: openProblem === null ? `${neighboursCount} here` : `cannot be used (${openProblem})`,
      })),
      notices: this.#switchboard.notices,
    };
  }
}

/** Tells this start from others: wall milliseconds, as 48 bits, whatever the clock says. */
function instanceOf(wallMs: number): number {
  return Math.min(Math.max(Math.floor(wallMs), 1), 2 ** 48 - 1);
}

function openOrExplain(options: DoorOptions): Door {
  try {
    return openDoor(options);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const { port, isExact } = options;
    const why = error.reason === "taken"
      ? isExact ? "another program has it" : "another program has it, and the ports behind it are taken too"
      : error.reason === "forbidden"
      ? "this system does not allow it (ports below 1024 need special rights)"
      : error.message;
    throw new WorldError(`Cannot listen on port ${port}: ${why}. Choose another one with --port`, {
      cause: error,
    });
  }
}

function checkedName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const parsed = parseName(name);
  if ("problem" in parsed) throw new UsageError(`Cannot take that name: ${parsed.problem}`);
  return parsed.name;
}
