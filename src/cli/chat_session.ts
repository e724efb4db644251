/** What one chat does for its user: what happens is shown, and what is typed is done. */

import { assertNever, UsageError, WorldError } from "../errors.ts";
import type { CommandRunner, NodeEvent, Replies, RoomRow } from "../node/vocabulary.ts";
import { writeExport } from "../store/export.ts";
import {
  connectedShown,
  contactsShown,
  enteredShown,
  leftShown,
  logShown,
  namedShown,
  peersShown,
  roomsShown,
  statusShown,
} from "./answers.ts";
import { type Context, now } from "./context.ts";
import { type Action, actionOf, inputHelp } from "./input.ts";
import type { Reached } from "./reach.ts";
import { ROWS_MIN } from "./shown.ts";
import { greetingLines } from "./greeting.ts";
import { roomName } from "./screen.ts";
import { Talk } from "./talk.ts";

/** Lines of a room that are shown when it is opened. */
const OPENING_LINES = 10;
/** How long a node of this process stays, behind the end of piped input, for what nobody has yet. */
const LINGER_MS = 3_000;
const NO_ROOM = "No room is open. /join ROOM, /host TITLE, or /msg NAME TEXT; /help shows more";

/** How the typed lines ended. */
export type InputEnd = "quit" | "ended" | "never-began";

/** One chat. */
export class ChatSession {
  readonly #context: Context;
  readonly #reached: Reached;
  readonly #runner: CommandRunner;
  readonly #ready: Extract<NodeEvent, { event: "ready" }>;
  readonly #talk: Talk;
  #last: Replies["send"] | undefined;
  #hasFailed = false;

  constructor(
    context: Context,
    { reached, ready }: { readonly reached: Reached; readonly ready: Extract<NodeEvent, { event: "ready" }> },
  ) {
    this.#context = context;
    this.#reached = reached;
    this.#runner = reached.runner;
    this.#ready = ready;
    const { isInTerminal } = context.stage.console;
    this.#talk = new Talk({ me: ready.id, style: context.output.style, isEchoed: isInTerminal });
  }

  /** Whether anything that was typed could not be done. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Says who we are, who is here, and what can be done. */
  async greet(isNew: boolean): Promise<void> {
    const { output } = this.#context;
    const { rooms } = await this.#runner.run({ do: "rooms" });
    const { peers, outlook } = await this.#runner.run({ do: "peers" });
    this.#talk.learn(rooms);
    this.#talk.meet(peers);
    if (output.isJson) await output.show({ rows: [this.#ready], lines: [] });
    if (output.isJson || output.isQuiet) return await this.#openOnly();
    await output.lines(greetingLines({ ready: this.#ready, isNew, peers, outlook, rooms }));
    await this.#openOnly();
    if (this.#talk.open === null) await output.lines([`${NO_ROOM}.`]);
  }

  /** Shows what happened. */
  async onEvent(event: NodeEvent): Promise<void> {
    const { output } = this.#context;
    if (event.event === "entry" && !this.#talk.knows(event.row.roomId)) {
      this.#talk.learn((await this.#runner.run({ do: "rooms" })).rooms);
    }
    const lines = this.#talk.onEvent(event);
    if (!output.isQuiet || event.event === "entry") await output.show({ rows: [event], lines });
  }

  /** Does what each line says, until the last or /quit. */
  async obey(lines: AsyncIterable<string>): Promise<InputEnd> {
    const { stage, output } = this.#context;
    let end: InputEnd = stage.console.isInTerminal ? "quit" : "never-began";
    for await (const line of lines) {
      if (end === "never-began") end = "ended";
      try {
        const action = actionOf(line);
        if (action.do === "quit") return "quit";
        await this.#carryOut(action);
      } catch (error) {
        if (!(error instanceof UsageError || error instanceof WorldError)) throw error;
        this.#hasFailed = true;
        await output.error(error.message);
      }
    }
    return end;
  }

  /** Gives the last text a while to get out, where the node goes with this chat. */
  async linger(): Promise<void> {
    if (this.#last === undefined || this.#reached.own === null) return;
    const { room, number } = this.#last;
    const { isReached } = await this.#runner.run({
      do: "wait",
      room,
      number,
      until: "passed",
      ms: LINGER_MS,
    });
    if (!isReached) await this.#context.output.note("Kept; it goes when others are next seen.");
  }

  /** What was shown is not news any more. */
  async markRead(): Promise<void> {
    const { open } = this.#talk;
    if (open !== null && !this.#context.output.isJson) {
      await this.#runner.run({ do: "log", to: open.id, last: 0, markRead: true });
    }
  }

  /** Entries that come meanwhile are held back, so that what is shown by the action itself is not shown twice. */
  async #carryOut(action: Exclude<Action, { readonly do: "quit" }>): Promise<void> {
    const { output } = this.#context;
    this.#talk.hold();
    try {
      await this.#do(action);
    } finally {
      const held = this.#talk.release();
      if (!output.isJson) await output.lines(held);
    }
  }

  async #do(action: Exclude<Action, { readonly do: "quit" }>): Promise<void> {
    const { output } = this.#context;
    const runner = this.#runner;
    switch (action.do) {
      case "nothing":
        return;
      case "help":
        return await output.lines(inputHelp());
      case "say":
        return await this.#say(this.#requireOpen().id, action.text);
      case "message":
        return await this.#say(action.to, action.text);
      case "join":
        return await this.#join(action.room);
      case "host":
        return await this.#enter({ ...await runner.run(action), note: null });
      case "leave":
        return await this.#leave(action.room);
      case "connect":
        return await output.show(connectedShown(await runner.run(action)));
      case "nick":
        return await output.show(namedShown(await runner.run(action)));
      case "peers":
        return await output.show(peersShown(await runner.run({ do: "peers" }), now(this.#context)));
      case "rooms":
        return await output.show(roomsShown(await runner.run({ do: "rooms" }), now(this.#context)));
      case "contacts":
        return await output.show(contactsShown(await runner.run({ do: "contacts" }), now(this.#context)));
      case "status":
        return await output.show(statusShown(await runner.run({ do: "status" })));
      case "rescan":
        await runner.run({ do: "rescan" });
        return await output.note("Looking again.");
      case "log":
        return await output.show(
          logShown(await runner.run({ do: "log", to: this.#requireOpen().id, last: action.last }), output),
        );
      case "export":
        return await this.#export(action.file);
      default:
        return assertNever(action);
    }
  }

  async #say(to: string, text: string): Promise<void> {
    this.#last = await this.#runner.run({ do: "send", to, text });
    this.#talk.typed(this.#last);
  }

  async #join(text: string): Promise<void> {
    this.#talk.learn((await this.#runner.run({ do: "rooms" })).rooms);
    const ours = this.#talk.ours(text);
    if (ours === undefined) return await this.#enter(await this.#runner.run({ do: "join", room: text }));
    await this.#enter({ room: ours, note: null });
  }

  async #enter(entered: Replies["join"]): Promise<void> {
    const { output } = this.#context;
    await this.markRead();
    await output.show(enteredShown(entered));
    await this.#open(entered.room);
  }

  async #open(room: RoomRow): Promise<void> {
    const { output } = this.#context;
    this.#talk.turnTo(room);
    if (output.isJson) return;
    const { rows } = await this.#runner.run({ do: "log", to: room.id, last: ROWS_MIN, markRead: true });
    await output.lines(this.#talk.opening(rows, OPENING_LINES));
  }

  async #openOnly(): Promise<void> {
    const only = this.#talk.onlyRoom();
    if (only === undefined) return;
    const { output } = this.#context;
    if (!output.isJson && !output.isQuiet) {
      await output.lines([`What you type goes to ${roomName(only)}; /help shows more.`]);
    }
    await this.#open(only);
  }

  async #leave(text: string | null): Promise<void> {
    const { output } = this.#context;
    const { open } = this.#talk;
    if (text === null && open?.direct === true) {
      this.#talk.turnTo(null);
      return await output.note(`${NO_ROOM}.`);
    }
    const left = await this.#runner.run({ do: "leave", room: text ?? this.#requireOpen().id });
    this.#talk.learn([left.room]);
    if (left.room.id === open?.id) this.#talk.turnTo(null);
    await output.show(leftShown(left));
  }

  async #export(file: string | null): Promise<void> {
    const { output, stage } = this.#context;
    const open = this.#requireOpen();
    const { title, text, count } = await this.#runner.run({ do: "export", to: open.id });
    const path = stage.absolutePath(file ?? `${title.replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-")}.txt`);
    await writeExport(stage.ports.disk, { path, text, force: false });
    await output.show({ rows: [{ title, count, file: path }], lines: [`Written to ${path}`] });
  }

  #requireOpen(): RoomRow {
    const { open } = this.#talk;
    if (open === null) throw new UsageError(NO_ROOM);
    return open;
  }
}
