/** From an address to a stream ready for the handshake: rendezvous → fresh port and ticket → connection. */

import { formatForShell } from "../messages/format_message.ts";
import { type Message, message } from "../messages/message.ts";
import { NetworkError, type NetworkReason } from "../errors.ts";
import { HANDOFF_MS_MAX, readLine } from "../net/read_line.ts";
import type { Endpoint, Stream, Tcp } from "../ports/network.ts";
import type { Clock } from "../ports/time.ts";
import { encodeHello, encodePrologue, encodeTicket, parseAnswer } from "../wire/handoff.ts";

/** Requests to a busy host before the dial fails. */
const BUSY_TRIES_MAX = 5;
/** The longest wait that a host may ask for at once; a longer one is treated as this long. */
const BUSY_WAIT_MS_MAX = 5_000;

/** The problem for each reason that no line arrived. */
const NO_LINE = { late: "silent", ended: "closed", garbage: "not-earshot" } as const;

/** Why a dial failed. */
export type DialProblem = NetworkReason | "not-earshot" | "other-version" | "busy";

/** A dial that failed; the caller knows whom the user wanted, and makes the message. */
export class DialError extends Error {
  override readonly name = "DialError";
  readonly problem: DialProblem;
  readonly endpoint: Endpoint;

  constructor(problem: DialProblem, endpoint: Endpoint, options?: ErrorOptions) {
    super(formatForShell(describeDialProblem(problem)), options);
    this.problem = problem;
    this.endpoint = endpoint;
  }
}

/** A stream that has shown its ticket. */
export interface DialResult {
  readonly stream: Stream;
  /** The bytes of the whole handoff. */
  readonly prologue: Uint8Array;
}

/**
 * Dials a peer. It connects only to the requested address, whatever the answer contains. @throws {DialError}; rejects
 * with the signal's reason when aborted.
 */
export async function dial(
  endpoint: Endpoint,
  parts: { readonly tcp: Tcp; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<DialResult> {
  for (let tries = 1;; tries++) {
    const answer = await requestPort(endpoint, parts);
    if (answer.kind === "port") {
      const fresh = { address: endpoint.address, port: answer.port };
      const stream = await connect(fresh, endpoint, parts);
      try {
        await stream.write(encodeTicket(answer.ticket));
      } catch (error) {
        stream.close();
        throw toDialError(error, endpoint);
      }
      return { stream, prologue: encodePrologue(answer.port, answer.ticket) };
    }
    if (tries === BUSY_TRIES_MAX) throw new DialError("busy", endpoint);
    await pause(Math.min(answer.retryMs, BUSY_WAIT_MS_MAX), parts);
  }
}

/** What is at the other end, or is not: the reason within another message. */
export function describeDialProblem(problem: DialProblem): Message {
  switch (problem) {
    case "silent":
      return message("dial.silent", { time: HANDOFF_MS_MAX });
    case "taken":
      return message("dial.failed");
    default:
      return message(`dial.${problem}`);
  }
}

async function requestPort(
  endpoint: Endpoint,
  parts: { readonly tcp: Tcp; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Extract<ReturnType<typeof parseAnswer>, { kind: "port" | "busy" }>> {
  const stream = await connect(endpoint, endpoint, parts);
  const onAbort = () => stream.close();
  parts.signal.addEventListener("abort", onAbort);
  try {
    await stream.write(encodeHello());
    const read = await readLine(stream, parts.clock);
    parts.signal.throwIfAborted();
    if (read.kind !== "line") throw new DialError(NO_LINE[read.kind], endpoint);
    const answer = parseAnswer(read.line);
    if (answer.kind === "port" || answer.kind === "busy") return answer;
    throw new DialError(answer.kind, endpoint);
  } catch (error) {
    throw toDialError(error, endpoint);
  } finally {
    parts.signal.removeEventListener("abort", onAbort);
    stream.close();
  }
}

async function connect(
  to: Endpoint,
  asked: Endpoint,
  { tcp, clock, signal }: { readonly tcp: Tcp; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Stream> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort);
  using deadline = clock.timer(() => controller.abort(new DialError("silent", asked)));
  deadline.wakeAt(clock.nowMs() + HANDOFF_MS_MAX);
  try {
    return await tcp.connect(to, controller.signal);
  } catch (error) {
    throw toDialError(error, asked);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function pause(
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.timer(() => finish(resolve));
    const onAbort = () => finish(() => reject(signal.reason));
    const finish = (then: () => void) => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", onAbort);
      then();
    };
    signal.addEventListener("abort", onAbort);
    timer.wakeAt(clock.nowMs() + ms);
    if (signal.aborted) onAbort();
  });
}

function toDialError(error: unknown, endpoint: Endpoint): unknown {
  return error instanceof NetworkError ? new DialError(error.reason, endpoint, { cause: error }) : error;
}
