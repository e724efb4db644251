/** Addresses as people type them. */

import { UsageError } from "../../errors.ts";
import type { Endpoint } from "../../ports/network.ts";

/** The rendezvous port that all nodes try first. */
export const RENDEZVOUS_PORT = 9999;
/** TCP and UDP have 16 bits for a port. */
const PORT_MAX = 65_535;
const IPV4_LIKE = /^(\d+(?:\.\d+)+)(?::(.*))?$/;
const IPV6_LIKE =
  /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\](?::(.*))?|([0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%[\w.-]+)?))$/i;

/**
 * Parses an endpoint ("192.168.43.1", "192.168.43.1:9998", "[fe80::1]:9998"). Without a port it gets the rendezvous port.
 * Null if the text does not look like an address. @throws {UsageError} if it looks like an address and is invalid.
 */
export function parseEndpoint(text: string): Endpoint | null {
  const four = IPV4_LIKE.exec(text);
  if (four !== null) {
    const [, address = "", port] = four;
    const parts = address.split(".");
    if (parts.length !== 4 || parts.some((part) => Number(part) > 255 || part.length > 3)) {
      throw new UsageError(
        `"${address}" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1`,
      );
    }
    return { address, port: parsePort(port) };
  }
  const six = IPV6_LIKE.exec(text);
  if (six === null) return null;
  return { address: six[1] ?? six[3] ?? "", port: parsePort(six[2]) };
}

/** Parses a port; undefined means the rendezvous port. @throws {UsageError}. */
export function parsePort(text: string | undefined): number {
  if (text === undefined) return RENDEZVOUS_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= PORT_MAX) return port;
  throw new UsageError(`"${text}" is not a port: it takes a whole number from 1 to ${PORT_MAX}`);
}
