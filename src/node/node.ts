/** One node: its options, its interface, its start and its end. */

import { type Message, message } from "../messages/message.ts";
import type { Command, NodeEvent, ReplyTo } from "../api/commands.ts";
import type { NodeApi } from "../api/node_api.ts";
import { UsageError } from "../errors.ts";
import type { PortRange } from "../ports/network.ts";
import type { Ports } from "../ports/node_ports.ts";
import type { PeerId } from "../room/id.ts";
import { type ContactsFile, openContacts } from "../store/contacts/contacts_file.ts";
import { formatDiskError } from "../store/files/disk_error_text.ts";
import { type Config, loadConfig } from "../store/home/config.ts";
import { type Home, openHome } from "../store/home/home.ts";
import { type Identity, loadOrCreateIdentity } from "../store/home/identity.ts";
import type { LogLimits } from "../store/log/entry_log.ts";
import { parseName, suggestName } from "../text/name.ts";
import { sanitizeLine } from "../text/sanitize.ts";
import { type ComposedNode, composeNode } from "./compose_node.ts";
import { NodeNetwork } from "./peers/node_network.ts";
import type { WantedPorts } from "./peers/network_services.ts";
import { ConfiguredName, type LocalName } from "./rooms/local_name.ts";
import { makeNearNetworks, type SelfDistribution } from "./support/self_distribution.ts";

/** The options of a node. */
export interface NodeOptions {
  readonly ports: Ports;
  /** The folder of its home. */
  readonly home: string;
  readonly pid: number;
  readonly version: string;
  /** The user's choice; it is saved. */
  readonly name?: string;
  /** The name of a new user: the account's or the computer's name. */
  readonly suggestedName: string;
  /** Exactly this rendezvous port; else 9999 or the next free one. */
  readonly port?: number;
  readonly discoveryPort?: number;
  /** Only these interfaces; loopback, too, only if it is named. */
  readonly interfaces?: readonly string[];
  readonly sessionPorts?: PortRange;
  /** False for a node that only uses its home: it opens no sockets. */
  readonly network: boolean;
  /** How much of logs is in memory, if not the usual amount. */
  readonly logLimits?: LogLimits;
  /** Gives this program to other devices; undefined if there is nothing to give. */
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
  /** Resolves when a user asked it to stop; rejects if a part of it ended with a bug. The owner then disposes of it. */
  readonly ended: Promise<void>;
  /** Adds a notice: on every screen, and in `status`. */
  notice(notice: Message): void;
}

/** Starts a node. @throws {WorldError} if its home or its port is not available, {UsageError} for an invalid name. */
export async function startNode(options: NodeOptions, signal: AbortSignal): Promise<Node> {
  const { ports: { disk, crypto, chance }, home: folder, pid } = options;
  const wantedName = checkName(options.name);
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

/** What a node loads from its home. */
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
  readonly #network = new NodeNetwork();
  readonly #wanted: WantedPorts;
  readonly #instance: number;
  readonly #name: LocalName;
  readonly #parts: ComposedNode;
  /** What is disposed of after the node. */
  #owned: AsyncDisposable | undefined;
  /** Loads the other logs while the node runs; never rejects. */
  #loading: Promise<void> | undefined;
  #isDisposed = false;

  constructor(options: NodeOptions, belongings: Belongings) {
    const { ports, distribution, version, pid } = options;
    const { home, identity, contacts, config, name } = belongings;
    this.id = identity.id;
    this.ended = this.#end.promise;
    this.ended.catch(() => {}); // The owner may wait for the end and hear of it; it need not.
    this.#options = options;
    this.#belongings = belongings;
    this.#wanted = findWantedPorts(options, config);
    this.#instance = makeInstance(ports.clock.wallMs());
    this.#name = new ConfiguredName(ports.disk, { path: home.paths.config, config, name });
    const near = makeNearNetworks({
      used: () => this.#network.discovery.status().interfaces,
      isChosen: () => this.#wanted.interfaces !== null,
    });
    this.#parts = composeNode({
      ports,
      logLimits: options.logLimits ?? {},
      home,
      identity,
      contacts,
      instance: this.#instance,
      network: this.#network,
      name: this.#name,
      wanted: this.#wanted,
      program: { version, pid, home: home.paths.folder, distribution, near, stop: () => this.#end.resolve() },
      signal: this.#abort.signal,
      onBug: (error) => this.#end.reject(error),
    });
  }

  get name(): string {
    return this.#name.current;
  }

  get port(): number | null {
    return this.#network.port;
  }

  get discoveryPort(): number | null {
    return this.#network.discoveryPort;
  }

  /** Loads the home and opens the sockets. */
  async start(): Promise<void> {
    const { rooms, connectionManager, localProfile, moveFollower, fileService } = this.#parts;
    const { network } = this.#options;
    if (this.name !== this.#belongings.config.name) await this.#name.change(this.name);
    if (network) this.#watchHostScore();
    await formatDiskError(message("doing.read-rooms"), () => rooms.load());
    await fileService.load();
    this.#reportContactProblems();
    if (network) this.#goOnline();
    connectionManager.decide();
    localProfile.tell();
    this.#loading = formatDiskError(message("doing.read-rooms"), () => rooms.loadOthers()).then(() => {
      if (network && !this.#isDisposed) moveFollower.noteMoves();
    }).catch((error) => this.#end.reject(error));
  }

  /** From now on disposing of the node disposes of this too, last. */
  own(owned: AsyncDisposable): void {
    this.#owned = owned;
  }

  run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    return this.#parts.commands.run(command);
  }

  events(signal: AbortSignal): AsyncIterable<NodeEvent> {
    const { id, name, port, discoveryPort } = this;
    const { hub, publisher } = this.#parts;
    const ready: NodeEvent = { event: "ready", id, name, port: port ?? 0, discoveryPort };
    // Peers that were heard before are new to a screen that listens only now.
    const present = publisher.presentPeers.map((peer): NodeEvent => ({ event: "peer", change: "new", peer }));
    return hub.listen(signal, ready, ...present);
  }

  notice(notice: Message): void {
    this.#parts.notices.add(notice);
  }

  /** Ends the node: closes the sessions, saves everything, releases the home. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const { hostScore, waiters, rooms, connectionManager, moveFollower, fileService, sessions } = this.#parts;
    this.#abort.abort(new DOMException("The node stops", "AbortError"));
    hostScore.close();
    waiters.close();
    const offline = this.#network.close();
    for (const localRoom of rooms.list()) localRoom.receipts.flush();
    await Promise.all([
      connectionManager.close(),
      moveFollower.close(),
      fileService.close(),
      sessions.close(),
      offline,
    ]);
    await this.#saveAll();
    this.#end.resolve();
    await this.#owned?.[Symbol.asyncDispose]();
  }

  /** After the last session nothing changes any more. */
  async #saveAll(): Promise<void> {
    const { localProfile, holderCache, tasks, autoContacts, rooms, publisher, hub } = this.#parts;
    localProfile.close();
    holderCache.close();
    await tasks.waitUntilIdle();
    await autoContacts.close();
    await rooms.close();
    await this.#loading;
    publisher.close();
    hub.close();
  }

  /** With narrow rights the first check runs programs for 10 to 20 ms; nothing waits for it. */
  #watchHostScore(): void {
    const { hostScore, connectionManager, localProfile } = this.#parts;
    hostScore.start(() => {
      connectionManager.schedule();
      localProfile.tell();
    });
  }

  #goOnline(): void {
    const { sessions, connectionManager, peerRouter, unknownDialer, hostScore, tasks } = this.#parts;
    const { identity, contacts } = this.#belongings;
    this.#network.goOnline({
      ports: this.#options.ports,
      signer: identity.signer,
      me: this.id,
      instance: this.#instance,
      wanted: this.#wanted,
      profile: { name: this.name, merit: hostScore.current },
      contacts,
      sessions,
      connectionManager,
      unknownDialer,
      onPeers: () => peerRouter.onPeers(),
      tasks,
    }, this.#abort.signal);
  }

  #reportContactProblems(): void {
    const { home, contacts } = this.#belongings;
    for (const { lineNumber, reason } of contacts.contacts.problems) {
      this.#parts.notices.add(message("notice.bad-contact", {
        line: lineNumber,
        path: home.paths.contacts,
        reason: sanitizeLine(reason),
      }));
    }
  }
}

/** The options of this start, else those of config.json. */
function findWantedPorts(
  { port, discoveryPort, sessionPorts, interfaces }: NodeOptions,
  config: Config,
): WantedPorts {
  return {
    rendezvous: port ?? config.rendezvousPort,
    discovery: discoveryPort ?? config.discoveryPort,
    sessions: sessionPorts ?? config.sessionPorts,
    interfaces: interfaces ?? config.interfaces,
  };
}

/** The number of this start: wall milliseconds, limited to 48 bits. */
function makeInstance(wallMs: number): number {
  return Math.min(Math.max(Math.floor(wallMs), 1), 2 ** 48 - 1);
}

function checkName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const parsed = parseName(name);
  if ("problem" in parsed) throw new UsageError(parsed.problem);
  return parsed.name;
}
