/** Whether what is being fetched fits on the disk, all of it together; what others need of the disk is left to them. */

import { WorldError } from "../../errors.ts";
import type { System } from "../../ports/system.ts";
import { formatFileName } from "../../text/file_name.ts";
import { formatSize } from "../../room/file_offer.ts";

/** Bytes that are left to all else on the disk. */
export const SPARE_BYTES = 64 * 1024 * 1024;
/** It is looked again whenever so many bytes have come: all that may be fetched at once does not use up what is spared meanwhile. */
export const LOOK_AGAIN_BYTES = 16 * 1024 * 1024;

/** What wants space. */
export interface SpaceNeed {
  /** What it is called by its author. */
  readonly name: string;
  /** The folder that it comes into. */
  readonly target: string;
  /** The same for folders that are known to be on one disk. */
  readonly disk: string;
  readonly sizeBytes: number;
  /** Bytes that are on disk by now. */
  gotBytes(): number;
}

/** Space that is spoken for, until it is disposed of. */
export interface SpaceClaim extends Disposable {
  /** To be asked at the beginning. @throws {WorldError} if what is missing does not fit beside what was claimed before. */
  requireAll(): Promise<void>;
  /** To be asked when more has come: looks now and then. @throws {WorldError} if the disk is nearly full. */
  requireMore(): Promise<void>;
}

/** The space of one node's disks. */
export class DiskSpace {
  readonly #system: Pick<System, "readFreeBytes" | "os">;
  /** In the order in which they came: who came first has the space. */
  readonly #needs = new Set<SpaceNeed>();

  constructor(system: Pick<System, "readFreeBytes" | "os">) {
    this.#system = system;
  }

  /** Speaks for what is missing of that. */
  claim(need: SpaceNeed): SpaceClaim {
    this.#needs.add(need);
    let lookedAtBytes = need.gotBytes();
    return {
      requireAll: () => this.#requireAll(need),
      requireMore: async () => {
        const gotBytes = need.gotBytes();
        if (gotBytes - lookedAtBytes < LOOK_AGAIN_BYTES) return;
        lookedAtBytes = gotBytes;
        await this.#requireMore(need);
      },
      [Symbol.dispose]: () => void this.#needs.delete(need),
    };
  }

  async #requireAll(need: SpaceNeed): Promise<void> {
    const freeBytes = await this.#system.readFreeBytes(need.target);
    if (freeBytes === null) return;
    const before = [...this.#needs].slice(0, [...this.#needs].indexOf(need));
    const spokenFor = before.filter(({ disk }) => disk === need.disk).reduce(
      (sum, one) => sum + this.#expected(one),
      0,
    );
    const wanted = this.#expected(need) + SPARE_BYTES;
    if (freeBytes - spokenFor >= wanted) return;
    const others = spokenFor > 0
      ? `, ${formatSize(spokenFor)} of them for what is being fetched already`
      : "";
    throw new WorldError(
      `"${formatFileName(need.name)}" does not fit: ${
        formatSize(freeBytes)
      } are free in "${need.target}"${others}, and it takes ${
        formatSize(wanted)
      }. Free some space or name another folder, and get it again`,
    );
  }

  async #requireMore({ name, target, sizeBytes, gotBytes }: SpaceNeed): Promise<void> {
    const freeBytes = await this.#system.readFreeBytes(target);
    // The last few bytes are better there than not.
    if (freeBytes === null || freeBytes >= SPARE_BYTES || sizeBytes - gotBytes() < freeBytes) return;
    throw new WorldError(
      `The rest of "${formatFileName(name)}" does not fit: only ${
        formatSize(freeBytes)
      } are free in "${target}". What has come is kept: free some space, and get it again to go on`,
    );
  }

  /** Windows takes the space of a file as soon as its end is written, so there free bytes do not tell what is missing. */
  #expected({ sizeBytes, gotBytes }: SpaceNeed): number {
    const missingBytes = sizeBytes - gotBytes();
    return this.#system.os === "windows" && gotBytes() > 0 ? 0 : missingBytes;
  }
}
