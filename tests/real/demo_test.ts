/** `deno task demo` as people run it. */

import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readTextLines } from "../../src/cli/node_access/json_lines.ts";

const DEMO = fromFileUrl(new URL("../../demo/demo.ts", import.meta.url));
const LOCK = fromFileUrl(new URL("../../start.lock", import.meta.url));
const LINK = /^ {2}(?:alice|bob|carol) +http:\/\/127\.0\.0\.1:\d+\/#enter=[\w-]{43}$/;

/** What a demo printed, that was told to end by the signal at the line that has these words; and that nothing is left of it. */
async function demoUntil(words: string, signal: Deno.Signal): Promise<readonly string[]> {
  const tmp = await Deno.makeTempDir({ prefix: "earshot-demo-test-" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `--lock=${LOCK}`, DEMO, "--no-browser"],
      env: { TMPDIR: tmp },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const printed: string[] = [];
    let homes: string[] = [];
    for await (const line of readTextLines(child.stdout, { lineUnitsMax: 10_000 })) {
      printed.push(line);
      if (!line.includes(words)) continue;
      homes = await namesIn(tmp);
      child.kill(signal);
    }
    assertEquals((await child.status).code, 0);
    assertEquals(homes.length, 1);
    assertEquals(await namesIn(tmp), []);
    return printed;
  } finally {
    await Deno.remove(tmp, { recursive: true });
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `demo prints three addresses, and leaves nothing behind at ${signal}`,
    // Deno kills by TerminateProcess there, so nothing can be left cleanly.
    ignore: Deno.build.os === "windows",
    async fn() {
      const links = (await demoUntil("goes with Ctrl-C", signal)).filter((line) => line.includes("http://"));
      assertEquals(links.length, 3);
      for (const link of links) assertMatch(link, LINK);
    },
  });
}

Deno.test({
  name: "demo leaves nothing behind when it is told to end while it is being prepared",
  ignore: Deno.build.os === "windows",
  async fn() {
    assertEquals((await demoUntil("Three people come", "SIGTERM")).length, 1);
  },
});

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}
