/** Parses default gateways out of each system's routing table. The text is foreign, so every field is checked. */

/** RTF_UP and RTF_GATEWAY of <linux/route.h>. */
const UP_VIA_GATEWAY = 0x3;

const IPV4 = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** Gateways of Linux's /proc/net/route: columns Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask, … in hexadecimal. */
export function parseProcRoute(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [, destination, gateway, flags, , , , mask] = line.trim().split(/\s+/);
    if (destination !== "00000000" || mask !== "00000000" || gateway === undefined) return [];
    const isUsable = (Number.parseInt(flags ?? "", 16) & UP_VIA_GATEWAY) === UP_VIA_GATEWAY;
    return isUsable ? parseHexAddress(gateway) : [];
  });
}

/** Gateways of macOS's `netstat -rn`: lines such as "default 192.168.1.1 UGScg en0". */
export function parseNetstatRoutes(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [destination, gateway] = line.trim().split(/\s+/);
    return destination === "default" && isAddress(gateway) ? [gateway] : [];
  });
}

/**
 * Gateways of Windows' `route print -4`: columns destination, mask, gateway, interface, metric; headings and "On-link"
 * are in the user's language. A persistent route has no interface column, and is no active route.
 */
export function parseRoutePrint(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [destination, mask, gateway, via] = line.trim().split(/\s+/);
    const isActiveDefault = destination === "0.0.0.0" && mask === "0.0.0.0" && isAddress(via);
    return isActiveDefault && isAddress(gateway) ? [gateway] : [];
  });
}

/** The kernel prints one number in machine byte order, which is little-endian wherever Deno runs. */
function parseHexAddress(hex: string): string[] {
  if (!/^[0-9A-Fa-f]{8}$/.test(hex)) return [];
  const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [bytes.join(".")];
}

function isAddress(text: string | undefined): text is string {
  return text !== undefined && IPV4.test(text) && text.split(".").every((part) => Number(part) <= 255);
}
