/**
 * A stand-in for the Windows executable where no runtime base for it can be had: Deno for Windows from npm, the program as one
 * file, and a script that starts it. Unpacked, it needs nothing else.
 */

import { join } from "@std/path";
import { parseTarGzip } from "nanotar";
import config from "../deno.json" with { type: "json" };
import type { Packed } from "./archive.ts";
import { CompileError } from "./compiling.ts";
import { optionsOn } from "./rights.ts";

/** The program beside deno.exe. */
const PROGRAM = "earshot.js";
/** In the package of npm. */
const RUNTIME = "package/deno.exe";

/** A processor that Windows runs on. */
export interface WindowsMachine {
  /** In the names of files. */
  readonly name: string;
  /** The package of npm that has Deno for it. */
  readonly npmPackage: string;
}

/** All of them. */
export const WINDOWS_MACHINES: readonly WindowsMachine[] = [
  { name: "windows", npmPackage: "@deno/win32-x64" },
  { name: "windows-arm64", npmPackage: "@deno/win32-arm64" },
];

/** The folder in the zip, and the zip's name without its ending: no executable is called so. */
export function zipFolder({ name }: WindowsMachine): string {
  const machine = name === "windows" ? "windows-x86_64" : name;
  return `earshot-${config.version}-${machine}-with-deno`;
}

/** What is in the zip besides the texts, for that text of the program. @throws {CompileError} where Deno cannot be loaded. */
export async function windowsZipFiles(machine: WindowsMachine, program: string): Promise<readonly Packed[]> {
  const folder = zipFolder(machine);
  const encoder = new TextEncoder();
  return [
    { name: `${folder}/earshot.cmd`, bytes: encoder.encode(startScript()), isProgram: true },
    { name: `${folder}/${PROGRAM}`, bytes: encoder.encode(program), isProgram: false },
    { name: `${folder}/deno.exe`, bytes: await loadRuntime(machine), isProgram: true },
  ];
}

/** The script that starts it with the rights of an executable, and with the words that it gets itself. */
export function startScript(): string {
  const words = ["run", ...optionsOn("windows"), "--no-config", "--no-lock"];
  // "%~dp0" is the folder of the script, with a backslash at its end.
  return ["@echo off", `"%~dp0deno.exe" ${words.join(" ")} "%~dp0${PROGRAM}" %*`, ""].join("\r\n");
}

async function loadRuntime({ npmPackage }: WindowsMachine): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = `${npmPackage}@${Deno.version.deno}`;
  const folder = await Deno.makeTempDir();
  try {
    const { code, out, err } = await npmPack(wanted, folder);
    // npm compares the sum with the one of its registry.
    if (code !== 0) throw new CompileError(`npm does not give ${wanted}: ${lastLine(err)}`);
    const files = await parseTarGzip(await Deno.readFile(join(folder, lastLine(out))));
    const runtime = files.find(({ name }) => name === RUNTIME)?.data;
    if (runtime === undefined) throw new CompileError(`${wanted} has no "${RUNTIME}"`);
    return new Uint8Array(runtime);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function npmPack(
  wanted: string,
  folder: string,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const isWindows = Deno.build.os === "windows";
  const args = ["pack", "--silent", wanted];
  try {
    const { code, stdout, stderr } = await new Deno.Command(isWindows ? "npm.cmd" : "npm", {
      args,
      cwd: folder,
      stdin: "null",
    }).output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CompileError("npm, which has Deno for Windows, is not installed");
    }
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}
