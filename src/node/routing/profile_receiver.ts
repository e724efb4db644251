/** What follows when a peer tells its profile. */

import { hintAt } from "../../messages/command_names.ts";
import { message } from "../../messages/message.ts";
import type { AddressBook } from "../../client/address_book.ts";
import type { Connection } from "../../net/connection.ts";
import { sanitizeLine } from "../../text/sanitize.ts";
import type { AutoContacts } from "../peers/auto_contacts.ts";
import type { PeerDirectory, PeerProfile } from "../peers/peer_directory.ts";
import type { Notices } from "../support/notices.ts";
import type { PeerRouter } from "./peer_router.ts";

export interface ProfileReceiverParts {
  readonly book: AddressBook;
  readonly peerDirectory: PeerDirectory;
  readonly autoContacts: AutoContacts;
  readonly peerRouter: PeerRouter;
  readonly notices: Notices;
}

/** Receives the profiles of one node's peers. */
export class ProfileReceiver {
  readonly #parts: ProfileReceiverParts;

  constructor(parts: ProfileReceiverParts) {
    this.#parts = parts;
  }

  /** Notes the profile; a peer that takes the place of a contact under another key is refused. */
  receive(connection: Connection, profile: PeerProfile): void {
    const { peerDirectory, book, autoContacts, peerRouter, notices } = this.#parts;
    const { peer, remote: { address } } = connection;
    if (peer === undefined) return;
    const impersonated = autoContacts.findImpersonated(peer, profile, address);
    if (impersonated !== undefined) {
      notices.add(
        message("notice.impostor", { address, name: sanitizeLine(profile.name) }, hintAt("forget", "NAME")),
        `impersonated ${impersonated.id}`,
      );
      return connection.close("wrong-key");
    }
    peerDirectory.setProfile(peer, profile);
    book.note(peer, { address, port: profile.rendezvousPort });
    if (autoContacts.has(peer)) autoContacts.add(peer);
    peerRouter.onPeers();
  }
}
