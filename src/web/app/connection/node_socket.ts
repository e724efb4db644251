/**
 * The connection between the page and its node. Each command ends with a reply, an error or its deadline. A lost
 * connection comes back by itself, and the listener then reads everything again.
 *
 * States: idle → connecting → open → waiting → connecting …; "shut" needs the user: a one-time link, or a closed page.
 */

import type { MessageData } from "../../../messages/catalogue.ts";
import type { Command, NodeEvent, ReplyTo } from "../../../api/commands.ts";
import { CLOSE_CODES, type Hello, parseNodeMessage } from "../../shared/live_protocol.ts";

/** Why there is no connection, while the page tries again. */
export type Outage = "lost" | "down" | "stopped" | "full";
/** Why the page does not try again. */
export type ShutReason = "not-entered" | "somebody-else" | "outdated";

/** The state of the connection. */
export type SocketState =
  | { readonly at: "idle" }
  | { readonly at: "connecting"; readonly outage: Outage | null }
  | { readonly at: "open"; readonly hello: Hello }
  | { readonly at: "waiting"; readonly outage: Outage }
  | { readonly at: "shut"; readonly why: ShutReason };

/** A command failed. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  /** "link": there was no connection or no answer, so the command may have been done. */
  readonly kind: "usage" | "world" | "stopped" | "link";

  /** The node's message; null for a failure that the page itself reports. */
  readonly details: MessageData | null;

  constructor(kind: CommandFailure["kind"], message: string, details: MessageData | null = null) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}

/** A socket that is being opened. Its callbacks come after `open` has returned. */
export interface PageSocket {
  send(text: string): void;
  close(): void;
}

/** What the connection needs from the browser. */
export interface NodeSocketPorts {
  /** Opens the socket. `onClose` comes exactly once, with 1006 if the socket never opened. */
  open(on: { onText(text: string): void; onClose(code: number): void }): PageSocket;
  /** Tells why no socket opens: the status of a plain request, or null without an answer. */
  probe(): Promise<number | null>;
  /** Answers a challenge; null without a key. */
  answer(
    nodeNonce: string,
  ): Promise<{ readonly proof: string; readonly nonce: string; isNode(proof: string): boolean } | null>;
  /** Runs once after that time; the result cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** Hears what happens on the connection. */
export interface NodeSocketListener {
  onState(state: SocketState): void;
  onEvent(event: NodeEvent): void;
  /** A sentence for a failure of the connection itself. */
  describe(failure: "unknown" | "not-sent"): string;
}

/** Time for an answer that needs the node alone. */
const REPLY_MS = 15_000;
/** Time for the answer to a check whether the node is there. */
const PING_MS = 5_000;
/** Time for the whole greeting. */
const HELLO_MS = 10_000;
/** Time between tries, longer each time. The node runs on this device, so even the longest is short. */
const WAITS_MS = [200, 400, 800, 1_500, 3_000] as const;
/** Commands that wait for peers, or read everything. */
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
/** The node reads an offered file as a whole before it answers. */
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

  constructor(ports: NodeSocketPorts, events: NodeSocketListener) {
    this.#ports = ports;
    this.#listener = events;
  }

  /** The present state. */
  get state(): SocketState {
    return this.#state;
  }

  /** Connects at once, unless a connection is open or being opened. Also from "shut", after the user has acted. */
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

  /** Checks whether the node still answers, and connects again if not: the device may have slept. */
  wake(): void {
    if (this.#state.at === "waiting") return this.connect();
    if (this.#state.at !== "open") return;
    const wire = this.#wire;
    this.#request({ do: "status" }, PING_MS).catch((error: unknown) => {
      if (!(error instanceof CommandFailure)) throw error;
      if (this.#wire === wire && this.#state.at === "open") this.#giveUp();
    });
  }

  /** Runs a command. @throws {CommandFailure}. */
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
        // Our node sends this code only to a page that it knows. Another program at its port must not make this page load its own.
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

  /** The node does not answer any more: closes the socket. */
  #giveUp(): void {
    this.#drop();
    this.#wait("lost");
  }

  #wait(outage: Outage): void {
    // "stopped" tells more than "down", so it stays until there is an answer.
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
