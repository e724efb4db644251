/** A room of real nodes, each on a host of its own in one lab. */

import type { LogRow, NodeEvent } from "../src/api/commands.ts";
import { Lab } from "../tests/fixtures/lan/lab.ts";
import { earshot } from "../tests/fixtures/lan/lan_test_case.ts";
import { until } from "../tests/fixtures/patience.ts";
import { Member, type MemberOwner } from "./member.ts";

/** Time for all to agree on a host, and for a word that all are to have. */
const AGREED_MS_MAX = 60_000;

/** What hears all that the members tell. */
export type Hearer = Pick<MemberOwner, "onEntry">;

/** How a crowd is made. */
export interface CrowdOptions {
  readonly count: number;
  /** Disposed of where the benchmark is ended in the midst of it. */
  readonly lastly: AsyncDisposableStack;
  /** Is told every event beside entries, with the member's name. */
  readonly trace: ((name: string, event: NodeEvent) => void) | null;
}

/** Members in one room. Disposing ends them all, and removes the network. */
export class Crowd implements AsyncDisposable, MemberOwner {
  /** In the order in which they came. */
  readonly members: readonly Member[];
  readonly #lab: Lab;
  readonly #trace: CrowdOptions["trace"];
  readonly #faults: string[] = [];
  #hearer: Hearer | null = null;

  private constructor(lab: Lab, members: Member[], trace: CrowdOptions["trace"]) {
    this.#lab = lab;
    this.members = members;
    this.#trace = trace;
  }

  /** Starts them one after the other, the first with the room. */
  static async open({ count, lastly, trace }: CrowdOptions): Promise<Crowd> {
    await using parts = new AsyncDisposableStack();
    const lab = lastly.use(parts.use(await Lab.open({ program: await earshot() })));
    const members: Member[] = [];
    const crowd = new Crowd(lab, members, trace);
    for (let number = 1; number <= count; number++) {
      const name = `m${String(number).padStart(2, "0")}`;
      const member = new Member(await lab.host(), { name, home: `${lab.folder}/${name}`, owner: crowd });
      await (number === 1 ? member.opens() : member.joins());
      members.push(member);
    }
    parts.move();
    return crowd;
  }

  /** For homes and files; gone with the crowd. */
  get folder(): string {
    return this.#lab.folder;
  }

  /** What went wrong that no run provokes: processes that ended by themselves. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** From now on entries are told to this one. */
  tell(hearer: Hearer): void {
    this.#hearer = hearer;
  }

  /** Waits until all take the same member for the room's host; that one. */
  async host(): Promise<Member> {
    return await until("all agree on a host", async (tell) => {
      const relays = await Promise.all(this.members.map((member) => member.relay()));
      tell(relays);
      const [first, ...others] = new Set(relays);
      if (others.length > 0) return null;
      return this.members.find(({ name }) => name === first) ?? null;
    }, AGREED_MS_MAX);
  }

  /** See MemberOwner. */
  onEntry(member: Member, row: LogRow, atMs: number): void {
    this.#hearer?.onEntry(member, row, atMs);
  }

  /** See MemberOwner. */
  onOther(member: Member, event: NodeEvent): void {
    this.#trace?.(member.name, event);
  }

  /** See MemberOwner. */
  onFault({ name }: Member, said: string): void {
    this.#faults.push(`${name} ended by itself: ${said.trim()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
  }
}
