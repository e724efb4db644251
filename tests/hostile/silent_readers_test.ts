/** Peers that ask for much and read nothing: what they do not read is not prepared for them, and costs nobody else anything. */

import { assert, assertEquals } from "@std/assert";
import { encodeBase64Url } from "../../src/encoding/base64url.ts";
import { LOW_WATER_BYTES } from "../../src/net/connection_limits.ts";
import { WRITE_MS_MAX } from "../../src/net/connection_limits.ts";
import {
  HELD_BYTES_MAX,
  HELD_CHECK_MS,
  type HeldSession,
  SessionMemory,
  WATCHED_SESSIONS_MIN,
} from "../../src/node/peers/session_memory.ts";
import { BackgroundTasks } from "../../src/node/support/background_tasks.ts";
import { LocalRoom } from "../../src/node/room/local_room.ts";
import { PAST_WATER_BYTES } from "../../src/node/room/room_sync.ts";
import { foundRoom } from "../../src/room/access.ts";
import { attachFile, type Entry, recallTexts, releaseText, writeEntry } from "../../src/room/entry.ts";
import type { PeerId } from "../../src/room/id.ts";
import { Replica } from "../../src/room/replica.ts";
import { LineCache } from "../../src/store/log/line_cache.ts";
import { PAGE_BYTES_MAX, PeerSync } from "../../src/wire/peer_sync.ts";
import { encodeRecord, type WireRecord } from "../../src/wire/record.ts";
import { CRYPTO, finish, idOf, linkPair, saying } from "../fixtures/net/connection_pair.ts";
import { SimChance } from "../sim/chance.ts";
import { SimTime } from "../sim/clock.ts";

const SIGNERS = [1, 2].map((key) => CRYPTO.signer(new Uint8Array(32).fill(key)));
const WALL_MS = 1_767_225_600_000;
const LINES = 600;
const TEXT = "x".repeat(3_000);

/** An open room in which the first of two keys has written, then the second, with clocks that alternate between them. */
function spoiledRoom(lines = LINES): { readonly replica: Replica; readonly filed: readonly Entry[] } {
  const [mine, his] = SIGNERS;
  assert(mine !== undefined && his !== undefined);
  const first = foundRoom(
    { title: "Attic", salt: new Uint8Array(16).fill(1), name: "alice", wallMs: WALL_MS },
    mine,
    CRYPTO,
  );
  const filed = [first];
  for (const [index, signer] of [mine, his].entries()) {
    let last = index === 0 ? first : undefined;
    while ((last?.number ?? 0) < lines) {
      const number = (last?.number ?? 0) + 1;
      last = writeEntry(
        {
          room: first.room,
          number,
          prev: last?.hash ?? "",
          clock: 2 * number + index,
          wallMs: WALL_MS,
          kind: number === 1 ? "join" : "text",
          name: "x",
          body: number === 1 ? "" : TEXT,
        },
        signer,
        CRYPTO,
      );
      filed.push(last);
    }
  }
  const replica = new Replica(first.room, CRYPTO);
  for (const entry of filed) assertEquals(replica.accept(entry, { isTrusted: true }), "accepted");
  return { replica, filed };
}

/** Puts the entries into a log, out of memory; how often it is read. */
function file(filed: readonly Entry[]): { readonly reads: () => number; readonly sizeBytes: number } {
  const bytes = new TextEncoder().encode(filed.map(({ line }) => `${line}\n`).join(""));
  let reads = 0;
  const readSync = (_path: string, into: Uint8Array, atByte: number) => {
    reads++;
    const read = bytes.subarray(atByte, atByte + into.length);
    into.set(read);
    return read.length;
  };
  const log = new LineCache({ disk: { readSync }, crypto: CRYPTO }).openFile("/log");
  let atByte = 0;
  for (const entry of filed) {
    attachFile(entry, log, atByte);
    releaseText(entry);
    atByte += entry.sizeBytes + 1;
  }
  return { reads: () => reads, sizeBytes: bytes.length };
}

/** Reads that a log of that size takes from one end to the other, where blocks of it begin at steps of 64 KiB. */
function readsFor(sizeBytes: number): number {
  return Math.ceil(sizeBytes / (64 * 1024)) + 1;
}

function meeting(replica: Replica): WireRecord & { type: "meet" } {
  return {
    type: "meet",
    room: replica.id,
    follow: false,
    leads: false,
    ask: true,
    again: false,
    proof: null,
    vector: new Map(),
  };
}

Deno.test("Clocks that jump between two places of a log cost its reader no more than its bytes", () => {
  const { replica, filed } = spoiledRoom();
  const log = file(filed);
  const peerSync = new PeerSync();
  peerSync.onMeet(meeting(replica), {
    authors: () => replica.authors(),
    has: (author) => replica.lastNumber(author) > 0,
    get: (author, number) => replica.get(author, number),
  });
  const sent: string[] = [];
  while (peerSync.isBusy) sent.push(...peerSync.nextPage().map(({ line }) => line));
  assertEquals(sent.length, 2 * LINES);
  assert(log.reads() <= readsFor(log.sizeBytes), `${log.reads()} reads`);
  // What is read for an export or a search in the order of the room: at two places, never more than once.
  const before = log.reads();
  for (let from = 0; from < replica.entries.length; from += 128) {
    const release = recallTexts(replica.entries.slice(from, from + 128));
    for (const { body } of replica.entries.slice(from, from + 128)) assert(body !== null);
    release();
  }
  assert(log.reads() - before <= 2 * readsFor(log.sizeBytes), `${log.reads() - before} reads`);
});

Deno.test("A peer that meets again and again and reads nothing has little prepared for it, and all when it reads", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  const { replica, filed } = spoiledRoom();
  const room = new LocalRoom({
    me: idOf(1),
    signer: CRYPTO.signer(new Uint8Array(32).fill(1)),
    ports: { crypto: CRYPTO, chance: new SimChance("unread"), clock: near.clock },
    replica,
    holders: new Map(),
    orphans: [],
    streamNumber: 1,
    mayKeep: () => true,
    openLog: () => Promise.reject(new Error("nothing is written")),
    listener: { onChange: () => {}, onWork: () => {} },
    notices: { add: () => {} },
    tasks: new BackgroundTasks((error) => {
      throw error;
    }),
  });
  near.owner.onDrained = () => room.sync.sendPending(near.connection);
  let read = () => {};
  far.owner.act = () => new Promise((resolve) => read = resolve);
  const vector = new Map(
    Array.from({ length: 3_000 }, (_, index) => {
      const id = encodeBase64Url(new Uint8Array(32).fill(index % 256).fill(index >> 8, 16));
      return [id as PeerId, 1] as const;
    }),
  );
  let heldMax = 0;
  for (let count = 0; count < 400; count++) {
    room.onRecord(near.connection, { ...meeting(replica), vector });
    heldMax = Math.max(heldMax, near.connection.heldBytes);
    if (count % 50 === 0) await time.runFor(1);
  }
  const page = encodeRecord({ type: "entries", room: replica.id, lines: [TEXT] }).length + PAGE_BYTES_MAX;
  assert(heldMax <= LOW_WATER_BYTES + PAST_WATER_BYTES + page, `${heldMax} bytes`);
  await time.runFor(20_000);
  assertEquals(near.owner.closed, []);
  far.owner.act = () => undefined;
  read();
  await time.runFor(20_000);
  const lines = far.owner.heard.filter((text) => text.startsWith("{")).flatMap((text) => text.split("|"));
  assertEquals(lines.length, filed.length);
  await time.drive(room.close());
  await finish(pair);
});

Deno.test("A peer that reads nothing for half a minute loses its session, however lively it is", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  far.owner.act = () => new Promise(() => {});
  for (let count = 0; count < 30; count++) near.connection.send(saying("x".repeat(100_000)));
  const isCut = () => near.owner.closed.length > 0;
  assert(!await time.runUntil(isCut, WRITE_MS_MAX - 1_000), "It is cut before its time");
  assert(await time.runUntil(isCut, 5_000), "It is not cut");
  assertEquals(near.owner.closed.map(({ code, byPeer }) => [code, byPeer]), [["too-far-behind", false]]);
  far.process.kill();
  await time.drive(near.run);
});

Deno.test("What all sessions hold has one bound: those that hold most are cut, and the others go on", async () => {
  const time = new SimTime();
  const cut: number[] = [];
  const sizes = [
    ...Array.from({ length: WATCHED_SESSIONS_MIN }, () => 1_000),
    ...[3, 2, 1].map((part) => part * HELD_BYTES_MAX / 4),
  ];
  const sessions = sizes.map((size, index): HeldSession & { heldBytes: number } => ({
    heldBytes: size,
    close() {
      cut.push(index);
      this.heldBytes = 0;
    },
  }));
  const memory = new SessionMemory({
    clock: time.clock(),
    sessions: () => sessions,
    count: () => sessions.length,
  });
  memory.onStart();
  await time.runFor(HELD_CHECK_MS);
  assertEquals(cut, [WATCHED_SESSIONS_MIN]);
  const last = sessions.at(-1);
  assert(last !== undefined);
  last.heldBytes = HELD_BYTES_MAX;
  await time.runFor(HELD_CHECK_MS);
  assertEquals(cut, [WATCHED_SESSIONS_MIN, WATCHED_SESSIONS_MIN + 2]);
  memory.close();
});
