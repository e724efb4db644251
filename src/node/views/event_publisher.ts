/** Publishes events for screens: peers, rooms, new entries, receipts. Events are hints; commands read the state. */

import type { Clock, Timer } from "../../ports/time.ts";
import type { Entry } from "../../room/entry.ts";
import type { PeerId, RoomId } from "../../room/id.ts";
import type { ReceiptMarks } from "../../room/receipts.ts";
import type { ConversationDirectory } from "./conversation_directory.ts";
import type { EventHub } from "../support/event_hub.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { PeerPolicy } from "../peers/peer_policy.ts";
import type { RequestPolicy } from "../peers/request_policy.ts";
import type { LocalRoom } from "../room/local_room.ts";
import type { AuthorLabels } from "../rooms/author_labels.ts";
import type { PeerRow, RoomRow } from "../../api/commands.ts";

/** Changes of peers and rooms are published together, at most this often: a room's row takes a pass over its entries. */
const PEERS_PUBLISHED_MS = 100;
/** Extra time per present peer: each publication compares all of them. */
const PEERS_PUBLISHED_MS_EACH = 1;

export interface EventPublisherParts {
  readonly clock: Clock;
  readonly hub: EventHub;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly requestPolicy: RequestPolicy;
  readonly authorLabels: AuthorLabels;
  readonly policy: PeerPolicy;
}

/** The publisher of one node. */
export class EventPublisher {
  readonly #parts: EventPublisherParts;
  readonly #states = new Map<RoomId, ReceiptMarks>();
  readonly #timer: Timer;
  #publishedPeers: ReadonlyMap<PeerId, PeerRow> = new Map();
  #publishedRooms: ReadonlyMap<RoomId, RoomRow> = new Map();
  readonly #changedRooms = new Set<LocalRoom>();
  #isArmed = false;

  constructor(parts: EventPublisherParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.#publishChanges());
  }

  /** The present peers, as last published. */
  get presentPeers(): readonly PeerRow[] {
    return [...this.#publishedPeers.values()];
  }

  /** Peers, their details or the rooms that they host may have changed. */
  onPeers(): void {
    this.#publishSoon();
  }

  #publishSoon(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const afterMs = Math.max(PEERS_PUBLISHED_MS, PEERS_PUBLISHED_MS_EACH * this.#publishedPeers.size);
    this.#timer.wakeAt(this.#parts.clock.nowMs() + afterMs);
  }

  /** These entries are new on our disk. */
  onEntries(localRoom: LocalRoom, entries: readonly Entry[]): void {
    const { hub, conversations, authorLabels, policy } = this.#parts;
    authorLabels.note(localRoom, entries);
    if (!hub.hasListeners) return;
    if (this.#publishRequest(localRoom, entries)) return;
    const lines = authorLabels.toLines(localRoom, entries.filter((entry) => !policy.isBlocked(entry.author)));
    for (const row of conversations.toLogRows(localRoom, lines)) hub.publish({ event: "entry", row });
  }

  /** Publishes a stranger's entries as a request, and an invitation as both. Returns whether the entries stay unpublished. */
  #publishRequest(localRoom: LocalRoom, entries: readonly Entry[]): boolean {
    const { hub, peerDirectory, requestPolicy } = this.#parts;
    const other = localRoom.directPeer;
    const isRequest = requestPolicy.isRequest(localRoom);
    const isInvitation = entries.some(({ kind, author }) => kind === "invite" && author === other);
    if (other !== undefined && (isRequest || isInvitation) && requestPolicy.isWelcome(other)) {
      hub.publish({ event: "request", from: peerDirectory.toRow(other), roomId: localRoom.replica.id });
    }
    return isRequest;
  }

  /** The room changed: its members or its host. */
  onRoom(localRoom: LocalRoom): void {
    this.#changedRooms.add(localRoom);
    this.#publishSoon();
  }

  /** A member's disk has more of our feed: publishes up to which of our entries each state holds now. */
  onReceipts(localRoom: LocalRoom): void {
    const { hub } = this.#parts;
    const { id } = localRoom.replica;
    const before = this.#states.get(id) ?? { passed: 0, everywhere: 0 };
    const { passed, everywhere } = localRoom.receiptMarks;
    this.#states.set(id, { passed, everywhere });
    if (everywhere > before.everywhere) {
      hub.publish({ event: "state", roomId: id, number: everywhere, state: "everywhere" });
    }
    if (passed > before.passed && passed > everywhere) {
      hub.publish({ event: "state", roomId: id, number: passed, state: "passed" });
    }
  }

  /** Stops the timer. */
  close(): void {
    this.#timer[Symbol.dispose]();
  }

  #publishNearby(): void {
    const rows = new Map(this.#parts.conversations.listNearbyRows().map((row) => [row.id, row]));
    for (const [id, row] of rows) {
      const isTold = JSON.stringify(this.#publishedRooms.get(id)) === JSON.stringify(row);
      if (!isTold) this.#parts.hub.publish({ event: "room", room: row });
    }
    this.#publishedRooms = rows;
  }

  #publishChanges(): void {
    this.#isArmed = false;
    const { hub, conversations } = this.#parts;
    if (hub.hasListeners) {
      for (const localRoom of this.#changedRooms) {
        hub.publish({ event: "room", room: conversations.toRow(localRoom) });
      }
    }
    this.#changedRooms.clear();
    this.#publishNearby();
    this.#publishPeers();
  }

  #publishPeers(): void {
    const { peerDirectory, hub } = this.#parts;
    const now = new Map(peerDirectory.toRows(peerDirectory.listPresent()).map((row) => [row.id, row]));
    for (const [id, row] of now) {
      const before = this.#publishedPeers.get(id);
      if (before === undefined) hub.publish({ event: "peer", change: "new", peer: row });
      else if (!isSameRow(before, row)) hub.publish({ event: "peer", change: "changed", peer: row });
    }
    for (const [id, row] of this.#publishedPeers) {
      if (!now.has(id)) {
        hub.publish({ event: "peer", change: "gone", peer: { ...row, here: false, connected: false } });
      }
    }
    this.#publishedPeers = now;
  }
}

/** Whether the rows are equal but for the time when the peer was last heard. */
function isSameRow(left: PeerRow, right: PeerRow): boolean {
  return JSON.stringify({ ...left, seen: null }) === JSON.stringify({ ...right, seen: null });
}
