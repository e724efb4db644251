/** All that goes wrong in a trial but villains: nodes, links, disks and clocks. */

import type { SimMachine } from "../world.ts";
import type { DiskSnapshot } from "../disk.ts";
import { WINDOW_BYTES } from "../host.ts";
import type { Ledger } from "./ledger.ts";
import { isSentence, type Scene } from "./scene.ts";
import type { Users } from "./users.ts";

const YEAR_MS = 365 * 86_400_000;
/** How far wall clocks jump. */
const JUMPS_MS = [1_000, -1_000, 3_600_000, -3_600_000, YEAR_MS, -YEAR_MS, 10 * YEAR_MS, -10 * YEAR_MS];
/** A machine that is busy with something else reads so seldom, and its system holds so little for it. */
const SLOW_READ_MS = 400;
const SLOW_WINDOW_BYTES = 1_024;
/** How often a home is another one at a start than at the end before: an old one, or one that was spoilt. */
const RESTORE_CHANCE = 0.3;
const SPOIL_CHANCE = 0.1;
/** How often a start finds a disk that cannot be written. */
const READ_ONLY_START_CHANCE = 0.05;
const GARBAGE_BYTES_MAX = 200;

/** What may happen to a machine that is up. */
export type Fault = (machine: SimMachine, other: SimMachine) => Promise<void> | void;

/** The misfortunes of one world. */
export class Faults {
  readonly #scene: Scene;
  readonly #ledger: Ledger;
  readonly #users: Users;
  readonly #backups = new Map<SimMachine, DiskSnapshot>();

  constructor(scene: Scene, ledger: Ledger, users: Users) {
    this.#scene = scene;
    this.#ledger = ledger;
    this.#users = users;
  }

  /** Starts a node, after whatever was done to its home meanwhile. */
  async start(machine: SimMachine): Promise<void> {
    const { chance } = this.#scene;
    machine.host.powerOn();
    machine.disk.setFull(null);
    this.#changeHome(machine);
    machine.disk.setReadOnly(chance.bool(READ_ONLY_START_CHANCE));
    this.#scene.tell(`${machine.name} starts`);
    try {
      await machine.start();
      this.#ledger.started(machine);
    } catch (error) {
      if (!isSentence(error)) throw error;
      this.#scene.tell(`  refused: ${error.message}`);
      if (machine.leftovers > 0) {
        this.#scene.blame(`${machine.name} could not start and left something behind`);
      }
    }
    machine.disk.setReadOnly(false);
  }

  /** Starts a node in a home that is as it was left, and whole again. */
  async startWell(machine: SimMachine): Promise<void> {
    this.#scene.tell(`${machine.name} starts`);
    machine.host.powerOn();
    await machine.start();
    this.#ledger.started(machine);
  }

  /** Ends a node. */
  async end(machine: SimMachine, how: "stop" | "kill" | "powerOff"): Promise<void> {
    this.#scene.tell(`${machine.name}: ${how}`);
    await machine[how]();
  }

  /** Its link goes down, silent or up. */
  setLink(machine: SimMachine): void {
    const state = this.#scene.chance.pick(["up", "down", "silent"] as const);
    this.#scene.tell(`${machine.name}'s link is ${state}`);
    this.#scene.segment.link(machine.host, state);
  }

  /** Two machines hear each other no more, one of them does not hear the other, or they meet again. */
  setPair(one: SimMachine, other: SimMachine): void {
    const { chance, segment } = this.#scene;
    const what = chance.pick(["both", "one", "none", "none"] as const);
    segment.unblock(one.host, other.host);
    if (what === "both") segment.block(one.host, other.host);
    if (what === "one") segment.blockOneWay(one.host, other.host);
    const told = {
      both: "are cut off from each other",
      one: "hear each other one way only",
      none: "meet again",
    };
    this.#scene.tell(`${one.name} and ${other.name} ${told[what]}`);
  }

  /** Connections of a machine are gone, and those at the other ends do not hear of it. */
  loseConnections(machine: SimMachine): void {
    this.#scene.tell(`${machine.name}'s connections are half open`);
    machine.host.loseConnections(0.7);
  }

  /** A machine reads slowly, or no more so. */
  setPace(machine: SimMachine): void {
    const isSlow = this.#scene.chance.bool(0.6);
    this.#scene.tell(`${machine.name} is ${isSlow ? "slow" : "quick"}`);
    machine.host.readPauseMs = isSlow ? this.#scene.chance.int(SLOW_READ_MS) : 0;
    machine.host.windowBytes = isSlow ? SLOW_WINDOW_BYTES : WINDOW_BYTES;
  }

  /** A disk fills up, cannot be written or synced, or is well again. */
  setDisk(machine: SimMachine): void {
    const { chance } = this.#scene;
    const free = chance.pick([null, 0, 300, 2_000]);
    const isReadOnly = chance.bool(0.2);
    const failedSyncs = chance.bool(0.2) ? 1 + chance.int(2) : 0;
    this.#scene.tell(
      `${machine.name}'s disk has ${free ?? "enough"} bytes free${isReadOnly ? ", is read-only" : ""}` +
        `${failedSyncs > 0 ? `, fails ${failedSyncs} syncs` : ""}`,
    );
    machine.disk.setFull(free);
    machine.disk.setReadOnly(isReadOnly);
    machine.disk.failSyncs(failedSyncs);
  }

  /** Somebody sets the date, or the machine hears of the right one. */
  jumpWall(machine: SimMachine): void {
    const byMs = this.#scene.chance.pick(JUMPS_MS);
    this.#scene.tell(`${machine.name}'s wall clock jumps by ${byMs} ms`);
    machine.jumpWall(byMs);
  }

  /** A cable or a charger is plugged in or out; the node looks at it once a minute. */
  setDevice({ name, host }: SimMachine): void {
    const { chance } = this.#scene;
    host.isOnCable = chance.bool(0.5);
    host.isOnMains = this.#scene.isOnMainsOnly || chance.bool(0.5);
    this.#scene.tell(
      `${name} is ${host.isOnCable ? "" : "not "}on a cable, and ${host.isOnMains ? "" : "not "}on mains`,
    );
  }

  /** A copy of the whole disk is made, which may come back at a later start. */
  backUp(machine: SimMachine): void {
    this.#scene.tell(`${machine.name}'s home is copied`);
    this.#backups.set(machine, machine.disk.snapshot());
  }

  /** Everything is mended but the nodes that are down. */
  mend(): void {
    const { segment, machines } = this.#scene;
    segment.change({ datagramLoss: 0, duplicate: 0, reorder: 0 });
    segment.heal();
    for (const { disk, host } of machines) {
      disk.setFull(null);
      disk.setReadOnly(false);
      disk.failSyncs(0);
      host.readPauseMs = 0;
      host.windowBytes = WINDOW_BYTES;
      segment.link(host, "up");
    }
  }

  #changeHome(machine: SimMachine): void {
    const { chance } = this.#scene;
    const backup = this.#backups.get(machine);
    if (backup !== undefined && chance.bool(RESTORE_CHANCE)) {
      this.#scene.tell(`${machine.name}'s home is an old copy`);
      this.#backups.delete(machine);
      this.#users.forgetRooms(machine);
      this.#ledger.lose(machine, () => machine.disk.restore(backup));
    }
    if (chance.bool(SPOIL_CHANCE)) this.#spoilLog(machine);
  }

  #spoilLog(machine: SimMachine): void {
    const { chance } = this.#scene;
    const { reader, debris, spoilt } = this.#ledger;
    const paths = reader.paths(machine);
    if (paths.length === 0) return;
    const path = chance.pick(paths);
    const bytes = machine.disk.peek(path) ?? new Uint8Array(0);
    // Behind the first line: a log that does not tell whose it is has to be moved away by hand.
    const fromAt = bytes.indexOf("\n".charCodeAt(0)) + 1;
    const at = fromAt + chance.int(bytes.length - fromAt + 1);
    const isCut = chance.bool(0.5);
    this.#scene.tell(
      `${machine.name}'s log "${path}" is ${isCut ? "cut" : "spoilt"} at byte ${at} of ${bytes.length}`,
    );
    for (const line of reader.lines(machine)) debris.add(line);
    spoilt.add(machine);
    this.#users.forgetRooms(machine);
    const garbage = chance.bytes(chance.int(GARBAGE_BYTES_MAX) + 1);
    const spoiltBytes = bytes.slice(0, isCut ? at : bytes.length);
    if (!isCut) spoiltBytes.set(garbage.subarray(0, bytes.length - at), at);
    this.#ledger.lose(machine, () => machine.disk.put(path, spoiltBytes));
  }
}
