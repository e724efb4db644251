/** Makes executables of a program that is one file. The same file gives the same executable, wherever it is made. */

import { fromFileUrl, join } from "@std/path";
import { findPackedBase, unpackBase } from "./runtime_base.ts";
import { optionsOn } from "./rights.ts";
import { suffixOf, type Target } from "./targets.ts";

/**
 * The executable keeps no compiled code for its next start: Deno would put that into /tmp under a name that every user of
 * the machine can guess and write before. It would save some 25 ms.
 */
const SAFE = "--no-code-cache";
/** Nothing but the file itself: no settings found on the way, no packages, no types to check. */
const ALONE = ["--no-config", "--no-lock", "--no-remote", "--no-check"];
/** Of the page, in the sizes of Windows: src/web/app/icon.svg as PNG of 16, 32, 48 and 256 pixels. */
const ICON = fromFileUrl(new URL("earshot.ico", import.meta.url));
/** The name of the one file, as stack traces show it. */
const PROGRAM = "earshot.js";
/** The executable tells when its file was last changed: any time will do, if it is always the same. */
const CHANGED_AT = new Date("2026-01-01T00:00:00Z");

/** A compiler for one target. */
export interface Compiler {
  readonly target: Target;
  /** Of Deno. */
  readonly version: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** No executable can be made, for a reason that people can do something about. */
export class CompileError extends Error {
  override readonly name = "CompileError";
}

/** The compiler for that target: of a packed base if there is one, else this Deno, which downloads one. The base is unpacked into the folder. */
export async function compilerFor(target: Target, folder: string): Promise<Compiler> {
  const base = await findPackedBase(target);
  if ("missing" in base) {
    return { target, version: Deno.version.deno, command: [Deno.execPath()], env: {} };
  }
  const { version } = base;
  return {
    target,
    version,
    command: ["npx", "--prefer-offline", "-y", `deno@${version}`],
    // The compiler's own store of certificates does not know those of a proxy.
    env: { DENORT_BIN: await unpackBase(base, folder), DENO_TLS_CA_STORE: "system" },
  };
}

/** Makes the executable of that program in the folder, which has to be empty; its path. @throws {CompileError} */
export async function compileProgram(
  program: string,
  { compiler: { target, command, env }, folder }: { readonly compiler: Compiler; readonly folder: string },
): Promise<string> {
  const path = join(folder, PROGRAM);
  await Deno.writeTextFile(path, program);
  await Deno.utime(path, CHANGED_AT, CHANGED_AT);
  const [tool = "", ...words] = command;
  const result = `earshot${suffixOf(target)}`;
  const icon = target.system === "windows" ? ["--icon", ICON] : [];
  const options = [
    ...optionsOn(target.system),
    SAFE,
    ...ALONE,
    ...icon,
    "--target",
    target.triple,
    "-o",
    result,
  ];
  const { success, stderr } = await new Deno.Command(tool, {
    args: [...words, "compile", ...options, PROGRAM],
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new CompileError(reasonOf(new TextDecoder().decode(stderr)));
  return join(folder, result);
}

/** What the compiler said, without what is about its own insides. */
function reasonOf(said: string): string {
  const [, url] = /error sending request for url \((\S+?)\)/.exec(said) ?? [];
  if (url !== undefined) {
    return `no runtime base: ${url} cannot be loaded, and there is no packed one (see tools/runtime_base.ts)`;
  }
  const [reason = ""] = said.replaceAll(/^npm warn.*\n/gm, "").split("Stack backtrace:");
  return `deno compile failed: ${reason.trim()}`;
}
