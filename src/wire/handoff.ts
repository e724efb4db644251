/**
 * The text lines of the port handoff (docs/protocol.md, "The port handoff"): client and rendezvous port, then the
 * ticket on the fresh port.
 *     client  EARSHOT/1 HELLO
 *     host    EARSHOT/1 PORT 51823 TICKET 4f1c…      or   EARSHOT/1 BUSY 800
 *     client  EARSHOT/1 TICKET 4f1c…                 on port 51823; Noise frames follow
 * Each is one ASCII line with a newline, in exactly one spelling, so no other protocol's first words are mistaken for
 * it.
 */

import { PORT_MAX, SESSION_PORT_MIN } from "../encoding/network_address.ts";

/** Bytes of a line with its newline (ours have at most 61). A longer line is not earshot. */
export const HANDOFF_LINE_BYTES_MAX = 64;
/** Bytes of a ticket; 32 hexadecimal characters in text. */
export const TICKET_BYTES = 16;
/** The longest retry time that a busy host may ask for, in ms. */
export const BUSY_MS_MAX = 60_000;

const VERSION = "1";
const NEWLINE = 0x0a;

declare const TICKET: unique symbol;

/** The one-time word that admits one connection to a handed-off port: 32 lower-case hexadecimal characters. */
export type Ticket = string & { readonly [TICKET]: true };

/** An unexpected line. "other-version": earshot, but a different version; the user should update. */
export type ForeignLine =
  | { readonly kind: "other-version"; readonly version: string }
  | { readonly kind: "not-earshot" };

/** The lines that the rendezvous port may receive. */
export type HandoffHello = { readonly kind: "hello" } | ForeignLine;

/** The answers of a rendezvous port. */
export type HandoffAnswer =
  | { readonly kind: "port"; readonly port: number; readonly ticket: Ticket }
  | { readonly kind: "busy"; readonly retryMs: number }
  | ForeignLine;

/** The first line that a handed-off port may receive. */
export type HandoffTicket = { readonly kind: "ticket"; readonly ticket: Ticket } | ForeignLine;

/** Formats 16 random bytes as a ticket. @throws {RangeError} for another length. */
export function toTicket(bytes: Uint8Array): Ticket {
  if (bytes.length !== TICKET_BYTES) throw new RangeError(`A ticket has ${TICKET_BYTES} bytes`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as Ticket;
}

/** The client's line to the rendezvous port. */
export function encodeHello(): Uint8Array {
  return encodeLine("HELLO");
}

/** The host's line with the fresh port. @throws {RangeError} for a port that no client accepts. */
export function encodePort(port: number, ticket: Ticket): Uint8Array {
  if (!isWithin(port, SESSION_PORT_MIN, PORT_MAX)) throw new RangeError(`No client connects to port ${port}`);
  return encodeLine(`PORT ${port} TICKET ${ticket}`);
}

/** The host's line while it admits nobody: retry after that many ms. @throws {RangeError} outside 1 to 60,000. */
export function encodeBusy(retryMs: number): Uint8Array {
  if (!isWithin(retryMs, 1, BUSY_MS_MAX)) throw new RangeError(`${retryMs} ms is no time to wait`);
  return encodeLine(`BUSY ${retryMs}`);
}

/** The client's line to the fresh port. */
export function encodeTicket(ticket: Ticket): Uint8Array {
  return encodeLine(`TICKET ${ticket}`);
}

/** All bytes of the handoff, which form the session's prologue: a session diverted to another handoff fails. */
export function encodePrologue(port: number, ticket: Ticket): Uint8Array {
  const lines = [encodeHello(), encodePort(port, ticket), encodeTicket(ticket)];
  return Uint8Array.from(lines.flatMap((line) => [...line]));
}

/** Parses the line that the rendezvous port received (host). */
export function parseHello(line: string): HandoffHello {
  return line === `EARSHOT/${VERSION} HELLO` ? { kind: "hello" } : parseForeignLine(line);
}

/** Parses the answer of a rendezvous port (client). */
export function parseAnswer(line: string): HandoffAnswer {
  const port = /^EARSHOT\/1 PORT ([1-9]\d{3,4}) TICKET ([0-9a-f]{32})$/.exec(line);
  if (port !== null && isWithin(Number(port[1]), SESSION_PORT_MIN, PORT_MAX)) {
    return { kind: "port", port: Number(port[1]), ticket: port[2] as Ticket };
  }
  const busy = /^EARSHOT\/1 BUSY ([1-9]\d{0,4})$/.exec(line);
  if (busy !== null && isWithin(Number(busy[1]), 1, BUSY_MS_MAX)) {
    return { kind: "busy", retryMs: Number(busy[1]) };
  }
  return parseForeignLine(line);
}

/** Parses the first line at a handed-off port (host). */
export function parseTicket(line: string): HandoffTicket {
  const ticket = /^EARSHOT\/1 TICKET ([0-9a-f]{32})$/.exec(line);
  return ticket === null ? parseForeignLine(line) : { kind: "ticket", ticket: ticket[1] as Ticket };
}

/** The result of a chunk. `rest`: the bytes after the newline, which belong to the session. */
export type LineRead =
  | { readonly kind: "waiting" }
  | { readonly kind: "line"; readonly line: string; readonly rest: Uint8Array }
  | { readonly kind: "too-long" };

/** Collects the one expected line of a connection, however it arrives. */
export class LineReader {
  #line = "";
  #isTooLong = false;

  /**
   * Adds a chunk. The line excludes its newline; each byte becomes the character with that number, so foreign bytes
   * stay recognisable.
   */
  push(chunk: Uint8Array): LineRead {
    const newline = chunk.indexOf(NEWLINE);
    const size = newline < 0 ? chunk.length : newline;
    if (this.#isTooLong || this.#line.length + size >= HANDOFF_LINE_BYTES_MAX) {
      this.#isTooLong = true;
      return { kind: "too-long" };
    }
    const line = this.#line + String.fromCharCode(...chunk.subarray(0, size));
    if (newline < 0) {
      this.#line = line;
      return { kind: "waiting" };
    }
    this.#line = "";
    return { kind: "line", line, rest: chunk.slice(newline + 1) };
  }
}

function encodeLine(words: string): Uint8Array {
  return new TextEncoder().encode(`EARSHOT/${VERSION} ${words}\n`);
}

function parseForeignLine(line: string): ForeignLine {
  const version = /^EARSHOT\/([1-9]\d{0,3})(?: |$)/.exec(line)?.[1];
  return version === undefined || version === VERSION
    ? { kind: "not-earshot" }
    : { kind: "other-version", version };
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
