/** IPv4 addresses as numbers, because this folder compares and counts ranges of them. */

import type { NetInterface } from "../ports/network.ts";

/** A range of addresses, both ends included. */
export interface Subnet {
  readonly first: number;
  readonly last: number;
}

const ZERO_CODE = 48;

/**
 * The address as a number from 0 to 2^32 - 1. Null unless it is four plain decimal parts (some systems read 010 as
 * octal).
 */
export function parseIpv4(text: string): number | null {
  // By hand: each datagram parses two or three addresses, and a regular expression per part takes ten times as long.
  let value = 0;
  let part = -1;
  let dotsCount = 0;
  for (let at = 0; at <= text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO_CODE;
    if (digit >= 0 && digit <= 9) {
      if (part === 0) return null;
      part = Math.max(0, part) * 10 + digit;
      if (part > 255) return null;
    } else {
      const isEnd = at === text.length;
      if (part < 0 || (!isEnd && text[at] !== ".") || isEnd !== (dotsCount === 3)) return null;
      value = value * 256 + part;
      part = -1;
      dotsCount++;
    }
  }
  return value;
}

/** The text of an address. */
export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}

/** The network of an interface, or null if its address or mask is invalid. */
export function toSubnet({ address, prefixLength }: NetInterface): Subnet | null {
  const own = parseIpv4(address);
  if (own === null || !Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > 32) return null;
  const size = 2 ** (32 - prefixLength);
  const first = own - own % size;
  return { first, last: first + size - 1 };
}

/**
 * The addresses that devices of the network can have. A /31 and a /32 have no network and broadcast address (RFC
 * 3021).
 */
export function toHostRange(subnet: Subnet): Subnet {
  if (subnet.last - subnet.first < 2) return subnet;
  return { first: subnet.first + 1, last: subnet.last - 1 };
}
