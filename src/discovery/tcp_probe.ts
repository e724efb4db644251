/** Tries the rendezvous port of many addresses, for networks that pass TCP but no datagrams. */

import { NetworkError } from "../errors.ts";
import type { Tcp } from "../ports/network.ts";
import type { Clock } from "../ports/time.ts";

/** Concurrent connections; more fill the tables of a small router. */
const PROBES_AT_ONCE = 64;
/** Time per attempt. A neighbour answers within a few ms; a sleeping phone needs its next Wi-Fi beacon. */
const PROBE_MS_MAX = 400;

/** The result of a probe. "open": a program listens there; "refused": a device is there, without earshot. */
export type ProbeResult = "open" | "refused";

/** The inputs of a probe. */
export interface ProbeOptions {
  readonly tcp: Tcp;
  readonly clock: Clock;
  readonly port: number;
  /** Ends the probe early; it then returns as if done. */
  readonly signal: AbortSignal;
  onResult(address: string, result: ProbeResult): void;
}

/** Connects to each address and closes immediately. It sends nothing. */
export async function probeTcp(addresses: readonly string[], options: ProbeOptions): Promise<void> {
  for (let at = 0; at < addresses.length && !options.signal.aborted; at += PROBES_AT_ONCE) {
    await probeWave(addresses.slice(at, at + PROBES_AT_ONCE), options);
  }
}

async function probeWave(
  addresses: readonly string[],
  { tcp, clock, port, signal, onResult }: ProbeOptions,
): Promise<void> {
  const wave = new AbortController();
  const onAbort = () => wave.abort();
  using deadline = clock.timer(onAbort);
  deadline.wakeAt(clock.nowMs() + PROBE_MS_MAX);
  signal.addEventListener("abort", onAbort);
  const probe = async (address: string) => {
    try {
      const stream = await tcp.connect({ address, port }, wave.signal);
      stream.close();
      onResult(address, "open");
    } catch (error) {
      if (error instanceof NetworkError && error.reason === "refused") onResult(address, "refused");
      else if (!(error instanceof NetworkError) && !wave.signal.aborted) throw error;
    }
  };
  try {
    await Promise.all(addresses.map(probe));
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
