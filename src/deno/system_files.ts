/**
 * Reads Linux facts below /proc and /sys. Deno allows that only with full rights, and earshot has narrow ones; then `cat` and `ls` read instead. All
 * files are small. Functions throw only what reading throws.
 */

import { readOutput } from "./command.ts";

/** The text of a file. @throws if neither we nor `cat` can read it. */
export async function readSystemFile(path: string): Promise<string> {
  return await orAskProgram(() => Deno.readTextFile(path), () => readOutput("cat", [path]));
}

/** The names in a folder. @throws if neither we nor `ls` can list it. */
export async function listSystemFolder(path: string): Promise<readonly string[]> {
  return await orAskProgram(
    async () => (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name),
    async () => (await readOutput("ls", ["-1", path])).split("\n").filter((name) => name !== ""),
  );
}

/** Tried each time: a refused read costs nothing worth saving. */
async function orAskProgram<T>(read: () => Promise<T>, ask: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return await ask();
  }
}
