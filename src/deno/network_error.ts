import { isIP } from "node:net";
import { NetworkError, type NetworkReason } from "../errors.ts";
import type { Endpoint } from "../ports/network.ts";

/** What the codes of failed system calls mean to us. Deno gives the same names on every system. */
const REASONS: ReadonlyMap<string, NetworkReason> = new Map([
  ["EADDRINUSE", "taken"],
  ["ECONNREFUSED", "refused"],
  ["ETIMEDOUT", "silent"],
  ["EHOSTUNREACH", "unreachable"],
  ["ENETUNREACH", "unreachable"],
  ["EHOSTDOWN", "unreachable"],
  ["ENETDOWN", "unreachable"],
  ["EADDRNOTAVAIL", "unreachable"], // an address of no interface of ours: it went away with its network
  ["EACCES", "forbidden"],
  ["EPERM", "forbidden"], // how a Linux firewall refuses what we send
]);

/** The same for errors without a code, by Deno's class. NotCapable: the user started us without --allow-net. */
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

/** A failed call as our error; `doing` completes "Cannot …". */
export function toNetworkError(doing: string, cause: unknown): NetworkError {
  return new NetworkError(findReason(cause), `Cannot ${doing}`, { cause });
}

function findReason(error: unknown): NetworkReason {
  if (!(error instanceof Error)) return "failed";
  const code = "code" in error ? String(error.code) : "";
  return REASONS.get(code) ?? REASONS_BY_CLASS.get(error.name) ?? "failed";
}

/**
 * Lets only IP addresses and real ports through. The system would ask a name server for anything else, and so tell
 * a stranger what we look for. @throws {NetworkError} "malformed".
 */
export function checkEndpoint(at: Endpoint): void {
  if (isIP(at.address) === 0) {
    throw new NetworkError("malformed", `Not an IP address: "${at.address}"`);
  }
  if (!Number.isInteger(at.port) || at.port < 0 || at.port > 65_535) {
    throw new NetworkError("malformed", `Not a port: ${at.port}`);
  }
}

/** An endpoint as people write it. */
export function describeEndpoint(at: Endpoint): string {
  return isIP(at.address) === 6 ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`;
}

/** The endpoint of a socket's address. */
export function toEndpoint(address: Deno.Addr): Endpoint {
  if (!("hostname" in address)) throw new Error(`Unexpected kind of address: ${address.transport}`);
  return { address: address.hostname, port: address.port };
}
