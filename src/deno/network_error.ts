import { isIP } from "node:net";
import { NetworkError, type NetworkReason } from "../errors.ts";
import type { Endpoint } from "../ports/network.ts";

/** Reasons by error code of failed system calls. Deno uses the same names on every system. */
const REASONS: ReadonlyMap<string, NetworkReason> = new Map([
  ["EADDRINUSE", "taken"],
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "silent"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["EHOSTDOWN", "unreachable"],
  ["ENETDOWN", "unreachable"],
  ["EADDRNOTAVAIL", "unreachable"], // the address belongs to no interface, because its network is gone
  ["EACCES", "forbidden"],
  ["EPERM", "forbidden"], // a Linux firewall refuses the packet
]);

/** Reasons by Deno's error class, for errors without a code. NotCapable: the user started earshot without --allow-net. */
const REASONS_BY_CLASS: ReadonlyMap<string, NetworkReason> = new Map([
  ["AddrInUse", "taken"],
  ["ConnectionRefused", "refused"],
  ["TimedOut", "silent"],
  ["NetworkUnreachable", "unreachable"],
  ["AddrNotAvailable", "unreachable"],
  ["PermissionDenied", "forbidden"],
  ["NotCapable", "forbidden"],
  ["BadResource", "closed"],
  ["Interrupted", "closed"],
]);

/** Converts a failed call into a NetworkError; `doing` completes "Cannot …". */
export function toNetworkError(doing: string, cause: unknown): NetworkError {
  return new NetworkError(findReason(cause), `Cannot ${doing}`, { cause });
}

function findReason(error: unknown): NetworkReason {
  if (!(error instanceof Error)) return "failed";
  const code = "code" in error ? String(error.code) : "";
  return REASONS.get(code) ?? REASONS_BY_CLASS.get(error.name) ?? "failed";
}

/**
 * Accepts only IP addresses and valid ports. For a name the system would query a name server, which would reveal the search to strangers. @throws
 * {NetworkError} "malformed".
 */
export function checkEndpoint(at: Endpoint): void {
  if (isIP(at.address) === 0) {
    throw new NetworkError("malformed", `Not an IP address: "${at.address}"`);
  }
  if (!Number.isInteger(at.port) || at.port < 0 || at.port > 65_535) {
    throw new NetworkError("malformed", `Not a port: ${at.port}`);
  }
}

/** An endpoint as "ADDRESS:PORT", with brackets around IPv6. */
export function describeEndpoint(at: Endpoint): string {
  return isIP(at.address) === 6 ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`;
}

/** Converts a socket address. */
export function toEndpoint(address: Deno.Addr): Endpoint {
  if (!("hostname" in address)) throw new Error(`Unexpected kind of address: ${address.transport}`);
  return { address: address.hostname, port: address.port };
}
