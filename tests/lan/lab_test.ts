/** The lab itself: whatever happens in it, nothing of it stays. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Lab, whyNoLab } from "../fixtures/lan/lab.ts";
import { until } from "../fixtures/patience.ts";
import { finish, must } from "../fixtures/lan/system.ts";

const missing = await whyNoLab();
const why = missing === null ? "" : ` (skipped: ${missing})`;
/** Runs, and does nothing, for longer than any test. */
const IDLE = ["sleep", "3600"];

Deno.test({
  name: `Lab: nothing is left of one whose test failed${why}`,
  ignore: missing !== null,
  fn: async () => {
    const before = await namespaces();
    const seen: { pid?: number; folder?: string } = {};
    await assertRejects(
      async () => {
        await using lab = await Lab.open({ program: IDLE });
        const host = await lab.host();
        seen.pid = host.start(IDLE, (line) => line).pid;
        seen.folder = lab.folder;
        throw new Error("The test failed");
      },
      Error,
      "The test failed",
    );
    assertEquals(await namespaces(), before);
    assertEquals(await exists(`/proc/${seen.pid}`), false);
    assertEquals(await exists(String(seen.folder)), false);
  },
});

Deno.test({
  name: `Lab: what a killed run left is removed by the next one, and nothing else${why}`,
  ignore: missing !== null,
  fn: async () => {
    const gone = new Deno.Command("true").spawn();
    await gone.status;
    const [dead, alive] = [`earshot-${gone.pid}-1`, `earshot-${Deno.ppid}-1`];
    for (const name of [dead, alive]) await must("ip", "netns", "add", name);
    try {
      const left = new Deno.Command("ip", { args: ["netns", "exec", dead, ...IDLE] }).spawn();
      await until(`a process runs in ${dead}`, async () => await must("ip", "netns", "pids", dead) || null);
      await using _lab = await Lab.open({ program: IDLE });
      assertEquals((await left.status).signal, "SIGKILL");
      const names = await namespaces();
      assert(!names.includes(dead));
      assert(names.includes(alive));
    } finally {
      for (const name of [dead, alive]) await finish(["ip", "netns", "delete", name]);
    }
  },
});

async function namespaces(): Promise<readonly string[]> {
  return (await must("ip", "netns", "list")).split("\n").map((line) => line.split(" ")[0] ?? "").toSorted();
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
