/**
 * The judge: whole nodes in a seeded world where everything goes wrong at random, then quiet, then the sentence.
 *
 * While it rages: people talk in an open room, in one by invitation and in private, accept strangers, change names, leave and come back; nodes are stopped, killed and
 * lose power; links go down or silent; pairs are cut off; disks fill up; datagrams are lost, doubled and overtaken.
 *
 * After the quiet these hold, or the run fails with its seed:
 * - every member shows the same entries in the same order: all transcripts of a room are equal, to the byte;
 * - what a node once said to have kept is there, once; nothing is there twice;
 * - no receipt claims more than disks hold;
 * - each room has one host, and everybody follows it;
 * - no node ended by a bug of its own, and a node that leaves leaves no timer and no socket behind.
 */

import type { PeerId } from "../../src/room/id.ts";
import type { LogRow } from "../../src/node/vocabulary.ts";
import type { SimChance } from "./chance.ts";
import type { Segment } from "./segment.ts";
import { HOME, type SimMachine, SimWorld } from "./world.ts";

/** How long a run rages, in simulated ms. */
const RAGE_MS = 40_000;
/** How long the world then has to settle: the longest back-off between dials, a beat, and some. */
const QUIET_MS = 200_000;
const OPEN = "Attic";
const VAULT = "Vault";
const ROOMS: readonly string[] = [OPEN, VAULT];

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

/** One message that a node said to have kept. */
interface Kept {
  readonly author: string;
  readonly text: string;
  /** A room of all, or somebody's name. */
  readonly to: string;
}

/** Plays one world. */
export async function judge(seed: number): Promise<Sentence> {
  const trial = new Trial(seed);
  try {
    await trial.play();
  } catch (error) {
    trial.faults.push(error instanceof Error ? error.stack ?? error.message : String(error));
  }
  const { faults, story, kept } = trial;
  return { seed, faults, story, keptCount: kept.length };
}

class Trial {
  readonly faults: string[] = [];
  readonly story: string[] = [];
  readonly kept: Kept[] = [];
  readonly #world: SimWorld;
  readonly #chance: SimChance;
  readonly #segment: Segment;
  readonly #machines: readonly SimMachine[];
  /** Who is in each room. */
  readonly #joined: ReadonlyMap<string, Set<SimMachine>> = new Map(ROOMS.map((room) => [room, new Set()]));
  #saidCount = 0;

  constructor(seed: number) {
    this.#world = new SimWorld(seed);
    this.#chance = this.#world.chance.fork("judge");
    const datagramLoss = this.#chance.pick([0, 0.05, 0.3]);
    this.#segment = this.#world.hotspot({
      latencyMs: this.#chance.pick([[1, 3], [2, 20], [5, 120]]),
      datagramLoss,
    });
    this.#segment.change({ duplicate: this.#chance.pick([0, 0.1]), reorder: this.#chance.pick([0, 0.2]) });
    const count = 2 + this.#chance.int(4);
    this.#machines = ["alice", "bob", "carol", "dave", "erin"].slice(0, count).map((name, index) =>
      this.#world.machine(
        name,
        { segment: this.#segment, address: `192.168.43.${index + 1}` },
        this.#wrongWall(),
      )
    );
  }

  async play(): Promise<void> {
    for (const machine of this.#machines) await machine.start();
    const [first] = this.#machines;
    if (first === undefined) return;
    for (const title of ROOMS) {
      await first.run({ do: "host", title, isInvited: title === VAULT });
      this.#joined.get(title)?.add(first);
    }
    const { time } = this.#world;
    const endMs = time.nowMs + RAGE_MS;
    while (time.nowMs < endMs) {
      await time.runFor(this.#chance.between([1, 900]));
      await this.#step();
    }
    await this.#calm();
    await this.#settle();
    await this.#check();
    for (const machine of this.#machines) await machine.stop();
    await time.runFor(1_000);
    for (const machine of this.#machines) {
      if (machine.leftovers > 0) {
        this.faults.push(`${machine.name} left ${machine.leftovers} timers and sockets behind`);
      }
    }
    for (const bug of this.#world.bugs) {
      this.faults.push(`bug: ${bug instanceof Error ? bug.stack : String(bug)}`);
    }
  }

  async #step(): Promise<void> {
    const machine = this.#chance.pick(this.#machines);
    const other = this.#chance.pick(this.#machines.filter((one) => one !== machine));
    const dice = this.#chance.int(100);
    if (!machine.isUp) return dice < 50 ? await this.#start(machine) : undefined;
    if (dice < 55) return this.#talk(machine, other);
    if (dice < 60) return this.#join(machine, OPEN);
    if (dice < 62) return this.#join(machine, VAULT);
    if (dice < 64) return this.#nick(machine);
    if (dice < 66) return await this.#end(machine, "stop");
    if (dice < 70) return await this.#end(machine, "kill");
    if (dice < 74) return await this.#end(machine, "powerOff");
    if (dice < 80) return this.#setLink(machine);
    if (dice < 86) return this.#setPair(machine, other);
    if (dice < 90) return this.#setDisk(machine);
    if (dice < 94) return await this.#welcome(machine);
    if (dice < 97) return this.#invite(machine, other);
  }

  async #start(machine: SimMachine): Promise<void> {
    this.#tell(`${machine.name} starts`);
    machine.host.powerOn();
    machine.disk.setFull(null);
    await machine.start();
  }

  #talk(machine: SimMachine, other: SimMachine): void {
    const isPrivate = this.#chance.bool(0.3);
    const room = this.#chance.pick(ROOMS);
    if (!isPrivate && !this.#joined.get(room)?.has(machine)) return;
    const text = `${machine.name} says ${++this.#saidCount}`;
    const to = isPrivate ? other.name : room;
    this.#tell(`${text} to ${to}`);
    this.#try(machine.node.run({ do: "send", to: isPrivate ? to : `#${to}`, text }), () => {
      this.kept.push({ author: machine.name, text, to });
    });
  }

  #join(machine: SimMachine, room: string): void {
    const joined = this.#joined.get(room);
    if (joined?.has(machine)) return;
    this.#tell(`${machine.name} joins ${room}`);
    this.#try(machine.node.run({ do: "join", room }), () => void joined?.add(machine));
  }

  #invite(machine: SimMachine, other: SimMachine): void {
    this.#tell(`${machine.name} invites ${other.name}`);
    this.#try(machine.node.run({ do: "invite", room: VAULT, peers: [other.name] }), () => {});
  }

  #nick(machine: SimMachine): void {
    const name = `${machine.name}${this.#chance.int(3) || ""}`;
    this.#tell(`${machine.name} is now called ${name}`);
    this.#try(machine.node.run({ do: "nick", name }), () => {});
  }

  async #end(machine: SimMachine, how: "stop" | "kill" | "powerOff"): Promise<void> {
    this.#tell(`${machine.name}: ${how}`);
    await machine[how]();
  }

  #setLink(machine: SimMachine): void {
    const state = this.#chance.pick(["up", "down", "silent"] as const);
    this.#tell(`${machine.name}'s link is ${state}`);
    this.#segment.link(machine.host, state);
  }

  #setPair(one: SimMachine, other: SimMachine): void {
    const isBlocked = this.#chance.bool(0.5);
    this.#tell(`${one.name} and ${other.name} ${isBlocked ? "are cut off from each other" : "meet again"}`);
    if (isBlocked) this.#segment.block(one.host, other.host);
    else this.#segment.unblock(one.host, other.host);
  }

  #setDisk(machine: SimMachine): void {
    const free = this.#chance.pick([null, 0, 300, 2_000]);
    this.#tell(`${machine.name}'s disk has ${free ?? "enough"} bytes free`);
    machine.disk.setFull(free);
  }

  /** Whoever began a conversation is let in: of a stranger only the first lines were taken. */
  async #welcome(machine: SimMachine): Promise<void> {
    const { requests } = await machine.run({ do: "requests" });
    for (const { peer } of requests) {
      this.#tell(`${machine.name} accepts ${peer.name}`);
      this.#try(machine.node.run({ do: "accept", peer: peer.id }), () => {});
    }
  }

  /** Everything is mended; whoever is not in the room joins it, so that all can be compared. */
  async #calm(): Promise<void> {
    this.#tell("quiet");
    this.#segment.change({ datagramLoss: 0, duplicate: 0, reorder: 0 });
    for (const one of this.#machines) {
      one.disk.setFull(null);
      this.#segment.link(one.host, "up");
      for (const other of this.#machines) if (other !== one) this.#segment.unblock(one.host, other.host);
    }
    for (const machine of this.#machines) if (!machine.isUp) await this.#start(machine);
    // A disk that was full keeps a node from writing its name at the start; a restart is what a user would do.
    await this.#world.time.runFor(QUIET_MS / 4);
    const [first, ...others] = this.#machines;
    await first?.run({ do: "invite", room: VAULT, peers: others.map(idOf) });
    for (let times = 0; times < 2; times++) {
      await this.#world.time.runFor(5_000);
      for (const machine of this.#machines) await this.#welcome(machine);
    }
    await this.#world.time.runFor(5_000);
    for (const machine of this.#machines) {
      for (const title of ROOMS) {
        const { room } = await machine.run({ do: "join", room: title });
        if (!room.joined) this.faults.push(`${machine.name} could not join ${title}`);
      }
    }
  }

  async #settle(): Promise<void> {
    const { time } = this.#world;
    for (let leftMs = QUIET_MS; leftMs > 0 && !await this.#isSettled(); leftMs -= 2_000) {
      for (const machine of this.#machines) await this.#welcome(machine);
      await time.runFor(2_000);
    }
  }

  async #isSettled(): Promise<boolean> {
    for (const room of ROOMS) if (new Set(await this.#transcripts(room)).size > 1) return false;
    for (const machine of this.#machines) {
      for (const row of await this.#ownRows(machine)) if (row.state !== "everywhere") return false;
    }
    return true;
  }

  async #check(): Promise<void> {
    for (const room of ROOMS) {
      const texts = await this.#transcripts(room);
      if (new Set(texts).size > 1) {
        this.faults.push(`the transcripts of ${room} differ:\n${texts.join("\n")}`);
      }
      await this.#checkHosts(room);
    }
    const logs = new Map<SimMachine, Set<string>>();
    for (const machine of this.#machines) logs.set(machine, diskLines(machine));
    for (const { author, text, to } of this.kept) {
      const readers = this.#machines.filter((machine) =>
        ROOMS.includes(to) || machine.name === author || machine.name === to
      );
      for (const machine of readers) {
        const count = [...logs.get(machine) ?? []].filter((line) =>
          line.includes(JSON.stringify(text))
        ).length;
        if (count !== 1) this.faults.push(`${machine.name} has "${text}" ${count} times`);
      }
    }
    for (const machine of this.#machines) await this.#checkReceipts(machine, logs);
  }

  /** Everybody names the same host. */
  async #checkHosts(title: string): Promise<void> {
    const hosts = new Set<string>();
    for (const machine of this.#machines) {
      const { rooms } = await machine.run({ do: "rooms" });
      hosts.add(rooms.find((room) => room.title === title)?.host ?? "nobody");
    }
    if (hosts.size !== 1 || hosts.has("nobody")) {
      this.faults.push(`${title} has these hosts: ${[...hosts].join(", ")}`);
    }
  }

  async #checkReceipts(
    machine: SimMachine,
    logs: ReadonlyMap<SimMachine, ReadonlySet<string>>,
  ): Promise<void> {
    for (const row of await this.#ownRows(machine)) {
      if (row.state !== "everywhere") {
        this.faults.push(`${machine.name}'s "${row.text}" to ${row.room} is only ${row.state}`);
        continue;
      }
      const mark = `"${row.roomId}","${row.author}",${row.number},`;
      for (const [other, lines] of logs) {
        const isReader = ROOMS.includes(row.room) || other === machine || nameIs(other, row.room);
        if (isReader && row.number > 1 && ![...lines].some((line) => line.includes(mark))) {
          this.faults.push(
            `${machine.name}'s "${row.text}" is said to be everywhere, but ${other.name} lacks it`,
          );
        }
      }
    }
  }

  /** All that a node shows of its own messages, in all conversations. */
  async #ownRows(machine: SimMachine): Promise<LogRow[]> {
    const { rooms } = await machine.run({ do: "rooms" });
    const own: LogRow[] = [];
    for (const room of rooms.filter((one) => one.joined)) {
      const { rows } = await machine.run({ do: "log", to: room.id });
      own.push(...rows.filter((row) => row.author === idOf(machine)));
    }
    return own;
  }

  async #transcripts(room: string): Promise<string[]> {
    const texts: string[] = [];
    for (const machine of this.#machines) texts.push(await machine.export(`#${room}`));
    return texts;
  }

  /** Runs a command beside everything else. What fails with a sentence is what a user would see; a bug is a fault. */
  #try<T>(work: Promise<T>, onDone: () => void): void {
    work.then(onDone, (error) => {
      const isSentence = error instanceof Error && ["WorldError", "UsageError"].includes(error.name);
      if (isSentence) this.#tell(`  refused: ${error.message}`);
      else this.faults.push(`a command failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  }

  #tell(line: string): void {
    this.story.push(`${(this.#world.time.nowMs / 1000).toFixed(3)} ${line}`);
  }

  /** Clocks are wrong by seconds, hours or years. */
  #wrongWall(): number {
    return this.#chance.pick([0, 0, 1_000, -3_600_000, 10 * 365 * 86_400_000]);
  }
}

function idOf(machine: SimMachine): PeerId {
  return machine.node.id;
}

/** Nicks only ever add a digit, so a label still tells the machine. */
function nameIs(machine: SimMachine, label: string): boolean {
  return label.startsWith(machine.name);
}

/** All lines of all logs on the machine's disk. A line that is there twice shows as a fault of its own. */
function diskLines(machine: SimMachine): Set<string> {
  const lines = new Set<string>();
  for (const [path, bytes] of machine.disk.snapshot()) {
    if (bytes === null || !path.startsWith(`${HOME}/rooms/`) || !path.endsWith("/log.jsonl")) continue;
    const text = new TextDecoder().decode(bytes);
    for (const line of text.split("\n")) {
      if (line === "") continue;
      if (lines.has(line)) lines.add(`${line} (twice)`);
      lines.add(line);
    }
  }
  return lines;
}
