/** What was said and who has got it: each member each message once, in its sender's order. What is not so is a problem with a name. */

/** Characters of a message, as in the measurements that the goals come from. */
export const MESSAGE_CHARS = 100;
/** Problems that are told in words. */
const TOLD_MAX = 5;
const PADDING = "x".repeat(MESSAGE_CHARS);
/** `>0007-00000042.`: sender and number. */
const TAG = /^>(\d{4})-(\d{8})\./;

/** The text of a sender's message of that number, from 1 on. */
export function messageText(sender: number, number: number): string {
  return `>${String(sender).padStart(4, "0")}-${String(number).padStart(8, "0")}.${PADDING}`.slice(
    0,
    MESSAGE_CHARS,
  );
}

/** The sender and number of a message; null if it is none of ours. */
export function messageTag(text: string): { readonly sender: number; readonly number: number } | null {
  const found = TAG.exec(text);
  return found === null ? null : { sender: Number(found[1]), number: Number(found[2]) };
}

/** Counts what one party of members says and hears. */
export class Tally {
  readonly memberCount: number;
  readonly senderCount: number;
  /** By sender: the number of its last message. */
  readonly said: Int32Array;
  /** Deliveries to others than the sender. */
  delivered = 0;
  /** Messages that were said. */
  saidCount = 0;
  /** Called after some deliveries. */
  onDelivered: () => void = () => {};
  readonly problems: string[] = [];
  #problemCount = 0;
  /** By member and sender: the last number that came. */
  readonly #last: Int32Array;
  #sentAtMs: Float64Array[] | null = null;
  #latenciesMs: number[] = [];

  constructor(memberCount: number, senderCount: number) {
    this.memberCount = memberCount;
    this.senderCount = senderCount;
    this.said = new Int32Array(senderCount);
    this.#last = new Int32Array(memberCount * senderCount);
  }

  /** Deliveries that are to come of what was said. */
  get dueCount(): number {
    return this.saidCount * (this.memberCount - 1) - this.delivered;
  }

  /** The sender says its next message: its number. */
  say(sender: number): number {
    const number = (this.said[sender] ?? 0) + 1;
    this.said[sender] = number;
    this.saidCount++;
    const sentAtMs = this.#sentAtMs?.[sender];
    if (sentAtMs !== undefined) sentAtMs[number % sentAtMs.length] = performance.now();
    return number;
  }

  /** A member got a message. Its own, which some servers send back, only counts for the order. */
  got(member: number, sender: number, number: number): void {
    const at = member * this.senderCount + sender;
    const last = this.#last[at] ?? 0;
    if (number !== last + 1) this.problem(`member ${member} got ${sender}'s number ${number} behind ${last}`);
    this.#last[at] = number;
    if (member === sender) return;
    this.delivered++;
    const sentAtMs = this.#sentAtMs?.[sender];
    if (sentAtMs === undefined) return;
    this.#latenciesMs.push(performance.now() - (sentAtMs[number % sentAtMs.length] ?? NaN));
  }

  /** How far a member has got a sender's messages. */
  lastOf(member: number, sender: number): number {
    return this.#last[member * this.senderCount + sender] ?? 0;
  }

  /** From now on each delivery is timed. */
  time(): void {
    this.#sentAtMs = Array.from({ length: this.senderCount }, () => new Float64Array(1024));
    this.#latenciesMs = [];
  }

  /** Milliseconds of each delivery since `time`, sorted. */
  timed(): Float64Array {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    this.#sentAtMs = null;
    this.#latenciesMs = [];
    return sorted;
  }

  /** Something was not as it must be. */
  problem(text: string): void {
    if (this.#problemCount++ < TOLD_MAX) this.problems.push(text);
  }

  /** What was said and has not come to a member, in words; empty if nothing. */
  missing(): string {
    let lost = 0;
    for (let member = 0; member < this.memberCount; member++) {
      for (let sender = 0; sender < this.senderCount; sender++) {
        if (member === sender) continue;
        lost += (this.said[sender] ?? 0) - this.lastOf(member, sender);
      }
    }
    return lost === 0 ? "" : `${lost} of ${this.saidCount * (this.memberCount - 1)} deliveries never came`;
  }
}
