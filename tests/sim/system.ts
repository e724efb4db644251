/** A system that tells nothing of itself, as a phone's does. */

import type { System } from "../../src/ports/system.ts";

/** It is the same for all machines of a simulated world. */
export const SYSTEM: System = {
  os: "linux",
  program: "/usr/bin/earshot",
  readFreeBytes: () => Promise.resolve(null),
  readMode: () => Promise.resolve(null),
  findHolder: () => Promise.resolve(null),
  listFirewalls: () => Promise.resolve([]),
  isNetworkPublic: () => Promise.resolve(null),
};
