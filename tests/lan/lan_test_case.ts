/** Tests that need a lab; where there can be none they are ignored, and their names say why. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { Lab, whyNoLab } from "./lab.ts";
import { must } from "./system.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const missing = await whyNoLab();
let isCached = false;

/** A test with a lab of its own. */
export function lanTest(name: string, run: (lab: Lab) => Promise<void>): void {
  Deno.test({
    name: `LAN: ${name}${missing === null ? "" : ` (skipped: ${missing})`}`,
    ignore: missing !== null,
    fn: async () => {
      await using lab = await Lab.open({ program: await earshot() });
      await run(lab);
    },
  });
}

/** earshot as `deno task start` starts it. No host can load what it imports, so that is in the cache before. */
export async function earshot(): Promise<readonly string[]> {
  if (!isCached) await must(Deno.execPath(), "cache", MAIN);
  isCached = true;
  const words = config.tasks.start.command.split(" ").slice(1, -1);
  return [Deno.execPath(), ...words, "--cached-only", MAIN];
}
