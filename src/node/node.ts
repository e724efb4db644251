/** One node: what makes it, what it is to its screens, how it starts and leaves. */

import { outlook } from "../discovery/outlook.ts";
import { UsageError, WorldError } from "../errors.ts";
import type { PortRange } from "../host/door.ts";
import type { Endpoint, Ports } from "../ports.ts";
import type { PeerId } from "../room/id.ts";
import { parseName, suggestName } from "../room/name.ts";
import { safeLine } from "../room/text.ts";
import { type Config, loadConfig, saveConfig } from "../store/config.ts";
import { type ContactsFile, openContacts } from "../store/contacts_file.ts";
import type { LogLimits } from "../store/entry_log.ts";
import { type Home, openHome } from "../store/home.ts";
import { type Identity, loadOrMakeIdentity } from "../store/identity.ts";
import { explained } from "../store/trouble.ts";
import { assemble } from "./assembly.ts";
import type { Assembly } from "./assembly_parts.ts";
import type { WantedPorts } from "./checkup.ts";
import { type Giver, type NearNetworks, nearNetworks, type Turn } from "./giver.ts";
import { Online } from "./online.ts";
import type { RoomKeeper } from "./room_keeper.ts";
import type { GiveReply } from "./give_reply.ts";
import type { Command, CommandRunner, NodeEvent, ReplyTo, StatusReply } from "./vocabulary.ts";

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
  readonly giver?: Giver;
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
  const identity = await loadOrMakeIdentity(disk, { path: home.paths.identity, crypto, chance });
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
  readonly #assembly: Assembly;
  readonly #instance: number;
  readonly #near: NearNetworks;
  #config: Config;
  #name: string;
  #online: Online | undefined;
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
    this.#near = nearNetworks({
      used: () => this.#online?.watch.status().interfaces ?? [],
      isChosen: () => this.#wanted().interfaces !== null,
    });
    this.#assembly = assemble({
      ports: options.ports,
      logLimits: options.logLimits ?? {},
      home,
      identity,
      contacts,
      instance: this.#instance,
      signal: this.#abort.signal,
      watch: () => this.#online?.watch,
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
    return this.#online?.port ?? null;
  }

  get discoveryPort(): number | null {
    return this.#online?.watch.port ?? null;
  }

  /** Reads the home, opens the door, looks round. */
  async start(): Promise<void> {
    const { rooms, merit, steering, switchboard, moving, sharing } = this.#assembly;
    if (this.#name !== this.#config.name) await this.#setName(this.#name);
    // With narrow rights that runs programs, for 10 to 20 ms; a merit that is known later is told then, as any new one is.
    if (this.#options.network) merit.begin();
    await explained("read the rooms", () => rooms.load());
    await sharing.load();
    this.#tellBrokenContacts();
    if (this.#options.network) this.#online = this.#goOnline();
    steering.decide();
    switchboard.tellProfile();
    this.#reading = explained("read the rooms", () => rooms.readOthers()).then(() => {
      if (this.#options.network && !this.#isDisposed) moving.note();
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
    const { hub, news } = this.#assembly;
    const ready: NodeEvent = { event: "ready", id, name, port: port ?? 0, discoveryPort };
    // Who was heard before is news to a screen that listens only now.
    const here = news.told.map((peer): NodeEvent => ({ event: "peer", change: "new", peer }));
    return hub.listen(signal, ready, ...here);
  }

  notice(text: string): void {
    this.#assembly.news.notice(text);
  }

  /** Leaves: says good-bye, keeps what is to be kept, lets the home go. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const {
      waiters,
      steering,
      strangers,
      knocks,
      moving,
      rooms,
      sessions,
      switchboard,
      sharing,
      contactKeeper,
      news,
      hub,
    } = this.#assembly;
    this.#abort.abort(new DOMException("The node stops", "AbortError"));
    this.#assembly.merit.close();
    waiters.close();
    const offline = this.#online?.[Symbol.asyncDispose]();
    for (const keeper of rooms.list()) keeper.flush();
    await Promise.all([
      steering.close(),
      strangers.close(),
      knocks.close(),
      moving.close(),
      sharing.close(),
      sessions.close(),
      offline,
    ]);
    await switchboard.close();
    await contactKeeper.close();
    await rooms.close();
    await this.#reading;
    news.close();
    hub.close();
    this.#end.resolve();
    await this.#parts?.[Symbol.asyncDispose]();
  }

  #goOnline(): Online {
    const { ports } = this.#options;
    const { rendezvous, discovery, sessions: sessionPorts, interfaces } = this.#wanted();
    const { identity, contacts } = this.#belongings;
    const { sessions, steering, switchboard, strangers, merit } = this.#assembly;
    return new Online({
      ports,
      signer: identity.signer,
      me: this.id,
      instance: this.#instance,
      name: this.#name,
      merit: merit.now,
      port: rendezvous,
      discoveryPort: discovery,
      interfaces,
      sessionPorts,
      pinned: contacts.contacts.all.map((contact) => contact.id),
      sessionCount: () => sessions.count,
      sessionsFromThereCount: (address) => sessions.countFrom(address),
      onArrival: (arrival) => sessions.arrive(arrival),
      known: () =>
        [...contacts.contacts.all, ...contacts.contacts.places].flatMap(({ address, port }) =>
          address === null || port === null ? [] : [{ address, port }]
        ),
      onChange: () => switchboard.onPeers(),
      onAgain: (peer) => steering.heardAgain(peer),
      onEndpoint: (endpoint) => strangers.greet(endpoint),
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
      this.#assembly.news.notice(
        `Line ${lineNumber} of "${home.paths.contacts}" is no contact: ${
          safeLine(reason)
        }. It is kept as it is`,
      );
    }
  }

  #listen(port: number): number {
    if (this.#online === undefined) throw new WorldError("Cannot wait for others: there is no network here");
    this.#online.moveTo(port);
    this.#assembly.switchboard.tellProfile();
    return port;
  }

  async #give(turn: Turn | null): Promise<GiveReply> {
    const { giver } = this.#options;
    if (giver === undefined || this.#online === undefined) {
      const problem = "this earshot is not on the network";
      if (turn?.isOn === true) throw new WorldError(`Cannot give earshot to others: ${problem}`);
      return { isOn: false, problem, port: null, addresses: [], files: [], found: [] };
    }
    return turn === null ? giver.state(this.#near) : await giver.turn(turn, this.#near);
  }

  /** On a network that others are on; on this machine alone if there is none. */
  #ownEndpoint(): Endpoint | null {
    if (this.#online === undefined) return null;
    const networks = this.#online.watch.status().interfaces.filter(({ openProblem }) => openProblem === null)
      .map(({ network }) => network);
    const best = networks.find(({ address }) => !address.startsWith("127.")) ?? networks[0];
    return best === undefined ? null : { address: best.address, port: this.#online.port };
  }

  #outlook(): string {
    return this.#online === undefined ? "" : outlook(this.#online.watch.status()).join(" ");
  }

  #status(): StatusReply {
    const { sessions, people, rooms, conversations, news } = this.#assembly;
    const interfaces = this.#online?.watch.status().interfaces ?? [];
    const isRoomOfOurs = (keeper: RoomKeeper) => keeper.isIn && conversations.otherOf(keeper) === undefined;
    return {
      id: this.id,
      name: this.#name,
      version: this.#options.version,
      home: this.#belongings.home.paths.folder,
      pid: this.#options.pid,
      port: this.port,
      discoveryPort: this.discoveryPort,
      sessions: sessions.links.size,
      peers: people.here().length,
      rooms: rooms.list().filter(isRoomOfOurs).length,
      away: this.#assembly.presence.away,
      outlook: this.#outlook(),
      interfaces: interfaces.map(({ network, openProblem, neighboursCount }) => ({
        name: network.name,
        address: `${network.address}/${network.prefixLength}`,
        state: openProblem === null ? `${neighboursCount} here` : `cannot be used (${openProblem})`,
      })),
      giving: this.#options.giver?.state(this.#near).addresses ?? [],
      notices: news.notices,
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
  if ("problem" in parsed) throw new UsageError(`Cannot take that name: ${parsed.problem}`);
  return parsed.name;
}
