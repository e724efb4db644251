/** Goes along when others move a room of ours to a new one: the old one says that they did, and they invited us. */

import { Backoff } from "../client/backoff.ts";
import { WorldError } from "../errors.ts";
import type { Chance, Clock } from "../ports.ts";
import type { Authoring } from "./authoring.ts";
import type { Conversations } from "./conversations.ts";
import type { Invitation, Invitations } from "./invitations.ts";
import type { People } from "./people.ts";
import type { Reaching } from "./reaching.ts";
import type { Rooms } from "./rooms.ts";

/** What moving needs. */
export interface MovingParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly rooms: Rooms;
  readonly people: People;
  readonly conversations: Conversations;
  readonly invitations: Invitations;
  readonly reaching: Reaching;
  readonly authoring: Authoring;
  readonly signal: AbortSignal;
  /** A sentence for the user. */
  onNotice(text: string): void;
  /** A bug in something that nobody waits for. */
  onBug(error: unknown): void;
}

/** The moves of one node. */
export class Moving {
  readonly #parts: MovingParts;
  readonly #backoff = new Backoff();
  readonly #going = new Map<string, Promise<void>>();
  #moves: readonly Invitation[] = [];

  /** Starts nothing. */
  constructor(parts: MovingParts) {
    this.#parts = parts;
  }

  /** Something was said that may be a move. */
  note(): void {
    this.#moves = this.#parts.invitations.moves();
    this.look();
  }

  /** Somebody came who may have the new room. */
  look(): void {
    const { people, clock, signal, onBug } = this.#parts;
    if (this.#moves.length === 0 || signal.aborted || people.here().length === 0) return;
    for (const move of this.#moves) {
      const { room } = move.link;
      if (this.#going.has(room) || !this.#backoff.isReady(room, clock.nowMs())) continue;
      this.#going.set(room, this.#go(move).catch(onBug).finally(() => this.#going.delete(room)));
    }
  }

  /** Resolves when nothing is under way; abort the signal first. */
  async close(): Promise<void> {
    await Promise.all(this.#going.values());
  }

  async #go(move: Invitation): Promise<void> {
    const { rooms, people, conversations, reaching, authoring, clock, chance, signal, onNotice } =
      this.#parts;
    const { link, from, movedFrom } = move;
    try {
      await reaching.joinBy(link);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof WorldError)) throw error;
      return this.#backoff.failed(link.room, { nowMs: clock.nowMs(), fraction: chance.fraction() });
    }
    this.#moves = this.#moves.filter((other) => other.link.room !== link.room);
    const old = movedFrom === null ? undefined : rooms.get(movedFrom);
    if (old === undefined) return;
    onNotice(
      `${people.labelOf(from)} moved "${conversations.titleOf(old)}" to a new room, and you came along. ` +
        "What was said in the old one is kept",
    );
    try {
      await authoring.write(old, { kind: "leave", body: "", doing: "leave the old room" });
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      onNotice(error.message);
    }
  }
}
