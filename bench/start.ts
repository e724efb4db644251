/**
 * `deno task bench:start`: how large the executable is, how soon it is ready, and how much memory it takes while nobody
 * talks. Beside it, made of the same runtime in the same run, a program that only prints a word. Skipped where no
 * executable can be made. Nodes are on loopback only; starts alternate, so that a busy moment meets both.
 *
 *     --times 20       starts of each
 *     --idle 10        seconds until the memory is read
 *     --peers 20       others, for the memory of one who hears them
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import type { NodeEvent } from "../src/api/commands.ts";
import { MadeExecutable, whyNoExecutable } from "../tests/fixtures/executable.ts";
import { Program } from "../tests/fixtures/lan/program.ts";
import { compileProgram, compilerFor } from "../tools/compiling.ts";
import { ownTarget } from "../tools/targets.ts";
import { loopbackNodeWords, measureIdleMemory } from "./idle_memory.ts";

const MB = 1e6;

const args = parseArgs(Deno.args, { string: ["times", "idle", "peers"] });
const missing = await whyNoExecutable();
const target = ownTarget();
if (missing !== null || target === null) {
  say(`Nothing can be measured here: ${missing}.`);
  Deno.exit(0);
}
await using parts = new AsyncDisposableStack();
const made = parts.use(await MadeExecutable.make());
const folder = await Deno.makeTempDir({ prefix: "earshot-bench-" });
parts.defer(() => Deno.remove(folder, { recursive: true }));
const trivial = await makeTrivial();
say(`Executable: ${megabytes(made.sizeBytes)}; one that prints a word: ${megabytes(sizeOf(trivial))}`);
await measureStarts(Number(args.times ?? 20));
for (const peersCount of [0, Number(args.peers ?? 20)]) {
  await measureMemory(peersCount, Number(args.idle ?? 10) * 1000);
}

async function makeTrivial(): Promise<string> {
  const [tools, work] = [join(folder, "tools"), join(folder, "work")];
  for (const path of [tools, work]) await Deno.mkdir(path);
  if (target === null) throw new Error("There are no executables for this machine");
  const compiler = await compilerFor(target, tools);
  return await compileProgram('console.log("ready");', { compiler, folder: work });
}

async function measureStarts(times: number): Promise<void> {
  const figures = {
    trivial: [] as number[],
    version: [] as number[],
    first: [] as number[],
    again: [] as number[],
  };
  const home = join(folder, "kept");
  await readyMs(nodeAt(home));
  for (let time = 0; time < times; time++) {
    figures.trivial.push(await wordMs([trivial]));
    figures.version.push(await endMs([made.path, "--version"]));
    figures.first.push(await readyMs(nodeAt(join(folder, `home-${time}`))));
    figures.again.push(await readyMs(nodeAt(home)));
  }
  tell("A program that prints a word, until it is read", figures.trivial);
  tell("earshot --version, until it has ended", figures.version);
  tell('earshot node, until "ready", with a new home', figures.first);
  tell('earshot node, until "ready", with a home it had', figures.again);
}

async function measureMemory(peersCount: number, idleMs: number): Promise<void> {
  if (Deno.build.os !== "linux") return say("Memory is read on Linux only.");
  const memory = await measureIdleMemory([made.path], { peersCount, idleMs, folder });
  say(
    `Memory of a node that hears ${peersCount} others, ${idleMs / 1000} s later: ` +
      `${megabytes(memory.residentBytes)} resident, ${megabytes(memory.anonymousBytes)} of it in no file`,
  );
}

function nodeAt(home: string): readonly string[] {
  return [made.path, ...loopbackNodeWords(home)];
}

/** Until it says "ready"; it is ended properly then. */
async function readyMs(command: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await using program = new Program(command, (line) => JSON.parse(line) as NodeEvent);
  const { atMs } = await program.line(({ event }) => event === "ready", { what: "ready" });
  program.signal("SIGTERM");
  await program.ended;
  return atMs - fromMs;
}

/** The same of a program that ends by itself. */
async function wordMs(command: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await using program = new Program(command, (line) => line);
  const { atMs } = await program.line(() => true, { what: "a word" });
  await program.ended;
  return atMs - fromMs;
}

async function endMs(command: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await using program = new Program(command, (line) => line);
  await program.ended;
  return performance.now() - fromMs;
}

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}

function tell(what: string, values: readonly number[]): void {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? NaN);
  say(`${what}: ${values.length} times, median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, worst ${at(1)} ms`);
}

function say(text: string): void {
  // deno-lint-ignore no-console -- What the task is asked for.
  console.log(text);
}
