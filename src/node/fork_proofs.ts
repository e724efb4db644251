/** Tells the others of a room who has signed two branches: each of them may know only one, and take it for all that was said. */

import type { Relay } from "../host/relay.ts";
import { type Link, LOW_WATER_BYTES } from "../net/pump.ts";
import type { Entry } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import type { Replica } from "../room/replica.ts";
import { type Meeting, PAGE_BYTES_MAX } from "../wire/sync.ts";

/** What the proofs go through. */
export interface ForkProofsParts {
  readonly me: PeerId;
  readonly replica: Replica;
  readonly relay: Relay;
  /** Where the room stands with each session. */
  readonly meetings: ReadonlyMap<Link, Meeting>;
}

/** The proofs of one room. */
export class ForkProofs {
  readonly #parts: ForkProofsParts;
  readonly #told = new WeakSet<Meeting>();

  /** Nobody was told anything. */
  constructor(parts: ForkProofsParts) {
    this.#parts = parts;
  }

  /** Passes on the branch's line and ours: whoever is here has one of them, and with the other the proof. */
  pass(theirs: Entry): void {
    const { me, replica, relay, meetings } = this.#parts;
    // Of ours it is a line behind one that a damaged log has lost: nobody else ever had it, and nobody was told two things.
    if (theirs.author === me) return;
    const proof = replica.proofOf(theirs);
    relay.publish(proof);
    for (const [link, meeting] of meetings) if (meeting.isMet && !meeting.isAttached) this.#send(link, proof);
  }

  /** Tells a peer that has all our entries of the forks so far; once, and no more than a page. */
  tell(link: Link, meeting: Meeting): void {
    if (!meeting.isMet || this.#told.has(meeting)) return;
    this.#told.add(meeting);
    const { me, replica } = this.#parts;
    this.#send(link, replica.proofs(PAGE_BYTES_MAX, { except: me }));
  }

  /** Each line alone, for two of the longest are more than a record; nothing to a peer that is slow: it must not lose its session for this. */
  #send(link: Link, proof: readonly Entry[]): void {
    if (link.queuedBytes >= LOW_WATER_BYTES) return;
    for (const { line } of proof) link.send({ type: "entries", room: this.#parts.replica.id, lines: [line] });
  }
}
