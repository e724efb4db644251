/** Parses what commands and files of each system report about ports and firewalls. The text is foreign, so every field is checked. */

import type { PortHolder } from "../ports/system.ts";

/** TCP_LISTEN of <net/tcp_states.h>; a bound UDP socket has TCP_CLOSE. */
const STATES = { tcp: "0A", udp: "07" } as const;

/** The socket inodes of a port in /proc/net/tcp or udp: columns sl, local_address, rem_address, st, …; the tenth is the inode. */
export function parseProcNet(
  text: string,
  { port, protocol }: { readonly port: number; readonly protocol: "tcp" | "udp" },
): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return text.split("\n").flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const isMeant = columns[1]?.endsWith(`:${hex}`) === true && columns[3] === STATES[protocol];
    const inode = columns[9];
    return isMeant && inode !== undefined && /^[1-9]\d*$/.test(inode) ? [inode] : [];
  });
}

/** The process that has one of the sockets open, from `ls -l` of several `/proc/PID/fd`: a folder name with a colon, then its contents. */
export function parseOpenFiles(text: string, inodes: ReadonlySet<string>): number | null {
  let pid: number | null = null;
  for (const line of text.split("\n")) {
    const process = /^\/proc\/(\w+)\/fd:$/.exec(line)?.[1];
    if (process !== undefined) pid = /^\d+$/.test(process) ? Number(process) : null;
    const inode = / -> '?socket:\[(\d+)\]'?$/.exec(line)?.[1];
    if (inode !== undefined && inodes.has(inode)) return pid;
  }
  return null;
}

/** The first process in macOS's `lsof -F pc`: a line "p123", then "cname". */
export function parseLsof(text: string): PortHolder | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1];
  const program = /^c(.+)$/m.exec(text)?.[1];
  return pid === undefined || program === undefined ? null : { program, pid: Number(pid) };
}

/** The process that holds a port in Windows' `netstat -ano`: columns protocol, local, foreign, state (TCP only, localised), pid. */
export function parseNetstatHolder(
  text: string,
  { port, protocol }: { readonly port: number; readonly protocol: "tcp" | "udp" },
): number | null {
  for (const line of text.split("\n")) {
    const columns = line.trim().split(/\s+/);
    const [name, local, foreign] = columns;
    if (name?.toLowerCase() !== protocol || local?.endsWith(`:${port}`) !== true) continue;
    // A listening socket has no remote end.
    if (protocol === "tcp" && foreign?.endsWith(":0") !== true) continue;
    const pid = Number(columns.at(-1));
    if (Number.isInteger(pid) && pid > 0) return pid;
  }
  return null;
}

/** The program's name in Windows' `tasklist /FO CSV /NH`: the first field. */
export function parseTasklist(text: string): string | null {
  return /^"([^"]+)","\d+"/m.exec(text)?.[1] ?? null;
}

/** Whether /etc/ufw/ufw.conf enables ufw. */
export function isUfwOn(text: string): boolean {
  return /^\s*ENABLED\s*=\s*["']?yes["']?\s*$/im.test(text);
}

/** Whether macOS's `socketfilterfw --getglobalstate` reports a state that blocks programs: 1 for some, 2 for all. */
export function isMacFirewallOn(text: string): boolean {
  return /State = [12]\b/.test(text);
}

/** Whether any of Windows' network categories, one per line, is public; null if there are none. */
export function parseNetworkCategories(text: string): boolean | null {
  const categories = text.split("\n").map((line) => line.trim()).filter((line) => /^[A-Z]\w+$/.test(line));
  return categories.length === 0 ? null : categories.includes("Public");
}
