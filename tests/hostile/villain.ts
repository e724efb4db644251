/** A peer with real keys that speaks the real protocol, and says what no honest earshot would. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import { encodeBeacon } from "../../src/discovery/beacon.ts";
import { directRoom, foundRoom } from "../../src/room/access.ts";
import { type Body, type Entry, writeEntry } from "../../src/room/entry.ts";
import type { PeerId, RoomId } from "../../src/room/id.ts";
import { MEET_POINTS, POINTS_BURST } from "../../src/node/quotas.ts";
import type { HostedRoom, Rec } from "../../src/wire/record.ts";
import { Stranger } from "../node/stranger.ts";
import type { SimHost } from "../sim/host.ts";
import type { SimMachine, SimWorld } from "../sim/world.ts";

const CRYPTO = denoCrypto();
/** What its clock says, unless told otherwise. */
export const WALL_MS = 1_767_225_600_000;
const PORT = 9999;
/** Bytes of a flood that wait here before it goes on. */
const WAITING_BYTES_MAX = 64 * 1024;

/** What an entry says, if not what an honest one would. */
export interface Words {
  readonly kind?: string;
  readonly body?: Body;
  readonly name?: string;
  readonly wallMs?: number;
}

/** One villain. */
export class Villain {
  readonly stranger: Stranger;
  /** What it is called in its entries, unless told otherwise. */
  name = "mallory";
  readonly #key: number;
  readonly #last = new Map<RoomId, Entry>();

  /** The key of that number is its identity. */
  constructor(key: number) {
    this.#key = key;
    this.stranger = new Stranger(key);
  }

  get id(): PeerId {
    return this.stranger.id;
  }

  /** What tells it from others of its name. */
  get tag(): string {
    return this.id.slice(0, 4);
  }

  /** Calls the node of the hotspot's owner, if not another, and says what it is called. */
  async call(
    world: SimWorld,
    name: string,
    { to = "192.168.43.1", from = `192.168.43.${100 + this.#key}` } = {},
  ): Promise<void> {
    this.name = name;
    await this.stranger.call(world, { to, from, name });
  }

  /** The same identity once more, as far as it has come: what the two write from now on are two branches. */
  twin(): Villain {
    const twin = new Villain(this.#key);
    twin.name = this.name;
    for (const [room, entry] of this.#last) twin.#last.set(room, entry);
    return twin;
  }

  /** Says once more who it is. */
  profile(changes: Partial<Extract<Rec, { type: "profile" }>>): void {
    this.stranger.say({
      type: "profile",
      name: this.name,
      away: "",
      rendezvousPort: PORT,
      merit: 1,
      rooms: [],
      ...changes,
    });
  }

  /** Its conversation with that node. */
  directWith(machine: SimMachine): RoomId {
    return directRoom(this.id, machine.node.id, CRYPTO).id;
  }

  /** Makes a room of its own, under any title. */
  found(title: string, salt = 1): Entry {
    const founding = { title, salt: new Uint8Array(16).fill(salt), name: this.name, wallMs: WALL_MS };
    const first = foundRoom(founding, this.stranger.signer, CRYPTO);
    this.#last.set(first.room, first);
    return first;
  }

  /** How many entries it has written in that room. */
  said(room: RoomId): number {
    return this.#last.get(room)?.number ?? 0;
  }

  /** Its next entry in a room, signed. */
  write(room: RoomId, { kind = "text", body = "", name = this.name, wallMs = WALL_MS }: Words): Entry {
    const last = this.#last.get(room);
    const number = (last?.number ?? 0) + 1;
    const clock = (last?.clock ?? 1_000) + 1;
    const draft = { room, number, prev: last?.hash ?? "", clock, wallMs, kind, name, body };
    const entry = writeEntry(draft, this.stranger.signer, CRYPTO);
    this.#last.set(room, entry);
    return entry;
  }

  /** Meets the room, and passes what it wrote there. */
  async tell(world: SimWorld, room: RoomId, ...words: readonly Words[]): Promise<void> {
    this.stranger.meet(room);
    await world.time.runFor(100);
    for (const one of words) this.stranger.pass(room, this.write(room, one).line);
    await world.time.runFor(500);
  }

  /** Says all of these, as fast as the node reads them; gives up after a while. Whether all were read. */
  async flood(
    world: SimWorld,
    records: Iterable<Rec>,
    { msMax }: { readonly msMax: number },
  ): Promise<boolean> {
    const untilMs = world.time.nowMs + msMax;
    for (const record of records) {
      this.stranger.say(record);
      if (this.stranger.waitingBytes < WAITING_BYTES_MAX) continue;
      const isRead = () => this.stranger.waitingBytes === 0 || this.stranger.closed !== null;
      if (!await world.time.runUntil(isRead, untilMs - world.time.nowMs)) return false;
    }
    await world.time.runFor(200);
    return this.stranger.waitingBytes === 0 && this.stranger.closed === null;
  }

  /** Spends its device's share of the node's time, to the last. */
  async spend(world: SimWorld, room: RoomId): Promise<void> {
    const meet = {
      type: "meet",
      room,
      follow: false,
      leads: false,
      ask: false,
      again: false,
      proof: null,
    } as const;
    const meets = Array.from({ length: POINTS_BURST / MEET_POINTS }, () => ({ ...meet, vector: new Map() }));
    await this.flood(world, meets, { msMax: 10_000 });
  }

  /** A datagram that says anything, from an address of its own to everybody on the hotspot; the machine that sent it. */
  async beacon(
    world: SimWorld,
    draft: { readonly name: string; readonly rooms?: readonly HostedRoom[] },
  ): Promise<SimHost> {
    const host = world.machines[0]?.host.attachments[1];
    const machine = world.network.host(`villain's beacon ${this.#key}`);
    if (host === undefined) throw new Error("The hotspot has no owner");
    machine.attach(host.segment, { address: `192.168.43.${200 + this.#key}` });
    const socket = machine.boot().udp.open({ address: "0.0.0.0", port: 0 }, { shared: false });
    const bytes = encodeBeacon({
      kind: "beat",
      instance: WALL_MS,
      counter: 1,
      beatSeconds: 600,
      rendezvousPort: PORT,
      merit: 1,
      rooms: [],
      ...draft,
    }, this.stranger.signer);
    await world.time.drive(socket.send(bytes, { address: "192.168.43.255", port: PORT }));
    await world.time.runFor(100);
    socket.close();
    return machine;
  }
}
