/**
 * The one connection between the page and its node. What is asked gets an answer, an error or the deadline; when the
 * connection is lost it comes back by itself, and whoever shows anything reads it anew (`onOpen`).
 *
 * States: idle → connecting → open → waiting → connecting …; "shut" needs the user: a one-time link, or a closed page.
 */

import type { MessageData } from "../../../messages/catalogue.ts";
import type { Command, NodeEvent, ReplyTo } from "../../../api/commands.ts";
import { CLOSE_CODES, type Hello, parseNodeMessage } from "../../shared/live_protocol.ts";

/** Why the connection is not there, and is tried again. */
export type Outage = "lost" | "down" | "stopped" | "full";
/** Why it is not tried again. */
export type ShutReason = "not-entered" | "somebody-else" | "outdated";

/** Where the connection stands. */
export type SocketState =
  | { readonly at: "idle" }
  | { readonly at: "connecting"; readonly outage: Outage | null }
  | { readonly at: "open"; readonly hello: Hello }
  | { readonly at: "waiting"; readonly outage: Outage }
  | { readonly at: "shut"; readonly why: ShutReason };

/** What was asked did not happen. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  /** "link": nobody knows whether it happened. */
  readonly kind: "usage" | "world" | "stopped" | "link";

  /** What the node said; null for what this page says itself. */
  readonly details: MessageData | null;

  constructor(kind: CommandFailure["kind"], message: string, details: MessageData | null = null) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}

/** A socket that is being opened. Its callbacks come later, never at once. */
export interface PageSocket {
  send(text: string): void;
  close(): void;
}

/** What the link needs of the browser. */
export interface NodeSocketPorts {
  /** Opens the socket; `onClose` comes exactly once, with 1006 when it never opened. */
  open(on: { onText(text: string): void; onClose(code: number): void }): PageSocket;
  /** Why no socket opens: the status of a plain request there, or null if nobody answers. */
  probe(): Promise<number | null>;
  /** Answers a challenge; null without a key. */
  answer(
    nodeNonce: string,
  ): Promise<{ readonly proof: string; readonly nonce: string; isNode(proof: string): boolean } | null>;
  /** Calls once after that time, unless what it returns is called. */
  after(ms: number, run: () => void): () => void;
}

/** What the link reports. */
export interface NodeSocketListener {
  onState(state: SocketState): void;
  onEvent(event: NodeEvent): void;
  /** Sentences for what only the link knows. */
  describe(failure: "unknown" | "not-sent"): string;
}

/** Time for an answer, where nothing is waited for but the node. */
const REPLY_MS = 15_000;
/** Time for the node's answer when it is only asked whether it is there. */
const PING_MS = 5_000;
/** Time for the whole greeting. */
const HELLO_MS = 10_000;
/** Between tries, longer each time: it is our own machine, so the last one is short all the same. */
const WAITS_MS = [200, 400, 800, 1_500, 3_000] as const;
/** Commands that wait for others on the network, or go through everything. */
const SLOW_MS = 60_000;
const SLOW: ReadonlySet<Command["do"]> = new Set([
  "join",
  "connect",
  "search",
  "export",
  "renew",
  "block",
  "doctor",
  "cancel",
]);
/** What is offered is read as a whole before the answer comes. */
const OFFER_MS = 4 * 60 * 60_000;

interface PendingCommand {
  resolve(reply: unknown): void;
  reject(error: CommandFailure): void;
  stopClock(): void;
}

/** The connection. */
export class NodeSocket {
  readonly #ports: NodeSocketPorts;
  readonly #listener: NodeSocketListener;
  readonly #pending = new Map<number, PendingCommand>();
  #state: SocketState = { at: "idle" };
  #wire: PageSocket | null = null;
  #nextId = 1;
  #tries = 0;
  #version: string | null = null;
  #isNode: ((proof: string) => boolean) | null = null;
  #stopClock: () => void = () => {};

  /** Connects to nobody yet. */
  constructor(ports: NodeSocketPorts, events: NodeSocketListener) {
    this.#ports = ports;
    this.#listener = events;
  }

  /** Where it stands. */
  get state(): SocketState {
    return this.#state;
  }

  /** Connects now, unless it is connected or being connected; also from "shut", after the user did something about it. */
  connect(): void {
    if (this.#state.at === "open" || this.#state.at === "connecting") return;
    this.#stopClock();
    this.#setState({ at: "connecting", outage: this.#state.at === "waiting" ? this.#state.outage : null });
    const wire = this.#ports.open({
      onText: (text) => this.#wire === wire && this.#onText(text),
      onClose: (code) => this.#wire === wire && this.#onClose(code),
    });
    this.#wire = wire;
    this.#stopClock = this.#ports.after(HELLO_MS, () => this.#giveUp());
  }

  /** The machine may have slept, or the network changed: looks whether the node is still there, and tries again if not. */
  wake(): void {
    if (this.#state.at === "waiting") return this.connect();
    if (this.#state.at !== "open") return;
    const wire = this.#wire;
    this.#request({ do: "status" }, PING_MS).catch((error: unknown) => {
      if (!(error instanceof CommandFailure)) throw error;
      if (this.#wire === wire && this.#state.at === "open") this.#giveUp();
    });
  }

  /** Asks the node. @throws {CommandFailure}. */
  async run<C extends Command>(command: C): Promise<ReplyTo<C>> {
    // Node and page are of one version, and the reply carries the command's id.
    return await this.#request(command, findDeadlineMs(command)) as ReplyTo<C>;
  }

  #request(command: Command, ms: number): Promise<unknown> {
    const wire = this.#wire;
    if (this.#state.at !== "open" || wire === null) {
      return Promise.reject(new CommandFailure("link", this.#listener.describe("not-sent")));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const stopClock = this.#ports.after(ms, () => {
        this.#pending.delete(id);
        reject(new CommandFailure("link", this.#listener.describe("unknown")));
      });
      this.#pending.set(id, { resolve, reject, stopClock });
      wire.send(JSON.stringify({ id, command }));
    });
  }

  #onText(text: string): void {
    const message = parseNodeMessage(text);
    if (message === null) return;
    if ("challenge" in message) return void this.#prove(message.challenge);
    if ("hello" in message) return this.#onHello(message.hello);
    if (this.#state.at !== "open") return;
    if ("event" in message) return this.#listener.onEvent(message.event);
    const asked = this.#pending.get(message.id);
    if (asked === undefined) return;
    this.#pending.delete(message.id);
    asked.stopClock();
    if ("reply" in message) asked.resolve(message.reply);
    else asked.reject(new CommandFailure(message.error.kind, message.error.message, message.error));
  }

  async #prove(challenge: string): Promise<void> {
    const wire = this.#wire;
    const answer = await this.#ports.answer(challenge);
    if (this.#wire !== wire || wire === null) return;
    if (answer === null) return this.#shut("not-entered");
    this.#isNode = answer.isNode;
    wire.send(JSON.stringify({ proof: answer.proof, nonce: answer.nonce }));
  }

  #onHello(hello: Hello): void {
    if (this.#state.at !== "connecting") return;
    if (this.#isNode?.(hello.proof) !== true) return this.#shut("somebody-else");
    if (this.#version !== null && this.#version !== hello.version) return this.#shut("outdated");
    this.#version = hello.version;
    this.#stopClock();
    this.#tries = 0;
    this.#setState({ at: "open", hello });
  }

  async #onClose(code: number): Promise<void> {
    const wasOpen = this.#state.at === "open";
    this.#drop();
    switch (code) {
      case CLOSE_CODES.leaving:
        return this.#wait("stopped");
      case CLOSE_CODES.notEntered:
        return this.#shut("not-entered");
      case CLOSE_CODES.malformed:
        // Our node says so of a page that it knows. Whoever else listens there while it is down must not get this page to load theirs.
        return wasOpen ? this.#shut("outdated") : this.#wait("lost");
      case CLOSE_CODES.tooSlow:
      case CLOSE_CODES.tooMany:
        return this.#wait("lost");
    }
    if (wasOpen) return this.#wait("lost");
    this.#stopClock();
    const before = this.#state;
    const status = await this.#ports.probe();
    if (this.#state !== before) return;
    if (status === 401) return this.#shut("not-entered");
    this.#wait(status === null ? "down" : status === 503 ? "full" : "lost");
  }

  /** Nothing comes from there any more, though nobody said so. */
  #giveUp(): void {
    this.#drop();
    this.#wait("lost");
  }

  #wait(outage: Outage): void {
    // That it was stopped is known better than that nobody answers, until somebody does.
    const was = this.#state.at === "connecting" ? this.#state.outage : null;
    const shown = outage === "down" && was === "stopped" ? "stopped" : outage;
    this.#stopClock();
    this.#setState({ at: "waiting", outage: shown });
    const ms = WAITS_MS[Math.min(this.#tries++, WAITS_MS.length - 1)] ?? REPLY_MS;
    this.#stopClock = this.#ports.after(ms, () => this.connect());
  }

  #shut(why: ShutReason): void {
    this.#stopClock();
    this.#drop();
    this.#setState({ at: "shut", why });
  }

  #drop(): void {
    const wire = this.#wire;
    this.#wire = null;
    this.#isNode = null;
    wire?.close();
    for (const { reject, stopClock } of this.#pending.values()) {
      stopClock();
      reject(new CommandFailure("link", this.#listener.describe("unknown")));
    }
    this.#pending.clear();
  }

  #setState(state: SocketState): void {
    this.#state = state;
    this.#listener.onState(state);
  }
}

function findDeadlineMs({ do: what }: Command): number {
  return what === "offer" ? OFFER_MS : SLOW.has(what) ? SLOW_MS : REPLY_MS;
}
