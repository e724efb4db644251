/** Sends a message by command: the text is saved on this disk first, and delivered then. */

import { message } from "../../messages/message.ts";
import { assertNever, UsageError, WorldError } from "../../errors.ts";
import type { Replies, WaitState } from "../../api/commands.ts";
import type { RoomId } from "../../room/id.ts";
import type { ReceiptState } from "../../room/receipts.ts";
import { TEXT_BYTES_MAX } from "../../room/entry.ts";
import type { Console } from "../../ports/terminal.ts";
import { type CommandContext, withNode } from "../node_access/command_context.ts";
import { NodeGone } from "../node_access/control_client.ts";
import type { ConnectedNode } from "../node_access/connect_node.ts";
import { runUntilFound } from "../node_access/retry_until_found.ts";
import { Interrupted } from "../environment/environment.ts";
import { checkText } from "../command_line/value_parsers.ts";
import { unlessAborted } from "../environment/abortable.ts";

/** How long a node of this process stays for a text that no other device has yet. */
const LINGER_MS = 3_000;
/** Exit codes. */
const DONE = 0;
const NOT_YET = 3;

/** What to send, and how long to wait. */
export interface SendRequest {
  readonly to: string;
  /** Null to read it from standard input. */
  readonly text: string | null;
  /** Null not to wait. */
  readonly until: WaitState | null;
  readonly timeoutMs: number;
}

type Sent = Replies["send"];

/** The delivery of a text. */
interface Progress {
  readonly state: ReceiptState;
  /** Whether the awaited state is reached; null without one. */
  readonly isReached: boolean | null;
}

/** Sends; the exit code. @throws {UsageError}, {WorldError} if the text was not kept; {Interrupted} after saying that it was. */
export async function sendMessage(request: SendRequest, context: CommandContext): Promise<number> {
  const { environment, output } = context;
  const text = request.text ?? checkText(await readMessage(environment.console, environment.signal));
  const delivery = new Delivery({ ...request, text }, context);
  try {
    const { state, isReached } = await delivery.run();
    await output.show({ rows: [{ ...delivery.sent, state }], lines: [] });
    await output.note(`${describeDelivery(state, { ...delivery, isOnItsWay: isReached === null })}.`);
    return isReached === false && request.until !== null ? NOT_YET : DONE;
  } catch (error) {
    if (error instanceof Interrupted && delivery.sent !== undefined) {
      await output.show({ rows: [delivery.sent], lines: [] });
      await output.note(`Interrupted before delivery was confirmed. ${describeSaved(delivery)}.`);
    }
    throw error;
  }
}

/** The delivery of one text. Once it is saved, no failure takes it back. */
class Delivery {
  /** Undefined until the text is on this disk. */
  sent: Sent | undefined;
  isDirect = false;
  readonly #request: SendRequest & { readonly text: string };
  readonly #context: CommandContext;
  #untilMs = 0;

  constructor(request: SendRequest & { readonly text: string }, context: CommandContext) {
    this.#request = request;
    this.#context = context;
  }

  /** Sends, and waits for the wanted state. @throws as the node does, until the text is saved. */
  async run(): Promise<Progress> {
    try {
      for (;;) {
        const need = { network: true, lasting: false, own: false };
        const progress = await withNode(this.#context, need, (connected) => this.#continue(connected));
        if (progress !== null) return progress;
      }
    } catch (error) {
      // The node of this process was stopped; the text is in the home, and the next node delivers it.
      if (error instanceof NodeGone && this.sent !== undefined) return { state: "kept", isReached: false };
      throw error;
    }
  }

  /** Null if the node ended by itself, and another one should continue. */
  async #continue(connected: ConnectedNode): Promise<Progress | null> {
    const { to, text, until, timeoutMs } = this.#request;
    const { clock } = this.#context.environment.ports;
    if (this.sent === undefined) {
      this.sent = await runUntilFound(this.#context.environment, connected, { do: "send", to, text });
      this.#untilMs = clock.nowMs() + (until === null ? LINGER_MS : timeoutMs);
    }
    const { room, number, state } = this.sent;
    try {
      this.isDirect = await isDirectRoom(connected, room);
      // A node that keeps running does the rest by itself.
      if (until === null && connected.own === null) return { state, isReached: null };
      const ms = Math.max(0, Math.round(this.#untilMs - clock.nowMs()));
      return await connected.runner.run({ do: "wait", room, number, until: until ?? "passed", ms });
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      // The node of another command ends with it; every other one was stopped, or cannot tell.
      const goesOn = error instanceof NodeGone && connected.file?.lasting === false;
      if (goesOn && until !== null && clock.nowMs() < this.#untilMs) return null;
      return { state: "kept", isReached: until === null ? null : false };
    }
  }
}

async function isDirectRoom({ runner }: ConnectedNode, room: RoomId): Promise<boolean> {
  const { rooms } = await runner.run({ do: "rooms" });
  return rooms.some((row) => row.id === room && row.direct);
}

interface DeliveredMessage {
  readonly sent: Sent | undefined;
  readonly isDirect: boolean;
}

function describeDelivery(
  state: ReceiptState,
  { isOnItsWay, ...message }: DeliveredMessage & { readonly isOnItsWay: boolean },
): string {
  const title = message.sent?.title ?? "";
  switch (state) {
    case "everywhere":
      return message.isDirect ? `Delivered to ${title}` : `Delivered to everyone in #${title}`;
    case "passed":
      return message.isDirect
        ? `Delivered to ${title}`
        : `Delivered to some members. The others in #${title} get it when they are back`;
    case "kept":
      return isOnItsWay ? `Sent to ${message.isDirect ? title : `#${title}`}` : describeSaved(message);
    default:
      return assertNever(state);
  }
}

function describeSaved({ sent, isDirect }: DeliveredMessage): string {
  const recipient = isDirect ? sent?.title : `another member of #${sent?.title}`;
  return `Saved. Will be delivered when ${recipient} is back`;
}

/** All of standard input as text, without the line end behind it. @throws {UsageError} if it is too long or not text. */
async function readMessage(console: Console, signal: AbortSignal): Promise<string> {
  if (console.isInTerminal) {
    await console.err("Type the message. End with Ctrl-D on an empty line (Windows: Ctrl-Z and Enter).\n");
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = await unlessAborted(console.read(), signal);
    if (chunk === null) break;
    sizeBytes += chunk.length;
    if (sizeBytes > TEXT_BYTES_MAX + 2) {
      throw new UsageError(message("input.too-long", { max: TEXT_BYTES_MAX }));
    }
    chunks.push(chunk);
  }
  const text = decodeChunks(chunks);
  if (text === null) throw new UsageError(message("input.not-text"));
  return text.replace(/\r?\n$/, "");
}

function decodeChunks(chunks: readonly Uint8Array[]): string | null {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch (error) {
    // This is how the decoder refuses.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
