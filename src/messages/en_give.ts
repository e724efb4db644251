/** Giving earshot itself to others. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_GIVE = {
  "give.cannot": "Cannot give earshot to others: {reason}",
  "give.from-source":
    'this earshot runs from its source code, so there is no file to give. Create one with "deno task compile"',
  "give.no-network": "this device is not on any network. Join a Wi-Fi network or start a hotspot",
  "give.not-online": "this earshot is not on the network",
  "give.no-port": "no port can be opened ({problem})",
  "give.unknown-system": "the system of this executable is unknown ({triple})",
  "give.unreadable": "{detail} ({problem})",
} as const satisfies Texts;
