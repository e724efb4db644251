/**
 * The programs of the system that earshot may start: its executable may start no others (tools/rights.ts). The type is
 * what keeps code and rights together: a program that is not listed here does not pass the checker.
 */

/** By operating system, as the command lines name them. */
export const PROGRAMS = {
  linux: ["cat", "firewall-cmd", "kill", "ls", "systemctl", "xdg-open"],
  darwin: [
    "/usr/bin/pmset",
    "/usr/libexec/ApplicationFirewall/socketfilterfw",
    "/usr/sbin/lsof",
    "/usr/sbin/netstat",
    "kill",
    "launchctl",
    "open",
  ],
  windows: ["netstat", "powershell", "route", "rundll32", "tasklist"],
} as const;

/** A system that earshot is built for. */
export type SystemPlatform = keyof typeof PROGRAMS;
/** A program that may be started. */
export type SystemProgram = (typeof PROGRAMS)[SystemPlatform][number];

/** Whether a program is among those that may be started. */
export function isSystemProgram(program: string): program is SystemProgram {
  return Object.values(PROGRAMS).some((programs: readonly string[]) => programs.includes(program));
}
