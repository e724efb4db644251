/** Files between devices: the sender's is killed halfway, and a third member who has it brings the rest. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { FileRow } from "../../src/api/files.ts";
import { lanTest } from "../fixtures/lan/lan_test_case.ts";
import type { Lab } from "../fixtures/lan/lab.ts";
import type { LanNode } from "../fixtures/lan/lan_node.ts";
import { KITCHEN, trioInKitchen } from "../fixtures/lan/scenarios.ts";

const LARGE_BYTES = 240_000_000;
const SMALL_COUNT = 300;
const LOOK_MS = 250;
const LOOKS_MAX = 240;

/** A folder with a large file and many small ones. */
async function makeFolder(lab: Lab): Promise<string> {
  const folder = join(lab.folder, "holiday");
  await Deno.mkdir(join(folder, "notes", "more"), { recursive: true });
  const large = new Uint8Array(LARGE_BYTES);
  for (let at = 0; at < large.length; at += 65_536) crypto.getRandomValues(large.subarray(at, at + 65_536));
  await Deno.writeFile(join(folder, "film.mkv"), large);
  for (let index = 0; index < SMALL_COUNT; index++) {
    const name = join(folder, "notes", index % 2 === 0 ? "." : "more", `${index}.txt`);
    await Deno.writeTextFile(name, `note ${index}\n`.repeat(index));
  }
  // Links lead elsewhere, and are left out.
  await Deno.symlink("/etc", join(folder, "etc"));
  return folder;
}

async function assertSame(folder: string, path: string): Promise<void> {
  const { stdout, success } = await new Deno.Command("diff", { args: ["-r", "--exclude=etc", folder, path] })
    .output();
  assert(success, new TextDecoder().decode(stdout).slice(0, 2_000));
}

async function untilFile(
  node: LanNode,
  isWanted: (file: FileRow) => boolean,
  { what, from = 0 }: { readonly what: string; readonly from?: number },
): Promise<FileRow> {
  const { row } = await node.event("file", ({ file }) => isWanted(file), {
    what: `${node.name}: ${what}`,
    from,
    ms: 120_000,
  });
  return row.file;
}

/** As the node lists it: what was done before it started is told by no event. */
async function untilListed(node: LanNode, isWanted: (file: FileRow) => boolean): Promise<FileRow> {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { out } = await node.command("files", "--json");
    const file: FileRow | undefined = out.trim() === "" ? undefined : JSON.parse(out.trim());
    if (file !== undefined && isWanted(file)) return file;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${node.name} does not list it so`);
}

lanTest(
  "a folder goes on from a third member when its sender is killed halfway, and lands whole",
  async (lab) => {
    const [ada, bob, cleo] = await trioInKitchen(lab);
    const folder = await makeFolder(lab);
    await ada.does("file", KITCHEN, folder);
    for (const node of [bob, cleo]) {
      await untilFile(node, ({ state }) => state === "offered", {
        what: "the offer",
      });
    }
    await cleo.does("get", "holiday");
    const whole = await untilFile(cleo, ({ state }) => state === "here", { what: "all of it" });
    await assertSame(folder, whole.path ?? "");
    const from = bob.mark;
    await bob.command("get", "holiday", "--timeout", "1");
    await untilFile(bob, ({ gotBytes }) => gotBytes > LARGE_BYTES / 4, { what: "a quarter of it", from });
    await ada.kill();
    // Bob's own device goes down too, in the middle of what is left.
    await untilFile(bob, ({ gotBytes }) => gotBytes > LARGE_BYTES / 2, { what: "half of it", from });
    await bob.kill();
    await bob.start();
    const { path } = await untilListed(bob, ({ state }) => state === "here");
    await assertSame(folder, path ?? "");
    const names: string[] = [];
    for await (const { name } of Deno.readDir(path ?? "")) names.push(name);
    assertEquals(names.toSorted(), ["film.mkv", "notes"]);
    assertEquals(((await Deno.stat(join(path ?? "", "film.mkv"))).mode ?? 0) & 0o777, 0o600);
  },
);
