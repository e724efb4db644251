/**
 * `deno task sim --runs N --seed S`: plays N worlds from seed S on and says which fail. With `--story` it tells what
 * happened in each; with `--first` it ends at the first that fails; with `--seconds T` no world begins after that time,
 * and the last line says how many were played. Exit code 1 if any failed.
 */

import { parseArgs } from "@std/cli/parse-args";
import { judge } from "./judge.ts";

const args = parseArgs(Deno.args, { string: ["runs", "seed", "seconds"], boolean: ["story", "first"] });
const runs = Number(args["runs"] ?? 100);
const first = Number(args["seed"] ?? Math.floor(Math.random() * 2 ** 31));
const endAtMs = performance.now() + 1_000 * Number(args["seconds"] ?? Infinity);
let played = 0;
let failed = 0;
let kept = 0;
for (let seed = first; seed < first + runs && performance.now() < endAtMs; seed++) {
  const sentence = await judge(seed);
  played++;
  kept += sentence.keptCount;
  if (args["story"]) say(sentence.story.join("\n"));
  if (sentence.faults.length === 0) continue;
  failed++;
  say(`seed ${seed} fails:\n  ${sentence.faults.slice(0, 8).join("\n  ")}`);
  if (args["first"]) break;
}
say(`${played} worlds from seed ${first}: ${failed} failed, ${kept} messages kept`);
Deno.exit(failed === 0 ? 0 : 1);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
