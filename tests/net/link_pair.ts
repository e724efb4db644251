/** Two links on one connection, each with an owner that notes what it is told. */

import { denoCrypto } from "../../src/deno/crypto.ts";
import type { ProtocolCode, ProtocolError } from "../../src/errors.ts";
import { Link, type LinkOwner } from "../../src/net/pump.ts";
import type { Stream } from "../../src/ports.ts";
import { type PeerId, peerIdOf, roomIdOf } from "../../src/room/id.ts";
import type { Rec } from "../../src/wire/record.ts";
import { Session } from "../../src/wire/session.ts";
import { connect, type Connection, type End } from "./connection.ts";

export const CRYPTO = denoCrypto();
export const ROOM = roomIdOf(new Uint8Array(16).fill(7));
const NOTHING = new Uint8Array(0);

/** The id of the near or far end. */
export function idOf(number: number): PeerId {
  return peerIdOf(CRYPTO.signer(new Uint8Array(32).fill(number)).publicKey);
}

/** A record whose text can be told from others. */
export function saying(text: string): Rec {
  return { type: "entries", room: ROOM, lines: [text] };
}

/** Notes what it is told. */
export class Recorder implements LinkOwner {
  readonly opened: PeerId[] = [];
  readonly heard: string[] = [];
  readonly closed: { readonly code: ProtocolCode; readonly byPeer: boolean; readonly atMs: number }[] = [];
  drainedCount = 0;
  bulkDrainedCount = 0;
  /** What to do with a record beyond noting it. */
  act: (link: Link, text: string) => Promise<void> | undefined = () => undefined;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  onOpen(link: Link): void {
    if (link.peer !== undefined) this.opened.push(link.peer);
  }

  onRecord(link: Link, record: Rec): Promise<void> | undefined {
    const text = record.type === "entries" ? record.lines.join("|") : record.type;
    this.heard.push(text);
    return this.act(link, text);
  }

  onDrained(): void {
    this.drainedCount++;
  }

  onBulkDrained(): void {
    this.bulkDrainedCount++;
  }

  onClosed(_link: Link, error: ProtocolError, { byPeer }: { readonly byPeer: boolean }): void {
    this.closed.push({ code: error.code, byPeer, atMs: this.#nowMs() });
  }
}

/** One end with its link. */
export interface LinkEnd extends End {
  readonly link: Link;
  readonly owner: Recorder;
  /** Resolves when the link has ended. */
  readonly run: Promise<void>;
}

/** Makes and runs the link of one end. */
export function startLink(
  connection: Connection,
  options: { readonly at: "near" | "far"; readonly early?: Uint8Array; readonly stream?: Stream },
): LinkEnd {
  const end = connection[options.at];
  const { clock } = end;
  const isInitiator = options.at === "near";
  const number = isInitiator ? 1 : 2;
  const session = new Session({
    role: isInitiator ? "initiator" : "responder",
    crypto: CRYPTO,
    signer: CRYPTO.signer(new Uint8Array(32).fill(number)),
    staticKey: CRYPTO.dhKey(new Uint8Array(32).fill(number + 10)),
    ephemeral: new Uint8Array(32).fill(number + 20),
    prologue: NOTHING,
    instance: number,
  }, clock.nowMs());
  const owner = new Recorder(() => clock.nowMs());
  const link = new Link({ stream: options.stream ?? end.stream, session, clock, owner, isInitiator });
  return { ...end, link, owner, run: link.run(options.early ?? NOTHING) };
}

/** Two links that have shaken hands. */
export interface LinkPair extends Connection {
  readonly near: LinkEnd;
  readonly far: LinkEnd;
}

/** Connects two links, and waits until both are open. */
export async function linkPair(
  seed: string | number = 1,
  latencyMs: readonly [number, number] = [1, 5],
): Promise<LinkPair> {
  const connection = await connect(seed, latencyMs);
  const near = startLink(connection, { at: "near" });
  const far = startLink(connection, { at: "far" });
  await connection.time.runUntil(() => near.link.isOpen && far.link.isOpen, 5_000);
  const { time, segment } = connection;
  return {
    time,
    segment,
    near,
    far,
    get leftovers() {
      return connection.leftovers;
    },
  };
}

/** Closes the near end, and waits until nothing of either is left. */
export async function finish({ time, near, far }: LinkPair): Promise<void> {
  near.link.close("leaving");
  await time.drive(Promise.all([near.run, far.run]));
}
