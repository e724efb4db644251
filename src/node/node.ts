/** One node: what makes it, what it is to its screens, how it starts and leaves. */

import { formatNetworkStatus } from "../discovery/status_text.ts";
import { UsageError, WorldError } from "../errors.ts";
import type { PortRange } from "../ports/network.ts";
import type { Endpoint } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import type { PeerId } from "../room/id.ts";
import { parseName, suggestName } from "../text/name.ts";
import { sanitizeLine } from "../text/sanitize.ts";
import { type Config, loadConfig, saveConfig } from "../store/home/config.ts";
import { type ContactsFile, openContacts } from "../store/contacts/contacts_file.ts";
import type { LogLimits } from "../store/log/entry_log.ts";
import { type Home, openHome } from "../store/home/home.ts";
import { type Identity, loadOrCreateIdentity } from "../store/home/identity.ts";
import { formatDiskError } from "../store/files/disk_error_text.ts";
import { composeNode } from "./compose_node.ts";
import type { NodeParts } from "./node_parts.ts";
import type { WantedPorts } from "./diagnostics/checkup.ts";
import {
  type GiveTurn,
  makeNearNetworks,
  type NearNetworks,
  type SelfDistribution,
} from "./support/self_distribution.ts";
import { NetworkServices } from "./peers/network_services.ts";
import type { LocalRoom } from "./room/local_room.ts";
import type { GiveReply } from "../api/give.ts";
import type { Command, NodeApi, NodeEvent, ReplyTo, StatusReply } from "../api/commands.ts";

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
  /** How much of logs is in memory, where not as much as is usual. */
  readonly logLimits?: LogLimits;
  /** Gives this program to others. Without one there is nothing to give. */
  readonly distribution?: SelfDistribution;
}

/** A running node. */
export interface Node extends NodeApi, AsyncDisposable {
  readonly id: PeerId;
  readonly name: string;
  /** The rendezvous port; null without a network. */
  readonly port: number | null;
  /** The port for beacons; null without a network. */
  readonly discoveryPort: number | null;
  /** Resolves when somebody asked it to stop; rejects if a bug ended a part of it. The owner then disposes of it. */
  readonly ended: Promise<void>;
  /** A sentence for the user, on every screen and in `status`. */
  notice(text: string): void;
}

/** Starts a node. @throws {WorldError} if its home or its port cannot be had, {UsageError} for a name that is none. */
export async function startNode(options: NodeOptions, signal: AbortSignal): Promise<Node> {
  const { ports: { disk, crypto, chance }, home: folder, pid } = options;
  const wantedName = checkedName(options.name);
  signal.throwIfAborted();
  await using parts = new AsyncDisposableStack();
  const home = parts.use(await openHome(disk, { folder, pid }));
  const identity = await loadOrCreateIdentity(disk, { path: home.paths.identity, crypto, chance });
  const config = await loadConfig(disk, home.paths.config);
  const contacts = await openContacts(disk, home.paths.contacts);
  const name = wantedName ?? config.name ?? suggestName(options.suggestedName);
  const node = parts.use(new RunningNode(options, { home, identity, contacts, config, name }));
  await node.start();
  signal.throwIfAborted();
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
  readonly #belongings: Belongings;
  readonly #abort = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  readonly #assembly: NodeParts;
  readonly #instance: number;
  readonly #near: NearNetworks;
  #config: Config;
  #name: string;
  #network: NetworkServices | undefined;
  #parts: AsyncDisposable | undefined;
  /** Of the logs that are read behind the start; never rejects. */
  #reading: Promise<void> | undefined;
  #isDisposed = false;

  constructor(options: NodeOptions, belongings: Belongings) {
    const { home, identity, contacts, config, name } = belongings;
    this.id = identity.id;
    this.ended = this.#end.promise;
    this.ended.catch(() => {}); // Whoever waits for the end hears of it; nobody has to.
    this.#options = options;
    this.#belongings = belongings;
    this.#config = config;
    this.#name = name;
    this.#instance = instanceOf(options.ports.clock.wallMs());
    this.#near = makeNearNetworks({
      used: () => this.#network?.discovery.status().interfaces ?? [],
      isChosen: () => this.#wanted().interfaces !== null,
    });
    this.#assembly = composeNode({
      ports: options.ports,
      logLimits: options.logLimits ?? {},
      home,
      identity,
      contacts,
      instance: this.#instance,
      signal: this.#abort.signal,
      watch: () => this.#network?.discovery,
      myName: () => this.#name,
      myPort: () => this.port ?? 0,
      setName: (wanted) => this.#setName(wanted),
      ownEndpoint: () => this.#ownEndpoint(),
      listen: (port) => this.#listen(port),
      wanted: () => this.#wanted(),
      outlook: () => this.#outlook(),
      status: () => this.#status(),
      give: (turn) => this.#give(turn),
      stop: () => this.#end.resolve(),
      onBug: (error) => this.#end.reject(error),
    });
  }

  get name(): string {
    return this.#name;
  }

  get port(): number | null {
    return this.#network?.port ?? null;
  }

  get discoveryPort(): number | null {
    return this.#network?.discovery.port ?? null;
  }

  /** Reads the home, opens the door, looks round. */
  async start(): Promise<void> {
    const { rooms, hostScore, connectionManager, localProfile, moveFollower, fileService } = this.#assembly;
    if (this.#name !== this.#config.name) await this.#setName(this.#name);
    // With narrow rights that runs programs, for 10 to 20 ms; a merit that is known later is told then, as any new one is.
    if (this.#options.network) hostScore.begin();
    await formatDiskError("read the rooms", () => rooms.load());
    await fileService.load();
    this.#tellBrokenContacts();
    if (this.#options.network) this.#network = this.#goOnline();
    connectionManager.decide();
    localProfile.tell();
    this.#reading = formatDiskError("read the rooms", () => rooms.loadOthers()).then(() => {
      if (this.#options.network && !this.#isDisposed) moveFollower.noteMoves();
    }).catch((error) => this.#end.reject(error));
  }

  /** From now on disposing of the node disposes of this too, last. */
  own(parts: AsyncDisposable): void {
    this.#parts = parts;
  }

  run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    return this.#assembly.commands.run(command);
  }

  events(signal: AbortSignal): AsyncIterable<NodeEvent> {
    const { id, name, port, discoveryPort } = this;
    const { hub, publisher } = this.#assembly;
    const ready: NodeEvent = { event: "ready", id, name, port: port ?? 0, discoveryPort };
    // Who was heard before is news to a screen that listens only now.
    const here = publisher.presentPeers.map((peer): NodeEvent => ({ event: "peer", change: "new", peer }));
    return hub.listen(signal, ready, ...here);
  }

  notice(text: string): void {
    this.#assembly.publisher.notice(text);
  }

  /** Leaves: says good-bye, keeps what is to be kept, lets the home go. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const {
      waiters,
      connectionManager,
      unknownDialer,
      reachability,
      moveFollower,
      rooms,
      sessions,
      localProfile,
      eventRouter,
      fileService,
      autoContacts,
      publisher,
      hub,
    } = this.#assembly;
    this.#abort.abort(new DOMException("The node stops", "AbortError"));
    this.#assembly.hostScore.close();
    waiters.close();
    const offline = this.#network?.[Symbol.asyncDispose]();
    for (const localRoom of rooms.list()) localRoom.flush();
    await Promise.all([
      connectionManager.close(),
      unknownDialer.close(),
      reachability.close(),
      moveFollower.close(),
      fileService.close(),
      sessions.close(),
      offline,
    ]);
    localProfile.close();
    await eventRouter.close();
    await autoContacts.close();
    await rooms.close();
    await this.#reading;
    publisher.close();
    hub.close();
    this.#end.resolve();
    await this.#parts?.[Symbol.asyncDispose]();
  }

  #goOnline(): NetworkServices {
    const { ports } = this.#options;
    const { rendezvous, discovery, sessions: sessionPorts, interfaces } = this.#wanted();
    const { identity, contacts } = this.#belongings;
    const { sessions, connectionManager, eventRouter, unknownDialer, hostScore } = this.#assembly;
    return new NetworkServices({
      ports,
      signer: identity.signer,
      me: this.id,
      instance: this.#instance,
      name: this.#name,
      merit: hostScore.current,
      port: rendezvous,
      discoveryPort: discovery,
      interfaces,
      sessionPorts,
      pinned: contacts.contacts.all.map((contact) => contact.id),
      sessionCount: () => sessions.count,
      sessionsFromThereCount: (address) => sessions.countFrom(address),
      onArrival: (arrival) => sessions.arrive(arrival),
      known: () =>
        [...contacts.contacts.all, ...contacts.contacts.plannedAddresses].flatMap(({ address, port }) =>
          address === null || port === null ? [] : [{ address, port }]
        ),
      onChange: () => eventRouter.onPeers(),
      onAgain: (peer) => connectionManager.noteHeardAgain(peer),
      onEndpoint: (endpoint) => unknownDialer.dial(endpoint),
      onBug: (error) => this.#end.reject(error),
    }, this.#abort.signal);
  }

  /** What was asked for at the start, else what config.json says. */
  #wanted(): WantedPorts {
    const { port, discoveryPort, sessionPorts, interfaces } = this.#options;
    return {
      rendezvous: port ?? this.#config.rendezvousPort,
      discovery: discoveryPort ?? this.#config.discoveryPort,
      sessions: sessionPorts ?? this.#config.sessionPorts,
      interfaces: interfaces ?? this.#config.interfaces,
    };
  }

  async #setName(name: string): Promise<void> {
    const { home } = this.#belongings;
    this.#config = { ...this.#config, name };
    await saveConfig(this.#options.ports.disk, { path: home.paths.config, config: this.#config });
    this.#name = name;
  }

  #tellBrokenContacts(): void {
    const { home, contacts } = this.#belongings;
    for (const { lineNumber, reason } of contacts.contacts.problems) {
      this.#assembly.publisher.notice(
        `Line ${lineNumber} of "${home.paths.contacts}" is no contact: ${
          sanitizeLine(reason)
        }. It is kept as it is`,
      );
    }
  }

  #listen(port: number): number {
    if (this.#network === undefined) throw new WorldError("Cannot wait for others: there is no network here");
    this.#network.moveTo(port);
    this.#assembly.localProfile.tell();
    return port;
  }

  async #give(turn: GiveTurn | null): Promise<GiveReply> {
    const { distribution } = this.#options;
    if (distribution === undefined || this.#network === undefined) {
      const problem = "this earshot is not on the network";
      if (turn?.isOn === true) throw new WorldError(`Cannot give earshot to others: ${problem}`);
      return { isOn: false, problem, port: null, addresses: [], files: [], found: [] };
    }
    return turn === null ? distribution.state(this.#near) : await distribution.turn(turn, this.#near);
  }

  /** On a network that others are on; on this machine alone if there is none. */
  #ownEndpoint(): Endpoint | null {
    if (this.#network === undefined) return null;
    const networks = this.#network.discovery.status().interfaces.filter(({ openProblem }) =>
      openProblem === null
    )
      .map(({ network }) => network);
    const best = networks.find(({ address }) => !address.startsWith("127.")) ?? networks[0];
    return best === undefined ? null : { address: best.address, port: this.#network.port };
  }

  #outlook(): string {
    return this.#network === undefined ? "" : formatNetworkStatus(this.#network.discovery.status()).join(" ");
  }

  #status(): StatusReply {
    const { sessions, peerDirectory, rooms, publisher } = this.#assembly;
    const interfaces = this.#network?.discovery.status().interfaces ?? [];
    const isRoomOfOurs = (localRoom: LocalRoom) => localRoom.isIn && localRoom.directPeer === undefined;
    return {
      id: this.id,
      name: this.#name,
      version: this.#options.version,
      home: this.#belongings.home.paths.folder,
      pid: this.#options.pid,
      port: this.port,
      discoveryPort: this.discoveryPort,
      sessions: sessions.connections.size,
      peers: peerDirectory.listPresent().length,
      rooms: rooms.list().filter(isRoomOfOurs).length,
      away: this.#assembly.presence.away,
      outlook: this.#outlook(),
      interfaces: interfaces.map(({ network, openProblem, neighboursCount }) => ({
        name: network.name,
        address: `${network.address}/${network.prefixLength}`,
        state: openProblem === null ? `${neighboursCount} here` : `cannot be used (${openProblem})`,
      })),
      giving: this.#options.distribution?.state(this.#near).addresses ?? [],
      notices: publisher.notices,
    };
  }
}

/** Tells this start from others: wall milliseconds, as 48 bits, whatever the clock says. */
function instanceOf(wallMs: number): number {
  return Math.min(Math.max(Math.floor(wallMs), 1), 2 ** 48 - 1);
}

function checkedName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const parsed = parseName(name);
  if ("problem" in parsed) throw new UsageError(parsed.problem);
  return parsed.name;
}
