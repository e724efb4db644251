import { assertEquals } from "@std/assert";
import { denoDesktop, openerFor } from "../../src/deno/desktop.ts";

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
    assertEquals(openerFor(os, (name) => env[name])?.program ?? null, program);
  });
}

Deno.test({
  name: "denoDesktop opens a file with the program of the desktop, in a process group of its own",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "earshot-desktop-" });
    const before = Object.entries(Deno.env.toObject());
    const restore = () => {
      for (const name of Object.keys(Deno.env.toObject())) Deno.env.delete(name);
      for (const [name, value] of before) Deno.env.set(name, value);
    };
    try {
      for (const name of ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]) Deno.env.delete(name);
      Deno.env.set("DISPLAY", ":0");
      Deno.env.set("PATH", `${folder}:${Deno.env.get("PATH")}`);
      const opener = async (script: string) => {
        await Deno.writeTextFile(`${folder}/xdg-open`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        return await denoDesktop().open("/home/a b/enter.html");
      };
      // Field 5 of stat is the process group.
      const tell = `echo "$1" > ${folder}/path; cut -d' ' -f5 /proc/self/stat > ${folder}/group`;
      assertEquals(await opener(tell), true);
      assertEquals(await Deno.readTextFile(`${folder}/path`), "/home/a b/enter.html\n");
      const ours = (await Deno.readTextFile("/proc/self/stat")).replace(/^.*\) /, "").split(" ")[2];
      assertEquals((await Deno.readTextFile(`${folder}/group`)).trim() === ours, false);
      assertEquals(await opener("exit 3"), false);
      // A browser that was not there before goes on in the opener: that is no failure.
      assertEquals(await opener("exec sleep 2"), true);
      await Deno.remove(`${folder}/xdg-open`);
      Deno.env.set("PATH", folder);
      assertEquals(await denoDesktop().open("/x"), false);
    } finally {
      restore();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
