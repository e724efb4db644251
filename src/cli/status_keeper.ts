/** Keeps the status line up to date: looks at the node again after hints, and knows who types. Its faults end the chat. */

import { UsageError, WorldError } from "../errors.ts";
import type { NodeEvent } from "../node/vocabulary.ts";
import type { Timer } from "../ports.ts";
import type { ChatParts } from "./chat_parts.ts";
import type { FaceView } from "./face.ts";
import type { FileRow } from "../node/file_row.ts";
import { progressText } from "./file_screen.ts";
import { type Glance, glanceAt, NO_GLANCE } from "./glance.ts";
import { statusLine } from "./status_line.ts";
import { Typists } from "./typists.ts";

/** Hints that come in a row are answered by one look. */
const LOOK_MS = 250;

/** The status of one chat. */
export class StatusKeeper implements Disposable {
  readonly #parts: ChatParts;
  readonly #isTypingTold: boolean;
  readonly #typists = new Typists();
  readonly #timer: Timer;
  readonly #failed = Promise.withResolvers<never>();
  #glance: Glance = NO_GLANCE;
  /** Offers of which was heard since the start. */
  readonly #files = new Map<string, FileRow>();
  #lookAtMs: number | null = null;

  /** Looks at nothing yet. */
  constructor(parts: ChatParts, { isTypingTold }: { readonly isTypingTold: boolean }) {
    this.#parts = parts;
    this.#isTypingTold = isTypingTold;
    this.#timer = parts.stage.ports.clock.timer(() => this.#onTimer());
  }

  /** Rejects at a fault of ours that nobody else waits for. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** What the face paints. */
  get view(): FaceView {
    const { talk } = this.#parts;
    return {
      status: (columns) => this.#status(columns),
      names: () => ({
        peers: this.#glance.peers,
        members: this.#glance.members,
        rooms: talk.places.rooms,
        requests: this.#glance.requestNames,
        files: [...this.#files.values()].map(({ name }) => name),
      }),
      onTyping: () => this.#tellTyping(),
    };
  }

  /** Something happened: looks soon. */
  onEvent(event: NodeEvent): void {
    if (event.event === "entry") this.#typists.end(event.row);
    if (event.event === "file") {
      // The event has all there is to know; four looks a second would be too many.
      this.#files.set(event.file.id, event.file);
      this.#parts.face.refresh();
    } else if (event.event === "typing") {
      this.#typists.note(event, this.#nowMs);
      this.#parts.face.refresh();
    } else if (this.#isLooking) {
      this.#lookAtMs ??= this.#nowMs + LOOK_MS;
    }
    this.#arm();
  }

  /** Our line was said. */
  onSaid(): void {
    this.#typists.sent();
  }

  /** Looks at once. That the node cannot tell now harms nothing: the next hint tries again. */
  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
    }
  }

  async #look(): Promise<void> {
    if (!this.#isLooking) return;
    const { runner, talk, face } = this.#parts;
    this.#lookAtMs = null;
    const openId = talk.open?.id ?? null;
    const glance = await glanceAt(runner, openId);
    if (openId !== (talk.open?.id ?? null)) return; // Another one was opened meanwhile, and is looked at by itself.
    this.#glance = glance;
    talk.learn(glance.rooms);
    talk.setMembers(glance.members.map(({ id }) => id));
    face.refresh();
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  /** Only a person reads a status, or who comes and goes in the open room. */
  get #isLooking(): boolean {
    const { stage, face } = this.#parts;
    return stage.console.isInTerminal && !face.output.isJson;
  }

  get #nowMs(): number {
    return this.#parts.stage.ports.clock.nowMs();
  }

  #status(columns: number): string {
    const { open, places } = this.#parts.talk;
    const openId = open?.id ?? null;
    return statusLine({
      glance: this.#glance,
      open: open === null ? null : places.place(open.id) ?? { number: null, room: open },
      unread: places.unread(openId),
      files: progressText([...this.#files.values()]),
      typing: openId === null ? [] : this.#typists.names(openId, this.#nowMs),
    }, columns);
  }

  #tellTyping(): void {
    const { talk, runner } = this.#parts;
    const { open } = talk;
    if (open === null || !this.#isTypingTold || !this.#typists.shouldTell(this.#nowMs)) return;
    this.#beside(async () => void await runner.run({ do: "typing", room: open.id }));
  }

  #onTimer(): void {
    if (this.#lookAtMs !== null && this.#lookAtMs <= this.#nowMs) {
      this.#lookAtMs = null;
      this.#beside(() => this.look());
    } else {
      this.#parts.face.refresh();
    }
    this.#arm();
  }

  #arm(): void {
    const wakes = [this.#typists.wakeAtMs, this.#lookAtMs].filter((atMs) => atMs !== null);
    this.#timer.wakeAt(wakes.length === 0 ? null : Math.min(...wakes));
  }

  /** Goes on beside the typed lines. That the node cannot do it now harms nothing: the next hint tries again. */
  #beside(work: () => Promise<void>): void {
    work().catch((error) => {
      if (!(error instanceof UsageError || error instanceof WorldError)) this.#failed.reject(error);
    });
  }
}
