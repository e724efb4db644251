import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoHostSystem, findEntryFolder } from "../../src/deno/host_system.ts";

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
  for (const [os, env, folder] of cases) assertEquals(findEntryFolder(os, (name) => env[name]), folder);
});

Deno.test({
  name: "denoHostSystem runs a program to its end, and tells of its trouble",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { run } = denoHostSystem();
    assertEquals(await run(["ls", "/"]), { isDone: true, errorText: "" });
    const failed = await run(["ls", "/no-such-folder-of-earshot"]);
    assertEquals(failed.isDone, false);
    assertStringIncludes(failed.errorText, "no-such-folder-of-earshot");
  },
});

Deno.test("denoHostSystem runs no program but those of the list", async () => {
  const { run } = denoHostSystem();
  assertEquals(await run([Deno.execPath(), "--version"]), {
    isDone: false,
    errorText: `earshot may not start "${Deno.execPath()}"`,
  });
});

Deno.test({
  name: "denoHostSystem says which program is not installed",
  ignore: Deno.build.os === "darwin",
  async fn() {
    assertEquals(await denoHostSystem().run(["launchctl"]), {
      isDone: false,
      errorText: 'there is no program "launchctl" here',
    });
  },
});
