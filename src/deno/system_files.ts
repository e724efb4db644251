/**
 * What Linux tells in files below /proc and /sys. Deno lets only a program with all rights read there, and earshot has
 * narrow ones, so `cat` and `ls` do it then. All of it is small; nothing here throws anything but what reading throws.
 */

import { readOutput } from "./command.ts";

/** The text of a file; empty if `cat` cannot read it. @throws if we may read, and cannot. */
export async function readSystemFile(path: string): Promise<string> {
  return await orAskProgram(() => Deno.readTextFile(path), () => readOutput("cat", [path]));
}

/** The names in a folder; none if `ls` cannot tell. @throws if we may read, and cannot. */
export async function listSystemFolder(path: string): Promise<readonly string[]> {
  return await orAskProgram(
    async () => (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name),
    async () => (await readOutput("ls", ["-1", path])).split("\n").filter((name) => name !== ""),
  );
}

/** Asked anew each time: a refused reading costs nothing that could be saved. */
async function orAskProgram<T>(read: () => Promise<T>, ask: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return await ask();
  }
}
