/**
 * Rooms whose logs are read behind the start, one after the other, and the first asked for first: a node with years of
 * conversations is there at once. Until its log is read a room is none of ours yet for all others; whoever needs it waits.
 */

import type { Clock } from "../../ports/time.ts";
import type { RoomId } from "../../room/id.ts";
import type { RoomFolder } from "../../store/home/paths.ts";
import { yieldToEventLoop } from "../support/yield.ts";

export interface RoomLoaderParts {
  readonly clock: Clock;
  /** Reads one log. Calls `turn` between pieces, and gives up when that resolves to false. @throws {DiskError}. */
  read(folder: RoomFolder, turn: () => Promise<boolean>): Promise<void>;
  /** It is read. */
  onLoaded(id: RoomId): void;
}

interface PendingRoom {
  readonly folder: RoomFolder;
  readonly done: PromiseWithResolvers<void>;
}

/** The rooms that are not read yet. */
export class RoomLoader {
  readonly #parts: RoomLoaderParts;
  /** In the order in which they are read; the one that is being read among them. */
  #pending: PendingRoom[] = [];
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(parts: RoomLoaderParts) {
    this.#parts = parts;
  }

  /** Those that are left. */
  get folders(): readonly RoomFolder[] {
    return this.#pending.map(({ folder }) => folder);
  }

  /** Whether that room's log is still to be read. */
  has(id: RoomId): boolean {
    return this.#pending.some(({ folder }) => folder.id === id);
  }

  /** It is to be read later. */
  add(folder: RoomFolder): void {
    const done = Promise.withResolvers<void>();
    done.promise.catch(() => {}); // `run` tells it; who waits for this room hears of it too.
    this.#pending.push({ folder, done });
  }

  /** Reads that room next; resolves when it is read, at once if it was. @throws {DiskError}. */
  async loadNext(id: RoomId): Promise<void> {
    const wanted = this.#pending.find(({ folder }) => folder.id === id);
    if (wanted === undefined) return;
    this.#pending = [wanted, ...this.#pending.filter((other) => other !== wanted)];
    await wanted.done.promise;
  }

  /** Resolves when all are read. @throws {DiskError}. */
  async waitForAll(): Promise<void> {
    await Promise.all(this.#pending.map(({ done }) => done.promise));
  }

  /** Reads them all; resolves when that is done, or closed. @throws {DiskError}; then those that wait hear the same. */
  run(): Promise<void> {
    return this.#running ??= this.#run();
  }

  /** Reads no more, and waits until nothing is being read. Who waits for a room then has what is there. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running?.catch(() => {}); // Whoever called `run` hears of it.
    for (const { done } of this.#pending) done.resolve();
  }

  async #run(): Promise<void> {
    const turn = () => this.#turn();
    for (let [next] = this.#pending; next !== undefined && !this.#isClosed; [next] = this.#pending) {
      const { folder, done } = next;
      try {
        await this.#parts.read(folder, turn);
      } catch (error) {
        for (const other of this.#pending) other.done.reject(error);
        throw error;
      }
      if (this.#isClosed) return;
      this.#pending = this.#pending.filter((other) => other.folder !== folder);
      this.#parts.onLoaded(folder.id);
      done.resolve();
      await turn();
    }
  }

  /** Lets everything else have its turn; whether to go on. */
  async #turn(): Promise<boolean> {
    await yieldToEventLoop(this.#parts.clock);
    return !this.#isClosed;
  }
}
