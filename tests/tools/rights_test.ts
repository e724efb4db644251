/** What earshot may do is the same wherever it is said. */

import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { readOutput } from "../../src/deno/command.ts";
import { optionsOn, rightsOn } from "../../tools/rights.ts";

const LOCK = `--lock=${fromFileUrl(new URL("../../deno.lock", import.meta.url))}`;

Deno.test('"deno task start" gives the rights of tools/rights.ts', () => {
  assertEquals(
    config.tasks.start.command,
    ["deno run", ...optionsOn(null), "--lock=start.lock", "main.ts"].join(" "),
  );
});

Deno.test("SECURITY.md has the rights on Linux, and their reasons", async () => {
  const text = await Deno.readTextFile(new URL("../../SECURITY.md", import.meta.url));
  const rows = [...text.matchAll(/^\| `(--(?:no-prompt|allow|deny).*?)` \| (.*) \|$/gm)]
    .map(([, option = "", reason = ""]) => ({ option, reason }));
  assertEquals(rows, rightsOn("linux").map((right) => ({ ...right })));
});

Deno.test("Only src/deno/command.ts and src/deno/desktop.ts start programs, so that all are in the list; nothing sends signals", async () => {
  const folder = new URL("../../src/deno/", import.meta.url);
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    if (
      /Deno\.(?:Command|kill|run|dlopen)\b|process\.kill\b|node:child_process/.test(withoutComments(text))
    ) found.push(name);
  }
  assertEquals(found.toSorted(), ["command.ts", "desktop.ts"]);
});

Deno.test({
  name: "Narrow rights tell as much of the system as all rights do",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const told = new URL("../fixtures/system_report.ts", import.meta.url).href;
    const run = async (rights: readonly string[]) => {
      const command = new Deno.Command(Deno.execPath(), {
        args: ["run", ...rights, LOCK, "--cached-only", told],
        // A variable that would forbid each program, were it handed on.
        env: { LD_LIBRARY_PATH: "/nowhere" },
        stderr: "inherit",
      });
      return new TextDecoder().decode((await command.output()).stdout);
    };
    const all = await run(["-A", "--unstable-net"]);
    // Some containers have no /sys; both kinds of rights then see no interface there.
    assertEquals(JSON.parse(all).interfaces.includes("lo"), await exists("/sys/class/net/lo"));
    assertEquals(await run(optionsOn("linux")), all);
    assertEquals(await readOutput("cat", ["/proc/net/route"]) === "", false);
  },
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
