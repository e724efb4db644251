import type { AutostartKind, HostSystem, ProgramOutcome } from "../ports/host_system.ts";
import { runToEnd } from "./command.ts";
import { isSystemProgram } from "./programs.ts";

/** How long a program of the system may take; systemd waits so long for a service that does not end. */
const RUN_MS_MAX = 100_000;

/** The system of this machine. */
export function denoHostSystem(): HostSystem {
  const { os } = Deno.build;
  return {
    autostart: findAutostartKind(os),
    entryFolder: findEntryFolder(os, (name) => Deno.env.get(name)),
    userId: Deno.uid() ?? 0,
    run,
  };
}

/** Where entries of this user belong, or null where the environment does not say. */
export function findEntryFolder(os: string, env: (name: string) => string | undefined): string | null {
  if (os === "windows") {
    const appData = env("APPDATA");
    return appData ? `${appData}\\Microsoft\\Windows\\Start Menu\\Programs\\Startup` : null;
  }
  const home = env("HOME");
  if (os === "darwin") return home ? `${home}/Library/LaunchAgents` : null;
  const config = env("XDG_CONFIG_HOME");
  // The XDG Base Directory Specification: a path that is not absolute is to be ignored.
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
    const { success, stderr } = await runToEnd(program, args, { msMax: RUN_MS_MAX, stdout: "null" });
    return { isDone: success, errorText: new TextDecoder().decode(stderr).trim() };
  } catch (error) {
    // With narrow rights, what is not installed is not allowed either.
    const isMissing = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
    if (!isMissing) throw error;
    return { isDone: false, errorText: `there is no program "${program}" here` };
  }
}
