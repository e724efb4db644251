/** Who comes and goes, as lines: all of it for a script; for a person what concerns them, and never a flood. Pure. */

import type { NodeEvent, PeerRow } from "../../api/commands.ts";
import type { PeerId } from "../../room/id.ts";
import { formatPeerChange } from "../format/entries.ts";

/** Strangers whose coming is told; the others are only counted. */
const STRANGERS_TOLD_MAX = 5;
/** Lines in a row about those who concern us; then nothing more until somebody speaks. */
const RUN_MAX = 5;

/** Who was told to be here. */
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

  /** Who was shown to be here. */
  meet(peers: readonly PeerRow[]): void {
    for (const { id } of peers) this.#here.add(id);
  }

  /** Who takes part in the open conversation: their coming and going concerns the user. */
  setMembers(members: readonly PeerId[]): void {
    this.#members = new Set(members);
  }

  /** The talk went on. */
  someoneSpoke(): void {
    this.#run = 0;
  }

  /** What to show of a change. */
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
