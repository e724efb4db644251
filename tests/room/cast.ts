/** People, rooms and lines for the tests of rooms and of sessions about them: the same in every run. */

import { assert } from "@std/assert";
import fc from "fast-check";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { Signer } from "../../src/ports.ts";
import { foundRoom } from "../../src/room/access.ts";
import { type Body, type Draft, type Entry, readEntry, writeEntry } from "../../src/room/entry.ts";
import { type PeerId, peerIdOf, type RoomId } from "../../src/room/id.ts";
import { Replica } from "../../src/room/replica.ts";

export const CRYPTO = denoCrypto();

/** Somebody who can write. */
export interface Person {
  readonly name: string;
  readonly signer: Signer;
  readonly id: PeerId;
}

/** A person whose key's seed is that number, 32 times. */
export function person(number: number, name: string): Person {
  const signer = CRYPTO.signer(new Uint8Array(32).fill(number));
  return { name, signer, id: peerIdOf(signer.publicKey) };
}

/** A person of a number beyond 255, where many are needed. */
export function stranger(number: number): Person {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number);
  const signer = CRYPTO.signer(seed);
  return { name: `stranger${number}`, signer, id: peerIdOf(signer.publicKey) };
}

/** rkeohxlub… */
export const ALICE = person(1, "alice");
/** qe4xodvip…, before Alice's as text */
export const BOB = person(2, "bob");
/** 5vesrrri2…, before Bob's as text */
export const CAROL = person(3, "carol");
/** zkj2yfyfd…, behind all the others as text */
export const DAVE = person(4, "dave");

export const WALL_MS = 1_795_219_874_123;
export const SALT = new Uint8Array(16).fill(7);

/** The first entry of the room "Attic" of that person. */
export function founding(by: Person = ALICE, title = "Attic"): Entry {
  return foundRoom({ title, salt: SALT, name: by.name, wallMs: WALL_MS }, by.signer, CRYPTO);
}

/** A room that has nothing but its first entry. */
export function founded(by: Person = ALICE): Replica {
  const first = founding(by);
  const replica = new Replica(first.room, CRYPTO);
  assert(replica.accept(first) === "accepted");
  return replica;
}

/** A room of Alice's in which these people are. */
export function roomOf(...guests: readonly Person[]): Replica {
  const replica = founded(ALICE);
  for (const guest of guests) write(replica, guest, "join");
  return replica;
}

/** Writes an entry in the replica, as its author's node does. */
export function write(replica: Replica, who: Person, kind: string, body: Body = ""): Entry {
  return replica.write({ kind, name: who.name, body, wallMs: WALL_MS }, who.signer, who.id);
}

/** Writes a message. */
export function say(replica: Replica, who: Person, text = "hello"): Entry {
  return write(replica, who, "text", text);
}

/** A signed entry with any fields that fit its shape, whatever a replica thinks of it. Without changes: Alice's second in "Attic". */
export function entryOf(changes: Partial<Draft> = {}, who: Person = ALICE): Entry {
  const first = founding();
  const draft: Draft = {
    room: first.room,
    number: 2,
    prev: first.hash,
    clock: 2,
    wallMs: WALL_MS,
    kind: "text",
    name: who.name,
    body: "hello",
  };
  return writeEntry({ ...draft, ...changes }, who.signer, CRYPTO);
}

/** The entry behind another one of the same author. */
export function entryAfter(before: Entry, changes: Partial<Draft> = {}, who: Person = ALICE): Entry {
  const { room, number, hash, clock } = before;
  return entryOf({ room, number: number + 1, prev: hash, clock: clock + 1, ...changes }, who);
}

/** The line around a signed text, which may be anything. */
export function lineOf(signed: string, who: Person = ALICE): string {
  const signature = who.signer.sign(new TextEncoder().encode(signed));
  const text = btoa(String.fromCharCode(...signature)).replaceAll("+", "-").replaceAll("/", "_");
  return `{"e":${signed},"s":"${text.replaceAll("=", "")}"}`;
}

/** The entry of a line that is one. */
export function read(line: string): Entry {
  const entry = readEntry(line, CRYPTO);
  assert(!("problem" in entry), line.slice(0, 200));
  return entry;
}

/** An empty copy of the room. */
export function emptyCopy(room: RoomId): Replica {
  return new Replica(room, CRYPTO);
}

/** A copy on another node, which got everything. */
export function copyOf(replica: Replica): Replica {
  const copy = new Replica(replica.info ?? replica.id, CRYPTO);
  bring(replica, copy);
  return copy;
}

/** Brings what `to` lacks, as two nodes that meet do. */
export function bring(from: Replica, to: Replica): void {
  for (const entry of from.beyond(to.vector())) {
    const outcome = to.accept(entry);
    assert(outcome === "accepted", `${entry.kind} ${entry.number}: ${outcome}`);
  }
}

/** What the entries say, for comparing at a glance. */
export function bodies(replica: Replica): Body[] {
  return replica.entries.map((entry) => entry.body === "" ? entry.kind : entry.body);
}

/** Any UTF-16 units: halves of characters too. */
export function anyText(unitsMax: number): fc.Arbitrary<string> {
  return fc.array(fc.nat(0xffff), { maxLength: unitsMax }).map((units) => String.fromCharCode(...units));
}
