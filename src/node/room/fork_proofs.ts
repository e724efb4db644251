/** Proves to the members of a room that an author signed two branches: each member may know only one of them. */

import type { Relay } from "../../host/relay.ts";
import type { Connection } from "../../net/connection.ts";
import { LOW_WATER_BYTES } from "../../net/connection_limits.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import { PAGE_BYTES_MAX, type PeerSync } from "../../wire/peer_sync.ts";

export interface ForkProofsParts {
  readonly me: PeerId;
  readonly replica: Replica;
  readonly relay: Relay;
  /** The state of sync with each session. */
  readonly peerSyncs: ReadonlyMap<Connection, PeerSync>;
}

/** The proofs of one room. */
export class ForkProofs {
  readonly #parts: ForkProofsParts;
  readonly #told = new WeakSet<PeerSync>();

  constructor(parts: ForkProofsParts) {
    this.#parts = parts;
  }

  /** Passes on the line of the other branch and ours: together they are the proof, whichever one a member has. */
  pass(theirs: Entry): void {
    const { me, replica, relay, peerSyncs } = this.#parts;
    // In our own feed it is a line behind one that a damaged log lost: no peer had that one, so no peer saw two branches.
    if (theirs.author === me) return;
    const proof = replica.findForkProof(theirs);
    relay.publish(proof);
    for (const [connection, peerSync] of peerSyncs) {
      if (peerSync.isMet && !peerSync.isAttached) this.#send(connection, proof);
    }
  }

  /** Sends the proofs so far to a peer that has all our entries: once, and at most one page. */
  tell(connection: Connection, peerSync: PeerSync): void {
    if (!peerSync.isMet || this.#told.has(peerSync)) return;
    this.#told.add(peerSync);
    const { me, replica } = this.#parts;
    this.#send(connection, replica.listForkProofs(PAGE_BYTES_MAX, { except: me }));
  }

  /** Sends each line in a record of its own, because two of the longest do not fit. A slow peer gets none: it must not lose its session for this. */
  #send(connection: Connection, proof: readonly Entry[]): void {
    if (connection.queuedBytes >= LOW_WATER_BYTES) return;
    for (const { line } of proof) {
      connection.send({ type: "entries", room: this.#parts.replica.id, lines: [line] });
    }
  }
}
