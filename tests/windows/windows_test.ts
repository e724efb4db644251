/** Windows: the real Deno for Windows under Wine, on the same network as a Linux node, and the tests of the parts that touch it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { earshot } from "../fixtures/lan/lan_test_case.ts";
import { Lab, whyNoLab } from "../fixtures/lan/lab.ts";
import type { Host } from "../fixtures/lan/host.ts";
import { LanNode } from "../fixtures/lan/lan_node.ts";
import { KITCHEN } from "../fixtures/lan/scenarios.ts";
import { finish, must } from "../fixtures/lan/system.ts";
import { until } from "../fixtures/patience.ts";
import { Desk, whyNoTmux } from "../fixtures/terminal/tmux.ts";
import { endPrograms, toWindowsPath, whyNoWine, WineKit } from "../fixtures/windows/wine.ts";

/** Letters of no code page, and more than one UTF-16 unit. */
const TYPED = "grüße ß € 🙂";
/** Names that Windows cannot have, or takes for something else. */
const TRAPS = ["CON.txt", "a:b?.txt", "end. ", "same.txt", "SAME.TXT", "ünï 🙂.txt"];
const CHECKOUT = fromFileUrl(new URL("../../", import.meta.url));
const STARTUP = "drive_c/users/root/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/StartUp";
/** Wine starts a program in a second; a machine that does much else, in ten. */
const SLOW_MS = 90_000;
/** A holder's patience: longer than earshot tries. */
const HELD_MS = "20000";

const missing = await whyNoWine() ?? await whyNoLab() ?? await whyNoTmux();

Deno.test({
  name: `Windows: a node and a Linux node, all that they do together, and the tests of the parts${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  // The steps and the tests of the parts run beside each other.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (test) => {
    await using kit = await WineKit.make();
    await using lab = await Lab.open({ program: await earshot() });
    const parts = runParts(kit, lab);
    parts.catch(() => {}); // Its step tells.
    const story = new Story(kit, lab, await kit.newPrefix());
    await story.start();
    const step = async (name: string, run: () => Promise<void>) => {
      const isDone = await test.step({ name, fn: run, sanitizeOps: false, sanitizeResources: false });
      if (!isDone) throw new Error(`Without "${name}" the rest says nothing`);
    };
    await step("both find each other, and talk in a room", () => story.talk());
    await step("letters of all kinds are typed in a terminal", () => story.type());
    await step("files go both ways, whatever they are called", () => story.giveFiles());
    await step("what was said is exported, and a list of contacts imported", () => story.carryOver());
    await step("a file that another program holds is waited for, and then told", () => story.hold());
    await step("a node that was killed goes on where it was", () => story.restart());
    await step("two nodes share one machine", () => story.share());
    await step("the home of an earlier version is moved", () => story.moveHome());
    await step("it starts at the next login, until it is uninstalled", () => story.install());
    await step("the tests of store, cli and deno hold", () => parts);
  },
});

/** A Windows host with wanda, and a Linux host with lin. */
class Story {
  readonly #kit: WineKit;
  readonly #lab: Lab;
  readonly #prefix: string;
  #parts: { readonly windows: Host; readonly wanda: LanNode; readonly lin: LanNode } | undefined;

  constructor(kit: WineKit, lab: Lab, prefix: string) {
    this.#kit = kit;
    this.#lab = lab;
    this.#prefix = prefix;
  }

  get #people() {
    if (this.#parts === undefined) throw new Error("The story has not begun");
    return this.#parts;
  }

  async start(): Promise<void> {
    const linux = await this.#lab.host({ isOwner: true });
    const windows = await this.#lab.host({ program: this.#kit.earshot(this.#prefix) });
    const wanda = new LanNode(windows, { name: "wanda", home: this.#path("wanda") });
    const [lin] = await Promise.all([linux.node("lin"), wanda.start()]);
    this.#parts = { windows, wanda, lin };
  }

  async talk(): Promise<void> {
    const { wanda, lin } = this.#people;
    await Promise.all([wanda.meets(lin), lin.meets(wanda)]);
    await lin.does("host", "Kitchen");
    await wanda.joins("Kitchen");
    await wanda.says(KITCHEN, "hello from Windows");
    await lin.hears("hello from Windows");
    await lin.says(KITCHEN, "hello from Linux");
    await wanda.hears("hello from Linux");
  }

  async type(): Promise<void> {
    const { windows, wanda, lin } = this.#people;
    await using desk = await Desk.open();
    const words = windows.words(["--home", wanda.home]);
    const env = { EARSHOT: words.map(quoted).join(" ") };
    const painted = await desk.terminal({ columns: 100, env });
    await painted.enter('clear; eval "$EARSHOT" chat lin');
    // Wine's console paints otherwise than Windows', so only that there is a status line counts.
    await painted.shows(/^\[lin · here/);
    await painted.enter(TYPED);
    await lin.isAskedBy(wanda, TYPED);
    // Without painting, the system edits the line.
    const plain = await desk.terminal({ columns: 100, env });
    await plain.enter('clear; eval "$EARSHOT" --plain chat lin');
    await plain.shows(/grüße/);
    await plain.type(`${TYPED} plain`);
    await until("lin has the line that was typed without painting", async (tell) => {
      // Wine takes an Enter for a key of the line while the program does not read yet; an empty line says nothing.
      await plain.press("Enter");
      const { out } = await lin.command("requests", "--json");
      tell(out);
      return out.includes(`"${TYPED} plain"`) ? true : null;
    }, SLOW_MS);
  }

  async giveFiles(): Promise<void> {
    const { wanda, lin } = this.#people;
    const trip = join(this.#lab.folder, "trip");
    await Deno.mkdir(trip);
    for (const name of TRAPS) await Deno.writeTextFile(join(trip, name), `I am ${name}`);
    await lin.does("file", KITCHEN, trip);
    await wanda.event("file", ({ file }) => file.state === "offered", {
      what: "wanda is offered the folder",
    });
    await wanda.does("get", "trip");
    const here = await wanda.event("file", ({ file }) => file.state === "here", { what: "wanda has it" });
    const landed = toLinuxPath(here.row.file.path ?? "", this.#prefix);
    const listed = (await Array.fromAsync(Deno.readDir(landed))).map(({ name }) => name).toSorted();
    // Wine has no streams: each mark of a foreign file becomes a file beside it.
    const names = listed.filter((name) => !name.endsWith(":Zone.Identifier"));
    assertEquals(listed.length, names.length * 2);
    assertEquals(names.filter((name) => /[<>:"|?*]|[. ]$|^con\b/i.test(name)), []);
    assertEquals(new Set(names.map((name) => name.toLowerCase())).size, TRAPS.length);
    const texts = await Promise.all(names.map((name) => Deno.readTextFile(join(landed, name))));
    assertEquals(texts.toSorted(), TRAPS.map((name) => `I am ${name}`).toSorted());

    const bytes = new Uint8Array(5_000_000);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const path = join(this.#lab.folder, "ü ß 🙂.bin");
    await Deno.writeFile(path, bytes);
    const from = lin.mark;
    await wanda.does("file", KITCHEN, toWindowsPath(path));
    await lin.event("file", ({ file }) => file.state === "offered", {
      what: "lin is offered the file",
      from,
    });
    await lin.does("get", "ü ß 🙂.bin");
    const got = await lin.event("file", ({ file }) => file.state === "here", { what: "lin has it", from });
    assertEquals(await sumOf(got.row.file.path ?? ""), await sumOf(path));
  }

  async carryOver(): Promise<void> {
    const { wanda, lin } = this.#people;
    const path = join(this.#lab.folder, "kitchen of wanda.txt");
    await wanda.does("export", KITCHEN, "-o", toWindowsPath(path));
    assertEquals((await Deno.readTextFile(path)).replaceAll("\r\n", "\n"), await lin.exports(KITCHEN));
    const stream = await wanda.command("export", KITCHEN, "-o", "C:\\a:b.txt");
    assertEquals(stream.code, 2);
    assertStringIncludes(stream.err, 'no name may have ":" in it');
    const list = join(this.#lab.folder, "contacts.txt");
    await Deno.writeTextFile(list, "\uFEFF192.168.43.77 9999 Jürgen\r\n192.168.43.78 9999 Zoë\r\n");
    await wanda.does("contacts", "import", toWindowsPath(list));
    const told = await wanda.does("contacts");
    for (const name of ["Jürgen", "Zoë"]) assertStringIncludes(told, name);
  }

  async hold(): Promise<void> {
    const { windows, wanda } = this.#people;
    const path = join(this.#lab.folder, "held.txt");
    await Deno.writeTextFile(path, "before");
    const exporting = ["export", KITCHEN, "-o", toWindowsPath(path), "--force"];
    const holder = this.#startHolder(windows, path, HELD_MS);
    await holder.line((line) => line.trim() === "held", { what: "the file is held" });
    const refused = await wanda.command(...exporting);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.err, "another program has it open");
    assertEquals(await Deno.readTextFile(path), "before");
    holder.signal("SIGKILL");
    await holder.ended;
    await wanda.does(...exporting);
    assertStringIncludes(await Deno.readTextFile(path), "hello from Linux");
  }

  async restart(): Promise<void> {
    const { wanda, lin } = this.#people;
    await wanda.kill();
    await lin.does("send", KITCHEN, "while you were away");
    await wanda.start();
    await wanda.hears("while you were away");
    await wanda.says(KITCHEN, "here again");
    await lin.hears("here again");
  }

  async share(): Promise<void> {
    const { windows, wanda } = this.#people;
    const wilma = new LanNode(windows, { name: "wilma", home: this.#path("wilma") });
    await wilma.start();
    await Promise.all([wilma.meets(wanda), wanda.meets(wilma)]);
    await wilma.joins("Kitchen");
    await wilma.says(KITCHEN, "from the same machine");
    await wanda.hears("from the same machine");
    for (const node of [wilma, wanda]) await node.does("stop");
  }

  async moveHome(): Promise<void> {
    const { windows } = this.#people;
    const appData = join(this.#prefix, "drive_c/users/root/AppData");
    const [roaming, local] = [join(appData, "Roaming/earshot"), join(appData, "Local/earshot")];
    const made = await windows.earshot(
      "--home",
      "C:\\users\\root\\AppData\\Roaming\\earshot",
      "nick",
      "wanda",
    );
    assertEquals(made.code, 0, made.err);
    const identity = await Deno.readTextFile(join(roaming, "identity.json"));
    const moved = await windows.earshot("contacts");
    assertEquals(moved.code, 0, moved.err);
    assertMatch(moved.err, /were moved from "C:.*Roaming\\earshot" to "C:.*Local\\earshot"/);
    assertEquals(await Deno.readTextFile(join(local, "identity.json")), identity);
    assertEquals((await windows.earshot("contacts")).err, "");
  }

  async install(): Promise<void> {
    const { windows } = this.#people;
    const home = this.#path("installed");
    const runs = async () => {
      await until("the installed node runs", async (tell) => {
        const { code, out, err } = await windows.earshot("--home", home, "status");
        tell(out + err);
        return code === 0 && out.includes("process") ? true : null;
      }, SLOW_MS);
    };
    const does = async (...words: readonly string[]) => {
      const { code, err } = await windows.earshot("--home", home, ...words);
      assertEquals(code, 0, err);
    };
    // Its pipes stay open until the node ends: under Wine what is started inherits them.
    const installing = windows.run(["--home", home, "install", "--yes"], (line) => line);
    await runs();
    const entry = join(this.#prefix, STARTUP, "earshot.cmd");
    assertStringIncludes(await Deno.readTextFile(entry), "earshot.js");
    // Wine's next start does what Windows does at a login.
    await endPrograms(this.#prefix);
    assertStringIncludes((await installing.ended).out, "This will run: rundll32 ");
    const login = windows.start([...this.#kit.wine(this.#prefix), "wineboot"], (line) => line);
    await runs();
    await does("uninstall", "--yes");
    await must("test", "!", "-e", entry);
    await does("stop");
    await login.ended;
  }

  #startHolder(host: Host, path: string, ms: string) {
    const words = [join(this.#kit.folder, "hold.exe"), toWindowsPath(path), ms];
    return host.start([...this.#kit.wine(this.#prefix), ...words], (line) => line);
  }

  #path(name: string): string {
    return toWindowsPath(join(this.#lab.folder, name));
  }
}

/** The tests of the parts that touch the system, by Deno for Windows, on a host of their own. @throws {Error} with what failed. */
async function runParts(kit: WineKit, lab: Lab): Promise<void> {
  const prefix = await kit.newPrefix();
  const folders = ["tests/store", "tests/cli", "tests/deno"];
  const deno = ["env", "-C", CHECKOUT, `DENO_DIR=${toWindowsPath(join(kit.folder, "cache"))}`];
  const runtime = [...deno, ...kit.wine(prefix), join(kit.folder, "deno.exe")];
  const certificates = toWindowsPath("/etc/ssl/certs/ca-certificates.crt");
  // What the tests import is loaded here: their host has no network but its own loopback.
  const files = (await must("find", ...folders.map((name) => join(CHECKOUT, name)), "-name", "*_test.ts"))
    .trim().split("\n").map(toWindowsPath);
  const cached = await finish([
    "env",
    `DENO_CERT=${certificates}`,
    ...runtime,
    "cache",
    "-q",
    "--no-check",
    ...files,
  ]);
  if (cached.code !== 0) throw new Error(`The tests cannot be loaded: ${cached.err}`);
  await endPrograms(prefix);
  const host = await lab.host({ isAlone: true });
  const options = ["test", "-A", "--no-check", "--no-prompt", "--cached-only", "--unstable-net"];
  const running = host.start([...runtime, ...options, ...folders], (line) => line);
  const { code, out, err } = await running.ended;
  const failures = /^ ERRORS $[^]*/m.exec(out)?.[0] ?? err;
  assert(code === 0, failures.slice(0, 10_000));
  assertMatch(out, /^ok \| [1-9]\d{2,} passed/m);
}

async function sumOf(path: string): Promise<string> {
  return (await must("sha256sum", path)).split(" ")[0] ?? "";
}

/** A path of Wine's programs as this system sees it. */
function toLinuxPath(path: string, prefix: string): string {
  const slashed = path.replaceAll("\\", "/");
  return slashed.replace(/^Z:/i, "").replace(/^C:/i, join(prefix, "drive_c"));
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
