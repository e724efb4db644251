/** Members of one room of a real node, in one process: each with an identity, a session and a feed of its own, and receipts as a real member sends them. */

import { setImmediate } from "node:timers";
import { dial, DialError } from "../../src/client/dial.ts";
import { denoChance } from "../../src/deno/chance.ts";
import { denoClock } from "../../src/deno/clock.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { denoTcp } from "../../src/deno/tcp.ts";
import { ackDelayMs } from "../../src/node/room/receipt_tracker.ts";
import type { Signer } from "../../src/ports/crypto.ts";
import type { Endpoint } from "../../src/ports/network.ts";
import { writeEntry } from "../../src/room/entry.ts";
import { type PeerId, type RoomId, toPeerId } from "../../src/room/id.ts";
import type { WireRecord } from "../../src/wire/record.ts";
import { SealedRoom } from "./sealed_room.ts";
import { SealedSession } from "./sealed_session.ts";
import { type Said, understood } from "./said.ts";
import { messageText, type Tally } from "./tally.ts";
import { Wire } from "./wire.ts";

const SEED_BYTES = 32;
/** Messages that are signed in a row. */
const PREPARED_AT_ONCE = 200;
const HEARTBEAT_MS = 900;
const TICK_MS = 25;
/** Members that come in at a time: half of what a rendezvous port takes. */
const COMING_MAX = 32;
/** A busy machine answers late or closes a handshake that took too long: a member waits, and dials again. */
const JOIN_TRIES_MAX = 10;
const JOIN_AGAIN_MS = 1_000;
const crypto = denoCrypto();
const chance = denoChance();
const parts = { tcp: denoTcp(), clock: denoClock(), signal: new AbortController().signal };

/** A line that is ready to be said. */
interface Ready {
  readonly line: string;
  readonly hash: string;
  readonly clock: number;
}

/** A member that could not join the room; the run cannot be measured. */
export class JoinError extends Error {
  override readonly name = "JoinError";
}

/** All members. */
export class SealedParty {
  readonly tally: Tally;
  readonly room: RoomId;
  readonly endpoint: Endpoint;
  readonly members: SealedMember[] = [];
  readonly streams = new Map<string, SealedRoom>();
  readonly byId = new Map<PeerId, number>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(tally: Tally, { room, endpoint }: { readonly room: RoomId; readonly endpoint: Endpoint }) {
    this.tally = tally;
    this.room = room;
    this.endpoint = endpoint;
  }

  /** All come in; seconds until the last one is served by the room's stream. @throws {JoinError} */
  async open(): Promise<number> {
    const { memberCount } = this.tally;
    for (let index = 0; index < memberCount; index++) this.members.push(new SealedMember(this, index));
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    const fromMs = performance.now();
    let next = 0;
    const come = async () => {
      for (let member = this.members[next++]; member !== undefined; member = this.members[next++]) {
        await member.come();
      }
    };
    await Promise.all(Array.from({ length: Math.min(COMING_MAX, memberCount) }, come));
    for (const stream of this.streams.values()) stream.isComplete = true;
    return (performance.now() - fromMs) / 1000;
  }

  /** Signs so many messages of each sender beforehand: that is the senders' work, not the server's. */
  async prepare(count: number): Promise<void> {
    for (let ready = PREPARED_AT_ONCE; ready < count + PREPARED_AT_ONCE; ready += PREPARED_AT_ONCE) {
      for (let sender = 0; sender < this.tally.senderCount; sender++) {
        this.members[sender]?.prepare(Math.min(ready, count));
        // Meanwhile the sessions live on.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    }
  }

  /** What lines say; each message among them is held against the one that its sender signed. */
  understand(lines: readonly string[]): Said {
    return understood(lines, (line, { sender, number }) => this.members[sender]?.lineOf(number) === line);
  }

  /** Says the sender's next message. */
  say(sender: number): void {
    this.members[sender]?.say();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const member of this.members) member.close();
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const member of this.members) member.tick(nowMs);
  }
}

/** One member. */
class SealedMember {
  readonly #party: SealedParty;
  readonly #index: number;
  readonly #signer: Signer = crypto.signer(chance.bytes(SEED_BYTES));
  readonly #ready: Ready[] = [];
  #readyAt = 0;
  /** Said in this turn of the program. */
  #saying: string[] = [];
  /** The newest of its own feed. */
  #last: Ready | undefined;
  #number = 0;
  #clock = 1;
  #wire: Wire | undefined;
  #session: SealedSession | undefined;
  #stream: { readonly number: number; readonly room: SealedRoom; counter: number } | undefined;
  #attached = Promise.withResolvers<void>();
  /** What is to be acknowledged: author → number. */
  #grown = new Map<PeerId, number>();
  #ackAtMs = Infinity;
  #sentAtMs = 0;

  constructor(party: SealedParty, index: number) {
    this.#party = party;
    this.#index = index;
    party.byId.set(toPeerId(this.#signer.publicKey), index);
  }

  /** Dials, proves itself, joins; resolves when the room's stream serves it. @throws {JoinError} after several tries. */
  async come(): Promise<void> {
    for (let tries = 1;; tries++) {
      try {
        return await this.#comeOnce();
      } catch (error) {
        if (!(error instanceof DialError || error instanceof JoinError)) throw error;
        if (tries === JOIN_TRIES_MAX) {
          const text = `Member ${this.#index} could not join in ${tries} tries: ${error.message}`;
          throw new JoinError(text, { cause: error });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, JOIN_AGAIN_MS));
    }
  }

  async #comeOnce(): Promise<void> {
    const { stream, prologue } = await dial(this.#party.endpoint, parts);
    const attached = this.#attached = Promise.withResolvers<void>();
    this.#sentAtMs = 0;
    this.#wire = new Wire(stream, {
      onBytes: (bytes) => this.#session?.receive(bytes) ?? 0,
      onEnd: () => {
        attached.reject(new JoinError("the session ended before the member was in the room"));
        if (this.#stream !== undefined) this.#party.tally.problem(`member ${this.#index}'s session ended`);
      },
    });
    this.#session = new SealedSession({
      onOpen: () => this.#meet(),
      onRecord: (record) => this.#onRecord(record),
      onStreamFrame: (frame) => this.#onFrame(frame),
      onOutput: (bytes) => this.#wire?.send(bytes),
    }, { signer: this.#signer, prologue });
    void this.#wire.run();
    await attached.promise;
  }

  prepare(count: number): void {
    while (this.#ready.length - this.#readyAt < count) this.#prepareOne();
  }

  say(): void {
    if (this.#readyAt === this.#ready.length) this.#prepareOne();
    const said = this.#ready[this.#readyAt++];
    if (said === undefined) return;
    this.#party.tally.say(this.#index);
    // As a node does: what its disk took together goes in one record.
    if (this.#saying.push(said.line) === 1) setImmediate(() => this.#sendSaid());
  }

  #sendSaid(): void {
    const lines = this.#saying;
    this.#saying = [];
    this.#send({ type: "entries", room: this.#party.room, lines });
  }

  /** The line of the message of that number, for whoever compares. */
  lineOf(number: number): string | undefined {
    return this.#ready[number - 1]?.line;
  }

  tick(nowMs: number): void {
    if (this.#session === undefined || this.#sentAtMs === 0) return;
    if (nowMs >= this.#ackAtMs) {
      this.#ackAtMs = Infinity;
      const vector = this.#grown;
      this.#grown = new Map();
      this.#send({ type: "have", room: this.#party.room, vector });
    } else if (nowMs - this.#sentAtMs >= HEARTBEAT_MS) this.#send({ type: "ping" });
  }

  close(): void {
    this.#wire?.close();
  }

  #prepareOne(): void {
    this.#ready.push(this.#write("text", messageText(this.#index, this.#ready.length + 1)));
  }

  #write(kind: string, body: string): Ready {
    this.#clock = Math.max(this.#clock, this.#last?.clock ?? 0) + 1;
    this.#number++;
    const draft = {
      room: this.#party.room,
      number: this.#number,
      prev: this.#last?.hash ?? "",
      clock: this.#clock,
      wallMs: Date.now(),
      kind,
      name: `member${String(this.#index).padStart(4, "0")}`,
      body,
    };
    const { line, hash, clock } = writeEntry(draft, this.#signer, crypto);
    return this.#last = { line, hash, clock };
  }

  #meet(): void {
    this.#sentAtMs = performance.now();
    const { room } = this.#party;
    const name = `member${String(this.#index).padStart(4, "0")}`;
    this.#send(
      { type: "profile", name, away: "", rendezvousPort: 9, merit: 0, rooms: [] },
      {
        type: "meet",
        room,
        follow: true,
        leads: false,
        ask: true,
        again: true,
        vector: new Map(),
        proof: null,
      },
    );
  }

  #onRecord(record: WireRecord): void {
    if (record.type === "entries") this.#onSaid(this.#party.understand(record.lines));
    if (record.type !== "stream") return;
    const { key, counter, stream: number } = record;
    const name = key.join();
    const room = this.#party.streams.get(name) ??
      new SealedRoom({ key, counter }, (lines) => this.#party.understand(lines));
    this.#party.streams.set(name, room);
    this.#stream = { number, room, counter };
    room.follow(this.#stream);
    this.#send({ type: "entries", room: this.#party.room, lines: [this.#write("join", "").line] });
    this.#attached.resolve();
  }

  #onFrame(frame: Uint8Array): void {
    const stream = this.#stream;
    if (stream === undefined) return this.#party.tally.problem("a stream frame without a key");
    try {
      this.#onSaid(stream.room.read(stream.counter++, frame));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#party.tally.problem(`member ${this.#index}: ${error.message}`);
    }
    this.#party.tally.onDelivered();
  }

  #onSaid({ tags, heads, clock }: Said): void {
    const { tally } = this.#party;
    this.#clock = Math.max(this.#clock, clock);
    for (const [author, number] of heads) this.#grown.set(author, number);
    if (this.#grown.size > 0 && this.#ackAtMs === Infinity) {
      this.#ackAtMs = performance.now() + ackDelayMs(tally.memberCount + 1);
    }
    for (let at = 0; at < tags.length; at += 2) tally.got(this.#index, tags[at] ?? 0, tags[at + 1] ?? 0);
  }

  #send(...records: readonly WireRecord[]): void {
    this.#sentAtMs = performance.now();
    this.#session?.send(...records);
  }
}
