/** Somebody who speaks the protocol by hand to a running node: for all that an honest node never says. */

import { dial } from "../../src/client/dial.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import type { ProtocolCode, ProtocolError } from "../../src/errors.ts";
import { Link, type LinkOwner } from "../../src/net/pump.ts";
import type { Signer } from "../../src/ports.ts";
import { type Entry, writeEntry } from "../../src/room/entry.ts";
import { type PeerId, peerIdOf, type RoomId } from "../../src/room/id.ts";
import type { Rec } from "../../src/wire/record.ts";
import { Session } from "../../src/wire/session.ts";
import { SimChance } from "../sim/chance.ts";
import type { SimHost } from "../sim/host.ts";
import type { SimWorld } from "../sim/world.ts";

const CRYPTO = denoCrypto();
const WALL_MS = 1_767_225_600_000;

/** The strangers' machines, by their addresses: several strangers may sit at one. */
const MACHINES = new WeakMap<SimWorld, Map<string, SimHost>>();

/** One session of the stranger's, and what came over it. */
export class Stranger implements LinkOwner {
  readonly signer: Signer;
  readonly id: PeerId;
  readonly heard: Rec[] = [];
  closed: ProtocolCode | null = null;
  #link: Link | undefined;
  #last: Entry | undefined;

  /** The key of that number is its identity. */
  constructor(key: number) {
    this.signer = CRYPTO.signer(new Uint8Array(32).fill(key));
    this.id = peerIdOf(this.signer.publicKey);
  }

  /** Dials the node at that address from a machine of its own, and says who it is. */
  async call(
    world: SimWorld,
    options: { readonly to: string; readonly from: string; readonly name: string },
  ): Promise<void> {
    const { tcp } = machineAt(world, options.from).boot();
    const clock = world.time.clock();
    const { signal } = new AbortController();
    const dialling = dial({ address: options.to, port: 9999 }, { tcp, clock, signal });
    const { stream, prologue } = await world.time.drive(dialling);
    const chance = new SimChance(`stranger ${options.from}`);
    const session = new Session({
      role: "initiator",
      crypto: CRYPTO,
      signer: this.signer,
      staticKey: CRYPTO.dhKey(chance.bytes(32)),
      ephemeral: chance.bytes(32),
      prologue,
      instance: 1,
    }, clock.nowMs());
    this.#link = new Link({ stream, session, clock, owner: this, isInitiator: true });
    this.#link.run(new Uint8Array(0));
    await world.time.runFor(100);
    this.say({ type: "profile", name: options.name, away: "", rendezvousPort: 9999, merit: 1, rooms: [] });
    await world.time.runFor(100);
  }

  say(record: Rec): void {
    this.#link?.send(record);
  }

  /** Says how far it is in a room, and asks for the rest. */
  meet(room: RoomId, vector: ReadonlyMap<PeerId, number> = new Map()): void {
    this.say({
      type: "meet",
      room,
      follow: true,
      leads: false,
      ask: true,
      again: false,
      proof: null,
      vector,
    });
  }

  /** Its next entry in a room, signed; the clock is far behind all others. */
  write(room: RoomId, kind: string, body: string): Entry {
    const number = (this.#last?.number ?? 0) + 1;
    const entry = this.draft(room, { number, prev: this.#last?.hash ?? "", kind, body });
    this.#last = entry;
    return entry;
  }

  /** Any entry, signed. */
  draft(room: RoomId, given: { number: number; prev: string; kind: string; body: string }): Entry {
    const clock = 1_000 + given.number;
    return writeEntry({ room, clock, wallMs: WALL_MS, name: "mallory", ...given }, this.signer, CRYPTO);
  }

  pass(room: RoomId, ...lines: string[]): void {
    this.say({ type: "entries", room, lines });
  }

  /** Bytes that wait for the node to read. */
  get waitingBytes(): number {
    return this.#link?.queuedBytes ?? 0;
  }

  /** Leaves. */
  hangUp(): void {
    this.#link?.close("leaving");
  }

  /** The records of one type that came. */
  of<T extends Rec["type"]>(type: T): Extract<Rec, { type: T }>[] {
    return this.heard.filter((record): record is Extract<Rec, { type: T }> => record.type === type);
  }

  onOpen(): void {}

  onRecord(_link: Link, record: Rec): undefined {
    this.heard.push(record);
  }

  onDrained(): void {}

  onBulkDrained(): void {}

  onClosed(_link: Link, { code }: ProtocolError): void {
    this.closed = code;
  }
}

function machineAt(world: SimWorld, address: string): SimHost {
  const machines = MACHINES.get(world) ?? new Map<string, SimHost>();
  MACHINES.set(world, machines);
  const known = machines.get(address);
  if (known !== undefined) return known;
  const machine = world.network.host(`stranger ${address}`);
  const segment = world.machines[0]?.host.attachments[1]?.segment;
  if (segment !== undefined) machine.attach(segment, { address });
  machines.set(address, machine);
  return machine;
}
