/** Holds every receipt, at the moment when a node shows it, against what the others' disks surely have. */

import type { NodeEvent } from "../../../src/api/commands.ts";
import type { SimMachine } from "../world.ts";
import type { Ledger } from "./ledger.ts";
import { OPEN, type Scene } from "./scene.ts";

type StateEvent = Extract<NodeEvent, { event: "state" }>;

/** Watches all machines of one world. */
export class Claims {
  readonly #scene: Scene;
  readonly #ledger: Ledger;

  constructor(scene: Scene, ledger: Ledger) {
    this.#scene = scene;
    this.#ledger = ledger;
  }

  /** From now on. */
  watch(): void {
    for (const machine of this.#scene.machines) {
      machine.onEvent = (event) => {
        if (event.event === "state" && event.state !== "kept") this.#check(machine, event);
      };
    }
  }

  #check(machine: SimMachine, { roomId, number, state }: StateEvent): void {
    const entry = { room: roomId, author: this.#scene.idOf(machine), number };
    const what = `${machine.name}'s number ${number} in ${roomId.slice(0, 4)}`;
    if (state === "passed") {
      // It may be on the disk of a villain, or so it says.
      if (this.#scene.hasVillain && roomId === this.#scene.rooms.get(OPEN)) return;
      const others = this.#scene.othersThan(machine);
      const isTrue = others.some((other) => this.#ledger.hasHeld(other, entry));
      if (!isTrue) this.#scene.blame(`${what} is said to be on another disk, and is on none`);
      return;
    }
    // Who is in the room is asked of the node itself, at this moment: it answers in the same turn.
    machine.node.run({ do: "members", room: roomId }).then(({ room, members }) => {
      for (const { id, me } of members) {
        const holder = me ? undefined : this.#scene.machineOf(id);
        // Whose join came in this very turn was not meant.
        const isKnown = room.direct || this.#ledger.reader.tips(machine, id).has(roomId);
        if (holder === undefined || !isKnown || this.#ledger.hasHeld(holder, entry)) continue;
        this.#scene.blame(`${what} is said to be everywhere, and is not on ${holder.name}'s disk`);
      }
    }, (error) => this.#scene.blame(`who is in a room with a receipt is not known: ${error}`));
  }
}
