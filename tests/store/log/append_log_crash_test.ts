/** What a room's log promises, held against deaths and full disks at any moment. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { openAppendLog } from "../../../src/store/log/append_log.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";

const PATH = "/room/log.jsonl";

/** One process, from its start to its death. */
interface Life {
  /** Calls of the disk and pauses until it dies. */
  readonly eventCount: number;
  readonly end: "kill" | "crash";
  /** How many lines each append has. */
  readonly appends: readonly number[];
  /** When and for how long the disk is full; never if null. */
  readonly full: { readonly from: number; readonly eventCount: number; readonly freeBytes: number } | null;
}

/** How a life went. */
interface Outcome {
  /** Lines in the order of their appends. */
  readonly attempted: string[];
  readonly acknowledged: string[];
  readonly rejected: string[];
  /** The file's lines as the process found them; null if it did not live to see them. */
  found: readonly string[] | null;
}

function lives(full: fc.Arbitrary<Life["full"]>): fc.Arbitrary<Life[]> {
  return fc.array(
    fc.record({
      eventCount: fc.nat(80),
      end: fc.constantFrom("kill" as const, "crash" as const),
      appends: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
      full,
    }),
    { maxLength: 5 },
  );
}

Deno.test("RoomLog keeps the lines that it acknowledged, whole and in order, through deaths at any moment", async () => {
  const property = fc.asyncProperty(fc.integer(), lives(fc.constant(null)), async (seed, plan) => {
    const machine = new Machine(seed);
    let before: readonly string[] = [];
    for (const life of plan) {
      const { attempted, acknowledged, found } = await machine.live(life);
      if (found !== null) assertEquals(found, before);
      const after = await machine.reopen();
      const keptCount = after.length - before.length;
      assert(keptCount >= acknowledged.length);
      assertEquals(after, [...before, ...attempted.slice(0, keptCount)]);
      before = after;
    }
  });
  await fc.assert(property, { numRuns: 500 });
});

Deno.test("RoomLog keeps the lines that it acknowledged, and brings none back that it refused, through full disks and deaths", async () => {
  const full = fc.record({ from: fc.nat(40), eventCount: fc.nat(40), freeBytes: fc.nat(200) });
  const property = fc.asyncProperty(fc.integer(), lives(full), async (seed, plan) => {
    const machine = new Machine(seed);
    let before: readonly string[] = [];
    for (const life of plan) {
      const { attempted, acknowledged, rejected } = await machine.live(life);
      const after = await machine.reopen();
      const added = new Set(after.slice(before.length));
      assertEquals(after, [...before, ...attempted.filter((line) => added.has(line))]);
      assertEquals(acknowledged.filter((line) => !added.has(line)), []);
      // A power cut can undo the cut that took a refused line away, but no longer once a later line was synced.
      const settled = attempted.slice(0, attempted.indexOf(acknowledged.at(-1) ?? "") + 1);
      assertEquals(rejected.filter((line) => added.has(line) && settled.includes(line)), []);
      before = after;
    }
  });
  await fc.assert(property, { numRuns: 500 });
});

/** A machine that is started, dies, and is started again. */
class Machine {
  readonly #time = new SimTime();
  readonly #chance: SimChance;
  readonly #disk: SimDisk;
  #lineCount = 0;

  constructor(seed: number) {
    this.#chance = new SimChance(seed);
    this.#disk = new SimDisk({
      schedule: (delayMs, run) => this.#time.schedule(delayMs, run),
      fraction: () => this.#chance.fraction(),
    });
    this.#disk.put("/room/other", new Uint8Array(0));
  }

  async live(life: Life): Promise<Outcome> {
    const outcome: Outcome = { attempted: [], acknowledged: [], rejected: [], found: null };
    // The work ends early where the log cannot be opened because the disk is full.
    this.#work(life, outcome).catch(() => {});
    let event = 0;
    await this.#time.runUntil(() => {
      if (event === life.full?.from) this.#disk.setFull(life.full.freeBytes);
      if (life.full !== null && event === life.full.from + life.full.eventCount) this.#disk.setFull(null);
      return event++ >= life.eventCount;
    }, 10_000);
    this.#disk[life.end]();
    return outcome;
  }

  async reopen(): Promise<readonly string[]> {
    this.#disk.setFull(null);
    const { log, lines, setAside } = await this.#time.drive(openAppendLog(this.#disk.boot(), PATH));
    if (setAside !== null) assertEquals(this.#disk.peek(setAside.path)?.length, setAside.sizeBytes);
    await this.#time.drive(log.close());
    return lines;
  }

  async #work({ appends }: Life, outcome: Outcome): Promise<void> {
    const { log, lines } = await openAppendLog(this.#disk.boot(), PATH);
    outcome.found = lines;
    for (const count of appends) {
      const added = this.#newLines(count);
      outcome.attempted.push(...added);
      const appended = log.append(added).then(
        () => outcome.acknowledged.push(...added),
        () => outcome.rejected.push(...added),
      );
      const next = this.#chance.pick(["at once", "after a pause", "when it is done"]);
      if (next === "after a pause") await this.#pause();
      if (next === "when it is done") await appended;
    }
  }

  /** Lines that differ from each other, some with characters of several bytes. */
  #newLines(count: number): string[] {
    return Array.from({ length: count }, () => {
      const pad = this.#chance.pick(["", "ä", "🙂🙂", "x".repeat(this.#chance.int(300))]);
      return JSON.stringify({ n: ++this.#lineCount, pad });
    });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#time.schedule(this.#chance.fraction() * 5, resolve));
  }
}
