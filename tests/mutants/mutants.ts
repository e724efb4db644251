/** Faults that somebody could make: each is one edit to the code, and the judge has to find it. */

/** One fault. */
export interface Mutant {
  readonly name: string;
  /** What is wrong with the code then. */
  readonly what: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** All of them. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "log-not-synced",
    what: "a line counts as kept before the disk has it for sure",
    file: "src/store/log/append_log.ts",
    from: "    await this.#file.sync();\n    this.#goodBytes += bytes.length;",
    to: "    this.#goodBytes += bytes.length;",
  },
  {
    name: "home-not-synced",
    what: "the folders above a new home are not synced",
    file: "src/store/home/home.ts",
    from: "if (await disk.read(paths.identity) === null) await syncAbove(disk, paths.folder);",
    to: "",
  },
  {
    name: "torn-line-left",
    what: "what is left of a torn last line stays before the next line",
    file: "src/store/log/append_log.ts",
    from: "if (aside !== null) await file.truncate(fromByte + wholeBytes);",
    to: "",
  },
  {
    name: "told-before-kept",
    what: "others hear that we have a line before our disk does",
    file: "src/node/room/log_writer.ts",
    from: "    return this.#append(entries, { isBeside: false, mayWait });",
    to: "    for (const entry of entries) this.#held.set(entry.author, entry.number);\n" +
      "    return this.#append(entries, { isBeside: false, mayWait });",
  },
  {
    name: "not-taken-back",
    what: "what the disk refused stays in the room",
    file: "src/node/room/log_writer.ts",
    from:
      "    for (const entry of this.#pending.toReversed()) this.#replica.takeBack(entry);\n    this.#pending = [];",
    to: "    this.#pending = [];",
  },
  {
    name: "lost-not-asked-for",
    what: "what the disk refused is not asked for again",
    file: "src/node/room/entry_receiver.ts",
    from: "if (this.#retry === undefined) this.#retryTimer.wakeAt(this.#parts.clock.nowMs() + RETRY_MS);",
    to: "",
  },
  {
    name: "order-of-arrival",
    what: "entries stand in the order in which they came",
    file: "src/room/replica.ts",
    from: "if (last === undefined || compareEntries(last, entry) < 0) this.#ordered.push(entry);",
    to: "if (last === undefined || compareEntries(last, entry) !== 0) this.#ordered.push(entry);",
  },
  {
    name: "one-is-everybody",
    what: "a line counts as being everywhere when one member has it",
    file: "src/room/receipts.ts",
    from:
      "    for (const member of others) everywhere = Math.min(everywhere, this.#byMember.get(member)?.[place] ?? 0);\n",
    to: "",
  },
  {
    name: "signatures-not-checked",
    what: "anybody can write in anybody's name",
    file: "src/room/replica.ts",
    from: 'if (!options.isTrusted && !isSigned(entry, this.#crypto)) return "refused";',
    to: "",
  },
  {
    name: "everybody-let-in",
    what: "an invite-only room is told to whoever names it",
    file: "src/room/replica.ts",
    from:
      "    return this.#feeds.has(peer) || (proof !== null && isInvitationProof(proof, claim, this.#crypto));",
    to: "    return claim.key.length > 0 || proof !== null && isInvitationProof(proof, claim, this.#crypto);",
  },
  {
    name: "silence-believed",
    what: "a peer that says nothing for ever counts as being there",
    file: "src/wire/heartbeat.ts",
    from: "export const HEARTBEAT_DEAD_MS = 3_000;",
    to: "export const HEARTBEAT_DEAD_MS = 3_000_000;",
  },
  {
    name: "refusal-for-good",
    what: "whoever once refused a room is not followed after joining it",
    file: "src/node/peers/connection_manager.ts",
    from: "if (this.#refused.get(peer)?.delete(room)) this.schedule();",
    to: "",
  },
  {
    name: "everybody-hosts",
    what: "each node takes itself for the best host",
    file: "src/node/peers/connection_manager.ts",
    from: "peer === me ? hostScore.current :",
    to: "peer === me ? hostScore.current + 3 :",
  },
  {
    name: "timer-left",
    what: "a node that leaves lets a timer run on",
    file: "src/node/peers/host_score.ts",
    from: "    this.#timer[Symbol.dispose]();\n",
    to: "",
  },
];
