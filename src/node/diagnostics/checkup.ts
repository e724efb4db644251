/** The checkup of a running node: searches for peers, asks some whether they reach us, examines the machine, and diagnoses. */

import type { Message } from "../../messages/message.ts";
import { DialError } from "../../client/dial.ts";
import type { DiscoveryStatus } from "../../discovery/status_text.ts";
import { WELL_KNOWN_PORT } from "../../discovery/destinations.ts";
import { isLoopback } from "../../encoding/network_address.ts";
import { ProtocolError } from "../../errors.ts";
import type { Connection } from "../../net/connection.ts";
import type { PeerId } from "../../room/id.ts";
import { RENDEZVOUS_PORT } from "../support/address.ts";
import type { AskedFacts, CheckupFacts } from "./checkup_facts.ts";
import { diagnose } from "./diagnosis.ts";
import type { ReachabilityCheck } from "../peers/reachability.ts";
import { type CheckupPorts, machineFacts, portFacts, tryPort } from "./machine_facts.ts";
import type { Discovery, LocalNetwork } from "../peers/local_network.ts";
import type { WantedPorts } from "../peers/network_services.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { Notices } from "../support/notices.ts";
import type { DoctorReply } from "../../api/commands.ts";

/** Time for a whole search, with the sweep of a /22 and its probes. After it the results so far count. */
const SEARCH_MS_MAX = 8_000;
/** Time between two looks at the progress. */
const LOOK_MS = 100;
/** Broadcasts to wait for: with fewer, a missing echo proves nothing. */
const HELLOS_MIN = 2;
/** Peers that are asked. */
const ASKED_MAX = 5;
/** Characters of an id that tell two peers apart in a report. */
const ID_CHARS = 8;

export interface CheckupParts {
  readonly ports: CheckupPorts;
  readonly home: string;
  readonly sessions: Sessions;
  readonly reachability: ReachabilityCheck;
  readonly signal: AbortSignal;
  readonly network: LocalNetwork;
  readonly policy: PeerPolicy;
  readonly notices: Notices;
  readonly wanted: WantedPorts;
}

/** Checkups of one node. */
export class Checkup {
  readonly #parts: CheckupParts;

  constructor(parts: CheckupParts) {
    this.#parts = parts;
  }

  /** Checks everything; takes some seconds. */
  async run(): Promise<Pick<DoctorReply, "os" | "program" | "findings">> {
    const { ports, home, wanted, network, notices } = this.#parts;
    const { rendezvous, discovery: discoveryWanted, sessions: sessionPorts, interfaces } = wanted;
    const port = rendezvous ?? RENDEZVOUS_PORT;
    const [machine, { discovery, asked }] = await Promise.all([
      machineFacts(ports, { home, port, interfaceNames: interfaces }),
      this.#searchAndAsk(),
    ]);
    const open = network.port;
    const listenProblem = discovery?.listenProblem ?? null;
    const [rendezvousPort, discoveryPort] = await Promise.all([
      portFacts(ports, {
        wanted: port,
        open,
        problem: open === null ? tryPort(ports, { port, protocol: "tcp" }) : open === port ? null : "taken",
        protocol: "tcp",
      }),
      portFacts(ports, {
        wanted: discoveryWanted ?? WELL_KNOWN_PORT,
        open: listenProblem === null ? discovery?.port ?? null : null,
        problem: listenProblem,
        protocol: "udp",
      }),
    ]);
    const facts: CheckupFacts = {
      ...machine,
      startProblem: null,
      discovery,
      rendezvousPort,
      discoveryPort,
      sessionPorts,
      asked,
      notices: notices.all,
    };
    return { os: machine.os, program: machine.program, findings: diagnose(facts) };
  }

  async #searchAndAsk(): Promise<{ discovery: DiscoveryStatus | null; asked: readonly AskedFacts[] }> {
    const { network: { isOnline, discovery } } = this.#parts;
    if (!isOnline) return { discovery: null, asked: [] };
    await this.#search(discovery);
    const asked = await this.#ask();
    return { discovery: discovery.status(), asked };
  }

  /** If no peer is heard, searches again: old observations prove nothing. */
  async #search(discovery: Discovery): Promise<void> {
    const { clock } = this.#parts.ports;
    const isSearching = () =>
      discovery.status().interfaces.some((one) =>
        one.kind === "real" && one.openProblem === null &&
        (one.isSearching || one.hellosCount < HELLOS_MIN && !one.isEchoHeard)
      );
    if (discovery.status().neighboursCount === 0 && !isSearching()) {
      discovery.rescan();
      await this.#wait(LOOK_MS);
    }
    const untilMs = clock.nowMs() + SEARCH_MS_MAX;
    while (isSearching() && clock.nowMs() < untilMs && !this.#parts.signal.aborted) {
      await this.#wait(LOOK_MS);
    }
  }

  /** Asks connected peers; without any, opens sessions with some heard peers and asks those. */
  async #ask(): Promise<readonly AskedFacts[]> {
    const { sessions, reachability } = this.#parts;
    const own = new Set(this.#parts.ports.interfaces.list().map(({ address }) => address));
    const isOutside = (address: string) => !own.has(address) && !isLoopback(address);
    const connected = [...sessions.connections.values()].filter((connection) =>
      isOutside(connection.remote.address)
    );
    const { connections, missed } = connected.length > 0
      ? { connections: connected.slice(0, ASKED_MAX), missed: [] }
      : await this.#connect(isOutside);
    const answers = await reachability.ask(connections);
    return [
      ...connections.map((connection) => ({
        who: formatPeerAt(connection.remote.address, connection.peer),
        answer: answers.get(connection) ?? null,
      })),
      ...missed,
    ];
  }

  async #connect(
    isOutside: (address: string) => boolean,
  ): Promise<{ readonly connections: readonly Connection[]; readonly missed: readonly AskedFacts[] }> {
    const { sessions, signal, network, policy } = this.#parts;
    const connections: Connection[] = [];
    const missed: AskedFacts[] = [];
    const peers = network.discovery.peers.list().filter(({ id, isHeard }) => isHeard && !policy.isAvoided(id))
      .slice(-ASKED_MAX);
    await Promise.all(peers.map(async ({ id, endpoints }) => {
      const endpoint = endpoints.find(({ address }) => isOutside(address));
      if (endpoint === undefined) return;
      try {
        connections.push(await sessions.dial(endpoint, { expected: id, signal }));
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof DialError || error instanceof ProtocolError)) throw error;
        const twin = sessions.connections.get(id);
        // The peer connected to us meanwhile.
        if (twin !== undefined) connections.push(twin);
        else missed.push({ who: formatPeerAt(endpoint.address, id), answer: "no-session" });
      }
    }));
    return { connections, missed };
  }

  #wait(ms: number): Promise<void> {
    const { clock } = this.#parts.ports;
    return new Promise((resolve) => {
      const timer = clock.timer(() => {
        timer[Symbol.dispose]();
        resolve();
      });
      timer.wakeAt(clock.nowMs() + ms);
    });
  }
}

/** The checkup without a node: `startProblem` tells why none could start. */
export async function checkWithoutNode(
  ports: CheckupPorts,
  { home, wanted, startProblem }: {
    readonly home: string;
    readonly wanted: WantedPorts;
    readonly startProblem: Message;
  },
): Promise<Pick<DoctorReply, "os" | "program" | "findings">> {
  const port = wanted.rendezvous ?? RENDEZVOUS_PORT;
  const udpPort = wanted.discovery ?? WELL_KNOWN_PORT;
  const machine = await machineFacts(ports, { home, port, interfaceNames: wanted.interfaces });
  const [rendezvousPort, discoveryPort] = await Promise.all([
    portFacts(ports, {
      wanted: port,
      open: null,
      problem: tryPort(ports, { port, protocol: "tcp" }),
      protocol: "tcp",
    }),
    portFacts(ports, {
      wanted: udpPort,
      open: null,
      problem: tryPort(ports, { port: udpPort, protocol: "udp" }),
      protocol: "udp",
    }),
  ]);
  const facts: CheckupFacts = {
    ...machine,
    startProblem,
    discovery: null,
    rendezvousPort,
    discoveryPort,
    sessionPorts: wanted.sessions,
    asked: [],
    notices: [],
  };
  return { os: machine.os, program: machine.program, findings: diagnose(facts) };
}

function formatPeerAt(address: string, peer: PeerId | undefined): string {
  return peer === undefined ? address : `${address} (${peer.slice(0, ID_CHARS)})`;
}
