/**
 * Looks for people on one interface where broadcast does not reach them: asks every address by unicast, then tries everybody's
 * rendezvous port. Once for each change of the network, never on a beat.
 *
 *     idle ──start──▶ waiting ──0.7 s, nobody heard──▶ sweeping ──all asked──▶ listening ──1.5 s, nobody heard──▶ done (probe)
 *     waiting, listening ──somebody heard──▶ done
 *     any ──start──▶ waiting
 */

import { assertNever } from "../errors.ts";
import type { NetInterface } from "../ports/network.ts";
import { classifyInterface, listSweepTargets } from "./destinations.ts";

/** How long broadcast has to find somebody. */
const SWEEP_AFTER_MS = 700;
/** How long beacons as a whole have, before TCP is tried. */
const PROBE_AFTER_MS = 1_500;
/** For answers to the last hellos of a long sweep. */
const LISTEN_MS = 300;
/** Behind a tunnel is mostly nobody, and no network that likes to be swept; so the others go first. */
const VIRTUAL_LATER_MS = 3_000;
/** Hellos of a sweep that leave at once, and the pause behind them: 2 ms for each, a /24 in half a second. */
const SWEEP_BATCH = 8;
/** Pause behind each batch: 2 ms for each hello. */
const SWEEP_PAUSE_MS = 16;

/** What happens to it. */
export type SubnetSearchInput =
  /** The network is new, or the user asked: then the sweep is made even if somebody is heard, because somebody is missed. */
  | { readonly kind: "start"; readonly isAsked: boolean }
  | { readonly kind: "tick"; readonly isSomebodyHeard: boolean; readonly gateways: readonly string[] };

/** A unicast hello to each, or a TCP connection to each one's rendezvous port. */
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

  /** How far it is. */
  get phase(): State["at"] {
    return this.#state.at;
  }

  /** When it wants a tick; null when it has nothing to do. */
  get wakeAtMs(): number | null {
    return "nextAtMs" in this.#state ? this.#state.nextAtMs : null;
  }

  /** One step; effects are to be done in order. */
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

  /** Goes on even if somebody is heard meanwhile: who was found only by unicast shows that broadcast misses the others too. */
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
