/**
 * What earshot may do, in one place: `deno task start`, the executables and SECURITY.md have it from here
 * (tests/tools/rights_test.ts compares). Whoever breaks into a running earshot is held by the same.
 */

import { PROGRAMS, type SystemPlatform } from "../src/deno/programs.ts";

/** One right that is given or denied, and why. */
export interface Right {
  /** An option of Deno's. */
  readonly option: string;
  readonly reason: string;
}

/** The rights on a system; without one, what all of them need together. */
export function rightsOn(system: SystemPlatform | null): readonly Right[] {
  const programs = system === null ? [...new Set(Object.values(PROGRAMS).flat())] : PROGRAMS[system];
  return [
    {
      option: "--no-prompt",
      reason: "anything that is not allowed fails; Deno never asks in the middle of a conversation",
    },
    { option: "--allow-net", reason: "peers are at any address, at ports of their choice" },
    { option: "--allow-read", reason: "the user chooses where the home and imported files are" },
    { option: "--allow-write", reason: "the user chooses where the home and exported files are" },
    { option: "--allow-env", reason: "earshot opens the browser with the user's environment" },
    {
      option: "--allow-sys=hostname,networkInterfaces,statfs,uid",
      reason: "the suggested name; the networks; free space on the disk; the user for the start at login",
    },
    {
      option: `--allow-run=${programs.join(",")}`,
      reason:
        "opens the browser; installs the start at login; reads gateways, cables, power, firewalls and the owner of a port; suspends at Ctrl-Z. Without these programs, Deno would need all permissions",
    },
    { option: "--deny-ffi", reason: "no native library is ever loaded" },
    { option: "--deny-import", reason: "all code is inside the program" },
  ];
}

/**
 * Options of the engine: it takes no memory ahead of need, in that it collects garbage when the heap has doubled, not when it is four
 * times as large, which is what it does with less than 2 GiB to grow into; and it notes the places of code when it compiles it. Else the first
 * error with a stack, such as that of a file that is not there, makes it read the whole program again: 25 ms of each start.
 * And datagrams, which Deno calls unstable.
 */
export const ENGINE_OPTIONS = [
  "--unstable-net",
  "--v8-flags=--max-semi-space-size=4,--max-old-space-size=2000,--no-enable-lazy-source-positions",
] as const;

/** All options of `deno run` and `deno compile` for a program on that system. Quiet: else Deno tells of each program that is not installed. */
export function optionsOn(system: SystemPlatform | null): readonly string[] {
  return ["-q", ...rightsOn(system).map(({ option }) => option), ...ENGINE_OPTIONS];
}
