import { assertEquals, assertNotEquals } from "@std/assert";
import type { Desktop } from "../../src/ports/desktop.ts";
import { denoDesktop, findOpener } from "../../src/deno/desktop.ts";

const CASES: [os: string, env: Record<string, string>, program: string | null][] = [
  ["linux", { DISPLAY: ":0" }, "xdg-open"],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "xdg-open"],
  ["linux", {}, null],
  ["linux", { DISPLAY: "" }, null],
  ["linux", { DISPLAY: "localhost:10.0", SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" }, null],
  ["freebsd", { DISPLAY: ":0" }, "xdg-open"],
  ["darwin", {}, "open"],
  ["darwin", { SSH_TTY: "/dev/ttys001" }, null],
  ["windows", {}, "rundll32"],
  ["windows", { SSH_CLIENT: "10.0.0.1 1 22" }, null],
];

for (const [os, env, program] of CASES) {
  Deno.test(`openerFor takes ${program ?? "nothing"} on ${os} with ${JSON.stringify(env)}`, () => {
    assertEquals(findOpener(os, (name) => env[name])?.program ?? null, program);
  });
}

/** A desktop whose opener is that script, or missing; it gets the path as $1 and a folder of the test as $HERE. */
async function withOpener(
  script: string | null,
  run: (desktop: Desktop, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "earshot-desktop-" });
  try {
    if (script !== null) {
      await Deno.writeTextFile(`${folder}/xdg-open`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    const path = script === null ? folder : `${folder}:${Deno.env.get("PATH")}`;
    await run(denoDesktop({ DISPLAY: ":0", HERE: folder, PATH: path }), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ignore = Deno.build.os !== "linux";

Deno.test({
  name: "denoDesktop opens a file with the program of the desktop, in a process group of its own",
  ignore,
  async fn() {
    // Field 5 of stat is the process group.
    const script = 'echo "$1" > $HERE/path; cut -d" " -f5 /proc/self/stat > $HERE/group';
    await withOpener(script, async (desktop, folder) => {
      assertEquals(await desktop.open("/home/a b/enter.html"), true);
      assertEquals(await Deno.readTextFile(`${folder}/path`), "/home/a b/enter.html\n");
      const ours = (await Deno.readTextFile("/proc/self/stat")).replace(/^.*\) /, "").split(" ")[2];
      assertNotEquals((await Deno.readTextFile(`${folder}/group`)).trim(), ours);
    });
  },
});

Deno.test({
  name: "denoDesktop says when nothing opens",
  ignore,
  async fn() {
    await withOpener("exit 3", async (desktop) => assertEquals(await desktop.open("/x"), false));
    await withOpener(null, async (desktop) => assertEquals(await desktop.open("/x"), false));
  },
});

Deno.test({
  name: "denoDesktop takes an opener that goes on for one that opened: it may be the browser itself",
  ignore,
  // It goes on beyond us, on purpose.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await withOpener("mkfifo $HERE/end; read line < $HERE/end", async (desktop, folder) => {
      assertEquals(await desktop.open("/x"), true);
      await Deno.writeTextFile(`${folder}/end`, "\n");
    });
  },
});
