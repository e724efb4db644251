/**
 * `deno task sim --runs N --seed S`: plays N worlds from seed S on and says which fail. With `--story` it tells what
 * happened in each; with `--first` it ends at the first that fails. Exit code 1 if any failed.
 */

import { parseArgs } from "@std/cli/parse-args";
import { judge } from "./judge.ts";

const args = parseArgs(Deno.args, { string: ["runs", "seed"], boolean: ["story", "first"] });
const runs = Number(args["runs"] ?? 100);
const first = Number(args["seed"] ?? Math.floor(Math.random() * 2 ** 31));
let failed = 0;
let kept = 0;
for (let seed = first; seed < first + runs; seed++) {
  const sentence = await judge(seed);
  kept += sentence.keptCount;
  if (args["story"]) say(sentence.story.join("\n"));
  if (sentence.faults.length === 0) continue;
  failed++;
  say(`seed ${seed} fails:\n  ${sentence.faults.slice(0, 8).join("\n  ")}`);
  if (args["first"]) break;
}
say(`${runs} worlds from seed ${first}: ${failed} failed, ${kept} messages kept`);
Deno.exit(failed === 0 ? 0 : 1);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
