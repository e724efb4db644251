/**
 * The three kinds of error: the peer broke the protocol, the world failed, or the user asked for something
 * impossible.
 * A bug in earshot belongs to none of these classes: it is thrown as it is, and its stack goes to the debug log.
 */

import { formatForShell } from "./messages/format_message.ts";
import { type Message, message } from "./messages/message.ts";

/**
 * What a peer can do wrong (docs/protocol.md, "How a session ends"). `wire` is sent in the close record; `says` goes
 * to the log.
 */
export const PROTOCOL_CODES = {
  "bad-frame": { wire: 1, says: "it sent a frame that is not of this protocol" },
  "bad-record": { wire: 2, says: "it sent a record that is not of this protocol" },
  "bad-handshake": { wire: 3, says: "the handshake failed" },
  "bad-identity": { wire: 4, says: "it did not prove its identity" },
  "wrong-key": { wire: 5, says: "it has another key than expected" },
  "self": { wire: 6, says: "it is this very node" },
  "too-slow": { wire: 7, says: "it took too long" },
  "too-much": { wire: 8, says: "it sent more than the limits allow" },
  "too-far-behind": { wire: 9, says: "it read too slowly" },
  "silent": { wire: 10, says: "nothing was heard from it" },
  "duplicate": { wire: 11, says: "another session with it is open already" },
  "blocked": { wire: 12, says: "it refused (blocked)" },
  "too-old": { wire: 13, says: "it runs another version; update earshot on both devices" },
  "leaving": { wire: 14, says: "it left" },
  "failed": { wire: 16, says: "it had an internal failure" },
} as const;

/** A reason to end a session. The list is closed. */
export type ProtocolCode = keyof typeof PROTOCOL_CODES;

/** The peer broke the protocol, or a session ends for one of the listed reasons. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolCode;

  constructor(code: ProtocolCode, detail?: string) {
    super(detail === undefined ? PROTOCOL_CODES[code].says : `${PROTOCOL_CODES[code].says}: ${detail}`);
    this.code = code;
  }
}

/** The reason for a number on the wire, or undefined for a number that only a later version knows. */
export function findProtocolCode(wire: number): ProtocolCode | undefined {
  return (Object.keys(PROTOCOL_CODES) as ProtocolCode[]).find((code) => PROTOCOL_CODES[code].wire === wire);
}

/** Why a network call failed. */
export type NetworkReason =
  | "refused" // the host answered, but nothing listens on that port
  | "silent" // no answer within the deadline
  | "unreachable" // no route, or the network is down
  | "taken" // the port is in use
  | "forbidden" // the system does not allow it (privileged port, firewall)
  | "malformed" // not an address
  | "closed" // the connection went away
  | "failed"; // anything else; the cause says more

/**
 * An error for the user. `message` is English with commands for a shell; `details` is the same as data for front
 * ends.
 */
abstract class MessageError extends Error {
  readonly details: Message;

  /** The details with their text in English. */
  constructor(details: Message, options?: ErrorOptions) {
    super(formatForShell(details), options);
    this.details = details;
  }
}

/** A network call failed. The caller writes the message for the user, because it knows what the call was for. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly reason: NetworkReason;

  constructor(reason: NetworkReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Why a disk call failed. */
export type DiskReason = "full" | "read-only" | "denied" | "exists" | "missing" | "held" | "failed";

/** A disk call failed. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly reason: DiskReason;

  constructor(reason: DiskReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * Something failed that the user must hear of. The message is a whole sentence:
 * what happened, what was kept, what to do. Exit code 1.
 */
export class WorldError extends MessageError {
  override readonly name = "WorldError";
}

/** The user asked for something that is impossible as asked. The message says what is possible. Exit code 2. */
export class UsageError extends MessageError {
  override readonly name = "UsageError";
}

/** An error and up to seven causes in one line: "outer: middle: inner". Repeated texts appear once. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && parts.length < 8;
    at = at instanceof Error ? at.cause : undefined
  ) {
    const text = at instanceof Error ? at.message || at.name : String(at);
    if (!parts.includes(text)) parts.push(text);
  }
  return parts.join(": ");
}

/** The reason, to stand within another message. */
export function describeDiskReason(error: DiskError): Message {
  const { reason } = error;
  if (reason === "failed") return message("disk.failed", { detail: describeError(error) });
  return message(`disk.${reason}`);
}

/** For the end of an exhaustive switch: a value that cannot be. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
