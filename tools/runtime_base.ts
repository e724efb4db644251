/**
 * The runtime base, *denort*: what `deno compile` puts a program into. It has to be of the very version of Deno that
 * compiles. Deno downloads it; a packed one at hand goes before, and is what remains where there is no internet.
 */

import { basename, fromFileUrl, join } from "@std/path";
import type { Target } from "./targets.ts";

/** Where a packed base is looked for if the environment does not name one. */
const FOLDER = fromFileUrl(new URL("../../shared/denort", import.meta.url));
/** The variable that names one. */
export const BASE_VARIABLE = "EARSHOT_DENORT";
/** A name such as denort-2.4.2-x86_64-unknown-linux-gnu.xz. */
const NAME = /^denort-(?<version>\d+\.\d+\.\d+)-(?<triple>.+)\.xz$/;

/** A packed base. */
export interface PackedBase {
  readonly path: string;
  /** Of Deno. */
  readonly version: string;
}

/** A packed base for that target, or what is missing for one. */
export async function findPackedBase(
  { triple }: Pick<Target, "triple">,
): Promise<PackedBase | { readonly missing: string }> {
  const named = Deno.env.get(BASE_VARIABLE);
  for (const path of named === undefined ? await pathsIn(FOLDER) : [named]) {
    const found = NAME.exec(basename(path))?.groups;
    if (found?.version === undefined || found.triple !== triple) continue;
    for (const tool of ["xz", "npx"]) if (!await isInstalled(tool)) return { missing: `needs "${tool}"` };
    return { path, version: found.version };
  }
  return { missing: `needs denort-VERSION-${triple}.xz in ../shared/denort, or named by ${BASE_VARIABLE}` };
}

/** Unpacks it into that folder; its path. @throws {Error} if it cannot be unpacked. */
export async function unpackBase({ path }: PackedBase, folder: string): Promise<string> {
  const base = join(folder, "denort");
  const file = await Deno.open(base, { createNew: true, write: true, mode: 0o700 });
  const unpacking = new Deno.Command("xz", { args: ["-d", "-k", "-c", path], stdout: "piped" }).spawn();
  const [{ success }] = await Promise.all([unpacking.status, unpacking.stdout.pipeTo(file.writable)]);
  if (!success) throw new Error(`"${path}" cannot be unpacked`);
  return base;
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
    return (await new Deno.Command(tool, { args: ["--version"], stdin: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
