/** A network that falls into two parts for a while, all else being well: in each the rooms go on, with one host each. */

import type { SimHost } from "../host.ts";
import type { SimMachine } from "../world.ts";
import type { Faults } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import { OPEN, type Scene } from "./scene.ts";
import type { Users } from "./users.ts";
import type { Verdict } from "./verdict.ts";

/** Until everybody has noticed who is gone, tried those who come next in rank, and told the rest: some dials long. */
const SETTLE_MS = 30_000;
/** Until what is said then must have arrived. */
const ARRIVE_MS = 3_000;

/** Parts networks, and looks at what becomes of them. */
export class Parting {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  readonly #users: Users;
  readonly #faults: Faults;
  readonly #verdict: Verdict;

  constructor(
    scene: Scene,
    parts: {
      readonly ledger: Ledger;
      readonly users: Users;
      readonly faults: Faults;
      readonly verdict: Verdict;
    },
  ) {
    this.#scene = scene;
    this.#ledger = parts.ledger;
    this.#users = parts.users;
    this.#faults = parts.faults;
    this.#verdict = parts.verdict;
  }

  /** Plays one parting; it is over at the end. Outsiders hear nobody: a villain that is the first in rank of a part would relay nothing. */
  async play(outsiders: readonly SimHost[]): Promise<void> {
    const { chance, machines, segment, world: { time } } = this.#scene;
    const here = machines.filter(() => chance.bool(0.5));
    const there = this.#scene.othersThan(...here);
    const names = [here, there].map((part) => part.map(({ name }) => name).join(" and ") || "nobody");
    this.#scene.tell(`all is well, but ${names.join(" do not hear ")}`);
    this.#faults.mend();
    segment.partition(here.map(({ host }) => host), there.map(({ host }) => host), outsiders);
    await time.runFor(SETTLE_MS);
    const parts = [here, there].map((part) => part.filter(({ isUp }) => isUp));
    const firstNew = this.#ledger.kept.length;
    for (const part of parts) {
      await this.#verdict.checkHosts(part);
      const speaker = part.find((machine) => this.#users.isIn(machine, OPEN));
      if (speaker !== undefined) await this.#users.say(speaker, OPEN);
    }
    await time.runFor(ARRIVE_MS);
    for (const { author, text } of this.#ledger.kept.slice(firstNew)) {
      const part = parts.find((one) => one.includes(author)) ?? [];
      for (const machine of part) await this.#checkArrival(machine, text);
    }
    segment.heal();
  }

  async #checkArrival(machine: SimMachine, text: string): Promise<void> {
    const { rooms } = await machine.run({ do: "rooms" });
    if (!rooms.some(({ id, joined }) => joined && id === this.#scene.rooms.get(OPEN))) return;
    if ((await machine.texts(`#${OPEN}`)).includes(text)) return;
    this.#scene.blame(`"${text}" has not arrived at ${machine.name}, in the same part of the network`);
  }
}
