/** The executable as users have it, compiled and run for real: the main story, with nothing of Deno around it. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import type { NodeEvent } from "../../src/api/commands.ts";
import { PAGE_FILES } from "../../src/web/page_files.ts";
import { pageHeaders } from "../../src/web/page/page_headers.ts";
import { freeTcpPort, freeUdpPort } from "../fixtures/free_ports.ts";
import { Lab, whyNoLab } from "../fixtures/lan/lab.ts";
import { Program } from "../fixtures/lan/program.ts";
import { agree, exportsOf, KITCHEN, trioInKitchen } from "../fixtures/lan/scenarios.ts";
import { finish, must } from "../fixtures/lan/system.ts";
import { enter, openRoom, say, shows } from "../fixtures/page/actions.ts";
import { whyNoBrowser } from "../fixtures/page/browser.ts";
import { Scene } from "../fixtures/page/people.ts";
import { MadeExecutable, whyNoExecutable } from "../fixtures/executable.ts";

/** What a machine has where nobody ever set anything up: no Deno, no variable but these. */
const BARE = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" } as const;
/** What a release may weigh more than its runtime base, which is 85 MB: 1.1 MB is the program. */
const SIZE_BYTES_MAX = 100e6;

const missing = await whyNoExecutable();

Deno.test({
  name: `executable: says its version, serves its page, tells a story${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  // The library that drives the browser keeps timers of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (test) => {
    await using made = await MadeExecutable.make();
    const temporary = join(made.folder, "tmp");
    await Deno.mkdir(temporary);
    const variables = Object.entries({ ...BARE, TMPDIR: temporary });
    const bare = ["/usr/bin/env", "-i", ...variables.map(([name, value]) => `${name}=${value}`)];
    const program = [...bare, made.path];
    const step = async (name: string, lacks: string | null, fn: () => Promise<void>) => {
      await test.step({
        name: `${name}${lacks === null ? "" : ` (skipped: ${lacks})`}`,
        ignore: lacks !== null,
        fn,
        sanitizeOps: false,
        sanitizeResources: false,
      });
    };
    await step("it says its version and helps, and nothing else", null, () => speaks(program, made));
    await step(
      "it keeps everything beside itself when that is wanted",
      null,
      () => isPortable(program, made.folder),
    );
    await step("it holds the program and nothing else", null, () => isLean(made));
    await step("its page is served as it was built", null, () => servesPage(program, made.folder));
    await step("its page works", await whyNoBrowser(), () => talksOnPage(program));
    await step(
      "it gives itself to another host, where what came does the same",
      await whyNoLab(),
      async () => {
        await using lab = await Lab.open({ program });
        await givesItself(lab, made);
      },
    );
    await step("three talk while their host is killed", await whyNoLab(), async () => {
      await using lab = await Lab.open({ program });
      await tellStory(lab);
    });
  },
});

async function speaks(program: readonly string[], { folder }: MadeExecutable): Promise<void> {
  const version = { code: 0, out: `earshot ${config.version}\n`, err: "" };
  assertEquals(await finish([...program, "--version"]), version);
  assertMatch((await finish([...program, "help"])).out, /^earshot: chat with people within earshot/);
  // No compiled code is kept where another user could put theirs.
  assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "tmp"))), []);
}

async function isPortable(program: readonly string[], folder: string): Promise<void> {
  await must(...program, "--portable", "contacts", "--quiet");
  assertEquals((await Deno.stat(join(folder, "earshot-home", "identity.json"))).isFile, true);
}

/** The base is not looked at: texts of the program are behind it. */
async function isLean({ path, sizeBytes }: MadeExecutable): Promise<void> {
  assertEquals(sizeBytes < SIZE_BYTES_MAX, true, `${sizeBytes} bytes`);
  const text = new TextDecoder("latin1").decode((await Deno.readFile(path)).slice(-4_000_000));
  assertEquals(
    ["src/web/page_files.ts", "fast-check", "playwright", "tests/", "/root/", Deno.cwd()].map((what) =>
      `${what}: ${text.includes(what)}`
    ),
    [
      "src/web/page_files.ts: true",
      "fast-check: false",
      "playwright: false",
      "tests/: false",
      "/root/: false",
      `${Deno.cwd()}: false`,
    ],
  );
}

async function servesPage(program: readonly string[], folder: string): Promise<void> {
  const own = [...program, "--home", join(folder, "page-home")];
  const ports = ["--port", String(freeTcpPort()), "--discovery-port", String(freeUdpPort())];
  const words = ["node", "--json", "--name", "ada", "--interface", "lo", ...ports];
  await using node = new Program([...own, ...words], (line) => JSON.parse(line) as NodeEvent);
  await node.line(({ event }) => event === "ready", { what: "ada is ready" });
  const { address } = JSON.parse(await must(...own, "page", "--no-browser", "--json"));
  for (const { path, type, text } of PAGE_FILES) {
    const response = await fetch(new URL(path, address));
    const told = Object.fromEntries(response.headers);
    assertEquals([response.status, await response.text() === text], [200, true], path);
    for (const [name, value] of Object.entries(pageHeaders(type))) assertEquals(told[name], value, path);
  }
  await must(...own, "stop");
  assertEquals((await node.ended).code, 0);
}

async function talksOnPage(program: readonly string[]): Promise<void> {
  await using scene = await Scene.open(program);
  const [ada, bob] = [await scene.person("ada"), await scene.person("bob")];
  const [hers, his] = [await enter(ada), await enter(bob)];
  await openRoom(hers, "Attic", "Anybody near");
  await his.getByRole("button", { name: "Join Attic" }).click();
  await say(hers, "from an executable");
  await shows(his, "from an executable");
  assertEquals([...ada.faults, ...ada.strayRequests, ...bob.faults, ...bob.strayRequests], []);
}

/** On a host without a file of ours, by HTTP alone. */
async function givesItself(lab: Lab, { path, folder }: MadeExecutable): Promise<void> {
  const windows = `earshot-${config.version}-windows-x86_64.zip`;
  await Deno.writeTextFile(join(folder, windows), "not really");
  const [giver, newcomer] = [await lab.host(), await lab.host()];
  const ada = await giver.node("ada");
  assertMatch(await ada.does("give"), /^earshot is not given to others\. To begin: earshot give on$/m);
  const { addresses: [address = ""], files } = JSON.parse(await ada.does("give", "all", "--json"));
  assertMatch(address, new RegExp(`^http://${giver.address.replaceAll(".", "\\.")}:\\d+/$`));
  assertMatch(await ada.does("status"), new RegExp(`^Giving +earshot itself, at ${address}$`, "m"));
  const got = join(folder, "got");
  const fetching = `const [from, to] = Deno.args; const answer = await fetch(from);
    if (to !== undefined) await Deno.writeFile(to, answer.body);
    console.log(JSON.stringify({ status: answer.status, text: to === undefined ? await answer.text() : "" }));`;
  const fetched = async (...words: readonly string[]) => {
    const command = [Deno.execPath(), "eval", "--no-lock", fetching, ...words];
    const running = newcomer.start(command, (line): { status: number; text: string } => JSON.parse(line));
    return (await running.line(() => true, { what: "an answer" })).row;
  };
  const page = await fetched(address);
  const own = files.find(({ name }: { readonly name: string }) => name !== windows);
  assertEquals([page.status, page.text.includes(own.sumStart), page.text.includes(windows)], [
    200,
    true,
    true,
  ]);
  assertEquals((await fetched(`${address}${own.name}`, got)).status, 200);
  const sums = await Promise.all(
    [path, got].map(async (file) => (await must("sha256sum", file)).slice(0, 64)),
  );
  assertEquals(sums, [own.sha256, own.sha256]);
  await Deno.chmod(got, 0o755);
  assertEquals((await finish([got, "--version"])).out, `earshot ${config.version}\n`);
  assertMatch(await ada.does("give", "off"), /^earshot is not given to others/);
  const status = JSON.parse(await ada.does("status", "--json"));
  assertEquals(status.giving, []);
  await Deno.remove(join(folder, windows));
  assert([0, 143].includes((await ada.leave("SIGTERM")).code));
}

async function tellStory(lab: Lab): Promise<void> {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  const all = [ada, bob, cleo];
  for (const node of all) {
    for (const other of all) if (other !== node) await node.meets(other);
    await node.says(KITCHEN, `hello from ${node.name}`);
  }
  // Ada opened the room, so she relays it.
  await ada.kill();
  await bob.does("send", KITCHEN, "ada fell");
  await cleo.hears("ada fell");
  await ada.start();
  await cleo.says(KITCHEN, "ada is back");
  const texts = await agree(all, ["ada is back"]);
  assertEquals(texts.slice(3), ["ada fell", "ada is back"]);
  assertEquals((await exportsOf(all)).length, 1);
  // With all the others busy, leaving may take more than its second: then it is cut off, and the code is the signal's.
  for (const node of all) assert([0, 143].includes((await node.leave("SIGTERM")).code));
}
