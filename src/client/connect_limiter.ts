/**
 * How often this node connects to places that others named. Anybody can sign a datagram that names somebody else's address, with
 * as many keys as it likes: what is dialled because of that must not become a flood for whoever is there.
 */

import type { Endpoint } from "../ports/network.ts";

/** Between two connects to an address and port where no session was ever opened. */
export const ENDPOINT_GAP_MS = 5_000;
/** Connects to unproven ports of one address at once. */
export const ADDRESS_BURST = 4;
/** After those, the time between two connects to unproven ports of one address. */
export const ADDRESS_GAP_MS = 5_000;
/** Connects to unproven places of one subnet of 256 addresses at once. */
export const SUBNET_BURST = 32;
/** After those, the time between two connects to unproven places of one subnet. */
export const SUBNET_GAP_MS = 500;
/** Connects to unproven places in all at once. */
export const CONNECTS_BURST = 64;
/** After those, the time between two connects to unproven places. */
export const CONNECTS_GAP_MS = 250;
/** Places that are remembered; the one that was dialled longest ago is forgotten. Against more the limits in all hold. */
const REMEMBERED_MAX = 2_048;

/** Tokens that come back one by one. */
interface Bucket {
  tokens: number;
  atMs: number;
}

/** The limits of one node. */
export class ConnectLimiter {
  readonly #proven = new Set<string>();
  readonly #triedAtMs = new Map<string, number>();
  readonly #addresses = new Map<string, Bucket>();
  readonly #subnets = new Map<string, Bucket>();
  readonly #all: Bucket = { tokens: CONNECTS_BURST, atMs: 0 };

  /** Whether a connect to that place may begin now; then it counts. Where a session was open before, it always may. */
  take({ address, port }: Endpoint, nowMs: number): boolean {
    const key = toKey({ address, port });
    if (this.#proven.has(key)) return true;
    if (nowMs - (this.#triedAtMs.get(key) ?? -Infinity) < ENDPOINT_GAP_MS) return false;
    // All nodes of a machine share its loopback addresses, and nobody else is reached by them.
    const isLoopback = address.startsWith("127.") || address === "::1";
    const buckets = isLoopback ? [] : [
      [bucketOf(this.#addresses, address, ADDRESS_BURST, nowMs), ADDRESS_BURST, ADDRESS_GAP_MS],
      [bucketOf(this.#subnets, toSubnet(address), SUBNET_BURST, nowMs), SUBNET_BURST, SUBNET_GAP_MS],
      [this.#all, CONNECTS_BURST, CONNECTS_GAP_MS],
    ] as const;
    for (const [bucket, burst, gapMs] of buckets) refill(bucket, burst, gapMs, nowMs);
    if (buckets.some(([bucket]) => bucket.tokens < 1)) return false;
    for (const [bucket] of buckets) bucket.tokens--;
    remember(this.#triedAtMs, key, nowMs);
    return true;
  }

  /** A session was opened there: the place has proved that it wants to be called. */
  noteProven(endpoint: Endpoint): void {
    const key = toKey(endpoint);
    this.#proven.delete(key);
    this.#proven.add(key);
    const [oldest] = this.#proven;
    if (this.#proven.size > REMEMBERED_MAX && oldest !== undefined) this.#proven.delete(oldest);
  }
}

function toKey({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

function toSubnet(address: string): string {
  return address.slice(0, address.lastIndexOf("."));
}

function bucketOf(buckets: Map<string, Bucket>, key: string, burst: number, nowMs: number): Bucket {
  const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
  remember(buckets, key, bucket);
  return bucket;
}

function refill(bucket: Bucket, burst: number, gapMs: number, nowMs: number): void {
  bucket.tokens = Math.min(burst, bucket.tokens + (nowMs - bucket.atMs) / gapMs);
  bucket.atMs = nowMs;
}

/** Set anew, so that the map's first key is the one that was used longest ago. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED_MAX && oldest !== undefined) map.delete(oldest);
}
