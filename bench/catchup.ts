/** One of three members comes back, and has missed very much. */

import { Crowd, type CrowdOptions } from "./crowd.ts";
import type { Member } from "./member.ts";
import { judge, type Verdict } from "./verdict.ts";

/** Lines that are typed at a time. */
const TYPED_COUNT = 500;
/** Time for so many lines to be said, or to be caught up with: each is measured, none is a limit. */
const LONG_MS = 30 * 60_000;

/** What it took. */
export interface CatchUp {
  readonly missedCount: number;
  /** From the start of the process until its screen has the last line. */
  readonly tookMs: number;
  /** The most memory of its process until then. */
  readonly peakBytes: number;
  /** The same of the host, which has been there all the time. */
  readonly hostPeakBytes: number;
  /** How long the others needed to say it all. */
  readonly saidInMs: number;
  readonly verdict: Verdict;
}

/** Measures it. */
export async function catchUp(missedCount: number, options: Omit<CrowdOptions, "count">): Promise<CatchUp> {
  await using crowd = await Crowd.open({ ...options, count: 3 });
  const [host, other, absent] = crowd.members;
  if (host === undefined || other === undefined || absent === undefined) {
    throw new Error("There are not three");
  }
  await absent.ends("SIGINT");
  const fromMs = performance.now();
  const texts = [host, other].map(({ name }) => linesOf(name, Math.ceil(missedCount / 2)));
  const [ofHost = [], ofOther = []] = texts;
  await Promise.all([sayAll(host, ofHost, other), sayAll(other, ofOther, host)]);
  const saidInMs = performance.now() - fromMs;
  const last = "and that is the last of it";
  await host.says(last);
  await other.shows(last);
  const startedAtMs = performance.now();
  await Promise.all([absent.returns(), absent.shows(last, LONG_MS)]);
  const tookMs = performance.now() - startedAtMs;
  const [peakBytes, hostPeakBytes] = await Promise.all([absent.peakBytes(), host.peakBytes()]);
  const verdict = await judge(crowd, new Set([...texts.flat(), last]));
  return { missedCount, tookMs, peakBytes, hostPeakBytes, saidInMs, verdict };
}

/** Resolves when the listener has heard the last one. */
async function sayAll(by: Member, texts: readonly string[], listener: Member): Promise<void> {
  const heard = listener.shows(texts.at(-1) ?? "", LONG_MS);
  for (let at = 0; at < texts.length; at += TYPED_COUNT) await by.says(...texts.slice(at, at + TYPED_COUNT));
  await heard;
}

function linesOf(name: string, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `${name} says line ${index + 1} to whoever will read it later`,
  );
}
