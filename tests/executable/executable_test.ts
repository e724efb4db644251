/** The executable as users have it, compiled and run for real: the main story, with nothing of Deno around it. */

import { assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { Lab, whyNoLab } from "../lan/lab.ts";
import { agree, exportsOf, KITCHEN, trioInKitchen } from "../lan/scenes.ts";
import { finish } from "../lan/system.ts";
import { compileEarshot, findDenort } from "./compile.ts";

const denort = await findDenort();
const missing = "missing" in denort ? denort.missing : await whyNoLab();

Deno.test({
  name: `executable: three find each other, talk, and export the same${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  fn: async (test) => {
    if ("missing" in denort) throw new Error(denort.missing);
    const folder = await Deno.makeTempDir({ prefix: "earshot-executable-" });
    await using parts = new AsyncDisposableStack();
    parts.defer(() => Deno.remove(folder, { recursive: true }));
    const earshot = await compileEarshot(folder, denort);
    await test.step("it says its version, and helps", async () => {
      assertEquals(await finish([earshot, "--version"]), {
        code: 0,
        out: `earshot ${config.version}\n`,
        err: "",
      });
      assertMatch((await finish([earshot, "help"])).out, /^earshot: chat with people within earshot/);
    });
    await test.step("it keeps everything beside itself when that is wanted", async () => {
      assertEquals((await finish([earshot, "--portable", "contacts", "--quiet"])).code, 0);
      assertEquals((await Deno.stat(`${folder}/earshot-home/identity.json`)).isFile, true);
    });
    await test.step("three talk in a room", async () => {
      await using lab = await Lab.open({ program: [earshot] });
      await tellStory(lab);
    });
  },
});

async function tellStory(lab: Lab): Promise<void> {
  const [ada, bob, cleo] = await trioInKitchen(lab);
  const all = [ada, bob, cleo];
  for (const node of all) {
    for (const other of all) if (other !== node) await node.meets(other);
    await node.says(KITCHEN, `hello from ${node.name}`);
  }
  await bob.kill();
  await ada.does("send", KITCHEN, "bob fell");
  await bob.start();
  await cleo.says(KITCHEN, "bob is back");
  const texts = await agree(all, ["bob is back"]);
  assertEquals(texts.slice(3), ["bob fell", "bob is back"]);
  assertEquals((await exportsOf(all)).length, 1);
  for (const node of all) assertEquals((await node.leave("SIGTERM")).code, 0);
}
