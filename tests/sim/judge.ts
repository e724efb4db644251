/**
 * The judge: whole nodes in a seeded world where everything goes wrong at random, then quiet, then the sentence.
 *
 * While it rages: people talk in an open room, in one by invitation and in private, paste, accept strangers, change names, leave and come back; nodes are stopped,
 * killed and lose power; links go down or silent; pairs are cut off, in one direction or both; connections stand half open; machines read slowly; disks fill up, cannot be
 * written or synced; old copies of homes come back, logs are cut and spoilt; wall clocks jump by years; datagrams are lost, doubled and overtaken;
 * cables and chargers are plugged in and out, so that rooms move; and somebody may be there who forks, forges, floods, claims and says things in wrong orders.
 *
 * Meanwhile these hold at each moment:
 * - no receipt claims more than disks surely hold;
 * - no queue of a node is above its limit;
 * - in each part of a network that has been parted for a while there is one host for each room, and what is said there arrives.
 *
 * And these after the quiet, or the run fails with its seed:
 * - every member shows the same entries in the same order: all transcripts of a room are equal, to the byte;
 * - what a node once said to have kept is there, once, unless the only disk that had it was lost;
 * - every log holds good entries only, each once and behind the one that it builds on, and nobody honest has signed two of one number;
 * - all receipts say "everywhere", and it is so; only that of a join that begins a feed says "passed";
 * - each room has one host, and everybody follows it;
 * - no node ended by a bug of its own, and a node that leaves leaves no timer and no socket behind.
 */

import type { SimMachine } from "./world.ts";
import { Claims } from "./judge/claims.ts";
import { Faults } from "./judge/faults.ts";
import { Ledger } from "./judge/ledger.ts";
import { Parting } from "./judge/parting.ts";
import { watchQueues } from "./judge/queues.ts";
import { Scene } from "./judge/scene.ts";
import { Users } from "./judge/users.ts";
import { Verdict } from "./judge/verdict.ts";
import { Villain } from "./judge/villain.ts";

/** How long a run rages, in simulated ms; what takes its own time comes on top. */
const RAGE_MS = 40_000;
/** How long the world then has to settle: the longest back-off between dials, a beat, and some. */
const QUIET_MS = 200_000;
/** How often a villain does something, among all that happens. */
const VILLAINY_WEIGHT = 30;
/** The longest pause between two things that happen. */
const STEP_MS_MAX = 900;

/** What a run found. */
export interface Sentence {
  readonly seed: number;
  /** Empty if all is well. */
  readonly faults: readonly string[];
  /** Messages that were kept somewhere. */
  readonly keptCount: number;
  /** A line for each thing that was done, for whoever looks for the fault. */
  readonly story: readonly string[];
}

/** Plays one world. */
export async function judge(seed: number): Promise<Sentence> {
  const scene = new Scene(seed);
  const trial = new Trial(scene);
  using _ = watchQueues(scene);
  try {
    await trial.play();
  } catch (error) {
    scene.blame(error instanceof Error ? error.stack ?? error.message : String(error));
  }
  const { faults, story } = scene;
  return { seed, faults, story, keptCount: trial.keptCount };
}

/** What may happen at a step, and how often: weights, not percents. */
type Happening = readonly [
  weight: number,
  run: (machine: SimMachine, other: SimMachine) => Promise<void> | void,
];

class Trial {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  readonly #users: Users;
  readonly #faults: Faults;
  readonly #verdict: Verdict;
  readonly #villain: Villain | undefined;
  readonly #happenings: readonly Happening[];

  constructor(scene: Scene) {
    this.#scene = scene;
    const ledger = this.#ledger = new Ledger(scene);
    const users = this.#users = new Users(scene, ledger);
    const faults = this.#faults = new Faults(scene, ledger, users);
    const verdict = this.#verdict = new Verdict(scene, ledger);
    const villain = this.#villain = scene.hasVillain ? new Villain(scene) : undefined;
    const parting = new Parting(scene, { ledger, users, faults, verdict });
    this.#happenings = [
      [55, (one, other) => users.talk(one, other)],
      [1, (one) => users.paste(one)],
      [5, (one) => users.join(one, "Attic")],
      [2, (one) => users.join(one, "Vault")],
      [2, (one) => users.nick(one)],
      [4, (one) => users.welcome(one)],
      [3, (one, other) => users.invite(one, other)],
      [2, (one) => faults.end(one, "stop")],
      [4, (one) => faults.end(one, "kill")],
      [4, (one) => faults.end(one, "powerOff")],
      [6, (one) => faults.setLink(one)],
      [6, (one, other) => faults.setPair(one, other)],
      [4, (one) => faults.setDisk(one)],
      [3, (one) => faults.loseConnections(one)],
      [3, (one) => faults.setPace(one)],
      [2, (one) => faults.jumpWall(one)],
      [2, (one) => faults.setDevice(one)],
      [3, (one) => faults.backUp(one)],
      [1, () => parting.play(villain === undefined ? [] : [villain.host])],
      [villain === undefined ? 0 : VILLAINY_WEIGHT, (one) => villain?.act(one)],
    ];
  }

  get keptCount(): number {
    return this.#ledger.kept.length;
  }

  async play(): Promise<void> {
    const { machines, world: { time, bugs } } = this.#scene;
    await this.#begin();
    for (let leftMs = RAGE_MS; leftMs > 0;) {
      const pauseMs = this.#scene.chance.between([1, STEP_MS_MAX]);
      leftMs -= pauseMs;
      await time.runFor(pauseMs);
      await this.#step();
    }
    await this.#calm();
    for (let leftMs = QUIET_MS; leftMs > 0 && !await this.#verdict.isSettled(); leftMs -= 2_000) {
      for (const machine of machines) await this.#users.welcome(machine);
      await time.runFor(2_000);
    }
    await this.#verdict.check();
    for (const line of this.#villain?.overheard() ?? []) this.#scene.blame(`mallory has heard ${line}`);
    this.#villain?.end();
    for (const machine of machines) await machine.stop();
    await time.runFor(1_000);
    for (const { name, leftovers } of machines) {
      if (leftovers > 0) this.#scene.blame(`${name} left ${leftovers} timers and sockets behind`);
    }
    for (const bug of bugs) this.#scene.blame(`bug: ${bug instanceof Error ? bug.stack : String(bug)}`);
  }

  async #begin(): Promise<void> {
    new Claims(this.#scene, this.#ledger).watch();
    for (const machine of this.#scene.machines) {
      await machine.start();
      this.#scene.ids.set(machine, machine.node.id);
    }
    const [first] = this.#scene.machines;
    if (first !== undefined) await this.#users.open(first);
  }

  async #step(): Promise<void> {
    const { chance, machines } = this.#scene;
    const machine = chance.pick(machines);
    const other = chance.pick(this.#scene.othersThan(machine));
    await this.#ledger.look();
    if (!machine.isUp) return chance.bool(0.5) ? await this.#faults.start(machine) : undefined;
    let dice = chance.int(this.#happenings.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, run] of this.#happenings) {
      if (dice < weight) return await run(machine, other);
      dice -= weight;
    }
  }

  /** Everything is mended; whoever is not in a room joins it, so that all can be compared. */
  async #calm(): Promise<void> {
    this.#scene.tell("quiet");
    this.#faults.mend();
    // It may stay, silently; but not as the best host of a room, which it would hold back for good.
    if (!this.#scene.isOnMainsOnly || this.#scene.chance.bool(0.5)) this.#villain?.end();
    for (const machine of this.#scene.machines) if (!machine.isUp) await this.#faults.startWell(machine);
    // A disk that was full keeps a node from writing its name at the start; a restart is what a user would do.
    await this.#scene.world.time.runFor(QUIET_MS / 4);
    await this.#users.gather();
  }
}
