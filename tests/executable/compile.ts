/** The real executable, made as a release is: by the version of Deno whose runtime base is at hand. */

import { basename, fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { finish } from "../lan/system.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
/** Where the runtime base is looked for if the environment does not say. */
const DENORT_FOLDER = join(ROOT, "../shared/denort");
/** A name such as denort-2.4.2-x86_64-unknown-linux-gnu.xz. */
const DENORT_NAME = /^denort-(?<version>\d+\.\d+\.\d+)-(?<target>.+)\.xz$/;

/** A packed runtime base, which `deno compile` of the very same version needs. */
export interface Denort {
  readonly path: string;
  /** Of Deno. */
  readonly version: string;
}

/** The runtime base for this machine, or why an executable cannot be made. */
export async function findDenort(): Promise<Denort | { readonly missing: string }> {
  const named = Deno.env.get("EARSHOT_DENORT");
  const paths = named === undefined ? await pathsIn(DENORT_FOLDER) : [named];
  for (const path of paths) {
    const { version, target } = DENORT_NAME.exec(basename(path))?.groups ?? {};
    if (version === undefined || target !== Deno.build.target) continue;
    for (const tool of ["xz", "npx"]) {
      if (!await isInstalled(tool)) return { missing: `needs "${tool}"` };
    }
    return { path, version };
  }
  return {
    missing: `needs denort-VERSION-${Deno.build.target}.xz in ../shared/denort, or named by EARSHOT_DENORT`,
  };
}

/** Makes the executable in that folder; its path. @throws {Error} with what the compiler said. */
export async function compileEarshot(folder: string, { path, version }: Denort): Promise<string> {
  const denort = join(folder, "denort");
  const file = await Deno.open(denort, { createNew: true, write: true, mode: 0o700 });
  const unpacking = new Deno.Command("xz", { args: ["-d", "-k", "-c", path], stdout: "piped" }).spawn();
  const [{ success }] = await Promise.all([unpacking.status, unpacking.stdout.pipeTo(file.writable)]);
  if (!success) throw new Error(`"${path}" cannot be unpacked`);
  const earshot = join(folder, "earshot");
  // What `deno task start` gives to "deno run": rights, and how much memory the engine takes ahead of need.
  const options = config.tasks.start.command.split(" ").slice(2, -1);
  const command = new Deno.Command("npx", {
    args: ["-y", `deno@${version}`, "compile", ...options, "-o", earshot, join(ROOT, "main.ts")],
    // The compiler's own store of certificates does not know those of a proxy.
    env: { DENORT_BIN: denort, DENO_TLS_CA_STORE: "system", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stderr } = await command.output();
  if (code !== 0) throw new Error(`deno compile failed (${code}):\n${new TextDecoder().decode(stderr)}`);
  return earshot;
}

async function pathsIn(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) paths.push(join(folder, name));
  } catch (error) {
    // A clone without the folder beside it.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.toSorted();
}

async function isInstalled(tool: string): Promise<boolean> {
  try {
    return (await finish([tool, "--version"])).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
