/** Keeps the status line up to date: reads the node's state after hints, and tracks typing peers. Its bugs end the chat. */

import { UsageError, WorldError } from "../../errors.ts";
import type { NodeEvent } from "../../api/commands.ts";
import type { Timer } from "../../ports/time.ts";
import type { ChatParts } from "./chat_parts.ts";
import type { ChatUiView } from "../terminal/chat_ui.ts";
import type { FileRow } from "../../api/files.ts";
import { formatProgress } from "../format/files.ts";
import { EMPTY_STATUS, type StatusSnapshot, takeStatusSnapshot } from "./status_snapshot.ts";
import { formatStatusLine } from "./status_line.ts";
import { TypingIndicator } from "./typing_indicator.ts";

/** Hints within this time cause one read. */
const LOOK_MS = 250;

/** The status of one chat. */
export class StatusUpdater implements Disposable {
  readonly #parts: ChatParts;
  readonly #isTypingTold: boolean;
  readonly #typing = new TypingIndicator();
  readonly #timer: Timer;
  readonly #failed = Promise.withResolvers<never>();
  #status: StatusSnapshot = EMPTY_STATUS;
  /** Offers that were seen since the start. */
  readonly #files = new Map<string, FileRow>();
  #lookAtMs: number | null = null;

  /** Looks at nothing yet. */
  constructor(parts: ChatParts, { isTypingTold }: { readonly isTypingTold: boolean }) {
    this.#parts = parts;
    this.#isTypingTold = isTypingTold;
    this.#timer = parts.environment.ports.clock.timer(() => this.#onTimer());
  }

  /** Rejects at a bug of ours that nothing else waits for. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** What the chat paints. */
  get view(): ChatUiView {
    const { chatView } = this.#parts;
    return {
      status: (columns) => this.#line(columns),
      names: () => ({
        slashes: this.#parts.slashes,
        peers: this.#status.peers,
        members: this.#status.members,
        rooms: chatView.numbers.rooms,
        requests: this.#status.requestNames,
        files: [...this.#files.values()].map(({ name }) => name),
      }),
      onTyping: () => this.#tellTyping(),
    };
  }

  /** Handles an event: the state is read again soon. */
  onEvent(event: NodeEvent): void {
    if (event.event === "entry") this.#typing.end(event.row);
    if (event.event === "file") {
      // The event has all there is to know; four looks a second would be too many.
      this.#files.set(event.file.id, event.file);
      this.#parts.ui.refresh();
    } else if (event.event === "typing") {
      this.#typing.note(event, this.#nowMs);
      this.#parts.ui.refresh();
    } else if (this.#isLooking) {
      this.#lookAtMs ??= this.#nowMs + LOOK_MS;
    }
    this.#arm();
  }

  /** Our line was sent. */
  onSaid(): void {
    this.#typing.sent();
  }

  /** Reads the state at once. A failure does no harm: the next hint tries again. */
  async look(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
    }
  }

  async #look(): Promise<void> {
    if (!this.#isLooking) return;
    const { runner, chatView, ui } = this.#parts;
    this.#lookAtMs = null;
    const openId = chatView.open?.id ?? null;
    const status = await takeStatusSnapshot(runner, openId);
    if (openId !== (chatView.open?.id ?? null)) return; // Another one was opened meanwhile, and is looked at by itself.
    this.#status = status;
    chatView.learn(status.rooms);
    chatView.setMembers(status.members.map(({ id }) => id));
    ui.refresh();
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }

  /** Only a person reads the status line and the presence of others. */
  get #isLooking(): boolean {
    const { environment, ui } = this.#parts;
    return environment.console.isInTerminal && !ui.output.isJson;
  }

  get #nowMs(): number {
    return this.#parts.environment.ports.clock.nowMs();
  }

  #line(columns: number): string {
    const { open, numbers } = this.#parts.chatView;
    const openId = open?.id ?? null;
    return formatStatusLine({
      status: this.#status,
      open: open === null ? null : numbers.place(open.id) ?? { number: null, room: open },
      unread: numbers.unread(openId),
      files: formatProgress([...this.#files.values()]),
      typing: openId === null ? [] : this.#typing.names(openId, this.#nowMs),
    }, columns);
  }

  #tellTyping(): void {
    const { chatView, runner } = this.#parts;
    const { open } = chatView;
    if (open === null || !this.#isTypingTold || !this.#typing.shouldTell(this.#nowMs)) return;
    this.#beside(async () => void await runner.run({ do: "typing", room: open.id }));
  }

  #onTimer(): void {
    if (this.#lookAtMs !== null && this.#lookAtMs <= this.#nowMs) {
      this.#lookAtMs = null;
      this.#beside(() => this.look());
    } else {
      this.#parts.ui.refresh();
    }
    this.#arm();
  }

  #arm(): void {
    const wakes = [this.#typing.wakeAtMs, this.#lookAtMs].filter((atMs) => atMs !== null);
    this.#timer.wakeAt(wakes.length === 0 ? null : Math.min(...wakes));
  }

  /** Runs beside the typed lines. A failure does no harm: the next hint tries again. */
  #beside(work: () => Promise<void>): void {
    work().catch((error) => {
      if (!(error instanceof UsageError || error instanceof WorldError)) this.#failed.reject(error);
    });
  }
}
