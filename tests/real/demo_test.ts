/** `deno task demo` as people run it. */

import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { textLines } from "../../src/cli/json_lines.ts";

const DEMO = fromFileUrl(new URL("../../demo/demo.ts", import.meta.url));
const LINK = /^ {2}(?:alice|bob|carol) +http:\/\/127\.0\.0\.1:\d+\/#enter=[\w-]{43}$/;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `demo prints three addresses, and leaves nothing behind at ${signal}`,
    // Deno kills by TerminateProcess there, so nothing can be left cleanly.
    ignore: Deno.build.os === "windows",
    async fn() {
      const tmp = await Deno.makeTempDir({ prefix: "earshot-demo-test-" });
      try {
        const child = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--no-check", DEMO, "--no-browser"],
          env: { TMPDIR: tmp },
          stdin: "null",
          stdout: "piped",
          stderr: "inherit",
        }).spawn();
        const lines = textLines(child.stdout, { lineUnitsMax: 10_000 });
        const links: string[] = [];
        let homes: string[] = [];
        for await (const line of lines) {
          if (line.includes("http://")) links.push(line);
          if (!line.includes("Ctrl-C")) continue;
          homes = [...Deno.readDirSync(tmp)].map(({ name }) => name);
          child.kill(signal);
        }
        assertEquals(links.length, 3);
        for (const link of links) assertMatch(link, LINK);
        assertEquals((await child.status).code, 0);
        assertEquals(homes.length, 1);
        assertEquals([...Deno.readDirSync(tmp)], []);
      } finally {
        await Deno.remove(tmp, { recursive: true });
      }
    },
  });
}
