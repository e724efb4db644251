/**
 * `deno task bench:long [--rooms 100] [--entries 1000000]`: a node with years of conversations, whose logs this command
 * writes. Started twice: the first start reads every line, the second one goes by the indexes that the first one made.
 * Each step is one line of JSON: seconds since exec, processor seconds so far, resident memory.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import type { NodeEvent } from "../src/api/commands.ts";
import { earshot } from "../tests/fixtures/lan/lan_test_case.ts";
import { Program } from "../tests/fixtures/lan/program.ts";
import { must } from "../tests/fixtures/lan/system.ts";
import { quietNodeWords } from "./fanout/starting.ts";
import { Meter, residentBytes } from "./fanout/processes.ts";
import { titleOf, writeLongHome } from "./long_home.ts";

const READY_MS_MAX = 300_000;
const QUIET_MS = 15_000;

const options = parseArgs(Deno.args, { string: ["rooms", "entries"] });
const rooms = Number(options.rooms ?? 100);
const entries = Number(options.entries ?? 1_000_000);
const folder = await Deno.makeTempDir({ prefix: "earshot-bench-" });
try {
  const home = join(folder, "home");
  const sizeBytes = await writeLongHome(home, { rooms, entries });
  say({ bench: "long", rooms, entries, logMB: Math.round(sizeBytes / 1e6) });
  for (const start of ["first", "second"]) await measure(start, home);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function measure(start: string, home: string): Promise<void> {
  const words = await earshot();
  const [program = "", ...args] = [...words, "--home", home];
  const fromMs = performance.now();
  const node = new Program([...words, ...quietNodeWords(home)], (line) => JSON.parse(line) as NodeEvent);
  const meter = new Meter(node.pid);
  const tell = (until: string) =>
    say({
      start,
      until,
      seconds: round((performance.now() - fromMs) / 1000),
      processorSeconds: round(meter.read().cpu[0] ?? NaN),
      residentMB: Math.round(residentBytes(node.pid) / 1e6),
    });
  await node.line(({ event }) => event === "ready", { what: "ready", ms: READY_MS_MAX });
  tell("ready");
  const title = titleOf(Math.ceil(rooms / 2));
  const end = await must(program, ...args, "log", `#${title}`, "--last", "50");
  const last = `${Math.round(entries / rooms) - 1} `;
  if (!end.includes(last)) throw new Error(`The end of ${title} is not there: ${end.slice(-200)}`);
  tell("the end of one room");
  const list = await must(program, ...args, "rooms");
  if (!list.includes(titleOf(rooms))) throw new Error(`A room is missing: ${list.slice(-200)}`);
  tell("the list of all rooms");
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  tell("15 quiet seconds later");
  const found = await must(program, ...args, "search", "--last", String(rooms), `${last}One hundred`);
  if (found.trim().split("\n").length < rooms) throw new Error(`Not in all rooms: ${found.slice(-200)}`);
  tell("a search through all");
  const file = await must(program, ...args, "export", `#${title}`);
  if (!file.includes(last)) throw new Error(`The end of ${title} is not in the file`);
  tell("the room as a file");
  node.signal("SIGTERM");
  await node.ended;
}

function round(seconds: number): number {
  return Number(seconds.toFixed(2));
}

function say(row: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(row)}\n`));
}
