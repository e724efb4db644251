/** Members of one room of a plaintext server: IRC (ngircd, inspircd) or MQTT at quality 0 (mosquitto), each on a connection of its own. */

import { denoTcp } from "../../src/deno/tcp.ts";
import { concatBytes } from "../../src/encoding/byte_codec.ts";
import type { PeerKind } from "./peers.ts";
import { MESSAGE_CHARS, messageText, type Tally } from "./tally.ts";
import { Wire } from "./wire.ts";

const COMING_MAX = 32;
const NEWLINE = 10;
const MARK = 0x3e;
const ROOM = "hall";
const tcp = denoTcp();
const encoder = new TextEncoder();
/** MQTT 3.1.1, section 2.2.1. */
const MQTT = { connack: 0x20, publish: 0x30, suback: 0x90 } as const;

/** All members. */
export class PlainParty {
  readonly tally: Tally;
  readonly #port: number;
  readonly #kind: PeerKind;
  readonly #members: PlainMember[] = [];

  constructor(tally: Tally, { port, kind }: { readonly port: number; readonly kind: PeerKind }) {
    this.tally = tally;
    this.#port = port;
    this.#kind = kind;
  }

  /** All come in; seconds until the last one is in the room. */
  async open(): Promise<number> {
    const { memberCount } = this.tally;
    const fromMs = performance.now();
    let next = 0;
    const come = async () => {
      while (next < memberCount) {
        const options = { port: this.#port, kind: this.#kind, index: next++ };
        const member = new PlainMember(this.tally, options);
        this.#members[options.index] = member;
        await member.come();
      }
    };
    await Promise.all(Array.from({ length: Math.min(COMING_MAX, memberCount) }, come));
    return (performance.now() - fromMs) / 1000;
  }

  /** Nothing is to be made ready. */
  async prepare(): Promise<void> {}

  /** Says the sender's next message. */
  say(sender: number): void {
    this.#members[sender]?.say();
  }

  close(): void {
    for (const member of this.#members) member.close();
  }
}

class PlainMember {
  readonly #tally: Tally;
  readonly #options: { readonly port: number; readonly kind: PeerKind; readonly index: number };
  readonly #inside = Promise.withResolvers<void>();
  #wire: Wire | undefined;

  constructor(
    tally: Tally,
    options: { readonly port: number; readonly kind: PeerKind; readonly index: number },
  ) {
    this.#tally = tally;
    this.#options = options;
  }

  async come(): Promise<void> {
    const { port, kind, index } = this.#options;
    const stream = await tcp.connect({ address: "127.0.0.1", port }, new AbortController().signal);
    const onBytes = kind === "irc"
      ? (bytes: Uint8Array) => this.#onLines(bytes)
      : (bytes: Uint8Array) => this.#onPackets(bytes);
    this.#wire = new Wire(stream, {
      onBytes,
      onEnd: () => this.#tally.problem(`member ${index}'s connection ended`),
    });
    const nick = `m${String(index).padStart(4, "0")}`;
    this.#wire.send(
      kind === "irc" ? encoder.encode(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`) : connectPacket(nick),
    );
    void this.#wire.run();
    await this.#inside.promise;
  }

  say(): void {
    const { kind, index } = this.#options;
    const text = messageText(index, this.#tally.say(index));
    this.#wire?.send(kind === "irc" ? encoder.encode(`PRIVMSG #${ROOM} :${text}\r\n`) : publishPacket(text));
  }

  close(): void {
    this.#wire?.close();
  }

  #onLines(bytes: Uint8Array): number {
    let at = 0;
    const before = this.#tally.delivered;
    for (let end = bytes.indexOf(NEWLINE, at); end >= 0; end = bytes.indexOf(NEWLINE, at)) {
      const textAt = end - 1 - MESSAGE_CHARS;
      if (textAt >= at && bytes[textAt] === MARK) this.#onMessage(bytes, textAt);
      else this.#onLine(new TextDecoder().decode(bytes.subarray(at, end - 1)));
      at = end + 1;
    }
    if (this.#tally.delivered > before) this.#tally.onDelivered();
    return at;
  }

  #onLine(line: string): void {
    if (line.startsWith("PING")) this.#wire?.send(encoder.encode(line.replace("PING", "PONG") + "\r\n"));
    else if (/^\S+ 001 /.test(line)) this.#wire?.send(encoder.encode(`JOIN #${ROOM}\r\n`));
    else if (/^\S+ 366 /.test(line)) this.#inside.resolve();
    else if (/^ERROR|^\S+ 4\d\d /.test(line) && !/ 422 /.test(line)) this.#tally.problem(line);
  }

  #onPackets(bytes: Uint8Array): number {
    let at = 0;
    const before = this.#tally.delivered;
    while (bytes.length - at >= 2) {
      let length = 0;
      let bodyAt = at + 1;
      for (let shift = 0;; shift += 7) {
        const byte = bytes[bodyAt++] ?? 0;
        length |= (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      if (bodyAt + length > bytes.length) break;
      const kind = bytes[at] ?? 0;
      at = bodyAt + length;
      if ((kind & 0xf0) === MQTT.publish) this.#onMessage(bytes, at - MESSAGE_CHARS);
      else if (kind === MQTT.connack) this.#wire?.send(subscribePacket());
      else if (kind === MQTT.suback) this.#inside.resolve();
    }
    if (this.#tally.delivered > before) this.#tally.onDelivered();
    return at;
  }

  /** `>0007-00000042.` */
  #onMessage(bytes: Uint8Array, at: number): void {
    this.#tally.got(this.#options.index, digits(bytes, at + 1, 4), digits(bytes, at + 6, 8));
  }
}

function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) value = value * 10 + (bytes[index] ?? 0) - 48;
  return value;
}

function packet(kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(parts);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return concatBytes([Uint8Array.of(kind, ...length), body]);
}

function utf8(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  return concatBytes([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

/** Level 4, clean session, no keep-alive. */
function connectPacket(name: string): Uint8Array {
  return packet(0x10, utf8("MQTT"), Uint8Array.of(4, 2, 0, 0), utf8(name));
}

function subscribePacket(): Uint8Array {
  return packet(0x82, Uint8Array.of(0, 1), utf8(ROOM), Uint8Array.of(0));
}

function publishPacket(text: string): Uint8Array {
  return packet(MQTT.publish, utf8(ROOM), encoder.encode(text));
}
