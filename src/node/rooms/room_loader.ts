/**
 * Loads logs while the node runs, one after the other, requested ones first: a node with years of conversations starts at
 * once. Until its log is loaded, peers are told that we do not have the room; local callers wait.
 */

import type { Clock } from "../../ports/time.ts";
import type { RoomId } from "../../room/id.ts";
import type { RoomFolder } from "../../store/home/paths.ts";
import { yieldToEventLoop } from "../support/yield.ts";

export interface RoomLoaderParts {
  readonly clock: Clock;
  /** Reads one log. Calls `turn` between pieces, and ends when that resolves to false. @throws {DiskError}. */
  read(folder: RoomFolder, turn: () => Promise<boolean>): Promise<void>;
  /** The log is loaded. */
  onLoaded(id: RoomId): void;
}

interface PendingRoom {
  readonly folder: RoomFolder;
  readonly done: PromiseWithResolvers<void>;
}

/** The rooms that are not loaded yet. */
export class RoomLoader {
  readonly #parts: RoomLoaderParts;
  /** In loading order, with the one that is being loaded. */
  #pending: PendingRoom[] = [];
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(parts: RoomLoaderParts) {
    this.#parts = parts;
  }

  /** The folders that are left. */
  get folders(): readonly RoomFolder[] {
    return this.#pending.map(({ folder }) => folder);
  }

  /** Whether that room's log is not loaded yet. */
  has(id: RoomId): boolean {
    return this.#pending.some(({ folder }) => folder.id === id);
  }

  /** Adds a folder to load later. */
  add(folder: RoomFolder): void {
    const done = Promise.withResolvers<void>();
    done.promise.catch(() => {}); // `run` rejects too, and so do the calls that wait for this room.
    this.#pending.push({ folder, done });
  }

  /** Loads that room next; resolves when it is loaded, at once if it was. @throws {DiskError}. */
  async loadNext(id: RoomId): Promise<void> {
    const wanted = this.#pending.find(({ folder }) => folder.id === id);
    if (wanted === undefined) return;
    this.#pending = [wanted, ...this.#pending.filter((other) => other !== wanted)];
    await wanted.done.promise;
  }

  /** Resolves when all are loaded. @throws {DiskError}. */
  async waitForAll(): Promise<void> {
    await Promise.all(this.#pending.map(({ done }) => done.promise));
  }

  /** Loads all; resolves when that is done or closed. @throws {DiskError}; then waiting calls reject with the same. */
  run(): Promise<void> {
    return this.#running ??= this.#run();
  }

  /** Ends the loading and waits for the present log. Waiting calls resolve. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running?.catch(() => {}); // The caller of `run` gets the error.
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

  /** Lets other work run; resolves to whether to go on. */
  async #turn(): Promise<boolean> {
    await yieldToEventLoop(this.#parts.clock);
    return !this.#isClosed;
  }
}
