import { spawn } from "node:child_process";
import type { Desktop } from "../ports/desktop.ts";
import { environmentOfChildren } from "./command.ts";
import type { SystemProgram } from "./programs.ts";

/** Time in which an opener reports a failure. One that keeps running may be the browser itself, and has not failed. */
const FAILURE_MS_MAX = 700;

/** A program that opens files, and the arguments before the file's path. */
interface Opener {
  readonly program: SystemProgram;
  readonly args: readonly string[];
}

/** The desktop of the user who started this program, by the environment variables; the opener gets them too. */
export function denoDesktop(env = environmentOfChildren()): Desktop {
  const opener = findOpener(Deno.build.os, (name) => env[name]);
  return {
    isThere: opener !== null,
    open: async (path) => opener !== null && await startOpener(opener, path, env),
  };
}

/** The program that opens files, or null without a desktop. */
export function findOpener(os: string, env: (name: string) => string | undefined): Opener | null {
  // Over SSH a window would open at the other end, if at all.
  if (env("SSH_CONNECTION") || env("SSH_CLIENT") || env("SSH_TTY")) return null;
  if (os === "windows") return { program: "rundll32", args: ["url.dll,FileProtocolHandler"] };
  if (os === "darwin") return { program: "open", args: [] };
  return env("DISPLAY") || env("WAYLAND_DISPLAY") ? { program: "xdg-open", args: [] } : null;
}

/** The browser gets a process group of its own (`detached`): Ctrl-C in the terminal ends earshot, not the browser. */
async function startOpener(
  { program, args: words }: Opener,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(program, [...words, path], {
    detached: true,
    stdio: "ignore",
    env,
  });
  child.once("error", () => resolve(false));
  child.once("exit", (code) => resolve(code === 0));
  const timeout = setTimeout(() => resolve(true), FAILURE_MS_MAX);
  try {
    return await promise;
  } finally {
    clearTimeout(timeout);
    // Without a pid no process was started: the program is missing.
    if (child.pid !== undefined) child.unref();
  }
}
