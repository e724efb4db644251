/**
 * `deno task mutants`: makes each of the faults in a copy of the code, one after the other, and lets the judge look for it.
 *
 *     --worlds 400   worlds from seed 1 on in which a fault has to show
 *     --only NAME    one of them
 *     --jobs 2       looked for at the same time
 *
 * Prints the seed that catches each; exits with 1 if one was not caught.
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, join } from "@std/path";
import { type Mutant, MUTANTS } from "./mutants.ts";

const PROJECT = dirname(dirname(dirname(fromFileUrl(import.meta.url))));
/** What the judge needs of the project. */
const COPIED = ["deno.json", "deno.lock", "imports.json", "main.ts", "src", "std", "tests"];
/** A fault may as well keep a world from ever ending; then it was not caught. */
const WORLDS_MS_MAX = 1_800_000;

interface Catch {
  readonly mutant: Mutant;
  /** The world in which it showed; null if it did not. */
  readonly seed: number | null;
  readonly fault: string;
}

const args = parseArgs(Deno.args, { string: ["worlds", "only", "jobs"] });
const worlds = Number(args.worlds ?? 400);
const waiting = MUTANTS.filter(({ name }) => args.only === undefined || name === args.only);
const caught: Catch[] = [];
await Promise.all(Array.from({ length: Number(args.jobs ?? 2) }, work));
const missed = caught.filter(({ seed }) => seed === null);
say(`${caught.length - missed.length} of ${caught.length} faults caught`);
Deno.exit(missed.length === 0 ? 0 : 1);

/** Takes one fault after the other, in a copy of its own. */
async function work(): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "earshot-mutants-" });
  try {
    for (const name of COPIED) await copy(join(PROJECT, name), join(folder, name));
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const found = await look(folder, mutant);
      caught.push(found);
      const where = found.seed === null ? `not in ${worlds} worlds` : `seed ${found.seed}`;
      say(`${mutant.name}: ${mutant.what}: ${where}${found.fault === "" ? "" : `: ${found.fault}`}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function look(folder: string, mutant: Mutant): Promise<Catch> {
  const path = join(folder, mutant.file);
  const good = await Deno.readTextFile(path);
  if (good.split(mutant.from).length !== 2) {
    throw new Error(`${mutant.name}: ${mutant.file} does not hold once what it changes`);
  }
  // Not as a pattern: "$&" may stand in code.
  await Deno.writeTextFile(path, good.replace(mutant.from, () => mutant.to));
  try {
    return await judged(folder, mutant);
  } finally {
    await Deno.writeTextFile(path, good);
  }
}

async function judged(folder: string, mutant: Mutant): Promise<Catch> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "--lock=deno.lock", "tests/sim/run.ts"],
      ...["--runs", String(worlds), "--seed", "1", "--first"],
    ],
    cwd: folder,
    stdin: "null",
    stderr: "piped",
    stdout: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), WORLDS_MS_MAX);
  const { success, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  if (success || signal !== null) return { mutant, seed: null, fault: "" };
  const text = new TextDecoder().decode(stdout);
  const found = /^seed (\d+) fails:\n\s*at [\d.]+: ([^\n]*)/m.exec(text);
  if (found !== null) return { mutant, seed: Number(found[1]), fault: found[2]?.slice(0, 160) ?? "" };
  throw new Error(`${mutant.name}: the judge could not run:\n${new TextDecoder().decode(stderr)}`);
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
