/** Connects to peers while the user waits, and disconnects from them. */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import { isSameEndpoint } from "../../client/address_book.ts";
import { describeDialProblem, DialError } from "../../client/dial.ts";
import { ProtocolError, UsageError, WorldError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { Endpoint } from "../../ports/network.ts";
import type { Clock } from "../../ports/time.ts";
import type { PeerId } from "../../room/id.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import { parseEndpoint } from "../support/address.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { ConnectionManager } from "../peers/connection_manager.ts";
import type { Command, PeerRow, Replies } from "../../api/commands.ts";
import type { ConditionWaiters } from "../support/condition_waiters.ts";

/** Time for a peer to tell its profile after the handshake. */
const PROFILE_MS_MAX = 5_000;
/** Time for a peer to be heard elsewhere, after its last address did not answer; its answer to a hello takes less. */
const HEARD_MS_MAX = 2_500;
/** Time for a session to close. */
const GOODBYE_MS_MAX = 1_000;

export interface ConnectParts {
  readonly clock: Clock;
  readonly contacts: ContactsFile;
  readonly autoContacts: AutoContacts;
  readonly sessions: Sessions;
  readonly peerDirectory: PeerDirectory;
  readonly connectionManager: ConnectionManager;
  readonly conversations: ConversationDirectory;
  readonly waiters: ConditionWaiters;
  /** Ends what is under way when the node stops. */
  readonly signal: AbortSignal;
  readonly policy: PeerPolicy;
  readonly network: LocalNetwork;
}

/** Where a dial failed, and how. */
interface Failure {
  readonly endpoint: Endpoint;
  readonly error: DialError | ProtocolError;
}

/** The connections that the user of one node asks for. */
export class Connect {
  readonly #parts: ConnectParts;

  constructor(parts: ConnectParts) {
    this.#parts = parts;
  }

  /** Connects to an address, or to a contact at whatever address it has now. @throws {WorldError}, {UsageError}. */
  async connect({ to, port }: Extract<Command, { do: "connect" }>): Promise<Replies["connect"]> {
    const text = to.trim();
    const endpoint = parseTarget(text, port);
    if (endpoint !== null) return await this.connectTo(endpoint);
    const { peerDirectory } = this.#parts;
    const place = peerDirectory.findPlace(text);
    if (place !== null) return await this.connectTo(place, { label: place.label });
    return await this.#connectToPeer(peerDirectory.find(text));
  }

  /** Ends the session with the peer. No new one is dialled or accepted before the user asks for it. @throws {UsageError}. */
  async disconnect({ peer }: Extract<Command, { do: "disconnect" }>): Promise<Replies["disconnect"]> {
    const { peerDirectory, sessions, waiters, policy } = this.#parts;
    const id = peerDirectory.find(peer);
    policy.pause(id);
    sessions.connections.get(id)?.close("leaving");
    await waiters.waitUntil(() => !sessions.connections.has(id), GOODBYE_MS_MAX);
    peerDirectory.clearDeparture(id);
    return { peer: peerDirectory.toRow(id) };
  }

  /** Connects to the peer at an address and adds it to the contacts, with the label of a planned address there. @throws {WorldError} with the reason, {UsageError} if it is ourselves. */
  async connectTo(
    endpoint: Endpoint,
    options: { readonly label?: string } = {},
  ): Promise<Replies["connect"]> {
    const connection = await this.dialAt(endpoint);
    const reply = await this.#awaitProfile(connection, (reason) => connectError(endpoint, reason));
    this.#parts.autoContacts.adoptPlace(reply.peer.id, { at: endpoint, ...options });
    return { ...reply, peer: this.#parts.peerDirectory.toRow(reply.peer.id) };
  }

  /** Opens a session with the peer at an address, without adding a contact. @throws {WorldError} with the reason, {UsageError} if it is ourselves or blocked. */
  async dialAt(endpoint: Endpoint): Promise<Connection> {
    const { sessions, signal, policy, connectionManager } = this.#parts;
    const lifted = policy.liftPauses();
    try {
      const connection = await sessions.dial(endpoint, { signal });
      if (connection.peer !== undefined) connectionManager.resume(connection.peer);
      return connection;
    } catch (error) {
      if (signal.aborted) {
        throw new WorldError(connectError(endpoint, message("connect.stopping")), { cause: error });
      }
      if (!(error instanceof ProtocolError || error instanceof DialError)) throw error;
      if (error instanceof ProtocolError && error.code === "self") {
        throw new UsageError(connectError(endpoint, message("connect.self")), { cause: error });
      }
      const blocked = error instanceof ProtocolError && error.code === "blocked" &&
        this.#findBlockedAt(endpoint);
      if (blocked) throw new UsageError(connectError(endpoint, describeBlocked(blocked)), { cause: error });
      throw new WorldError(connectError(endpoint, describeFailure(error)), { cause: error });
    } finally {
      lifted[Symbol.dispose]();
      this.#closePaused();
    }
  }

  async #connectToPeer(peer: PeerId): Promise<Replies["connect"]> {
    const { peerDirectory, sessions, connectionManager } = this.#parts;
    const row = peerDirectory.toRow(peer);
    if (row.blocked) throw new UsageError(describeBlocked(row));
    connectionManager.resume(peer);
    if (!sessions.connections.has(peer)) await this.#openSession(row);
    return await this.#awaitProfile(
      sessions.connections.get(peer),
      (reason) => message("connect.peer-failed", { name: row.name, reason }),
    );
  }

  /** Waits for the peer's profile, and adds the peer to the contacts. */
  async #awaitProfile(
    connection: Connection | undefined,
    cannot: (reason: Message) => Message,
  ): Promise<Replies["connect"]> {
    const { peerDirectory, waiters, autoContacts, conversations, sessions, connectionManager } = this.#parts;
    const peer = connection?.peer;
    const isKnown = () => peer !== undefined && peerDirectory.profileOf(peer) !== undefined;
    const isGone = () => peer === undefined || !sessions.connections.has(peer);
    await waiters.waitUntil(() => isKnown() || isGone(), PROFILE_MS_MAX);
    if (peer === undefined || !isKnown()) {
      const why = isGone()
        ? describeEnd(connection && sessions.endOf(connection))
        : message("connect.no-profile");
      throw new WorldError(cannot(why));
    }
    connectionManager.resume(peer);
    autoContacts.add(peer);
    const hosted = (peerDirectory.profileOf(peer)?.rooms ?? []).map((room) => room.id);
    return {
      peer: peerDirectory.toRow(peer),
      rooms: conversations.listRows().filter((room) => hosted.includes(room.id)),
    };
  }

  /** Opens a session with a peer: where it is heard, where it was last, then where it is heard a moment later. @throws {WorldError}. */
  async #openSession(row: PeerRow): Promise<void> {
    const { sessions, waiters, network } = this.#parts;
    const { id } = row;
    // While we dial its last address, discovery looks for others.
    network.discovery.rescan();
    const first = this.#listPlaces(row);
    let failure = await this.#tryAll(id, first);
    if (sessions.connections.has(id)) return;
    if (failure === null || isElsewhere(failure.error)) {
      const others = () =>
        this.#listPlaces(row).filter((place) => !first.some((tried) => isSameEndpoint(tried, place)));
      await waiters.waitUntil(() => sessions.connections.has(id) || others().length > 0, HEARD_MS_MAX);
      if (sessions.connections.has(id)) return;
      failure = await this.#tryAll(id, others()) ?? failure;
    }
    if (sessions.connections.has(id)) return;
    throw new WorldError(this.#describeUnreached(row, failure));
  }

  /** Null with a session, or without an address to try; else the failure at the most likely address. */
  async #tryAll(peer: PeerId, places: readonly Endpoint[]): Promise<Failure | null> {
    const { sessions, signal } = this.#parts;
    let failure: Failure | null = null;
    for (const endpoint of places) {
      try {
        await sessions.dial(endpoint, { expected: peer, signal });
        return null;
      } catch (error) {
        if (!(error instanceof DialError || error instanceof ProtocolError)) throw error;
        // The peer may have connected to us meanwhile.
        if (sessions.connections.has(peer)) return null;
        failure ??= { endpoint, error };
      }
    }
    return failure;
  }

  #listPlaces({ id }: PeerRow): readonly Endpoint[] {
    const { connectionManager, contacts } = this.#parts;
    const places = connectionManager.endpointsOf(id);
    const { address = null, port = null } = contacts.contacts.get(id) ?? {};
    if (address === null || port === null) return places;
    const kept = { address, port };
    return places.some((known) => isSameEndpoint(known, kept)) ? places : [...places, kept];
  }

  #describeUnreached({ name, seen, here }: PeerRow, failure: Failure | null): Message {
    const byAddress = hintAt("connect", "ADDRESS");
    if (failure === null) return message("connect.unknown-place", { name }, byAddress);
    const { endpoint, error } = failure;
    if (here || !isElsewhere(error)) {
      return message("connect.peer-failed-at", { name, ...endpoint, reason: describeFailure(error) });
    }
    const reason = error instanceof ProtocolError
      ? message("connect.somebody-else")
      : error.problem === "silent" || error.problem === "unreachable"
      ? message("connect.nobody-answers")
      : describeFailure(error);
    if (seen === null) return message("connect.moved", { name, ...endpoint, reason }, byAddress);
    const age = Math.max(0, this.#parts.clock.wallMs() - Date.parse(seen));
    return message("connect.moved-ago", { name, ...endpoint, age, reason }, byAddress);
  }

  /** The blocked peer at that address: then it was we who ended the session. */
  #findBlockedAt({ address, port }: Endpoint): PeerRow | undefined {
    const { peerDirectory, contacts: { contacts } } = this.#parts;
    const blocked = [...contacts.all, ...contacts.ignored].find((one) =>
      one.isBlocked && one.address === address && one.port === port
    );
    return blocked && peerDirectory.toRow(blocked.id);
  }

  /** Closes sessions with paused peers that were accepted only while the user's dial could have led to them. */
  #closePaused(): void {
    const { policy, sessions } = this.#parts;
    for (const peer of policy.paused) {
      if (policy.isPaused(peer)) sessions.connections.get(peer)?.close("leaving");
    }
  }
}

function connectError(endpoint: Endpoint, reason: Message): Message {
  return message("connect.failed", { ...endpoint, reason });
}

/** Parses an address with the port in it or beside it; null if the text is no address. @throws {UsageError}. */
function parseTarget(text: string, port: number | undefined): Endpoint | null {
  const endpoint = parseEndpoint(text);
  if (port === undefined) return endpoint;
  if (endpoint === null) {
    throw new UsageError(message("connect.port-needs-address", { port, name: sanitizeLine(text) }));
  }
  const named = endpoint.address.includes(":") ? text.includes("]:") : text.includes(":");
  if (named && endpoint.port !== port) {
    throw new UsageError(message("connect.two-ports", { first: endpoint.port, second: port }));
  }
  return { address: endpoint.address, port };
}

/** Whether the peer was not there; otherwise it refused us. */
function isElsewhere(error: DialError | ProtocolError): boolean {
  return error instanceof DialError || error.code === "wrong-key";
}

/** Why a session was over before it began. */
function describeEnd(end: ProtocolError | undefined): Message {
  if (end?.code === "leaving") return message("connect.ended");
  // What we refused is told in full where it happened.
  const isOurs = end === undefined || end.code === "wrong-key";
  return isOurs ? message("connect.refused-here", {}, hintAt("status")) : message(`protocol.${end.code}`);
}

function describeFailure(error: DialError | ProtocolError): Message {
  return error instanceof DialError ? describeDialProblem(error.problem) : message(`protocol.${error.code}`);
}

function describeBlocked({ name, id }: PeerRow): Message {
  return message("contact.blocked", { name }, hintAt("unblock", { name, id }));
}
