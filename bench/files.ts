/**
 * `deno task bench:files [--mb 1000] [--files 10000] [--kills 20] [--only NAME]`: how fast files move, what that costs, and what is lost when
 * either side is killed. Real nodes on hosts of a lab (network namespaces; needs Linux and root), each figure of a copy beside
 * that of a bare plaintext program in the same run. One JSON line a figure, and a table at the end.
 */

import { parseArgs } from "@std/cli/parse-args";
import { Lab, whyNoLab } from "../tests/fixtures/lan/lab.ts";
import { earshot } from "../tests/fixtures/lan/lan_test_case.ts";
import { type Figure, FileBench } from "./file_bench.ts";

const given = parseArgs(Deno.args, { string: ["mb", "files", "kills", "only"] });
const missing = await whyNoLab();
if (missing !== null) {
  say(`The benchmark of files cannot run here: it ${missing}`);
  Deno.exit(1);
}
const figures: Figure[] = [];
await using lab = await Lab.open({ program: await earshot() });
const bench = new FileBench(lab, {
  sizeBytes: Number(given.mb ?? 1_000) * 1_000_000,
  filesCount: Number(given.files ?? 10_000),
  killsCount: Number(given.kills ?? 20),
  onFigure(figure) {
    figures.push(figure);
    say(JSON.stringify(figure));
  },
});
const all = {
  loopback: () => bench.copy("loopback"),
  network: () => bench.copy("between namespaces"),
  small: () => bench.smallFiles(),
  latency: () => bench.latency(),
  kills: () => bench.kills(),
};
for (const [name, run] of Object.entries(all)) {
  if (given.only === undefined || given.only === name) await run();
}
say("");
for (const { what, value, unit, of } of figures) {
  say(`${what.padEnd(64)} ${`${value}`.padStart(12)} ${unit}${of === undefined ? "" : `   ${of}`}`);
}

function say(line: string): void {
  // deno-lint-ignore no-console -- A benchmark prints.
  console.log(line);
}
