/**
 * How much of this device the lines of others may take. A room's rules are the same everywhere and generous; what one device
 * keeps of people whom its user does not know is its own matter. Lines that are left out are asked for again when there is
 * room, or when their author becomes a contact.
 */

import { hintAt } from "../../messages/command_names.ts";
import { type Message, message } from "../../messages/message.ts";
import type { Ports } from "../../ports/node_ports.ts";
import type { PeerId } from "../../room/id.ts";
import type { Entry } from "../../room/entry.ts";
import type { ContactsFile } from "../../store/contacts/contacts_file.ts";
import type { Home } from "../../store/home/home.ts";
import type { LocalRoom } from "../room/local_room.ts";
import { formatTaggedName } from "../room/room_notices.ts";
import type { BackgroundTasks } from "../support/background_tasks.ts";
import type { Notices } from "../support/notices.ts";

/** Lines of one author in one room, of an author who is no contact: six years of 30 a day. */
export const STRANGER_ENTRIES_MAX = 65_536;
/** UTF-8 bytes of those lines. */
export const STRANGER_BYTES_MAX = 32 * 1024 * 1024;
/** Lines of all rooms together, beyond which those of strangers are left out: half of what a start can hold in memory. */
export const HOME_ENTRIES_FOR_STRANGERS = 2_000_000;
/** Free bytes on the disk below which lines of strangers are left out. */
export const FREE_BYTES_MIN = 256 * 1024 * 1024;
/** Between two looks at the disk, while lines come. */
export const FREE_CHECK_MS = 2_000;

export interface AuthorSharesParts {
  readonly me: PeerId;
  readonly ports: Pick<Ports, "clock" | "system">;
  readonly home: Pick<Home, "paths">;
  readonly contacts: Pick<ContactsFile, "contacts">;
  readonly notices: Pick<Notices, "add">;
  readonly tasks: Pick<BackgroundTasks, "track">;
}

/** The shares of one node's authors. */
export class AuthorShares {
  readonly #parts: AuthorSharesParts;
  readonly #told = new Set<string>();
  #freeBytes: number | null = null;
  #checkedAtMs = -Infinity;
  /** Rooms whose lines were left out because the disk was nearly full. */
  readonly #refused = new Set<LocalRoom>();

  constructor(parts: AuthorSharesParts) {
    this.#parts = parts;
  }

  /** Whether that entry of somebody else may be kept now. `rooms`: all of this node. */
  mayKeep(
    localRoom: LocalRoom,
    { author, sizeBytes, name }: Entry,
    rooms: readonly LocalRoom[],
  ): boolean {
    const { me, contacts } = this.#parts;
    this.#checkSoon();
    if (author === me || contacts.contacts.get(author)?.isIgnored === false) return true;
    const { replica } = localRoom;
    const isFull = replica.lastNumber(author) >= STRANGER_ENTRIES_MAX ||
      replica.feedBytes(author) + sizeBytes > STRANGER_BYTES_MAX;
    if (isFull) {
      this.#tellOnce(
        `share ${replica.id}`,
        message(
          "share.author-full",
          { author: formatTaggedName({ name, author }), max: STRANGER_ENTRIES_MAX, size: STRANGER_BYTES_MAX },
          hintAt("save", { name, id: author }),
        ),
      );
      return false;
    }
    if (this.#isDiskLow) {
      this.#refused.add(localRoom);
      this.#tellOnce(
        "disk",
        message("share.disk-low", { free: this.#freeBytes ?? 0 }),
      );
      return false;
    }
    if (
      rooms.reduce((sum, { replica: { entries } }) => sum + entries.length, 0) < HOME_ENTRIES_FOR_STRANGERS
    ) return true;
    this.#tellOnce(
      "home",
      message("share.home-full", { max: HOME_ENTRIES_FOR_STRANGERS }),
    );
    return false;
  }

  get #isDiskLow(): boolean {
    return this.#freeBytes !== null && this.#freeBytes < FREE_BYTES_MIN;
  }

  #tellOnce(subject: string, notice: Message): void {
    if (this.#told.has(subject)) return;
    this.#told.add(subject);
    this.#parts.notices.add(notice);
  }

  #checkSoon(): void {
    const { ports: { clock }, tasks } = this.#parts;
    const nowMs = clock.nowMs();
    if (nowMs - this.#checkedAtMs < FREE_CHECK_MS) return;
    this.#checkedAtMs = nowMs;
    tasks.track(this.#check());
  }

  async #check(): Promise<void> {
    const { ports: { system }, home } = this.#parts;
    this.#freeBytes = await system.readFreeBytes(home.paths.folder);
    if (this.#isDiskLow || this.#refused.size === 0) return;
    const refused = [...this.#refused];
    this.#refused.clear();
    this.#told.delete("disk");
    for (const { sync } of refused) sync.askAgain();
  }
}
