/** What the members of a crowd say, and who hears it when. */

import type { LogRow } from "../src/api/commands.ts";
import { within } from "../tests/fixtures/patience.ts";
import type { Member } from "./member.ts";

/** Between two looks at how many lines are due. */
const TURN_MS = 5;
/** Far more than a room may be silent. */
const HEARD_MS_MAX = 60_000;

/** A line that reached a screen. */
interface Heard {
  readonly by: Member;
  readonly saidAtMs: number;
  readonly listener: Member;
  readonly atMs: number;
}

/** Members who talk at a steady rate, each line said by one of those who are there, drawn at random. */
export class Load {
  readonly #members: readonly Member[];
  readonly #perSecond: number;
  readonly #said = new Map<string, { readonly by: Member; readonly atMs: number }>();
  readonly #kept = new Set<string>();
  readonly #watchers = new Set<(heard: Heard) => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** All keep silent until `start`. */
  constructor(members: readonly Member[], { perSecond }: { readonly perSecond: number }) {
    this.#members = members;
    this.#perSecond = perSecond;
  }

  /** Lines that were typed. */
  get saidCount(): number {
    return this.#said.size;
  }

  /** Lines that their author's screen has shown: they are on its disk, and so must never be lost. */
  get kept(): ReadonlySet<string> {
    return this.#kept;
  }

  /** Lets them talk. */
  start(): void {
    const fromMs = performance.now();
    let count = 0;
    this.#timer = setInterval(() => {
      const dueCount = (performance.now() - fromMs) / 1_000 * this.#perSecond;
      for (; count < dueCount; count++) this.#sayOne();
    }, TURN_MS);
  }

  /** Lets them keep silent. */
  stop(): void {
    clearInterval(this.#timer);
  }

  /** A line is on a member's disk. */
  onEntry(listener: Member, { text }: LogRow, atMs: number): void {
    const said = this.#said.get(text);
    if (said === undefined) return;
    if (said.by === listener) this.#kept.add(text);
    else for (const watcher of this.#watchers) watcher({ by: said.by, saidAtMs: said.atMs, listener, atMs });
  }

  /** Milliseconds that each line took to each of the others' screens, as long as `during` lasts. */
  async delaysMs(during: Promise<void>): Promise<readonly number[]> {
    const delaysMs: number[] = [];
    const watcher = ({ saidAtMs, atMs }: Heard) => void delaysMs.push(atMs - saidAtMs);
    this.#watchers.add(watcher);
    await during;
    this.#watchers.delete(watcher);
    return delaysMs;
  }

  /** When the last of the listeners has heard something that another of the speakers said from that moment on. */
  async heardByAll(
    listeners: readonly Member[],
    { speakers, fromMs }: { readonly speakers: readonly Member[]; readonly fromMs: number },
  ): Promise<number> {
    const waiting = new Set(listeners);
    const last = Promise.withResolvers<number>();
    const watcher = ({ by, saidAtMs, listener, atMs }: Heard) => {
      if (saidAtMs < fromMs || !speakers.includes(by)) return;
      if (waiting.delete(listener) && waiting.size === 0) last.resolve(atMs);
    };
    this.#watchers.add(watcher);
    try {
      const problem = () => `Never heard by ${[...waiting].map(({ name }) => name).join(", ")}`;
      return await within(last.promise, problem, HEARD_MS_MAX);
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #sayOne(): void {
    const ready = this.#members.filter(({ isReady }) => isReady);
    const by = ready[Math.floor(Math.random() * ready.length)];
    if (by === undefined) return;
    const text = `${by.name} says line ${this.#said.size + 1}`;
    this.#said.set(text, { by, atMs: performance.now() });
    void by.says(text);
  }
}
