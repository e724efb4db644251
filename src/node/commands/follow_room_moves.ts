/** Follows a contact that moves a room of ours to a new one (see ReceivedInvitations.listMoves), then leaves the old room. */

import { message } from "../../messages/message.ts";
import { Backoff } from "../../client/backoff.ts";
import { WorldError } from "../../errors.ts";
import type { Chance } from "../../ports/crypto.ts";
import type { Clock, Timer } from "../../ports/time.ts";
import type { EntryAuthor } from "../rooms/entry_author.ts";
import type { ConversationDirectory } from "../views/conversation_directory.ts";
import type { JoinRoom } from "./join_room.ts";
import type { Invitation, ReceivedInvitations } from "./received_invitations.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";
import type { Rooms } from "../rooms/rooms.ts";

export interface RoomMoveFollowerParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly rooms: Rooms;
  readonly peerDirectory: PeerDirectory;
  readonly conversations: ConversationDirectory;
  readonly invitations: ReceivedInvitations;
  readonly joinRoom: JoinRoom;
  readonly entryAuthor: EntryAuthor;
  readonly signal: AbortSignal;
  readonly notices: Notices;
  readonly tasks: BackgroundTasks;
}

/** The moves of one node: one at a time, each repeated until it is done or no longer wanted. */
export class RoomMoveFollower {
  readonly #parts: RoomMoveFollowerParts;
  readonly #backoff = new Backoff();
  readonly #timer: Timer;
  #following: Promise<void> | undefined;
  /** The announced moves; read again after new entries. */
  #moves: readonly Invitation[] = [];

  constructor(parts: RoomMoveFollowerParts) {
    this.#parts = parts;
    this.#timer = parts.clock.timer(() => this.followNext());
  }

  /** New entries may announce a move. */
  noteMoves(): void {
    // We may be in the new room already, and its log is not loaded yet.
    if (this.#parts.rooms.loading.folders.length > 0) return;
    this.#moves = this.#parts.invitations.listMoves();
    this.followNext();
  }

  /** Follows the next move: a peer came that may have the new room, or a pause is over. */
  followNext(): void {
    const { clock, signal, peerDirectory, tasks } = this.#parts;
    if (this.#moves.length === 0 || this.#following !== undefined || signal.aborted) return;
    const nowMs = clock.nowMs();
    const move = this.#moves.find(({ link }) => this.#backoff.isReady(link.room, nowMs));
    if (move === undefined || peerDirectory.listPresent().length === 0) {
      return this.#timer.wakeAt(this.#backoff.wakeAtMs(nowMs));
    }
    this.#following = this.#tryFollow(move).catch(tasks.report).finally(() => {
      this.#following = undefined;
      if (!signal.aborted) this.noteMoves();
    });
  }

  /** Resolves when no move is under way; abort the signal first. */
  async close(): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#following;
  }

  async #tryFollow(move: Invitation): Promise<void> {
    const { clock, chance, signal } = this.#parts;
    const { room } = move.link;
    try {
      await this.#follow(move);
      this.#backoff.clear(room);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof WorldError)) throw error;
      this.#backoff.noteFailure(room, { nowMs: clock.nowMs(), fraction: chance.fraction() });
    }
  }

  async #follow({ link, from, movedFrom }: Invitation): Promise<void> {
    const { rooms, peerDirectory, conversations, joinRoom, entryAuthor, notices } = this.#parts;
    const old = movedFrom === null ? undefined : rooms.get(movedFrom);
    if (old === undefined) return;
    if (rooms.get(link.room)?.isIn !== true) {
      await joinRoom.joinByLink(link, { isAsked: false, likely: old.otherMembers });
      notices.add(
        message("move.followed", { name: peerDirectory.labelOf(from), room: conversations.titleOf(old) }),
      );
    }
    if (old.isIn) {
      await entryAuthor.write(old, { kind: "leave", body: "", doing: message("doing.leave-old") });
    }
  }
}
