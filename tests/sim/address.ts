import { parseIpv4 } from "../../src/discovery/ipv4.ts";
import { NetworkError } from "../../src/errors.ts";
import type { Endpoint } from "../../src/ports/network.ts";

/** The address of a socket that listens on all. */
export const ANY_ADDRESS = "0.0.0.0";

/** Lets only IPv4 addresses and real ports through. @throws {NetworkError} "malformed". */
export function checkEndpoint({ address, port }: Endpoint): void {
  if (parseIpv4(address) === null) throw new NetworkError("malformed", `Not an IPv4 address: "${address}"`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new NetworkError("malformed", `Not a port: ${port}`);
  }
}

/** Ports below need rights that the program does not have. */
const FREE_PORT_MIN = 1_024;
/** Where the system takes ports from that nobody chose (IANA's dynamic range). */
export const DYNAMIC_PORT_MIN = 49_152;
/** How many there are. */
export const DYNAMIC_PORT_COUNT = 65_536 - DYNAMIC_PORT_MIN;

/** The port that a socket gets: the wanted one, or for 0 a free one. @throws {NetworkError} "taken", "forbidden". */
export function portFor(wanted: number, isFree: (port: number) => boolean, fraction: number): number {
  if (wanted === 0) return freePort(isFree, fraction);
  if (wanted < FREE_PORT_MIN) throw new NetworkError("forbidden", `Cannot open port ${wanted}`);
  if (!isFree(wanted)) throw new NetworkError("taken", `Cannot open port ${wanted}`);
  return wanted;
}

function freePort(isFree: (port: number) => boolean, fraction: number): number {
  const start = Math.floor(fraction * DYNAMIC_PORT_COUNT);
  for (let step = 0; step < DYNAMIC_PORT_COUNT; step++) {
    const port = DYNAMIC_PORT_MIN + (start + step) % DYNAMIC_PORT_COUNT;
    if (isFree(port)) return port;
  }
  throw new NetworkError("taken", "Cannot open any port");
}

/** Whether the address names a multicast group (224.0.0.0/4). */
export function isGroup(address: string): boolean {
  return ((parseIpv4(address) ?? 0) >>> 28) === 0xe;
}
