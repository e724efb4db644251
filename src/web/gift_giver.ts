/** The switch: gives earshot while it is on, and nothing otherwise. It is off at each start. */

import { DiskError, NetworkError, WorldError } from "../errors.ts";
import type { Giver, NearNetworks } from "../node/giver.ts";
import type { GiveReply } from "../node/give_reply.ts";
import type { Ports } from "../ports.ts";
import type { Gift, Gifts } from "./gift.ts";
import { GIFT_STYLE, sumGroups } from "./gift_page.ts";
import { GiftServer } from "./gift_server.ts";
import type { GiftSource } from "./gift_source.ts";
import { giftPlan } from "./gift_targets.ts";

/** What a switch needs. */
export interface GiftGiverParts {
  readonly ports: Pick<Ports, "tcp" | "clock" | "crypto">;
  /** Null for an earshot that runs from its source. */
  readonly source: GiftSource | null;
  readonly version: string;
  onBug(error: unknown): void;
}

interface Giving {
  readonly server: GiftServer;
  readonly gifts: Gifts;
}

/** One node's switch. */
export class GiftGiver implements Giver, AsyncDisposable {
  readonly #parts: GiftGiverParts;
  #giving: Giving | null = null;
  /** One turn after the other. */
  #turning: Promise<unknown> = Promise.resolve();

  /** Is off. */
  constructor(parts: GiftGiverParts) {
    this.#parts = parts;
  }

  state(near: NearNetworks): GiveReply {
    if (this.#giving === null) {
      return { isOn: false, problem: this.#problem(near), port: null, addresses: [], files: [] };
    }
    const { server, gifts } = this.#giving;
    return {
      isOn: true,
      problem: null,
      port: server.port,
      addresses: near.addresses().map((address) => `http://${address}:${server.port}/`),
      files: gifts.files.map(({ name, target, sha256, mark }) => ({
        name,
        system: target.words,
        sizeBytes: mark.sizeBytes,
        sha256,
        sumStart: sumGroups(sha256).first,
      })),
    };
  }

  async turn(isOn: boolean, near: NearNetworks): Promise<GiveReply> {
    const turned = this.#turning.then(() => isOn ? this.#begin(near) : this.#end());
    this.#turning = turned.catch(() => {}); // Whoever turned it hears of the failure.
    await turned;
    return this.state(near);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turning;
    await this.#end();
  }

  #problem(near: NearNetworks): string | null {
    if (this.#parts.source === null) {
      return 'this earshot runs from its source, so there is no file to give. "deno task compile" makes one';
    }
    return near.addresses().length > 0
      ? null
      : "this device is not on any network. Join a Wi-Fi network or start a hotspot";
  }

  async #begin(near: NearNetworks): Promise<void> {
    if (this.#giving !== null) return;
    const problem = this.#problem(near);
    const { source, ports: { tcp, clock }, onBug } = this.#parts;
    if (source === null || problem !== null) {
      throw new WorldError(`Cannot give earshot to others: ${problem}`);
    }
    const gifts = await this.#gifts(source);
    try {
      this.#giving = { server: new GiftServer({ tcp, clock, source, gifts, near, onBug }), gifts };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw new WorldError(`Cannot give earshot to others: no port can be opened (${error.reason})`, {
        cause: error,
      });
    }
  }

  async #gifts(source: GiftSource): Promise<Gifts> {
    const { version, ports: { crypto } } = this.#parts;
    const { ownName, triple } = source;
    try {
      const plan = giftPlan(await source.names(), { ownName, triple, version });
      if (plan.length === 0) {
        throw new WorldError(
          `Cannot give earshot to others: it is not known for which system this one is (${triple})`,
        );
      }
      const files: Gift[] = [];
      for (const each of plan) files.push({ ...each, ...await source.sum(each.source) });
      const hash = crypto.sha256(new TextEncoder().encode(GIFT_STYLE));
      return { version, files, styleHash: btoa(String.fromCharCode(...hash)) };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      throw new WorldError(`${error.message} (${error.reason}), so it cannot be given to others`, {
        cause: error,
      });
    }
  }

  async #end(): Promise<void> {
    const giving = this.#giving;
    this.#giving = null;
    await giving?.server[Symbol.asyncDispose]();
  }
}
