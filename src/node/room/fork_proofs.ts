/** Tells the others of a room who has signed two branches: each of them may know only one, and take it for all that was said. */

import type { Relay } from "../../host/relay.ts";
import type { Connection } from "../../net/connection.ts";
import { LOW_WATER_BYTES } from "../../net/connection_limits.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId } from "../../room/id.ts";
import type { Replica } from "../../room/replica.ts";
import { PAGE_BYTES_MAX, type PeerSync } from "../../wire/peer_sync.ts";

/** What the proofs go through. */
export interface ForkProofsParts {
  readonly me: PeerId;
  readonly replica: Replica;
  readonly relay: Relay;
  /** Where the room stands with each session. */
  readonly peerSyncs: ReadonlyMap<Connection, PeerSync>;
}

/** The proofs of one room. */
export class ForkProofs {
  readonly #parts: ForkProofsParts;
  readonly #told = new WeakSet<PeerSync>();

  constructor(parts: ForkProofsParts) {
    this.#parts = parts;
  }

  /** Passes on the branch's line and ours: whoever is here has one of them, and with the other the proof. */
  pass(theirs: Entry): void {
    const { me, replica, relay, peerSyncs } = this.#parts;
    // Of ours it is a line behind one that a damaged log has lost: nobody else ever had it, and nobody was told two things.
    if (theirs.author === me) return;
    const proof = replica.findForkProof(theirs);
    relay.publish(proof);
    for (const [connection, peerSync] of peerSyncs) {
      if (peerSync.isMet && !peerSync.isAttached) this.#send(connection, proof);
    }
  }

  /** Tells a peer that has all our entries of the forks so far; once, and no more than a page. */
  tell(connection: Connection, peerSync: PeerSync): void {
    if (!peerSync.isMet || this.#told.has(peerSync)) return;
    this.#told.add(peerSync);
    const { me, replica } = this.#parts;
    this.#send(connection, replica.listForkProofs(PAGE_BYTES_MAX, { except: me }));
  }

  /** Each line alone, for two of the longest are more than a record; nothing to a peer that is slow: it must not lose its session for this. */
  #send(connection: Connection, proof: readonly Entry[]): void {
    if (connection.queuedBytes >= LOW_WATER_BYTES) return;
    for (const { line } of proof) {
      connection.send({ type: "entries", room: this.#parts.replica.id, lines: [line] });
    }
  }
}
