/** The network, as discovery sees it. These are whole sentences. */

import type { Texts } from "./catalogue.ts";

/** English. */
export const EN_NETWORK = {
  "network.none": "This device is not connected to any network. Join a Wi-Fi network or start a hotspot.",
  "network.local": {
    one: "One other earshot is running on this device.",
    other: "{count} others are running on this device.",
  },
  "network.heard": {
    one: "One other is heard on {interfaces:list}.",
    other: "{count} others are heard on {interfaces:list}.",
  },
  "network.searching": "Looking for others on {interfaces:list}.",
  "network.cannot-send":
    "Nothing can be sent on {interfaces:list}: a firewall or a VPN on this device is probably blocking it.",
  "network.no-answer": "Nobody has answered on {interfaces:list}.",
  "network.not-running": {
    one: "1 other device is online but is not running earshot.",
    other: "{count} other devices are online but are not running earshot.",
  },
  "network.isolated":
    "If others run earshot on this network, the access point probably keeps devices apart (client isolation), or a firewall drops UDP and TCP port {port}. Try a hotspot on one of your own devices.",
  "network.no-udp":
    "UDP port {port} cannot be opened ({problem}): this device finds others, but others find it only when it asks.",
  "network.no-echo":
    "This device does not hear its own broadcast on {interfaces:list}: a firewall here is probably dropping UDP port {port}.",
  "network.other-version": "Somebody nearby runs another version of earshot; update both devices.",
  "network.double":
    "Another earshot with this device's identity is heard from {address}: its folder was probably copied. Use a new one there.",
  "interface.here": { one: "{count} here", other: "{count} here" },
  "interface.unusable": "cannot be used ({problem})",
} as const satisfies Texts;
