/**
 * What the judge knows beyond what any node can know: what was kept, what a lost disk took with it, and who must not
 * write because its home is older than what others have of it.
 */

import type { PeerId, RoomId } from "../../../src/room/id.ts";
import type { SimMachine } from "../world.ts";
import { keyOf, LogReader, wordsOf } from "./logs.ts";
import type { Scene } from "./scene.ts";

/** How long a user who has brought back an old home says nothing at the start: what was under way when the home was lost has arrived. */
const START_DOUBT_MS = 4_000;
/** And after meeting somebody who knows more: vectors were exchanged, the lines themselves may be on their way for long. */
const MET_DOUBT_MS = 800;

/** One message that a node said to have kept. */
export interface Kept {
  readonly author: SimMachine;
  readonly text: string;
  /** A room of all, or whom it is for. */
  readonly to: string | SimMachine;
}

/** The books of one world. */
export class Ledger {
  readonly reader = new LogReader();
  /** Machines whose logs were spoilt: lines may stand there twice, or without what they build on. */
  readonly spoilt = new Set<SimMachine>();
  /** Lines that stood in spoilt logs: what is left of them on that disk contradicts nobody. */
  readonly debris = new Set<string>();
  readonly #scene: Scene;
  readonly #kept: Kept[] = [];
  /** Keys of entries that a machine's disk once held, and lost by no fault of its node. */
  readonly #once = new Map<SimMachine, ReadonlySet<string>>();
  /** Since when a machine's home may be older than what others have of it, and since when it is with somebody who knows. */
  readonly #doubts = new Map<SimMachine, { readonly sinceMs: number; metSinceMs: number | null }>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Messages that must be everywhere in the end. */
  get kept(): readonly Kept[] {
    return this.#kept;
  }

  /** A node has said that it keeps this. */
  keep(kept: Kept): void {
    this.#kept.push(kept);
  }

  /** Spoils a machine's disk, on which nothing runs. What nobody else's disk surely has is gone, and nobody is to blame. */
  lose(machine: SimMachine, spoil: () => void): void {
    this.#once.set(machine, new Set([...this.#once.get(machine) ?? [], ...this.reader.keys(machine)]));
    spoil();
    this.#doubts.set(machine, { sinceMs: Infinity, metSinceMs: null });
    const left = this.#scene.machines.map((one) => [...this.reader.chained(one, "durable")].join("\n"));
    for (const kept of [...this.#kept]) {
      if (left.some((lines) => lines.includes(wordsOf(kept.text)))) continue;
      this.#scene.tell(`  "${kept.text}" was nowhere else`);
      this.#kept.splice(this.#kept.indexOf(kept), 1);
    }
  }

  /** A node starts there again. */
  started(machine: SimMachine): void {
    if (this.#doubts.has(machine)) {
      this.#doubts.set(machine, { sinceMs: this.#scene.nowMs, metSinceMs: null });
    }
  }

  /**
   * Whether its user may write: not with a home that is older than what others have, before somebody is there who knows.
   * From then on it is the node that has to refuse.
   */
  async mayWrite(machine: SimMachine): Promise<boolean> {
    const doubt = this.#doubts.get(machine);
    if (doubt === undefined) return true;
    const { nowMs } = this.#scene;
    if (nowMs < doubt.sinceMs + START_DOUBT_MS) return false;
    const knowing = this.#thoseWhoKnowMore(machine);
    if (knowing.size === 0) {
      this.#doubts.delete(machine);
      return true;
    }
    const { peers } = await machine.run({ do: "peers" });
    const isMet = [...knowing.values()].every((one) =>
      peers.some(({ id, connected }) => connected && id === this.#scene.idOf(one))
    );
    doubt.metSinceMs = isMet ? doubt.metSinceMs ?? nowMs : null;
    return doubt.metSinceMs !== null && nowMs >= doubt.metSinceMs + MET_DOUBT_MS;
  }

  /**
   * What others have of the machine's own lines, and it has not itself. But for rooms where one of the two does not know to
   * be in them, so that they have no reason to meet: there it joins anew.
   */
  behindIn(machine: SimMachine): readonly string[] {
    const isIn = (one: SimMachine, room: RoomId) =>
      ![...this.#scene.rooms.values()].includes(room) ||
      this.reader.tips(one, this.#scene.idOf(one)).has(room);
    return [...this.#thoseWhoKnowMore(machine)].flatMap(([room, who]) =>
      isIn(machine, room) && isIn(who, room)
        ? [`${machine.name}'s lines that ${who.name} has in ${room}`]
        : []
    );
  }

  /** Looks for whom all doubted machines are connected with, so that `mayWrite` knows since when. */
  async look(): Promise<void> {
    for (const machine of this.#doubts.keys()) if (machine.isUp) await this.mayWrite(machine);
  }

  /** Whether the machine's disk surely holds that entry, or did once. */
  hasHeld(machine: SimMachine, entry: { room: RoomId; author: PeerId; number: number }): boolean {
    const key = keyOf(entry);
    return this.reader.keys(machine, "durable").has(key) || this.#once.get(machine)?.has(key) === true;
  }

  /** For each room in which others have more of its feed one who has most. */
  #thoseWhoKnowMore(machine: SimMachine): ReadonlyMap<RoomId, SimMachine> {
    const id = this.#scene.idOf(machine);
    const own = this.reader.tips(machine, id);
    const best = new Map<RoomId, { readonly tip: number; readonly who: SimMachine }>();
    for (const other of this.#scene.othersThan(machine)) {
      for (const [room, tip] of this.reader.tips(other, id)) {
        if (tip > Math.max(own.get(room) ?? 0, best.get(room)?.tip ?? 0)) best.set(room, { tip, who: other });
      }
    }
    return new Map([...best].map(([room, { who }]) => [room, who]));
  }
}
