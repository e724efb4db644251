/** Offers as rows, for screens. */

import { formatForShell } from "../../messages/format_message.ts";
import { findExtension, formatFileName, isProgramName } from "../../text/file_name.ts";
import type { PeerId } from "../../room/id.ts";
import { isFolderOffer } from "../../room/file_offer.ts";
import type { Transfer } from "./transfer.ts";
import { type ConversationDirectory, formatIsoTime } from "../views/conversation_directory.ts";
import type { FileRow, FileState } from "../../api/files.ts";
import type { KnownOffer } from "./offer_index.ts";
import { pictureTypeOf } from "./media_type.ts";
import type { PeerDirectory } from "../peers/peer_directory.ts";
import type { AuthorLabels } from "../rooms/author_labels.ts";

export interface FileRowsParts {
  readonly me: PeerId;
  readonly conversations: ConversationDirectory;
  readonly authorLabels: AuthorLabels;
  readonly peerDirectory: PeerDirectory;
}

/** Makes rows of offers, for screens. */
export class FileRows {
  readonly #parts: FileRowsParts;

  constructor(parts: FileRowsParts) {
    this.#parts = parts;
  }

  /** The offer as screens see it. */
  toRow(known: KnownOffer, transfer: Transfer): FileRow {
    const { me, conversations, authorLabels, peerDirectory } = this.#parts;
    const { id, number, localRoom, entry, offer } = known;
    const { memo, download, problem } = transfer;
    const state = findState(known, transfer, me);
    const isHere = state === "here";
    const bytesPerSecond = Math.round(download?.bytesPerSecond ?? 0);
    const gotBytes = isHere ? offer.sizeBytes : download?.gotBytes ?? transfer.keptBytes;
    const [line] = authorLabels.toLines(localRoom, [entry]);
    return {
      id,
      number,
      roomId: entry.room,
      room: conversations.titleOf(localRoom),
      author: entry.author,
      from: line?.label ?? "",
      mine: entry.author === me,
      time: formatIsoTime(entry.wallMs),
      name: formatFileName(offer.name),
      ending: formatFileName(findExtension(offer.name)),
      isProgram: isProgramName(offer.name),
      isFolder: isFolderOffer(offer),
      filesCount: offer.filesCount,
      sizeBytes: offer.sizeBytes,
      type: offer.type,
      isPicture: isPicture(known),
      state,
      gotBytes,
      bytesPerSecond,
      leftMs: bytesPerSecond === 0 ? null : Math.round((offer.sizeBytes - gotBytes) * 1_000 / bytesPerSecond),
      sources: [...peerDirectory.labelsOf(download?.sources ?? []).values()],
      path: memo?.state === "here" ? memo.place : null,
      problem: problem === null ? null : formatForShell(problem),
      problemMessage: problem,
    };
  }
}

/** Whether the name's extension is that of a picture; the author's media type does not count. */
export function isPicture({ offer }: KnownOffer): boolean {
  return !isFolderOffer(offer) && pictureTypeOf(offer.name) !== null;
}

function findState(
  { entry }: KnownOffer,
  { memo, download, problem, isGone }: Transfer,
  me: PeerId,
): FileState {
  if (memo === null) return entry.author === me ? "gone" : "offered";
  switch (memo.state) {
    case "here":
      return isGone ? "gone" : "here";
    case "paused":
      return "paused";
    case "wanted":
      if (problem !== null) return "failed";
      if (download?.isChecking) return "checking";
      return download !== null && download.sources.length > 0 ? "receiving" : "seeking";
  }
}
