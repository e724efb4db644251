/**
 * A start loads the packages that the program runs with. Those of the page, tests, benches and tools are in deno.lock only.
 */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
/** Unpacked, in Deno's cache: a start must be possible on a slow or dear connection. */
const START_BYTES_MAX = 10_000_000;

interface Lock {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, unknown>>;
}

Deno.test("start.lock has the packages that main.ts imports, and no others", async () => {
  const { modules } = JSON.parse(await outputOf("info", "--json", "main.ts"));
  const imported = (modules as { npmPackage?: string }[]).flatMap(({ npmPackage }) => npmPackage ?? []);
  const { specifiers } = await readJson<Lock>("start.lock");
  const locked = Object.keys(specifiers).map((specifier) => specifier.replace("npm:", ""));
  assertEquals(locked.toSorted(), [...new Set(imported)].toSorted(), 'Run "deno task lock"');
});

Deno.test("start.lock and deno.lock have the same versions and hashes", async () => {
  const [start, all] = [await readJson<Lock>("start.lock"), await readJson<Lock>("deno.lock")];
  for (const [name, entry] of Object.entries(start.npm)) assertEquals(all.npm[name], entry, name);
  // Deno writes the file anew if it disagrees with the settings; a start must leave a clone as it is.
  await outputOf(
    "run",
    "-A",
    "-q",
    "--unstable-net",
    "--frozen",
    "--lock=start.lock",
    "main.ts",
    "--version",
  );
});

Deno.test("a first start loads less than 10 MB of packages", async () => {
  const { npmCache } = JSON.parse(await outputOf("info", "--json"));
  const { npm } = await readJson<Lock>("start.lock");
  let sizeBytes = 0;
  for (const id of Object.keys(npm)) {
    const at = id.lastIndexOf("@");
    sizeBytes += await folderBytes(join(npmCache, "registry.npmjs.org", id.slice(0, at), id.slice(at + 1)));
  }
  assert(sizeBytes > 0 && sizeBytes < START_BYTES_MAX, `${sizeBytes} bytes`);
});

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}

async function outputOf(...args: readonly string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stderr: "inherit",
  }).output();
  assert(success, `deno ${args.join(" ")}`);
  return new TextDecoder().decode(stdout);
}

async function folderBytes(folder: string): Promise<number> {
  let sum = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    sum += isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
  }
  return sum;
}
