/** Commands about the node itself: status, checkup, peers, port, distribution, stop. */

import { formatForShell } from "../../messages/format_message.ts";
import { toOutlook } from "../../api/outlook.ts";
import { message } from "../../messages/message.ts";
import type { Command, Replies, StatusReply } from "../../api/commands.ts";
import { type GiveReply, toGiveProblem } from "../../api/give.ts";
import { type NetworkReason, WorldError } from "../../errors.ts";
import type { PeerId } from "../../room/id.ts";
import type { Checkup } from "../diagnostics/checkup.ts";
import type { LocalNetwork } from "../peers/local_network.ts";
import type { LocalProfile } from "../peers/local_profile.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { Sessions } from "../peers/sessions.ts";
import type { LocalName } from "../rooms/local_name.ts";
import type { Rooms } from "../rooms/rooms.ts";
import type { Notices } from "../support/notices.ts";
import type { NearNetworks, SelfDistribution } from "../support/self_distribution.ts";

/** This start of the program, as its owner knows it. */
export interface NodeProgram {
  readonly version: string;
  readonly pid: number;
  /** The folder of the node's home. */
  readonly home: string;
  /** Gives this program to other devices; undefined if there is nothing to give. */
  readonly distribution: SelfDistribution | undefined;
  readonly near: NearNetworks;
  /** Asks the owner to end the node. */
  stop(): void;
}

export interface NodeCommandsParts {
  readonly me: PeerId;
  readonly program: NodeProgram;
  readonly network: LocalNetwork;
  readonly name: LocalName;
  readonly rooms: Rooms;
  readonly sessions: Sessions;
  readonly peerDirectory: PeerDirectory;
  readonly localProfile: LocalProfile;
  readonly checkup: Checkup;
  readonly notices: Notices;
}

/** The node commands of one node. */
export class NodeCommands {
  readonly #parts: NodeCommandsParts;

  constructor(parts: NodeCommandsParts) {
    this.#parts = parts;
  }

  /** The state of the node. */
  status(): StatusReply {
    const { me, program, network, name, rooms, sessions, peerDirectory, localProfile, notices } = this.#parts;
    const { interfaces } = network.discovery.status();
    return {
      id: me,
      name: name.current,
      version: program.version,
      home: program.home,
      pid: program.pid,
      port: network.port,
      discoveryPort: network.discoveryPort,
      sessions: sessions.connections.size,
      peers: peerDirectory.listPresent().length,
      rooms: rooms.list().filter(({ isIn, directPeer }) => isIn && directPeer === undefined).length,
      away: localProfile.away,
      ...toOutlook(network.messages),
      interfaces: interfaces.map((
        { network: { name, address, prefixLength }, openProblem, neighboursCount },
      ) => ({
        name,
        address: `${address}/${prefixLength}`,
        ...toInterfaceState(openProblem, neighboursCount),
      })),
      giving: program.distribution?.state(program.near).addresses ?? [],
      notices: notices.all.map(formatForShell),
      noticeMessages: notices.all,
    };
  }

  /** Checks everything that may keep other peers away; takes some seconds. */
  async doctor(): Promise<Replies["doctor"]> {
    const { me, program: { version, home }, checkup } = this.#parts;
    return { id: me, version, home, ...await checkup.run() };
  }

  /** Begins or ends giving this program to other devices; without `isOn` only returns the state. @throws {WorldError}. */
  async give({ isOn, withOthers = false }: Extract<Command, { do: "give" }>): Promise<GiveReply> {
    const { program: { distribution, near }, network } = this.#parts;
    if (distribution === undefined || !network.isOnline) {
      const problem = message("give.not-online");
      if (isOn === true) throw new WorldError(message("give.cannot", { reason: problem }));
      return { ...toGiveProblem(problem), isOn: false, port: null, addresses: [], files: [], found: [] };
    }
    return isOn === undefined
      ? distribution.state(near)
      : await distribution.turn({ isOn, withOthers }, near);
  }

  /** The peers that are heard or connected. */
  peers(): Replies["peers"] {
    const { peerDirectory, network } = this.#parts;
    return { peers: peerDirectory.toRows(peerDirectory.listPresent()), ...toOutlook(network.messages) };
  }

  /** Moves the rendezvous port. @throws {WorldError}; then the old port stays. */
  listen({ port }: Extract<Command, { do: "listen" }>): Replies["listen"] {
    const { network, localProfile } = this.#parts;
    network.listen(port);
    localProfile.tell();
    return { port };
  }

  /** Searches for peers again. */
  rescan(): Replies["rescan"] {
    this.#parts.network.discovery.rescan();
    return {};
  }

  /** Asks the owner to end the node. */
  stop(): Replies["stop"] {
    this.#parts.program.stop();
    return {};
  }
}

function toInterfaceState(openProblem: NetworkReason | null, count: number) {
  const state = openProblem === null
    ? message("interface.here", { count })
    : message("interface.unusable", { problem: openProblem });
  return { state: formatForShell(state), stateMessage: state };
}
