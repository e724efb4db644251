/** Saying something by command: the text is on this disk first, then on its way. */

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
import { checkedText } from "../command_line/value_parsers.ts";
import { unlessAborted } from "../environment/abortable.ts";

/** How long a node of this process stays for a text that nobody has yet. */
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

/** Where a text that was said has come to. */
interface Progress {
  readonly state: ReceiptState;
  /** Whether that is what was waited for; null where nothing was. */
  readonly isReached: boolean | null;
}

/** Sends; the exit code. @throws {UsageError}, {WorldError} if the text was not kept; {Interrupted} after saying that it was. */
export async function sendMessage(request: SendRequest, context: CommandContext): Promise<number> {
  const { environment, output } = context;
  const text = request.text ?? checkedText(await inputText(environment.console, environment.signal));
  const delivery = new Delivery({ ...request, text }, context);
  try {
    const { state, isReached } = await delivery.run();
    await output.show({ rows: [{ ...delivery.sent, state }], lines: [] });
    await output.note(`${progressText(state, { ...delivery, isOnItsWay: isReached === null })}.`);
    return isReached === false && request.until !== null ? NOT_YET : DONE;
  } catch (error) {
    if (error instanceof Interrupted && delivery.sent !== undefined) {
      await output.show({ rows: [delivery.sent], lines: [] });
      await output.note(`Ended before it was known who has the text. ${keptText(delivery)}.`);
    }
    throw error;
  }
}

/** The way of one text, from here to whoever is to have it. Once it is sent, nothing that happens makes it unsent. */
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

  /** Sends, and waits as long as is to be waited. @throws as the node does, while nothing is sent. */
  async run(): Promise<Progress> {
    try {
      for (;;) {
        const need = { network: true, lasting: false, own: false };
        const progress = await withNode(this.#context, need, (connected) => this.#goOn(connected));
        if (progress !== null) return progress;
      }
    } catch (error) {
      // Somebody stopped the node of this process; the text is in the home, and the next node goes on with it.
      if (error instanceof NodeGone && this.sent !== undefined) return { state: "kept", isReached: false };
      throw error;
    }
  }

  /** Null if the node went away by itself, and another one should go on. */
  async #goOn(connected: ConnectedNode): Promise<Progress | null> {
    const { to, text, until, timeoutMs } = this.#request;
    const { clock } = this.#context.environment.ports;
    if (this.sent === undefined) {
      this.sent = await runUntilFound(this.#context.environment, connected, { do: "send", to, text });
      this.#untilMs = clock.nowMs() + (until === null ? LINGER_MS : timeoutMs);
    }
    const { room, number, state } = this.sent;
    try {
      this.isDirect = await isDirectRoom(connected, room);
      // A node that goes on running does the rest by itself.
      if (until === null && connected.own === null) return { state, isReached: null };
      const ms = Math.max(0, Math.round(this.#untilMs - clock.nowMs()));
      return await connected.runner.run({ do: "wait", room, number, until: until ?? "passed", ms });
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      // The node of another command goes with it; every other one was stopped, or cannot say.
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

interface Told {
  readonly sent: Sent | undefined;
  readonly isDirect: boolean;
}

function progressText(
  state: ReceiptState,
  { isOnItsWay, ...told }: Told & { readonly isOnItsWay: boolean },
): string {
  const title = told.sent?.title ?? "";
  switch (state) {
    case "everywhere":
      return told.isDirect ? `${title} has it` : `Everybody in #${title} has it`;
    case "passed":
      return told.isDirect
        ? `${title} has it`
        : `Another device has it. It goes to the others in #${title} when they are next seen`;
    case "kept":
      return isOnItsWay ? `Kept, and on its way to ${told.isDirect ? title : `#${title}`}` : keptText(told);
    default:
      return assertNever(state);
  }
}

function keptText({ sent, isDirect }: Told): string {
  const whom = isDirect ? sent?.title : `somebody else of #${sent?.title}`;
  return `Kept; it goes when ${whom} is next seen`;
}

/** All of standard input as text, without the line end behind it. @throws {UsageError} if it is too long or not text. */
async function inputText(console: Console, signal: AbortSignal): Promise<string> {
  if (console.isInTerminal) {
    await console.err("Type the text. Ctrl-D on a line of its own ends it (Windows: Ctrl-Z and Enter).\n");
  }
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const chunk = await unlessAborted(console.read(), signal);
    if (chunk === null) break;
    sizeBytes += chunk.length;
    if (sizeBytes > TEXT_BYTES_MAX + 2) {
      throw new UsageError(
        `The message is too long: it has more than ${TEXT_BYTES_MAX} bytes. Send it in parts`,
      );
    }
    chunks.push(chunk);
  }
  const text = decoded(chunks);
  if (text === null) throw new UsageError("Standard input is not text in UTF-8, so it cannot be sent");
  return text.replace(/\r?\n$/, "");
}

function decoded(chunks: readonly Uint8Array[]): string | null {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch (error) {
    // This is how the decoder refuses.
    if (error instanceof TypeError) return null;
    throw error;
  }
}
