/**
 * One page's session with its node. Pure.
 *
 *     proving ── the right proof ──▶ open ──▶ closed
 *        └────── anything else, or AUTH_MS_MAX ──▲
 *
 * While a page is proving its key, it receives only the challenge and may send one message.
 */

import { message } from "../../messages/message.ts";
import { toCommandError } from "../shared/outcome.ts";
import { assertNever } from "../../errors.ts";
import type { Command, NodeEvent, Replies } from "../../api/commands.ts";
import type { Crypto } from "../../ports/crypto.ts";
import { decodeBase64Url, encodeBase64Url } from "../../encoding/base64url.ts";
import type { PeerId } from "../../room/id.ts";
import { parseCommand } from "../control/command_parser.ts";
import {
  AUTH_MS_MAX,
  CLOSE_CODES,
  type CommandError,
  COMMANDS_MAX,
  FRAME_BYTES_MAX,
  type NodeMessage,
  type PageMessage,
  parsePageMessage,
  type ProofParts,
  proofText,
  SECRET_BYTES,
} from "../shared/live_protocol.ts";

/** Commands at once. A page that reads its whole state needs some dozens. */
export const COMMANDS_BURST = 600;
/** Commands a second on top of them. A page that sends more is closed, and has to reconnect. */
export const COMMANDS_PER_S = 60;

/** An action for the shell; actions run in this order. */
export type LiveEffect =
  | { readonly kind: "send"; readonly message: NodeMessage }
  /** The key is proved: the page receives events from now on. */
  | { readonly kind: "entered" }
  | { readonly kind: "run"; readonly id: number; readonly command: Command }
  | { readonly kind: "close"; readonly code: number };

/** An input of the session. */
export type LiveInput =
  | { readonly kind: "opened" }
  | { readonly kind: "text"; readonly text: string }
  /** A binary frame; our page never sends one. */
  | { readonly kind: "bytes" }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Replies[keyof Replies] }
  | { readonly kind: "error"; readonly id: number; readonly error: CommandError }
  | { readonly kind: "event"; readonly event: NodeEvent }
  /** Too many bytes wait for the page. */
  | { readonly kind: "slow" }
  | { readonly kind: "leaving" }
  | { readonly kind: "woken" };

/** The values of one session. */
export interface LiveSessionOptions {
  readonly crypto: Crypto;
  /** The port of the page's address. */
  readonly port: number;
  /** 32 random bytes of this session, as base64url. */
  readonly nonce: string;
  /** The key of the browser with that cookie, as base64url. */
  readonly key: string;
  readonly version: string;
  /** This node. */
  readonly me: PeerId;
  /** Identifies this run of the node. */
  readonly instance: string;
}

/** One session. */
export class LiveSession {
  readonly #options: LiveSessionOptions;
  #state: "proving" | "open" | "closed" = "proving";
  #untilMs: number | null = null;
  #underWayCount = 0;
  /** Commands that the page may send, and when that number was computed. */
  #budget = COMMANDS_BURST;
  #budgetAtMs = 0;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
  }

  /** When to send it `wake`; null for never. */
  get wakeAtMs(): number | null {
    return this.#state === "proving" ? this.#untilMs : null;
  }

  /** Handles an input. */
  handle(input: LiveInput, nowMs: number): readonly LiveEffect[] {
    if (this.#state === "closed") return [];
    switch (input.kind) {
      case "opened":
        this.#untilMs = nowMs + AUTH_MS_MAX;
        this.#budgetAtMs = nowMs;
        return [{ kind: "send", message: { challenge: this.#options.nonce } }];
      case "text":
        return this.#onText(input.text, nowMs);
      case "bytes":
        return this.#close(this.#state === "open" ? CLOSE_CODES.malformed : CLOSE_CODES.notEntered);
      case "reply":
        this.#underWayCount--;
        return [{ kind: "send", message: { id: input.id, reply: input.reply } }];
      case "error":
        this.#underWayCount--;
        return [{ kind: "send", message: { id: input.id, error: input.error } }];
      case "event":
        return [{ kind: "send", message: { event: input.event } }];
      case "slow":
        return this.#close(CLOSE_CODES.tooSlow);
      case "leaving":
        return this.#close(CLOSE_CODES.leaving);
      case "woken":
        return this.#untilMs !== null && nowMs >= this.#untilMs && this.#state === "proving"
          ? this.#close(CLOSE_CODES.notEntered)
          : [];
      default:
        return assertNever(input);
    }
  }

  #onText(text: string, nowMs: number): readonly LiveEffect[] {
    const asked = isWithinLimit(text) ? parsePageMessage(text) : null;
    if (this.#state === "proving") return this.#onProof(asked);
    if (asked === null || !("command" in asked)) return this.#close(CLOSE_CODES.malformed);
    if (!this.#spend(nowMs)) return this.#close(CLOSE_CODES.tooMany);
    const { id } = asked;
    const command = parseCommand(asked.command);
    if ("problem" in command) {
      return [
        failed(id, toCommandError("usage", message("control.bad-command", { problem: command.problem }))),
      ];
    }
    if (this.#underWayCount >= COMMANDS_MAX) {
      return [failed(id, toCommandError("world", message("control.busy")))];
    }
    this.#underWayCount++;
    return [{ kind: "run", id, command }];
  }

  #onProof(message: PageMessage | null): readonly LiveEffect[] {
    if (message === null || !("proof" in message)) return this.#close(CLOSE_CODES.notEntered);
    const { nonce, version, me, instance } = this.#options;
    const parts = { nodeNonce: nonce, pageNonce: message.nonce };
    const wanted = this.#proofOf({ ...parts, side: "page" });
    const given = decodeBase64Url(message.proof, SECRET_BYTES) ?? new Uint8Array(0);
    if (!isSame(wanted, given)) return this.#close(CLOSE_CODES.notEntered);
    this.#state = "open";
    const proof = encodeBase64Url(this.#proofOf({ ...parts, side: "node" }));
    return [
      { kind: "send", message: { hello: { version, me, instance, proof } } },
      { kind: "entered" },
    ];
  }

  #proofOf(parts: Omit<ProofParts, "port">): Uint8Array {
    const { crypto, port, key } = this.#options;
    const text = proofText({ ...parts, port });
    return crypto.hmacSha256(decodeBase64Url(key, SECRET_BYTES) ?? new Uint8Array(0), encoded(text));
  }

  /** Whether the page may send one more command now. */
  #spend(nowMs: number): boolean {
    const earned = (nowMs - this.#budgetAtMs) / 1_000 * COMMANDS_PER_S;
    this.#budget = Math.min(COMMANDS_BURST, this.#budget + earned);
    this.#budgetAtMs = nowMs;
    if (this.#budget < 1) return false;
    this.#budget--;
    return true;
  }

  #close(code: number): readonly LiveEffect[] {
    this.#state = "closed";
    return [{ kind: "close", code }];
  }
}

function failed(id: number, error: CommandError): LiveEffect {
  return { kind: "send", message: { id, error } };
}

/** Most texts need no encoding for this: each unit takes one to three bytes. */
function isWithinLimit(text: string): boolean {
  if (text.length > FRAME_BYTES_MAX) return false;
  return text.length * 3 <= FRAME_BYTES_MAX || encoded(text).length <= FRAME_BYTES_MAX;
}

/** Takes the same time for every text of that length, so that nobody can measure how many bytes are right. */
function isSame(wanted: Uint8Array, given: Uint8Array): boolean {
  if (wanted.length !== given.length) return false;
  return wanted.reduce((sum, byte, index) => sum | (byte ^ (given[index] ?? 0)), 0) === 0;
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
