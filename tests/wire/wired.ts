/** Two sessions and the wire between them, for the tests of sessions. */

import { assertEquals } from "@std/assert";
import { handoffPrologue, type Ticket } from "../../src/wire/handoff.ts";
import { Session, type SessionEffect, type SessionOptions } from "../../src/wire/session.ts";
import { ALICE, BOB, CRYPTO, type Person } from "../room/cast.ts";
import vector from "./vectors/session.json" with { type: "json" };

export type Role = SessionOptions["role"];

/** When every wire is made. */
export const START_MS = 1_000;
export const PROLOGUE = handoffPrologue(vector.port, vector.ticket as Ticket);

/** Who is at that end: Alice begins, Bob answers. */
export function personOf(role: Role): Person {
  return role === "initiator" ? ALICE : BOB;
}

/** The options of the golden session. */
export function optionsOf(role: Role, changes: Partial<SessionOptions> = {}): SessionOptions {
  const keys = vector[role];
  return {
    role,
    crypto: CRYPTO,
    signer: personOf(role).signer,
    staticKey: CRYPTO.dhKey(fromHex(keys.static)),
    ephemeral: fromHex(keys.ephemeral),
    prologue: PROLOGUE,
    instance: parseInt(keys.instance, 16),
    ...changes,
  };
}

/** What the two ends heard. */
export interface Heard {
  readonly initiator: SessionEffect[];
  readonly responder: SessionEffect[];
}

/** Two sessions that see the same clock. */
export class Wire {
  readonly initiator: Session;
  readonly responder: Session;
  nowMs = START_MS;

  constructor(changes: { initiator?: Partial<SessionOptions>; responder?: Partial<SessionOptions> } = {}) {
    this.initiator = new Session(optionsOf("initiator", changes.initiator), START_MS);
    this.responder = new Session(optionsOf("responder", changes.responder), START_MS);
  }

  /** Carries bytes both ways, in chunks of these sizes in turn, until both ends are silent. */
  run(sizes: readonly number[] = [Infinity]): Heard {
    const heard: Heard = { initiator: [], responder: [] };
    while (this.#carry("initiator", heard, sizes) || this.#carry("responder", heard, sizes));
    return heard;
  }

  /** What waits at that end, as bytes. */
  take(role: Role): Uint8Array {
    return this[role].takeOutput(this.nowMs);
  }

  /** Brings bytes to that end. */
  give(role: Role, bytes: Uint8Array): SessionEffect[] {
    return this[role].receive(bytes, this.nowMs);
  }

  #carry(to: Role, heard: Heard, sizes: readonly number[]): boolean {
    const bytes = this.take(to === "initiator" ? "responder" : "initiator");
    for (const chunk of cutUp(bytes, sizes)) heard[to].push(...this.give(to, chunk));
    return bytes.length > 0;
  }
}

/** A wire whose handshake is done. */
export function openWire(): Wire {
  const wire = new Wire();
  const heard = wire.run();
  assertEquals(kindsOf(heard.initiator), ["opened"]);
  assertEquals(kindsOf(heard.responder), ["opened"]);
  return wire;
}

/** The effects at a glance: "opened", a record's type, or the code of an end and whether the peer said it. */
export function kindsOf(effects: readonly SessionEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.kind === "record") return effect.record.type;
    if (effect.kind === "opened") return "opened";
    return effect.byPeer ? `peer said ${effect.error.code}` : effect.error.code;
  });
}

/** The whole frames in these bytes. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 2 + ((bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0));
    frames.push(bytes.slice(at, at + size));
    at += size;
  }
  return frames;
}

export function cutUp(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
