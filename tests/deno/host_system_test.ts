import { assertEquals } from "@std/assert";
import { denoHostSystem, entryFolderOf } from "../../src/deno/host_system.ts";

Deno.test("entryFolderOf says where this user's entries belong", () => {
  const cases: [os: string, env: Record<string, string>, folder: string | null][] = [
    ["linux", { HOME: "/home/a" }, "/home/a/.config/systemd/user"],
    ["linux", { HOME: "/home/a", XDG_CONFIG_HOME: "/etc/a/" }, "/etc/a/systemd/user"],
    ["linux", { HOME: "/home/a", XDG_CONFIG_HOME: "relative" }, "/home/a/.config/systemd/user"],
    ["linux", {}, null],
    ["darwin", { HOME: "/Users/a", XDG_CONFIG_HOME: "/x" }, "/Users/a/Library/LaunchAgents"],
    ["darwin", {}, null],
    ["windows", { APPDATA: "C:\\A" }, "C:\\A\\Microsoft\\Windows\\Start Menu\\Programs\\Startup"],
    ["windows", { HOME: "/x" }, null],
  ];
  for (const [os, env, folder] of cases) assertEquals(entryFolderOf(os, (name) => env[name]), folder);
});

Deno.test("denoHostSystem runs a program to its end, and tells of its trouble", async () => {
  const { run } = denoHostSystem();
  assertEquals(await run([Deno.execPath(), "--version"]), { isDone: true, said: "" });
  const failed = await run([Deno.execPath(), "run", "--quiet", "--no-prompt", "data:,Deno.exit(3)"]);
  assertEquals(failed, { isDone: false, said: "" });
  assertEquals(await run(["no-such-program-of-earshot"]), {
    isDone: false,
    said: 'there is no program "no-such-program-of-earshot" here',
  });
});
