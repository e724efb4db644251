/** One world of the judge's, its people and rooms, and what has been written down about it. */

import type { PeerId, RoomId } from "../../../src/room/id.ts";
import type { SimChance } from "../chance.ts";
import type { Segment } from "../segment.ts";
import { type SimMachine, SimWorld } from "../world.ts";

/** The room that anybody may join. */
export const OPEN = "Attic";
/** The invite-only room. */
export const VAULT = "Vault";
/** The rooms of all. */
export const ROOMS: readonly string[] = [OPEN, VAULT];

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const MEMBERS_MIN = 2;
const VILLAIN_CHANCE = 0.3;
/** What clocks are wrong by: seconds, hours, years. */
const WRONG_WALLS_MS = [0, 0, 1_000, -3_600_000, 10 * 365 * 86_400_000];

/** What all parts of a trial share. */
export class Scene {
  readonly world: SimWorld;
  readonly chance: SimChance;
  readonly segment: Segment;
  readonly machines: readonly SimMachine[];
  /** A line for each thing that was done. */
  readonly story: string[] = [];
  readonly faults: string[] = [];
  /** Who each machine's node is; of every one that has ever started. */
  readonly ids = new Map<SimMachine, PeerId>();
  /** Whether somebody is here who says what no honest member would. */
  readonly hasVillain: boolean;
  /** Whether every machine stays on mains, so that each is a better host than a villain. */
  readonly isOnMainsOnly: boolean;
  /** The rooms of all, by title. */
  readonly rooms = new Map<string, RoomId>();

  constructor(seed: number) {
    this.world = new SimWorld(seed);
    this.chance = this.world.chance.fork("judge");
    const { chance } = this;
    this.segment = this.world.hotspot({
      latencyMs: chance.pick([[1, 3], [2, 20], [5, 120]]),
      datagramLoss: chance.pick([0, 0.05, 0.3]),
    });
    this.segment.change({ duplicate: chance.pick([0, 0.1]), reorder: chance.pick([0, 0.2]) });
    this.hasVillain = chance.bool(VILLAIN_CHANCE);
    this.isOnMainsOnly = chance.bool(0.5);
    const count = MEMBERS_MIN + chance.int(NAMES.length - MEMBERS_MIN + 1);
    this.machines = NAMES.slice(0, count).map((name, index) =>
      this.world.machine(
        name,
        { segment: this.segment, address: `192.168.43.${index + 1}` },
        chance.pick(WRONG_WALLS_MS),
      )
    );
    for (const { host } of this.machines) {
      host.isOnCable = chance.bool(0.2);
      host.isOnMains = this.isOnMainsOnly || chance.bool(0.7);
    }
  }

  get nowMs(): number {
    return this.world.time.nowMs;
  }

  /** The machines on which a node runs. */
  get up(): readonly SimMachine[] {
    return this.machines.filter((machine) => machine.isUp);
  }

  /** Who the machine's node is. @throws {Error} if none has ever run there. */
  idOf(machine: SimMachine): PeerId {
    const id = this.ids.get(machine);
    if (id === undefined) throw new Error(`No node has run on ${machine.name}`);
    return id;
  }

  /** The machine of that peer; undefined for a villain. */
  machineOf(peer: PeerId): SimMachine | undefined {
    return this.machines.find((machine) => this.ids.get(machine) === peer);
  }

  /** Everybody on the segment but these. */
  othersThan(...machines: readonly SimMachine[]): readonly SimMachine[] {
    return this.machines.filter((machine) => !machines.includes(machine));
  }

  /** One more line of the story. */
  tell(line: string): void {
    this.story.push(`${(this.nowMs / 1000).toFixed(3)} ${line}`);
  }

  /** Something is wrong; the run fails. */
  blame(fault: string): void {
    this.faults.push(`at ${(this.nowMs / 1000).toFixed(3)}: ${fault}`);
  }

  /** Runs a command beside everything else. What fails with a sentence is what a user would see; a bug is a fault. */
  attempt<T>(work: Promise<T>, onDone: (result: T) => void = () => {}): void {
    work.then(onDone, (error) => {
      if (isSentence(error)) this.tell(`  refused: ${error.message}`);
      else this.blame(`a command failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  }
}

/** Whether it is what a user is told, and no bug. */
export function isSentence(error: unknown): error is Error {
  return error instanceof Error && ["WorldError", "UsageError"].includes(error.name);
}
