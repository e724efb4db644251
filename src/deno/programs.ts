/**
 * The programs of the system that earshot may start: its executable may start no others (tools/rights.ts). The type is
 * what keeps code and rights together: a program that is not listed here does not pass the checker.
 */

/** By operating system, as the command lines name them. */
export const PROGRAMS = {
  linux: ["cat", "kill", "ls", "xdg-open"],
  darwin: ["/usr/bin/pmset", "/usr/sbin/netstat", "kill", "open"],
  windows: ["route", "rundll32"],
} as const;

/** A system that earshot is built for. */
export type System = keyof typeof PROGRAMS;
/** A program that may be started. */
export type SystemProgram = (typeof PROGRAMS)[System][number];
