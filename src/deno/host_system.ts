import type { AutostartKind, HostSystem, ProgramOutcome } from "../ports/host_system.ts";
import { runToEnd } from "./command.ts";
import { isSystemProgram } from "./programs.ts";

/** Time limit of a system program; systemd waits about this long for a service that does not stop. */
const RUN_MS_MAX = 100_000;

/** The login services of this machine. */
export function denoHostSystem(): HostSystem {
  const { os } = Deno.build;
  return {
    autostart: findAutostartKind(os),
    entryFolder: findEntryFolder(os, (name) => Deno.env.get(name)),
    userId: Deno.uid() ?? 0,
    run,
  };
}

/** The folder for this user's autostart entries, or null if the environment does not name one. */
export function findEntryFolder(os: string, env: (name: string) => string | undefined): string | null {
  if (os === "windows") {
    const appData = env("APPDATA");
    return appData ? `${appData}\\Microsoft\\Windows\\Start Menu\\Programs\\Startup` : null;
  }
  const home = env("HOME");
  if (os === "darwin") return home ? `${home}/Library/LaunchAgents` : null;
  const config = env("XDG_CONFIG_HOME");
  // The XDG Base Directory Specification says to ignore paths that are not absolute.
  if (config?.startsWith("/")) return `${config.replace(/\/+$/, "")}/systemd/user`;
  return home ? `${home}/.config/systemd/user` : null;
}

function findAutostartKind(os: string): AutostartKind {
  if (os === "windows") return "startup-folder";
  return os === "darwin" ? "launchd" : "systemd";
}

async function run([program = "", ...args]: readonly string[]): Promise<ProgramOutcome> {
  if (!isSystemProgram(program)) return { isDone: false, errorText: `earshot may not start "${program}"` };
  try {
    // On Windows the entry that rundll32 opens may inherit a pipe, and would keep it open while it runs.
    const stderr = Deno.build.os === "windows" ? "null" : "piped";
    const ended = await runToEnd(program, args, { msMax: RUN_MS_MAX, stdout: "null", stderr });
    const errorText = stderr === "null" ? "" : new TextDecoder().decode(ended.stderr).trim();
    return { isDone: ended.success, errorText };
  } catch (error) {
    // With narrow rights a missing program is not allowed either.
    const isMissing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
    if (!isMissing) throw error;
    return { isDone: false, errorText: `there is no program "${program}" here` };
  }
}
