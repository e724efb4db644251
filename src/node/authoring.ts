/** Writes our own entries: the one place where they come from, so the one that knows when they may. */

import { WorldError } from "../errors.ts";
import type { Body } from "../room/entry.ts";
import type { PeerId } from "../room/id.ts";
import { AUTHORS_MAX } from "../room/replica.ts";
import { explained } from "../store/trouble.ts";
import type { RoomKeeper } from "./room_keeper.ts";

/** What writing needs. */
export interface AuthoringParts {
  readonly me: PeerId;
  /** What we are called now. */
  myName(): string;
}

/** The author of one node's entries. */
export class Authoring {
  readonly #parts: AuthoringParts;

  /** Reads all from its parts, at each call. */
  constructor(parts: AuthoringParts) {
    this.#parts = parts;
  }

  /** Writes an entry; its number. `doing` goes behind "Cannot". @throws {WorldError}: then nothing was written, and so nothing sent. */
  async write(
    keeper: RoomKeeper,
    what: { readonly kind: string; readonly body: Body; readonly doing: string },
  ): Promise<number> {
    const { kind, body, doing } = what;
    if (keeper.isBehindItself) {
      throw new WorldError(
        `Cannot ${doing}: other members have lines of yours that this home lacks (is it an old backup?). ` +
          "They come back as soon as one of those members is here; try again then",
      );
    }
    if (keeper.isIn === (kind === "join")) {
      throw new WorldError(`Cannot ${doing}: you ${keeper.isIn ? "are in" : "have left"} that room already`);
    }
    const closed = keeper.replica.closedTo(this.#parts.me);
    if (closed === "full" && kind !== "leave") {
      throw new WorldError(
        `Cannot ${doing}: you have written all that fits into one room. Go on in a new one: earshot host TITLE`,
      );
    }
    if (closed === "crowded") {
      throw new WorldError(
        `Cannot ${doing}: ${AUTHORS_MAX} keys have written there, and no more fit. ` +
          "Ask its members for an invitation to another room, or open one: earshot host TITLE",
      );
    }
    const name = this.#parts.myName();
    return (await explained(doing, () => keeper.write({ kind, body, name }))).number;
  }

  /** Says our name in those rooms of ours that know us by another. @throws {WorldError}. */
  async announceName(keepers: readonly RoomKeeper[]): Promise<void> {
    const { me, myName } = this.#parts;
    for (const keeper of keepers) {
      const known = keeper.replica.lastName(me);
      if (!keeper.isIn || known === undefined || known === myName() || keeper.isBehindItself) continue;
      if (keeper.replica.closedTo(me) !== null) continue;
      await this.write(keeper, { kind: "name", body: "", doing: "announce your name" });
    }
  }
}
