/** What became of all that was said: looked for on every member's disk, and in what each would show a reader. */

import { join } from "@std/path";
import type { Crowd } from "./crowd.ts";
import type { Member } from "./member.ts";

/** Lines that a verdict names. */
const NAMED_MAX = 5;

/** The state of a room, once it is quiet. */
export interface Verdict {
  /** Lines whose author's disk had them. */
  readonly keptCount: number;
  /** Of those: what a member's disk lacks. */
  readonly lost: readonly string[];
  /** What stands twice in a member's log, or its export. */
  readonly twice: readonly string[];
  readonly hasSameOrder: boolean;
  readonly hasSameBytes: boolean;
  /** Processes that ended by themselves, and last words that were not everywhere in time. */
  readonly faults: readonly string[];
}

/** Whether all is as it must be. */
export function isGood({ lost, twice, hasSameOrder, hasSameBytes, faults }: Verdict): boolean {
  return lost.length === 0 && twice.length === 0 && hasSameOrder && hasSameBytes && faults.length === 0;
}

/** Waits until every member's last word is everywhere, then compares. Nobody may talk meanwhile. */
export async function judge(crowd: Crowd, kept: ReadonlySet<string>): Promise<Verdict> {
  const { members, folder, faults } = crowd;
  const word = `the last word, ${crypto.randomUUID()}, of`;
  const last = await Promise.allSettled(members.map((member) => member.saysToAll(`${word} ${member.name}`)));
  const unheard = last.filter((end) => end.status === "rejected").map(({ reason }) => String(reason));
  const all = await Promise.all(members.map((member) => remains(member, folder)));
  const lost = all.flatMap(({ name, inLog }) =>
    [...kept].filter((text) => !inLog.has(text)).map((text) => `${name} lacks "${text}"`)
  );
  const twice = all.flatMap(({ name, inLog, shown }) =>
    [...inLog, ...counted(shown)].filter(([, count]) => count > 1).map(([text]) =>
      `${name} has "${text}" twice`
    )
  );
  return {
    keptCount: kept.size,
    lost,
    twice,
    hasSameOrder: new Set(all.map(({ shown }) => JSON.stringify(shown))).size === 1,
    hasSameBytes: new Set(all.map(({ exported }) => exported)).size === 1,
    faults: [...unheard, ...faults],
  };
}

/** The verdict in a sentence. */
export function verdictText(verdict: Verdict): string {
  const { keptCount, lost, twice, hasSameOrder, hasSameBytes, faults } = verdict;
  const details = [...lost.slice(0, NAMED_MAX), ...twice.slice(0, NAMED_MAX), ...faults.slice(0, NAMED_MAX)];
  return [
    `${keptCount} lines kept, ${lost.length} lost, ${twice.length} twice, ` +
    `the order ${hasSameOrder ? "the same" : "NOT the same"} in all logs, ` +
    `exports ${hasSameBytes ? "equal to the byte" : "NOT equal"}, ` +
    `${faults.length} faults of another kind.`,
    ...details.map((detail) => `  ${detail}`),
  ].join("\n");
}

/** What one member has. */
interface Remains {
  readonly name: string;
  /** How often each text stands in the log file. */
  readonly inLog: ReadonlyMap<string, number>;
  /** The texts in the order in which they are shown. */
  readonly shown: readonly string[];
  /** The transcript for people. */
  readonly exported: string;
}

/** What is read of an export as JSON. */
interface JsonExport {
  readonly entries: readonly { readonly kind: string; readonly text: string }[];
}

async function remains(member: Member, folder: string): Promise<Remains> {
  const { name, home } = member;
  const path = join(folder, name);
  await member.exports(`${path}.txt`);
  await member.exports(`${path}.json`);
  const { entries }: JsonExport = JSON.parse(await Deno.readTextFile(`${path}.json`));
  const shown = entries.filter(({ kind }) => kind === "text").map(({ text }) => text);
  return { name, shown, inLog: counted(await logOf(home)), exported: await Deno.readTextFile(`${path}.txt`) };
}

async function logOf(home: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(join(home, "rooms"))) {
    const log = await Deno.readTextFile(join(home, "rooms", name, "log.jsonl"));
    for (const line of log.split("\n").filter((line) => line !== "")) {
      const [, , , , , , , kind, , body] = JSON.parse(line).e;
      if (kind === "text") texts.push(body);
    }
  }
  return texts;
}

function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
