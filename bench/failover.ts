/**
 * `deno task bench:failover`: what a room loses, and for how long, when its host is killed or cut off and when any member
 * is killed at any moment; and how soon somebody who was away is up to date. Real processes on hosts of a lab (network
 * namespaces; needs Linux and root).
 *
 *     --nodes 5,20      sizes of the room
 *     --rate 50         lines a second that all together say
 *     --runs 30         hosts killed, and as many whose link is cut
 *     --kills 500       random members killed, in each size
 *     --catchup 100000  lines that a member of three has missed; 0 leaves that out
 *     --rest 3          seconds of talk before a host goes, and before it comes back
 *     --json            the figures as JSON lines beside the sentences
 *     --trace           what every member tells meanwhile, on standard error
 *
 * Exits with 1 if a line was lost, came twice or stands elsewhere for somebody, or if a figure misses its goal.
 */

import { parseArgs } from "@std/cli/parse-args";
import type { NodeEvent } from "../src/api/commands.ts";
import { whyNoLab } from "../tests/fixtures/lan/lab.ts";
import { catchUp } from "./catchup.ts";
import { Crowd } from "./crowd.ts";
import { type Goals, Report } from "./failover_report.ts";
import { Load } from "./load.ts";
import { CUT, killAtRandom, KILLED, type Outage, rest, suffer } from "./outages.ts";
import { judge } from "./verdict.ts";

/** What the figures have to stay below. */
const GONE_GOALS: Readonly<Record<Outage["what"], Goals>> = {
  "host killed": { medianMs: 1_000, worstMs: 2_500 },
  "host's link cut": { medianMs: 4_500 },
};
const CATCH_UP_GOALS = { tookMs: 10_000, peakBytes: 200_000_000 } as const;
/** How long all talk undisturbed at first. */
const CALM_MS = 10_000;
/** Random kills in one room; the next ones get a new one, so that logs do not grow for ever. */
const KILLS_A_ROOM = 250;

const options = parseArgs(Deno.args, {
  string: ["nodes", "rate", "runs", "kills", "catchup", "rest"],
  boolean: ["json", "trace"],
});
const { nodes = "5,20", rate = 50, runs = 30, kills = 500, catchup = 100_000, rest: restSeconds = 3 } =
  options;
const load = { perSecond: Number(rate) };
const lastly = new AsyncDisposableStack();
const trace = options.trace === true ? traceEvent : null;
const report = new Report({ isJson: options.json === true });

const missing = await whyNoLab();
if (missing !== null) {
  report.say(`The failover benchmark cannot run here: it ${missing}.`);
  Deno.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => void end());
if (Number(catchup) > 0) {
  report.catchUp(await catchUp(Number(catchup), { lastly, trace }), CATCH_UP_GOALS);
}
for (const count of String(nodes).split(",").map(Number)) await measureRoom(count);
Deno.exit(report.isGood ? 0 : 1);

/** All figures of rooms of that size. */
async function measureRoom(count: number): Promise<void> {
  for (const outage of [KILLED, CUT]) {
    if (Number(runs) > 0) await measureOutages(outage, count);
  }
  for (let left = Number(kills); left > 0; left -= KILLS_A_ROOM) {
    const kills = Math.min(left, KILLS_A_ROOM);
    await inRoom(`${kills} random kills`, count, (crowd) => killAtRandom(crowd, kills));
  }
}

async function measureOutages(outage: Outage, count: number): Promise<void> {
  const [goneMs, backMs]: [number[], number[]] = [[], []];
  await inRoom(outage.what, count, async (crowd, talk) => {
    if (outage === KILLED) {
      report.times(`calm, each line to each screen`, count, await talk.delaysMs(rest(CALM_MS)));
    }
    for (let run = 1; run <= Number(runs); run++) {
      const cost = await suffer(outage, { crowd, load: talk, restMs: Number(restSeconds) * 1_000 });
      goneMs.push(cost.goneMs);
      backMs.push(cost.backMs);
    }
  });
  report.times(outage.what, count, goneMs, GONE_GOALS[outage.what]);
  report.times(`${outage.what}, until it is back`, count, backMs);
}

/** Something happens to a new room in which all talk; then they are silent, and judged. */
async function inRoom(
  what: string,
  count: number,
  happen: (crowd: Crowd, talk: Load) => Promise<void>,
): Promise<void> {
  await using crowd = await Crowd.open({ count, lastly, trace });
  const talk = new Load(crowd.members, load);
  crowd.tell(talk);
  talk.start();
  try {
    await happen(crowd, talk);
  } finally {
    talk.stop();
  }
  report.verdict(what, count, await judge(crowd, talk.kept));
}

/** Whatever is under way is left as it is, but nothing of it stays on this machine. */
async function end(): Promise<void> {
  await lastly.disposeAsync();
  Deno.exit(1);
}

function traceEvent(name: string, event: NodeEvent): void {
  if (event.event === "state") return;
  const text = `${performance.now().toFixed(0)} ${name} ${JSON.stringify(event)}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
