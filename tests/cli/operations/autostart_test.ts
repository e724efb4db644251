import { assert, assertEquals } from "@std/assert";
import { isSystemProgram } from "../../../src/deno/programs.ts";
import { createAutostart } from "../../../src/cli/operations/autostart.ts";

/** Words with everything that is special somewhere. */
const WORDS = ["/opt/my %h $HOME/earshot", "node", "--home", '/home/a "b" \\c', "--name", "R&D <1> $x"];

Deno.test("autostartFor writes a user unit of systemd like this", () => {
  const { path, text, start, stop, forget } = createAutostart("systemd", {
    folder: "/home/alice/.config/systemd/user",
    userId: 1000,
    words: WORDS,
  });
  assertEquals(path, "/home/alice/.config/systemd/user/earshot.service");
  assertEquals(
    text,
    String.raw`# Written by "earshot install". "earshot uninstall" removes it.
[Unit]
Description=earshot, a messenger for people within earshot

[Service]
ExecStart="/opt/my %%h $HOME/earshot" "node" "--home" "/home/a \"b\" \\c" "--name" "R&D <1> $$x"
# An earshot that runs already with this home ends this one; it is tried again until that one is gone.
Restart=on-failure
RestartSec=10
SuccessExitStatus=130 143
NoNewPrivileges=yes

[Install]
WantedBy=default.target
`,
  );
  assertEquals(start, [
    ["systemctl", "--user", "daemon-reload"],
    ["systemctl", "--user", "enable", "--now", "earshot.service"],
  ]);
  assertEquals(stop, [["systemctl", "--user", "disable", "--now", "earshot.service"]]);
  assertEquals(forget, [["systemctl", "--user", "daemon-reload"]]);
});

Deno.test("autostartFor writes an agent of launchd like this", () => {
  const { path, text, start, stop, forget } = createAutostart("launchd", {
    folder: "/Users/alice/Library/LaunchAgents",
    userId: 501,
    words: ["/Applications/earshot", "node", "--name", 'R&D <1> "x"'],
  });
  assertEquals(path, "/Users/alice/Library/LaunchAgents/io.github.earshot.node.plist");
  assertEquals(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by "earshot install". "earshot uninstall" removes it. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>io.github.earshot.node</string>
  <key>ProgramArguments</key>
  <array>
    <string>/Applications/earshot</string>
    <string>node</string>
    <string>--name</string>
    <string>R&amp;D &lt;1&gt; "x"</string>
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>StandardErrorPath</key>
  <string>/Users/alice/Library/Logs/earshot.log</string>
</dict>
</plist>
`,
  );
  assertEquals(start, [["launchctl", "bootstrap", "gui/501", path]]);
  assertEquals(stop, [["launchctl", "bootout", "gui/501/io.github.earshot.node"]]);
  assertEquals(forget, []);
});

Deno.test("autostartFor writes an entry of Windows' start-up folder like this", () => {
  const { path, text, start, stop, forget } = createAutostart("startup-folder", {
    folder: "C:\\Startup",
    userId: 0,
    words: ["C:\\My Programs\\100% & more\\earshot.exe", "node", "--home", "D:\\", "--name", 'a "b"'],
  });
  assertEquals(path, "C:\\Startup\\earshot.cmd");
  assertEquals(text.split("\r\n"), [
    "@echo off",
    'rem Written by "earshot install". "earshot uninstall" removes it.',
    "rem What follows is UTF-8.",
    "chcp 65001 >nul",
    String
      .raw`start "earshot" /min "C:\My Programs\100%% & more\earshot.exe" "node" "--home" "D:\\" "--name" "a ""b"""`,
    "",
  ]);
  assertEquals(start, [["rundll32", "shell32.dll,ShellExec_RunDLL", "C:\\Startup\\earshot.cmd"]]);
  assertEquals([stop, forget], [[], []]);
});

Deno.test("autostartFor runs only programs that earshot may start", () => {
  for (const kind of ["systemd", "launchd", "startup-folder"] as const) {
    const { start, stop, forget } = createAutostart(kind, { folder: "/f", userId: 1, words: ["/earshot"] });
    for (const [program = ""] of [...start, ...stop, ...forget]) assert(isSystemProgram(program), program);
  }
});

async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasSystemd = await isInstalled("systemd-analyze");

Deno.test({
  name: `systemd itself finds no fault in the unit, and the program at its odd place${
    hasSystemd ? "" : " (skipped: systemd-analyze is not installed)"
  }`,
  ignore: !hasSystemd,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      // It takes no program with quotes or backslashes in its path; "install" then tells what it says.
      const odd = `${folder}/a b%h$HOME`;
      await Deno.symlink(Deno.execPath(), odd);
      const verify = async (program: string) => {
        const { path, text } = createAutostart("systemd", {
          folder,
          userId: 0,
          words: [program, ...WORDS.slice(1)],
        });
        await Deno.writeTextFile(path, text);
        const { code, stderr } = await new Deno.Command("systemd-analyze", {
          args: ["verify", "--user", "--man=no", path],
          env: { XDG_RUNTIME_DIR: folder, HOME: folder },
        }).output();
        return { code, said: new TextDecoder().decode(stderr) };
      };
      assertEquals(await verify(odd), { code: 0, said: "" });
      // That it looks for the program at all.
      assertEquals((await verify(`${odd}-not`)).code, 1);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
