/** What we look for at others: which fetch a record on a link is about, and that nothing comes that was not asked for. */

import { ProtocolError } from "../errors.ts";
import { Asked } from "../files/asked.ts";
import type { Asking } from "../files/pull.ts";
import type { Link } from "../net/pump.ts";
import { decodeBase64Url } from "../room/base64.ts";
import type { PeerId, RoomId } from "../room/id.ts";
import type { Rec } from "../wire/record.ts";

const HASH_BYTES = 32;

/** Whoever looks for a content. */
export interface Seeker {
  readonly room: RoomId;
  readonly manifest: string;
  onHolding(peer: PeerId, held: Extract<Rec, { type: "holding" }>["held"]): void;
  onBytes(peer: PeerId, record: Extract<Rec, { type: "piece" }>): void;
  onGone(peer: PeerId): void;
}

interface Desk {
  readonly asked: Asked;
  readonly seekers: Map<number, Seeker>;
  count: number;
}

/** The wishes of one node. */
export class Wishes {
  readonly #desks = new Map<Link, Desk>();

  /** Asks the peer on that link whether it has the content; again is harmless. */
  seek(link: Link, seeker: Seeker): void {
    const hash = decodeBase64Url(seeker.manifest, HASH_BYTES);
    if (hash === null) return;
    const desk = this.#desks.get(link) ?? { asked: new Asked(), seekers: new Map(), count: 0 };
    this.#desks.set(link, desk);
    const wish = numberOf(desk, seeker) ?? ++desk.count;
    desk.seekers.set(wish, seeker);
    link.send({ type: "seek", room: seeker.room, wish, manifest: hash });
  }

  /** Asks for a part. */
  want(link: Link, seeker: Seeker, asking: Omit<Asking, "source">): void {
    const desk = this.#desks.get(link);
    const wish = desk === undefined ? undefined : numberOf(desk, seeker);
    if (desk === undefined || wish === undefined) return;
    const { piece, offset, length } = asking;
    desk.asked.note(wish, { piece, offset, length });
    link.send({ type: "want", wish, piece, offset, length });
  }

  /** The seeker looks for nothing more. What is on its way still comes. */
  drop(seeker: Seeker): void {
    for (const [link, desk] of this.#desks) {
      const wish = numberOf(desk, seeker);
      if (wish === undefined) continue;
      desk.seekers.delete(wish);
      link.send({ type: "drop", wish });
    }
  }

  /** A peer says what it has. */
  onHolding(link: Link, { wish, held }: Extract<Rec, { type: "holding" }>): void {
    const seeker = this.#desks.get(link)?.seekers.get(wish);
    if (link.peer !== undefined) seeker?.onHolding(link.peer, held);
  }

  /** Bytes came. Those that nobody asked for end the session. */
  onPiece(link: Link, record: Extract<Rec, { type: "piece" }>): void {
    const desk = this.#desks.get(link);
    const { wish, piece, offset, bytes } = record;
    try {
      if (desk === undefined) throw new ProtocolError("bad-record", "bytes that nobody asked for");
      desk.asked.take(wish, { piece, offset, length: bytes.length });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return link.close(error.code);
    }
    if (link.peer !== undefined) desk.seekers.get(wish)?.onBytes(link.peer, record);
  }

  /** The link is gone. */
  forget(link: Link): void {
    const desk = this.#desks.get(link);
    this.#desks.delete(link);
    if (desk === undefined || link.peer === undefined) return;
    for (const seeker of desk.seekers.values()) seeker.onGone(link.peer);
  }
}

function numberOf(desk: Desk, seeker: Seeker): number | undefined {
  for (const [wish, one] of desk.seekers) if (one === seeker) return wish;
  return undefined;
}
