/**
 * `deno task compile`: the executable for this machine, dist/earshot.
 *
 *     -o FILE   another place
 */

import { parseArgs } from "@std/cli/parse-args";
import { dirname, fromFileUrl, resolve } from "@std/path";
import * as esbuild from "esbuild";
import { bundle } from "./bundle.ts";
import { CompileError, compileProgram, compilerFor } from "./compiling.ts";
import { ownTarget, suffixOf, type Target } from "./targets.ts";

const DIST = fromFileUrl(new URL("../dist/", import.meta.url));

/** Makes the executable at that place; how large it is and what made it. @throws {CompileError} */
export async function compileHere(
  target: Target,
  path: string,
): Promise<{ readonly sizeBytes: number; readonly version: string }> {
  await using parts = new AsyncDisposableStack();
  const [tools, work] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  for (const folder of [tools, work]) parts.defer(() => Deno.remove(folder, { recursive: true }));
  const compiler = await compilerFor(target, tools);
  const { text } = await bundle();
  const made = await compileProgram(text, { compiler, folder: work });
  await Deno.mkdir(dirname(path), { recursive: true });
  // A running executable cannot be written, but it can be replaced.
  await Deno.copyFile(made, `${path}.tmp`);
  await Deno.rename(`${path}.tmp`, path);
  return { sizeBytes: (await Deno.stat(path)).size, version: compiler.version };
}

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const target = ownTarget();
  if (target === null) {
    say(`No executable can be made for ${Deno.build.target}. "deno task start" runs without one.`);
    return 1;
  }
  const { o } = parseArgs(Deno.args, { string: ["o"] });
  const path = resolve(typeof o === "string" ? o : `${DIST}earshot${suffixOf(target)}`);
  try {
    const { sizeBytes, version } = await compileHere(target, path);
    say(`${path}: ${(sizeBytes / 1e6).toFixed(1)} MB, with Deno ${version}`);
    return 0;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    say(error.message);
    return 1;
  } finally {
    await esbuild.stop();
  }
}

function say(text: string): void {
  // deno-lint-ignore no-console -- What the task is asked for.
  console.log(text);
}
