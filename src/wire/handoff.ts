/**
 * The port handoff in text: what a client and the rendezvous port say to each other, and the ticket on the fresh port.
 *
 *     client  EARSHOT/1 HELLO
 *     host    EARSHOT/1 PORT 51823 TICKET 4f1c…      or   EARSHOT/1 BUSY 800
 *     client  EARSHOT/1 TICKET 4f1c…                 on port 51823; Noise frames follow
 *
 * One line each, in ASCII, ended by a newline, in exactly one spelling: no other program's first words are taken for ours.
 */

/** Bytes of a line, its newline included (the longest of ours has 61). Without a newline by then, it is not earshot. */
export const HANDOFF_LINE_BYTES_MAX = 64;
/** Ports that an answer may name: below are other services, and a client must not be aimed at them. */
export const HANDOFF_PORT_MIN = 1_024;
/** Bytes of a ticket; 32 hexadecimal characters in text. */
export const TICKET_BYTES = 16;
/** The longest time that a busy host may ask for, in ms. */
export const BUSY_MS_MAX = 60_000;

const VERSION = "1";
/** TCP and UDP have 16 bits for a port. */
const PORT_MAX = 65_535;
const NEWLINE = 0x0a;

declare const TICKET: unique symbol;

/** The one-time word that admits one connection at a handed-off port, as 32 lower-case hexadecimal characters. */
export type Ticket = string & { readonly [TICKET]: true };

/** What a line is when it is not what was expected. "other-version": earshot, but not ours; the user should update. */
export type ForeignLine =
  | { readonly kind: "other-version"; readonly version: string }
  | { readonly kind: "not-earshot" };

/** What may arrive at the rendezvous port. */
export type HandoffHello = { readonly kind: "hello" } | ForeignLine;

/** What may come back from a rendezvous port. */
export type HandoffAnswer =
  | { readonly kind: "port"; readonly port: number; readonly ticket: Ticket }
  | { readonly kind: "busy"; readonly retryMs: number }
  | ForeignLine;

/** What may arrive first at a handed-off port. */
export type HandoffTicket = { readonly kind: "ticket"; readonly ticket: Ticket } | ForeignLine;

/** The ticket of 16 random bytes. @throws {RangeError} for another length. */
export function toTicket(bytes: Uint8Array): Ticket {
  if (bytes.length !== TICKET_BYTES) throw new RangeError(`A ticket has ${TICKET_BYTES} bytes`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") as Ticket;
}

/** The client's line to the rendezvous port. */
export function encodeHello(): Uint8Array {
  return encodeLine("HELLO");
}

/** The host's line with the fresh port. @throws {RangeError} for a port that no client would accept. */
export function encodePort(port: number, ticket: Ticket): Uint8Array {
  if (!isWithin(port, HANDOFF_PORT_MIN, PORT_MAX)) throw new RangeError(`No client connects to port ${port}`);
  return encodeLine(`PORT ${port} TICKET ${ticket}`);
}

/** The host's line when it takes nobody: try again after so many ms. @throws {RangeError} outside 1 to 60,000. */
export function encodeBusy(retryMs: number): Uint8Array {
  if (!isWithin(retryMs, 1, BUSY_MS_MAX)) throw new RangeError(`${retryMs} ms is no time to wait`);
  return encodeLine(`BUSY ${retryMs}`);
}

/** The client's line to the fresh port. */
export function encodeTicket(ticket: Ticket): Uint8Array {
  return encodeLine(`TICKET ${ticket}`);
}

/** The bytes of the whole handoff as both sides know it: the session's prologue, so that a session taken elsewhere fails. */
export function encodePrologue(port: number, ticket: Ticket): Uint8Array {
  const lines = [encodeHello(), encodePort(port, ticket), encodeTicket(ticket)];
  return Uint8Array.from(lines.flatMap((line) => [...line]));
}

/** Reads a line at the rendezvous port (host). */
export function parseHello(line: string): HandoffHello {
  return line === `EARSHOT/${VERSION} HELLO` ? { kind: "hello" } : parseForeignLine(line);
}

/** Reads a rendezvous port's answer (client). */
export function parseAnswer(line: string): HandoffAnswer {
  const port = /^EARSHOT\/1 PORT ([1-9]\d{3,4}) TICKET ([0-9a-f]{32})$/.exec(line);
  if (port !== null && isWithin(Number(port[1]), HANDOFF_PORT_MIN, PORT_MAX)) {
    return { kind: "port", port: Number(port[1]), ticket: port[2] as Ticket };
  }
  const busy = /^EARSHOT\/1 BUSY ([1-9]\d{0,4})$/.exec(line);
  if (busy !== null && isWithin(Number(busy[1]), 1, BUSY_MS_MAX)) {
    return { kind: "busy", retryMs: Number(busy[1]) };
  }
  return parseForeignLine(line);
}

/** Reads the first line at a handed-off port (host). */
export function parseTicket(line: string): HandoffTicket {
  const ticket = /^EARSHOT\/1 TICKET ([0-9a-f]{32})$/.exec(line);
  return ticket === null ? parseForeignLine(line) : { kind: "ticket", ticket: ticket[1] as Ticket };
}

/** What a chunk led to. `rest`: the bytes behind the newline, which belong to what follows the handoff. */
export type LineRead =
  | { readonly kind: "waiting" }
  | { readonly kind: "line"; readonly line: string; readonly rest: Uint8Array }
  | { readonly kind: "too-long" };

/** Collects the one line that is expected on a connection, however it arrives. */
export class LineReader {
  #line = "";
  #isTooLong = false;

  /** Takes a chunk. The line comes without its newline, each byte as the character of that number: foreign bytes stay foreign. */
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
