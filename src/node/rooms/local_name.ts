/** The name of this node's user: config.json keeps it, and every entry of ours carries it. */

import type { Disk } from "../../ports/storage.ts";
import { type Config, saveConfig } from "../../store/home/config.ts";

/** The name that this node goes by now. */
export interface LocalName {
  readonly current: string;
  /** Takes another name, now and at the next start. @throws {WorldError} if it cannot be saved; then the old name stays. */
  change(name: string): Promise<void>;
}

/** The name as config.json keeps it. */
export class ConfiguredName implements LocalName {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #config: Config;
  #current: string;

  /** `path` and `config` are those of config.json; its other fields stay as they are. */
  constructor(
    disk: Disk,
    options: { readonly path: string; readonly config: Config; readonly name: string },
  ) {
    this.#disk = disk;
    this.#path = options.path;
    this.#config = options.config;
    this.#current = options.name;
  }

  get current(): string {
    return this.#current;
  }

  async change(name: string): Promise<void> {
    await saveConfig(this.#disk, { path: this.#path, config: { ...this.#config, name } });
    this.#current = name;
  }
}
