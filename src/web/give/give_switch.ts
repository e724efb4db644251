/** The switch that shares earshot with devices nearby. It is off at each start. */

import { type Message, message } from "../../messages/message.ts";
import { DiskError, NetworkError, WorldError } from "../../errors.ts";
import type { GiveTurn, NearNetworks, SelfDistribution } from "../../node/support/self_distribution.ts";
import { type GiveReply, toGiveProblem } from "../../api/give.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { ServedFile, ServedFiles } from "./served_files.ts";
import { groupSum, LANDING_PAGE_STYLE } from "./landing_page.ts";
import { GiveServer } from "./http_server.ts";
import type { ProgramFiles } from "../../ports/program_files.ts";
import { planGivenFile } from "./platforms.ts";

/** The parts that the switch uses. */
export interface GiveSwitchParts {
  readonly ports: Pick<Ports, "tcp" | "clock" | "crypto">;
  /** Null if earshot runs from its source. */
  readonly source: ProgramFiles | null;
  readonly version: string;
  onBug(error: unknown): void;
}

interface Giving {
  readonly server: GiveServer;
  readonly given: ServedFiles;
  readonly withOthers: boolean;
  readonly found: readonly string[];
}

/** The switch of a node. */
export class GiveSwitch implements SelfDistribution, AsyncDisposable {
  readonly #parts: GiveSwitchParts;
  #giving: Giving | null = null;
  /** Turns run one after the other. */
  #turning: Promise<unknown> = Promise.resolve();

  constructor(parts: GiveSwitchParts) {
    this.#parts = parts;
  }

  state(near: NearNetworks): GiveReply {
    if (this.#giving === null) {
      return {
        isOn: false,
        ...toGiveProblem(this.#problem(near)),
        port: null,
        addresses: [],
        files: [],
        found: [],
      };
    }
    const { server, given, found } = this.#giving;
    return {
      isOn: true,
      ...toGiveProblem(null),
      port: server.port,
      addresses: near.addresses().map((address) => `http://${address}:${server.port}/`),
      files: given.files.map(({ name, isOwn, target, sha256, mark }) => ({
        name,
        isOwn,
        system: target.words,
        sizeBytes: mark.sizeBytes,
        sha256,
        sumStart: groupSum(sha256).first,
      })),
      found,
    };
  }

  async turn({ isOn, withOthers }: GiveTurn, near: NearNetworks): Promise<GiveReply> {
    const turned = this.#turning.then(() => isOn ? this.#begin(near, withOthers) : this.#end());
    this.#turning = turned.catch(() => {}); // The caller gets the failure.
    await turned;
    return this.state(near);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turning;
    await this.#end();
  }

  #problem(near: NearNetworks): Message | null {
    if (this.#parts.source === null) {
      return message("give.from-source");
    }
    return near.addresses().length > 0 ? null : message("give.no-network");
  }

  async #begin(near: NearNetworks, withOthers: boolean): Promise<void> {
    if (this.#giving?.withOthers === withOthers) return;
    const problem = this.#problem(near);
    const { source, ports: { tcp, clock }, onBug } = this.#parts;
    if (source === null || problem !== null) {
      throw new WorldError(message("give.cannot", { reason: problem ?? message("give.from-source") }));
    }
    const { given, found } = await this.#gifts(source, withOthers);
    await this.#end();
    try {
      const server = new GiveServer({ tcp, clock, source, given, near, onBug });
      this.#giving = { server, given, withOthers, found };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      throw new WorldError(
        message("give.cannot", { reason: message("give.no-port", { problem: error.reason }) }),
        {
          cause: error,
        },
      );
    }
  }

  /** Other programs may have put files beside the executable, under any name. They are shared only if the user asks for it. */
  async #gifts(
    source: ProgramFiles,
    withOthers: boolean,
  ): Promise<{ readonly given: ServedFiles; readonly found: readonly string[] }> {
    const { version, ports: { crypto } } = this.#parts;
    const { ownName, triple } = source;
    try {
      const plan = planGivenFile(await source.list(), { ownName, triple, version });
      const wanted = plan.filter(({ isOwn }) => isOwn || withOthers);
      const found = plan.filter((each) => !wanted.includes(each)).map(({ name }) => name);
      if (wanted.length === 0) {
        throw new WorldError(message("give.cannot", { reason: message("give.unknown-system", { triple }) }));
      }
      const files: ServedFile[] = [];
      for (const each of wanted) files.push({ ...each, ...await source.hash(each.source) });
      const hash = crypto.sha256(new TextEncoder().encode(LANDING_PAGE_STYLE));
      return { given: { version, files, styleHash: btoa(String.fromCharCode(...hash)) }, found };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      throw new WorldError(
        message("give.cannot", {
          reason: message("give.unreadable", { detail: error.message, problem: error.reason }),
        }),
        {
          cause: error,
        },
      );
    }
  }

  async #end(): Promise<void> {
    const giving = this.#giving;
    this.#giving = null;
    await giving?.server[Symbol.asyncDispose]();
  }
}
