/**
 * The system programs that earshot may start; its executable has no right to start others (tools/rights.ts). The type ties code to rights: a program
 * that is not listed here fails the type check.
 */

/** By operating system, as used in command lines. */
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

/** A system with builds of earshot. */
export type SystemPlatform = keyof typeof PROGRAMS;
/** A program that may be started. */
export type SystemProgram = (typeof PROGRAMS)[SystemPlatform][number];

/** Whether the program may be started. */
export function isSystemProgram(program: string): program is SystemProgram {
  return Object.values(PROGRAMS).some((programs: readonly string[]) => programs.includes(program));
}
