/** One chat: shows events, carries out typed lines, and keeps the status line up to date. */

import { message } from "../../messages/message.ts";
import { formatForChat } from "../../messages/format_message.ts";
import { UsageError, WorldError } from "../../errors.ts";
import type { NodeEvent, Replies } from "../../api/commands.ts";
import type { RoomId } from "../../room/id.ts";
import type { ChatContext } from "./chat_context.ts";
import { type ChatParts, requireOpen } from "./chat_parts.ts";
import type { SlashCommand } from "./slash_command.ts";
import { formatGreeting, formatNextSteps } from "./greeting.ts";
import { type ParsedInput, parseInput } from "./parse_input.ts";
import { ConversationOpener } from "./open_conversation.ts";
import type { Printable } from "../format/output.ts";
import type { ConnectedNode } from "../node_access/connect_node.ts";
import { formatRoomName } from "../format/entries.ts";
import { ROWS_MIN } from "../format/displayed_entries.ts";
import { findForgottenSlash } from "../help/slash_help.ts";
import { retryUntilFound, searchUntilMs } from "../node_access/retry_until_found.ts";
import { StatusUpdater } from "./status_updater.ts";

/** How long a node of this process stays after the end of piped input, to deliver the last text. */
const LINGER_MS = 3_000;

/** Lines that return to the input when they fail. A mistyped command is one Up away. So is a text without an open conversation: the next line will open one. */
const TEXT_FOR_SOMEBODY = /^\/(\/|msg\s+\S+\s+\S)/i;
const TEXT = /^([^/]|\/\/|\/msg\s+\S+\s+\S)/i;

/** How the typed lines ended. */
export type InputEnd = "quit" | "ended" | "never-began";

/** The options of a chat. */
export interface ChatSessionOptions {
  readonly connected: ConnectedNode;
  readonly ready: Extract<NodeEvent, { readonly event: "ready" }>;
  readonly isTypingTold: boolean;
  readonly slashes: readonly SlashCommand[];
}

/** One chat. */
export class ChatSession implements Disposable {
  readonly #parts: ChatParts;
  readonly #options: ChatSessionOptions;
  readonly #opener: ConversationOpener;
  readonly #context: ChatContext;
  readonly #status: StatusUpdater;
  /** Requests that were shown. */
  readonly #asked = new Set<RoomId>();
  readonly #searchUntilMs: number;
  /** What was sent last. */
  #last: Replies["send"] | undefined;
  #hasFailed = false;
  #isHelloHinted = false;

  /** Shows nothing yet. */
  constructor(parts: ChatParts, options: ChatSessionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#searchUntilMs = searchUntilMs(parts.environment, options.connected);
    this.#opener = new ConversationOpener(parts);
    this.#context = { ...parts, opener: this.#opener, say: (to, text) => this.#say(to, text) };
    this.#status = new StatusUpdater(parts, options);
  }

  /** Whether a typed line failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Rejects at a bug of ours that no typed line waits for. */
  get failed(): Promise<never> {
    return this.#status.failed;
  }

  /** Shows the greeting, and opens the named conversation or the only room. */
  async greet(
    { isNew, to, page }: {
      readonly isNew: boolean;
      readonly to: string | null;
      readonly page: Printable | null;
    },
  ): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    const { ready } = this.#options;
    ui.begin(this.#status.view);
    const { rooms } = await runner.run({ do: "rooms" });
    const { peers, outlook } = await runner.run({ do: "peers" });
    chatView.learn(rooms);
    chatView.meet(peers, rooms);
    this.#isHelloHinted = peers.length > 0;
    const { output } = ui;
    if (output.isJson) await output.show({ rows: [ready, ...page?.rows ?? []], lines: [] });
    else if (!output.isQuiet) {
      await output.lines([...formatGreeting({ ready, isNew, peers, outlook, rooms }), ...page?.lines ?? []]);
    }
    await (to === null ? this.#openOnly() : this.#openNamed(to));
    if (!output.isJson && !output.isQuiet && chatView.open === null) {
      await output.lines(formatNextSteps({ peers, rooms }));
    }
    await this.#tellRequests();
    await this.#status.look();
  }

  /** Shows an event. */
  async onEvent(event: NodeEvent): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    if (event.event === "entry" && chatView.numbers.room(event.row.roomId) === undefined) {
      chatView.learn((await runner.run({ do: "rooms" })).rooms);
    }
    // A script gets the events as they are: it looks for gaps by itself, and lines that are never shown are not gathered.
    const told = ui.output.isJson && event.event === "entry" ? [] : chatView.onEvent(event);
    const lines = told.length === 0 ? told : [...told, ...this.#helloHint(event)];
    this.#status.onEvent(event);
    const { output } = ui;
    if (!output.isQuiet || event.event === "entry") await output.show({ rows: [event], lines });
    if (event.event === "request") await this.#tellRequests();
    await this.#catchUp();
  }

  /** Carries out each line, until the last one or /quit. */
  async obey(): Promise<InputEnd> {
    const { environment, ui, chatView } = this.#parts;
    let end: InputEnd = environment.console.isInTerminal ? "quit" : "never-began";
    for await (const line of ui.lines()) {
      if (end === "never-began") end = "ended";
      try {
        const input = parseInput(line, this.#options.slashes);
        if (input.kind === "quit") return "quit";
        await this.#echo(input, line);
        const slash = input.kind === "say" ? findForgottenSlash(line) : null;
        if (slash !== null && chatView.open === null) {
          throw new UsageError(message("slash.forgotten", { line: slash }));
        }
        await this.#carryOut(input);
        if (slash !== null) await this.#hintSlash(slash);
      } catch (error) {
        if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
        this.#hasFailed = true;
        await ui.output.error(error.details, formatForChat);
        ui.failed({ isGivenBack: chatView.open === null ? TEXT_FOR_SOMEBODY.test(line) : TEXT.test(line) });
      }
    }
    return end;
  }

  /** Gives the last text time to be delivered, if the node ends with this chat. */
  async linger(): Promise<void> {
    const last = this.#last;
    if (last === undefined || this.#options.connected.own === null) return;
    const { room, number } = last;
    const { isReached } = await this.#parts.runner.run({
      do: "wait",
      room,
      number,
      until: "passed",
      ms: LINGER_MS,
    });
    if (!isReached) await this.#parts.ui.output.note("Saved. Will be delivered when others are back.");
  }

  /** Marks the open conversation as read. */
  async markRead(): Promise<void> {
    await this.#opener.markRead();
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#status[Symbol.dispose]();
  }

  async #openOnly(): Promise<void> {
    const { chatView, ui } = this.#parts;
    const only = chatView.numbers.onlyRoom();
    if (only === undefined) return;
    if (!ui.output.isJson && !ui.output.isQuiet) {
      await ui.output.lines([`Your messages go to ${formatRoomName(only)}; /help shows more.`]);
    }
    await this.#opener.open(only);
  }

  async #openNamed(to: string): Promise<void> {
    const { environment, ui } = this.#parts;
    try {
      await retryUntilFound(environment, this.#searchUntilMs, () => this.#opener.openNamed(to));
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
      this.#hasFailed = true;
      await ui.output.error(error.details, formatForChat);
    }
  }

  /** In a painted terminal a command leaves the input, so its reply would stand alone. */
  async #echo(input: ParsedInput, line: string): Promise<void> {
    const { ui } = this.#parts;
    if (!ui.isPainted || input.kind !== "command" || input.slash.opensConversation) return;
    await ui.output.lines([ui.output.style.dim(`> ${line}`)]);
  }

  /** Entries that come meanwhile are held back, so that those in the reply are not shown twice. */
  async #carryOut(input: ParsedInput): Promise<void> {
    const { environment, chatView, ui } = this.#parts;
    chatView.hold();
    try {
      // Piped lines are there before anybody is heard of.
      const isRetried = input.kind === "command" && input.slash.isRetried;
      await retryUntilFound(
        environment,
        isRetried ? this.#searchUntilMs : -Infinity,
        () => this.#perform(input),
      );
    } finally {
      const held = chatView.release();
      if (!ui.output.isJson) await ui.output.lines(held);
      await this.#catchUp();
    }
    await this.#status.look();
  }

  async #perform(input: ParsedInput): Promise<void> {
    if (input.kind === "command") await input.prepared.run(this.#context);
    if (input.kind === "say") await this.#say(requireOpen(this.#parts).id, input.text);
  }

  async #say(to: string, text: string): Promise<void> {
    const { runner, chatView } = this.#parts;
    this.#last = await runner.run({ do: "send", to, text });
    chatView.typed(this.#last);
    this.#status.onSaid();
  }

  /** Reads the open conversation again where events of it were lost: they are hints, which a screen that is too slow loses. */
  async #catchUp(): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    if (!chatView.hasGap || chatView.open === null || ui.output.isJson) return;
    const { rows } = await runner.run({ do: "log", to: chatView.open.id, last: ROWS_MIN, markRead: true });
    await ui.output.lines(chatView.catchUp(rows));
  }

  async #tellRequests(): Promise<void> {
    const { runner, chatView, ui } = this.#parts;
    if (ui.output.isJson) return;
    const { requests, invitations } = await runner.run({ do: "requests" });
    const news = [...requests, ...invitations].filter(({ roomId }) => !this.#asked.has(roomId));
    for (const { roomId } of news) this.#asked.add(roomId);
    await ui.output.lines(news.flatMap((one) => chatView.requestLines(one)));
  }

  /** The word may be meant as a message, so it is sent all the same. */
  async #hintSlash(slash: string): Promise<void> {
    const { environment, ui } = this.#parts;
    if (!environment.console.isInTerminal) return;
    await ui.output.lines([
      ui.output.style.dim(`  That was sent as a message. Commands begin with a slash: ${slash}`),
    ]);
  }

  /** A hint to talk to the first peer that appears, where no conversation is open. */
  #helloHint(event: NodeEvent): readonly string[] {
    const { chatView, ui, environment } = this.#parts;
    const isFirst = event.event === "peer" && event.change === "new" && !event.peer.blocked;
    if (!isFirst || this.#isHelloHinted || chatView.open !== null || !environment.console.isInTerminal) {
      return [];
    }
    this.#isHelloHinted = true;
    return [ui.output.style.dim(`  To talk to them: /msg ${event.peer.name} hello`)];
  }
}
