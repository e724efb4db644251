/** IPv4 addresses as numbers, because ranges of them are compared and counted here. */

import type { NetInterface } from "../ports.ts";

/** All addresses of a network, ends included. */
export interface Subnet {
  readonly first: number;
  readonly last: number;
}

const PART = /^(0|[1-9][0-9]{0,2})$/;

/** The address as a number from 0 to 2^32 - 1, or null for anything but four plain decimal parts (010 is octal to some systems). */
export function parseIpv4(text: string): number | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!PART.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return value;
}

/** The text of an address. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** The network that an interface is in, or null if its address or mask is none. */
export function subnetOf({ address, prefixLength }: NetInterface): Subnet | null {
  const own = parseIpv4(address);
  if (own === null || !Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > 32) return null;
  const size = 2 ** (32 - prefixLength);
  const first = own - own % size;
  return { first, last: first + size - 1 };
}

/** The addresses that a device of the network can have: a /31 and a /32 have no network and broadcast address (RFC 3021). */
export function hostsOf(subnet: Subnet): Subnet {
  if (subnet.last - subnet.first < 2) return subnet;
  return { first: subnet.first + 1, last: subnet.last - 1 };
}
