/** Addresses as people type them. */

import { parsePort, PORT_MAX } from "../../encoding/network_address.ts";
import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import type { Endpoint } from "../../ports/network.ts";

/** The rendezvous port that all nodes try first. */
export const RENDEZVOUS_PORT = 9999;
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
      throw new UsageError(message("address.bad", { text: address }));
    }
    return { address, port: toPort(port) };
  }
  const six = IPV6_LIKE.exec(text);
  if (six === null) return null;
  return { address: six[1] ?? six[3] ?? "", port: toPort(six[2]) };
}

/** The rendezvous port if there is no text. @throws {UsageError}. */
function toPort(text: string | undefined): number {
  const port = text === undefined ? RENDEZVOUS_PORT : parsePort(text);
  if (port !== null) return port;
  throw new UsageError(message("port.bad", { text: String(text), max: PORT_MAX }));
}
