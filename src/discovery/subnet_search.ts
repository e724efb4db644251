/**
 * Searches one interface for peers that broadcast does not reach: asks every address by unicast, then tries the
 * rendezvous port of each. It runs once per change of the network, never periodically.
 *     idle ──start──▶ waiting ──0.7 s, nobody heard──▶ sweeping ──all asked──▶ listening ──1.5 s, nobody heard──▶ done (probe)
 *     waiting, listening ──somebody heard──▶ done
 *     any ──start──▶ waiting
 */

import { assertNever } from "../errors.ts";
import type { NetInterface } from "../ports/network.ts";
import { classifyInterface, listSweepTargets } from "./destinations.ts";

/** Time for broadcast to find a peer. */
const SWEEP_AFTER_MS = 700;
/** Time for all beacons before TCP is tried. */
const PROBE_AFTER_MS = 1_500;
/** Time for answers to the last hellos of a long sweep. */
const LISTEN_MS = 300;
/**
 * Extra delay for virtual interfaces: a tunnel rarely has peers and dislikes sweeps, so the other interfaces go
 * first.
 */
const VIRTUAL_LATER_MS = 3_000;
/** Hellos sent at once in a sweep, and the pause after them: 2 ms per address, a /24 in half a second. */
const SWEEP_BATCH = 8;
/** Pause behind each batch: 2 ms for each hello. */
const SWEEP_PAUSE_MS = 16;

/** Inputs of the search. */
export type SubnetSearchInput =
  /**
   * The network is new, or the user asked. If the user asked, the sweep runs even if peers are heard, because one is
   * missing.
   */
  | { readonly kind: "start"; readonly isAsked: boolean }
  | { readonly kind: "tick"; readonly isSomebodyHeard: boolean; readonly gateways: readonly string[] };

/** A unicast hello to each address, or a TCP connection to each rendezvous port. */
export interface SubnetSearchEffect {
  readonly kind: "hello" | "probe";
  readonly to: readonly string[];
}

type State =
  | { readonly at: "idle" }
  | {
    readonly at: "waiting";
    readonly isAsked: boolean;
    readonly nextAtMs: number;
    readonly probeAtMs: number;
  }
  | {
    readonly at: "sweeping";
    readonly targets: readonly string[];
    readonly sentCount: number;
    readonly nextAtMs: number;
    readonly probeAtMs: number;
  }
  | { readonly at: "listening"; readonly targets: readonly string[]; readonly nextAtMs: number }
  | { readonly at: "done" };

/** The search on one interface. */
export class SubnetSearch {
  readonly #network: NetInterface;
  #state: State = { at: "idle" };

  constructor(network: NetInterface) {
    this.#network = network;
  }

  /** The current state. */
  get phase(): State["at"] {
    return this.#state.at;
  }

  /** When it needs a tick; null if it has nothing to do. */
  get wakeAtMs(): number | null {
    return "nextAtMs" in this.#state ? this.#state.nextAtMs : null;
  }

  /** Processes one input. Perform the effects in order. */
  handle(input: SubnetSearchInput, nowMs: number): readonly SubnetSearchEffect[] {
    if (input.kind === "tick") return this.#tick(input, nowMs);
    const fromMs = nowMs + (classifyInterface(this.#network) === "virtual" ? VIRTUAL_LATER_MS : 0);
    this.#state = {
      at: "waiting",
      isAsked: input.isAsked,
      nextAtMs: fromMs + SWEEP_AFTER_MS,
      probeAtMs: fromMs + PROBE_AFTER_MS,
    };
    return [];
  }

  #tick(
    { isSomebodyHeard, gateways }: {
      readonly isSomebodyHeard: boolean;
      readonly gateways: readonly string[];
    },
    nowMs: number,
  ): readonly SubnetSearchEffect[] {
    const state = this.#state;
    if (this.wakeAtMs === null || nowMs < this.wakeAtMs) return [];
    switch (state.at) {
      case "idle":
      case "done":
        return [];
      case "waiting": {
        const targets = isSomebodyHeard && !state.isAsked ? [] : listSweepTargets(this.#network, gateways);
        if (targets.length === 0) return this.#end();
        return this.#sweep({ targets, sentCount: 0, probeAtMs: state.probeAtMs }, nowMs);
      }
      case "sweeping":
        return this.#sweep(state, nowMs);
      case "listening":
        this.#end();
        return isSomebodyHeard ? [] : [{ kind: "probe", to: state.targets }];
      default:
        return assertNever(state);
    }
  }

  /** Continues even if a peer is heard meanwhile: a peer found only by unicast shows that broadcast misses others too. */
  #sweep(
    { targets, sentCount, probeAtMs }: {
      readonly targets: readonly string[];
      readonly sentCount: number;
      readonly probeAtMs: number;
    },
    nowMs: number,
  ): readonly SubnetSearchEffect[] {
    const to = targets.slice(sentCount, sentCount + SWEEP_BATCH);
    const isLast = sentCount + to.length >= targets.length;
    this.#state = isLast ? { at: "listening", targets, nextAtMs: Math.max(probeAtMs, nowMs + LISTEN_MS) } : {
      at: "sweeping",
      targets,
      sentCount: sentCount + to.length,
      nextAtMs: nowMs + SWEEP_PAUSE_MS,
      probeAtMs,
    };
    return [{ kind: "hello", to }];
  }

  #end(): readonly SubnetSearchEffect[] {
    this.#state = { at: "done" };
    return [];
  }
}
