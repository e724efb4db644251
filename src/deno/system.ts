/** System facts for `doctor`: port holders, firewalls and free space. Never throws; unknown facts are null. */

import { promises as files } from "node:fs";
import type { FirewallKind, PortHolder, System } from "../ports/system.ts";
import { readOutput } from "./command.ts";
import { listSystemFolder, readSystemFile } from "./system_files.ts";
import {
  isMacFirewallOn,
  isUfwOn,
  parseLsof,
  parseNetstatHolder,
  parseNetworkCategories,
  parseOpenFiles,
  parseProcNet,
  parseTasklist,
} from "./system_text.ts";

/** Time limit: PowerShell takes a second or two to start, and several after a login on a slow disk. */
const POWERSHELL_MS_MAX = 10_000;

/** This system. */
export function denoSystem(): System {
  return {
    os: Deno.build.os,
    program: Deno.execPath(),
    readFreeBytes: (path) => orNull(() => readFreeBytes(path)),
    readMode: (path) => orNull(async () => toModeBits((await Deno.stat(path)).mode)),
    findHolder: (port, protocol) => orNull(() => findHolder(port, protocol)),
    listFirewalls: async () => await orNull(listFirewalls) ?? [],
    isNetworkPublic: () => orNull(isNetworkPublic),
  };
}

/** Null on any failure: no permission, no such file or command, or too slow. */
async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}

async function readFreeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await files.statfs(path);
  return bavail * bsize;
}

function toModeBits(mode: number | null): number | null {
  return mode === null || Deno.build.os === "windows" ? null : mode & 0o777;
}

async function findHolder(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null> {
  switch (Deno.build.os) {
    case "linux":
      return await findHolderInProc(port, protocol);
    case "darwin": {
      const which = protocol === "tcp" ? [`-iTCP:${port}`, "-sTCP:LISTEN"] : [`-iUDP:${port}`];
      const args = ["-nP", ...which, "-Fpc"];
      return parseLsof(await readOutput("/usr/sbin/lsof", args));
    }
    case "windows": {
      const listed = await readOutput("netstat", ["-ano"]);
      const pid = parseNetstatHolder(listed, { port, protocol });
      if (pid === null) return null;
      const args = ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"];
      const task = await readOutput("tasklist", args);
      const program = parseTasklist(task);
      return program === null ? null : { program, pid };
    }
    default:
      return null;
  }
}

/** Linux: finds the socket's inode, then the process that has it open. Only the user's own processes are visible. */
async function findHolderInProc(port: number, protocol: "tcp" | "udp"): Promise<PortHolder | null> {
  const tables = await Promise.all(
    [protocol, `${protocol}6`].map((name) => orNull(() => readSystemFile(`/proc/net/${name}`))),
  );
  const inodes = tables.flatMap((text) => parseProcNet(text ?? "", { port, protocol }));
  if (inodes.length === 0) return null;
  const pids = (await listSystemFolder("/proc")).filter((name) => /^\d+$/.test(name));
  // One extra folder, because `ls` prints no name for a single one.
  const folders = ["self", ...pids].map((pid) => `/proc/${pid}/fd`);
  const listed = await readOutput("ls", ["-l", ...folders]);
  const pid = parseOpenFiles(listed, new Set(inodes));
  if (pid === null) return null;
  return { program: (await readSystemFile(`/proc/${pid}/comm`)).trim(), pid };
}

async function listFirewalls(): Promise<readonly FirewallKind[]> {
  switch (Deno.build.os) {
    case "linux": {
      const ufw = await orNull(() => readSystemFile("/etc/ufw/ufw.conf"));
      const firewalld = await orNull(() => readOutput("firewall-cmd", ["--state"]));
      return [
        ...ufw !== null && isUfwOn(ufw) ? ["ufw" as const] : [],
        ...firewalld?.trim() === "running" ? ["firewalld" as const] : [],
      ];
    }
    case "darwin": {
      const tool = "/usr/libexec/ApplicationFirewall/socketfilterfw";
      return isMacFirewallOn(await readOutput(tool, ["--getglobalstate"])) ? ["macos"] : [];
    }
    case "windows":
      // It is on by default.
      return ["windows"];
    default:
      return [];
  }
}

async function isNetworkPublic(): Promise<boolean | null> {
  if (Deno.build.os !== "windows") return null;
  const script = "(Get-NetConnectionProfile).NetworkCategory | ForEach-Object { $_.ToString() }";
  const args = ["-NoProfile", "-NonInteractive", "-Command", script];
  return parseNetworkCategories(await readOutput("powershell", args, { msMax: POWERSHELL_MS_MAX }));
}
