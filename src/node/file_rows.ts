/** Makes rows of offers. */

import { fileEnding, isProgramName, shownFileName } from "../room/file_name.ts";
import type { PeerId } from "../room/id.ts";
import { isFolderOffer } from "../room/offer.ts";
import type { Content } from "./content.ts";
import { type Conversations, isoTime } from "./conversations.ts";
import type { FileRow, FileState } from "./file_row.ts";
import type { KnownOffer } from "./known_offers.ts";
import { pictureTypeOf } from "./media_type.ts";
import type { People } from "./people.ts";
import type { RoomLabels } from "./room_labels.ts";

/** What rows are made of. */
export interface FileRowParts {
  readonly me: PeerId;
  readonly conversations: Conversations;
  readonly labels: RoomLabels;
  readonly people: People;
}

/** The offer as screens see it. */
export function fileRow(known: KnownOffer, content: Content, parts: FileRowParts): FileRow {
  const { me, conversations, labels, people } = parts;
  const { id, number, keeper, entry, offer } = known;
  const { memo, fetch, problem } = content;
  const state = stateOf(known, content, me);
  const isHere = state === "here";
  const bytesPerSecond = Math.round(fetch?.bytesPerSecond ?? 0);
  const gotBytes = isHere ? offer.sizeBytes : fetch?.gotBytes ?? content.keptBytes;
  const [line] = labels.lines(keeper, [entry]);
  return {
    id,
    number,
    roomId: entry.room,
    room: conversations.titleOf(keeper),
    author: entry.author,
    from: line?.label ?? "",
    mine: entry.author === me,
    time: isoTime(entry.wallMs),
    name: shownFileName(offer.name),
    ending: shownFileName(fileEnding(offer.name)),
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
    sources: [...people.labelsOf(fetch?.sources ?? []).values()],
    path: memo?.state === "here" ? memo.place : null,
    problem,
  };
}

/** By the ending of its name: what its author calls it does not count. */
export function isPicture({ offer }: KnownOffer): boolean {
  return !isFolderOffer(offer) && pictureTypeOf(offer.name) !== null;
}

function stateOf({ entry }: KnownOffer, { memo, fetch, problem, isGone }: Content, me: PeerId): FileState {
  if (memo === null) return entry.author === me ? "gone" : "offered";
  switch (memo.state) {
    case "here":
      return isGone ? "gone" : "here";
    case "paused":
      return "paused";
    case "wanted":
      if (problem !== null) return "failed";
      if (fetch?.isChecking) return "checking";
      return fetch !== null && fetch.sources.length > 0 ? "receiving" : "seeking";
  }
}
