/**
 * `deno task release`: the executables for all systems, as they are and packed, with their SHA-256 sums, in dist/release.
 * Where a target cannot be made it says why and goes on; then it exits with 1.
 *
 *     --only NAME   that target only, such as linux-x86_64; may be given again
 *     --zip NAME    instead, a zip with Deno itself, the program and a script that starts it: windows or windows-arm64
 *     --twice       makes each again, in other folders, and compares the bytes
 */

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import * as esbuild from "esbuild";
import { pack, type Packed } from "./archive.ts";
import { bundle } from "./bundle.ts";
import { CompileError, compileProgram, compilerFor } from "./compiling.ts";
import { releaseName, suffixOf, type Target, TARGETS } from "./targets.ts";
import { WINDOWS_MACHINES, windowsZipFiles, zipFolder } from "./windows_zip.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const DIST = join(ROOT, "dist", "release");
/** Beside the executable in each archive. */
const TEXTS = ["README.md", "LICENSE"];

interface Made {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const args = parseArgs(Deno.args, { string: ["only", "zip"], collect: ["only"], boolean: ["twice"] });
  if (args.zip !== undefined) return await zip(String(args.zip));
  const only = Array.isArray(args.only) ? args.only.map(String) : [];
  const targets = TARGETS.filter(({ name }) => only.length === 0 || only.includes(name));
  if (targets.length < only.length || targets.length === 0) {
    say(`Targets are: ${TARGETS.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  await Deno.remove(DIST, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(DIST, { recursive: true });
  let isAllMade = true;
  const sums: string[] = [];
  for (const target of targets) {
    try {
      sums.push(...await release(target, { isTwice: args.twice === true }));
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      say(`${target.name}: not made: ${error.message}`);
      isAllMade = false;
    }
  }
  await esbuild.stop();
  // As sha256sum -c reads it.
  await Deno.writeTextFile(join(DIST, "SHA256SUMS"), sums.map((line) => `${line}\n`).join(""));
  say(`${sums.length} files and SHA256SUMS are in ${DIST}`);
  return isAllMade ? 0 : 1;
}

/** Makes the zip with Deno for that machine; the exit code. */
async function zip(name: string): Promise<number> {
  const machine = WINDOWS_MACHINES.find((each) => each.name === name);
  if (machine === undefined) {
    say(`--zip takes ${WINDOWS_MACHINES.map(({ name }) => name).join(" or ")}`);
    return 2;
  }
  try {
    const { text } = await bundle();
    const folder = zipFolder(machine);
    const files = [...await windowsZipFiles(machine, text), ...await readTexts(folder)];
    const bytes = await pack(files, { archive: "zip", atMs: await commitTime() });
    await Deno.mkdir(DIST, { recursive: true });
    const path = join(DIST, `${folder}.zip`);
    await Deno.writeFile(path, bytes);
    say(`${path}: ${(bytes.length / 1e6).toFixed(1)} MB, with Deno ${Deno.version.deno}`);
    say(`${await sha256(bytes)}  ${folder}.zip`);
    return 0;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    say(`${machine.name}: not made: ${error.message}`);
    return 1;
  } finally {
    await esbuild.stop();
  }
}

async function readTexts(folder: string): Promise<readonly Packed[]> {
  return await Promise.all(TEXTS.map(async (name) => ({
    name: `${folder}/${name}`,
    bytes: await Deno.readFile(join(ROOT, name)),
    isProgram: false,
  })));
}

/** Makes one target's files; their lines in SHA256SUMS. @throws {CompileError} */
async function release(
  target: Target,
  { isTwice }: { readonly isTwice: boolean },
): Promise<readonly string[]> {
  const { files, version } = await make(target);
  if (isTwice) {
    const again = await make(target);
    for (const [at, { name, bytes }] of files.entries()) {
      const different = differences(bytes, again.files[at]?.bytes ?? new Uint8Array());
      if (different !== null) throw new CompileError(`${name} is another one the second time: ${different}`);
    }
  }
  const lines: string[] = [];
  for (const { name, bytes } of files) {
    await Deno.writeFile(join(DIST, name), bytes, { mode: name.endsWith(target.archive) ? 0o644 : 0o755 });
    lines.push(`${await sha256(bytes)}  ${name}`);
    say(`${target.name}: ${name}, ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
  say(`${target.name}: made with Deno ${version}${isTwice ? ", twice the same" : ""}`);
  return lines;
}

async function make(target: Target): Promise<{ readonly files: readonly Made[]; readonly version: string }> {
  await using parts = new AsyncDisposableStack();
  const [tools, work] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  for (const folder of [tools, work]) parts.defer(() => Deno.remove(folder, { recursive: true }));
  const compiler = await compilerFor(target, tools);
  const { text } = await bundle();
  const bytes = await Deno.readFile(await compileProgram(text, { compiler, folder: work }));
  const [folder, suffix] = [releaseName(target), suffixOf(target)];
  const program = { name: `${folder}/earshot${suffix}`, bytes, isProgram: true };
  const archive = await pack([program, ...await readTexts(folder)], {
    archive: target.archive,
    atMs: await commitTime(),
  });
  const files = [{ name: `${folder}${suffix}`, bytes }, {
    name: `${folder}.${target.archive}`,
    bytes: archive,
  }];
  return { files, version: compiler.version };
}

/** When the commit was made, so that the same commit gives the same archives; SOURCE_DATE_EPOCH goes before it, as in other projects. */
async function commitTime(): Promise<number> {
  const named = Deno.env.get("SOURCE_DATE_EPOCH");
  if (named !== undefined && /^\d+$/.test(named)) return Number(named) * 1000;
  const command = new Deno.Command("git", { args: ["log", "-1", "--format=%ct"], cwd: ROOT });
  const { success, stdout } = await command.output();
  if (!success) {
    throw new CompileError("the time of the commit is not known: no git here, and no SOURCE_DATE_EPOCH");
  }
  return Number(new TextDecoder().decode(stdout)) * 1000;
}

/** Where two files differ, in words, or null. */
function differences(one: Uint8Array, other: Uint8Array): string | null {
  if (one.length !== other.length) return `${one.length} bytes, then ${other.length}`;
  const places: number[] = [];
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) places.push(at);
  return places.length === 0 ? null : `${places.length} bytes differ, the first at ${places[0]}`;
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  // Uint8Array.toHex is too new for Deno 2.4.
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(text: string): void {
  // deno-lint-ignore no-console -- What the task is asked for.
  console.log(text);
}
