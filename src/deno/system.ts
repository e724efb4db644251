/** What the system tells for `doctor`: who has a port, which firewall is on, what is free. Never throws; what is not told is null. */

import { promises as files } from "node:fs";
import type { FirewallKind, PortHolder, System } from "../ports.ts";
import { outputOf } from "./command.ts";
import {
  holderOfLsof,
  inodesOfProcNet,
  isMacFirewallOn,
  isPublicByCategories,
  isUfwOn,
  pidOfNetstat,
  programOfTasklist,
} from "./system_text.ts";

/** PowerShell takes a second or two to start. */
const POWERSHELL_MS_MAX = 6_000;
/** `lsof` and `netstat` on a busy machine. */
const LISTING_MS_MAX = 3_000;

/** This system. */
export function denoSystem(): System {
  return {
    os: Deno.build.os,
    program: Deno.execPath(),
    freeBytes: (path) => orNull(() => freeBytes(path)),
    modeOf: (path) => orNull(async () => modeBits((await Deno.stat(path)).mode)),
    holderOf: (port, protocol) => orNull(() => holderOf(port, protocol)),
    firewalls: async () => await orNull(firewalls) ?? [],
    isNetworkPublic: () => orNull(isNetworkPublic),
  };
}

/** No permission, no such file or command, too slow: then it is not known. */
async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await files.statfs(path);
  return bavail * bsize;
}

function modeBits(mode: number | null): number | null {
  return mode === null || Deno.build.os === "windows" ? null : mode & 0o777;
}

async function holderOf(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null> {
  switch (Deno.build.os) {
    case "linux":
      return await holderByProc(port, protocol);
    case "darwin": {
      const which = protocol === "tcp" ? [`-iTCP:${port}`, "-sTCP:LISTEN"] : [`-iUDP:${port}`];
      const args = ["-nP", ...which, "-Fpc"];
      return holderOfLsof(await outputOf("/usr/sbin/lsof", args, { msMax: LISTING_MS_MAX }));
    }
    case "windows": {
      const listed = await outputOf(`${system32()}\\netstat.exe`, ["-ano"], { msMax: LISTING_MS_MAX });
      const pid = pidOfNetstat(listed, { port, protocol });
      if (pid === null) return null;
      const args = ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"];
      const task = await outputOf(`${system32()}\\tasklist.exe`, args, { msMax: LISTING_MS_MAX });
      const program = programOfTasklist(task);
      return program === null ? null : { program, pid };
    }
    default:
      return null;
  }
}

/** Linux: the socket's inode, then the process that has it open, which is to be seen of one's own processes only. */
async function holderByProc(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null> {
  const tables = await Promise.all(
    [protocol, `${protocol}6`].map((name) => orNull(() => Deno.readTextFile(`/proc/net/${name}`))),
  );
  const inodes = tables.flatMap((text) => inodesOfProcNet(text ?? "", { port, protocol }));
  if (inodes.length === 0) return null;
  const targets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name) || !await hasOpen(name, targets)) continue;
    const program = (await Deno.readTextFile(`/proc/${name}/comm`)).trim();
    return { program, pid: Number(name) };
  }
  return null;
}

async function hasOpen(pid: string, targets: ReadonlySet<string>): Promise<boolean> {
  const found = await orNull(async () => {
    for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
      // A file that was closed meanwhile is no reason not to look at the others.
      const target = await orNull(() => Deno.readLink(`/proc/${pid}/fd/${name}`));
      if (target !== null && targets.has(target)) return true;
    }
    return false;
  });
  return found === true;
}

async function firewalls(): Promise<readonly FirewallKind[]> {
  switch (Deno.build.os) {
    case "linux": {
      const ufw = await orNull(() => Deno.readTextFile("/etc/ufw/ufw.conf"));
      const firewalld = await orNull(() => outputOf("firewall-cmd", ["--state"]));
      return [
        ...ufw !== null && isUfwOn(ufw) ? ["ufw" as const] : [],
        ...firewalld?.trim() === "running" ? ["firewalld" as const] : [],
      ];
    }
    case "darwin": {
      const tool = "/usr/libexec/ApplicationFirewall/socketfilterfw";
      return isMacFirewallOn(await outputOf(tool, ["--getglobalstate"])) ? ["macos"] : [];
    }
    case "windows":
      // On by default; who has switched it off knows it.
      return ["windows"];
    default:
      return [];
  }
}

async function isNetworkPublic(): Promise<boolean | null> {
  if (Deno.build.os !== "windows") return null;
  const program = `${system32()}\\WindowsPowerShell\\v1.0\\powershell.exe`;
  const script = "(Get-NetConnectionProfile).NetworkCategory | ForEach-Object { $_.ToString() }";
  const args = ["-NoProfile", "-NonInteractive", "-Command", script];
  return isPublicByCategories(await outputOf(program, args, { msMax: POWERSHELL_MS_MAX }));
}

function system32(): string {
  return `${Deno.env.get("SystemRoot") ?? "C:\\Windows"}\\System32`;
}
