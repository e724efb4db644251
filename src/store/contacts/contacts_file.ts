/** contacts.dat on disk. The user may edit it at the same time: neither side's changes undo the other's. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { Disk } from "../../ports/storage.ts";
import type { PeerId } from "../../room/id.ts";
import { bytesEqual } from "../../encoding/bytes_equal.ts";
import { CoalescedTask } from "../files/coalesced_task.ts";
import type { Contact, ContactChanges, PlannedAddress } from "./contact_record.ts";
import { type Contacts, CONTACTS_VERSION, parseContacts, toPlannedAddressKey } from "./contacts.ts";
import { replaceFile } from "../files/atomic_write.ts";
import { formatDiskError } from "../files/disk_error_text.ts";

/** Our changes to one contact since the file was last written. */
type Change =
  | { readonly kind: "add" | "change"; readonly fields: ContactChanges }
  | { readonly kind: "remove" };

/** Our changes to one address. */
interface PlannedAddressChange {
  readonly kind: "add" | "remove";
  readonly place: PlannedAddress;
}

/** All our changes. */
interface Changes {
  readonly contacts: Map<PeerId, Change>;
  readonly places: Map<string, PlannedAddressChange>;
}

/**
 * Reads the contacts; a missing file means none. @throws {WorldError} if the disk fails or the file is of a later
 * version. It is kept as it is.
 */
export async function openContacts(disk: Disk, path: string): Promise<ContactsFile> {
  const bytes = await formatDiskError(message("doing.read-contacts", { path }), () => disk.read(path));
  return new ContactsFile(disk, { path, bytes: bytes ?? new Uint8Array(0) });
}

/** The contacts of a home. Changes apply immediately; `save` writes them. */
export class ContactsFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #saves = new CoalescedTask(() => this.#write());
  #contacts: Contacts;
  /** The file as last read or written. */
  #bytes: Uint8Array;
  /** Changes that the file lacks, so that they can be repeated on the user's version of the file. */
  #changes = createChanges();

  /** For `openContacts`. @throws {WorldError}. */
  constructor(disk: Disk, { path, bytes }: { readonly path: string; readonly bytes: Uint8Array }) {
    this.#disk = disk;
    this.#path = path;
    this.#bytes = bytes;
    this.#contacts = parseOrRefuse(bytes, path);
  }

  /** The contacts now. To be changed only through this file. */
  get contacts(): Pick<
    Contacts,
    "revision" | "all" | "ignored" | "plannedAddresses" | "get" | "findByName" | "problems"
  > {
    return this.#contacts;
  }

  /** Changes the contact, or adds it. */
  upsert(id: PeerId, changes: ContactChanges): Contact {
    const isKnown = this.#contacts.get(id) !== undefined;
    const contact = this.#contacts.upsert(id, changes);
    const before = this.#changes.contacts.get(id);
    // Added again after a removal: all fields are ours, so that nothing of the old contact returns.
    const fields = before?.kind === "remove" ? contact : changes;
    this.#changes.contacts.set(id, mergeChanges(before, { kind: isKnown ? "change" : "add", fields }));
    return contact;
  }

  /** Removes the contact. False if there is none. */
  remove(id: PeerId): boolean {
    const isRemoved = this.#contacts.remove(id);
    if (isRemoved) this.#changes.contacts.set(id, { kind: "remove" });
    return isRemoved;
  }

  /** Adds the address. False if it exists already or is invalid. */
  addPlannedAddress(place: PlannedAddress): boolean {
    const isAdded = this.#contacts.addPlannedAddress(place);
    if (isAdded) this.#changes.places.set(toPlannedAddressKey(place), { kind: "add", place });
    return isAdded;
  }

  /** Removes the address. False if there is none. */
  removePlannedAddress(place: PlannedAddress): boolean {
    const isRemoved = this.#contacts.removePlannedAddress(place);
    if (isRemoved) this.#changes.places.set(toPlannedAddressKey(place), { kind: "remove", place });
    return isRemoved;
  }

  /**
   * Merges the user's edits of the file, and writes our changes. One save runs at a time; all calls meanwhile share
   * the next. @throws {WorldError} on failure; the file is then unchanged, and the next save tries again.
   */
  save(): Promise<void> {
    return this.#saves.run();
  }

  async #write(): Promise<void> {
    const found = await formatDiskError(
      message("doing.read-contacts", { path: this.#path }),
      () => this.#disk.read(this.#path),
    );
    // A missing or empty file is an editor that is still saving, not a wish to lose all contacts.
    if (found !== null && found.length > 0 && !bytesEqual(found, this.#bytes)) this.#mergeFile(found);
    const bytes = this.#contacts.format();
    const changes = this.#changes;
    this.#changes = createChanges();
    if (bytesEqual(bytes, this.#bytes)) return;
    try {
      await formatDiskError(
        message("doing.save-contacts", { path: this.#path }),
        () => replaceFile(this.#disk, { path: this.#path, bytes }),
      );
      this.#bytes = bytes;
    } catch (error) {
      const { contacts, places } = this.#changes;
      for (const [id, later] of contacts) {
        changes.contacts.set(id, mergeChanges(changes.contacts.get(id), later));
      }
      for (const [key, later] of places) changes.places.set(key, later);
      this.#changes = changes;
      throw error;
    }
  }

  #mergeFile(bytes: Uint8Array): void {
    const contacts = parseOrRefuse(bytes, this.#path);
    for (const [id, change] of this.#changes.contacts) applyChange(contacts, id, change);
    for (const { kind, place } of this.#changes.places.values()) {
      if (kind === "add") contacts.addPlannedAddress(place);
      else contacts.removePlannedAddress(place);
    }
    this.#contacts = contacts;
    this.#bytes = bytes;
  }
}

function createChanges(): Changes {
  return { contacts: new Map(), places: new Map() };
}

function parseOrRefuse(bytes: Uint8Array, path: string): Contacts {
  const contacts = parseContacts(bytes);
  if (contacts.version <= CONTACTS_VERSION) return contacts;
  throw new WorldError(
    message("contacts.later-version", { path, version: contacts.version, known: CONTACTS_VERSION }),
  );
}

/** Applies our change to the user's version, which stays otherwise unchanged. */
function applyChange(contacts: Contacts, id: PeerId, change: Change): void {
  if (change.kind === "remove") contacts.remove(id);
  // A contact that the user removed stays removed: a recorded detail is no reason to bring it back.
  else if (change.kind === "add" || contacts.get(id) !== undefined) contacts.upsert(id, change.fields);
}

/** Both changes as one. */
function mergeChanges(before: Change | undefined, later: Change): Change {
  if (before === undefined || before.kind === "remove" || later.kind === "remove") return later;
  return { kind: before.kind, fields: { ...before.fields, ...later.fields } };
}
