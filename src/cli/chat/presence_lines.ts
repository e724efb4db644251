/** The lines about peers that appear and leave: all of them for a script, the relevant ones for a person, never a flood. Pure. */

import type { NodeEvent, PeerRow } from "../../api/commands.ts";
import type { PeerId } from "../../room/id.ts";
import { formatPeerChange } from "../format/entries.ts";

/** Strangers whose coming is told; the others are only counted. */
const STRANGERS_TOLD_MAX = 5;
/** Lines in a row about relevant peers; then none until the next message. */
const RUN_MAX = 5;

/** Peers that were shown as present. */
export class PresenceLines {
  readonly #isForPerson: boolean;
  readonly #here = new Set<PeerId>();
  /** Strangers whose coming was told, so that their going is. */
  readonly #told = new Set<PeerId>();
  #members: ReadonlySet<PeerId> = new Set();
  #strangersTold = 0;
  #run = 0;

  /** Knows nobody. */
  constructor({ isForPerson }: { readonly isForPerson: boolean }) {
    this.#isForPerson = isForPerson;
  }

  /** Peers that were shown as present. */
  meet(peers: readonly PeerRow[]): void {
    for (const { id } of peers) this.#here.add(id);
  }

  /** The members of the open conversation: their presence matters to the user. */
  setMembers(members: readonly PeerId[]): void {
    this.#members = new Set(members);
  }

  /** The talk went on. */
  someoneSpoke(): void {
    this.#run = 0;
  }

  /** The lines for a change. */
  onPeer(event: Extract<NodeEvent, { event: "peer" }>): readonly string[] {
    const { change, peer } = event;
    if (change === "changed" || (change === "new" && this.#here.has(peer.id))) return [];
    if (change === "new") this.#here.add(peer.id);
    else this.#here.delete(peer.id);
    if (peer.blocked) return [];
    if (!this.#isForPerson) return formatPeerChange(event);
    if (peer.contact || this.#members.has(peer.id)) {
      return ++this.#run > RUN_MAX ? [] : formatPeerChange(event);
    }
    if (change === "gone") return this.#told.delete(peer.id) ? formatPeerChange(event) : [];
    if (++this.#strangersTold > STRANGERS_TOLD_MAX) {
      return this.#strangersTold > STRANGERS_TOLD_MAX + 1
        ? []
        : ["* More people are nearby: /peers shows them"];
    }
    this.#told.add(peer.id);
    return formatPeerChange(event);
  }
}
