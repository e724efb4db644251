/** Checks that all running downloads together fit on the disk, and leaves a reserve for other programs. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { System } from "../../ports/system.ts";
import { formatFileName } from "../../text/file_name.ts";

/** Bytes left free for other programs. */
export const SPARE_BYTES = 64 * 1024 * 1024;
/** Received bytes between two checks: all downloads at once use less than the reserve meanwhile. */
export const LOOK_AGAIN_BYTES = 16 * 1024 * 1024;

/** A download that needs space. */
export interface SpaceNeed {
  /** The author's name of the file. */
  readonly name: string;
  /** The folder of the download. */
  readonly target: string;
  /** Equal for folders that are known to be on one disk. */
  readonly disk: string;
  readonly sizeBytes: number;
  /** Bytes on disk so far. */
  gotBytes(): number;
}

/** Reserved space, until it is disposed of. */
export interface SpaceClaim extends Disposable {
  /** Call at the beginning. @throws {WorldError} if the missing bytes do not fit beside earlier claims. */
  requireAll(): Promise<void>;
  /** Call when bytes were received: checks now and then. @throws {WorldError} if the disk is nearly full. */
  requireMore(): Promise<void>;
}

/** The space of one node's disks. */
export class DiskSpace {
  readonly #system: Pick<System, "readFreeBytes" | "os">;
  /** In order of arrival: earlier downloads have their space first. */
  readonly #needs = new Set<SpaceNeed>();

  constructor(system: Pick<System, "readFreeBytes" | "os">) {
    this.#system = system;
  }

  /** Reserves the space of the missing bytes. */
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
    const values = { name: formatFileName(need.name), folder: need.target, needed: wanted, free: freeBytes };
    throw new WorldError(
      spokenFor > 0
        ? message("get.no-space-beside", { ...values, reserved: spokenFor })
        : message("get.no-space", values),
    );
  }

  async #requireMore({ name, target, sizeBytes, gotBytes }: SpaceNeed): Promise<void> {
    const freeBytes = await this.#system.readFreeBytes(target);
    // A rest that still fits is better finished.
    if (freeBytes === null || freeBytes >= SPARE_BYTES || sizeBytes - gotBytes() < freeBytes) return;
    throw new WorldError(
      message("get.no-space-for-rest", { name: formatFileName(name), folder: target, free: freeBytes }),
    );
  }

  /** Windows allocates a whole file as soon as its end is written, so free bytes already count the missing ones there. */
  #expected({ sizeBytes, gotBytes }: SpaceNeed): number {
    const missingBytes = sizeBytes - gotBytes();
    return this.#system.os === "windows" && gotBytes() > 0 ? 0 : missingBytes;
  }
}
