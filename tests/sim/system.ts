/** A system that tells nothing of itself, as a phone's does. */

import type { System } from "../../src/ports/system.ts";

/** It is the same for all machines of a simulated world. */
export const SYSTEM: System = {
  os: "linux",
  program: "/usr/bin/earshot",
  freeBytes: () => Promise.resolve(null),
  modeOf: () => Promise.resolve(null),
  holderOf: () => Promise.resolve(null),
  firewalls: () => Promise.resolve([]),
  isNetworkPublic: () => Promise.resolve(null),
};
