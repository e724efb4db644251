/** An offer of files, as screens see it. A part of the vocabulary. */

import { hintAt } from "../messages/command_names.ts";
import { type Message, message } from "../messages/message.ts";
import type { PeerId, RoomId } from "../room/id.ts";

/** Tells that offers do not all fit into the list of a conversation, and what to do. Nothing of them was offered. */
export function describeCrowding(
  { count, freeCount }: { readonly count: number; readonly freeCount: number },
): Message {
  return freeCount === 0
    ? message("offer.list-full", {}, hintAt("host"))
    : message("offer.list-short", { wanted: count, count: freeCount });
}

/** Where an offer of files stands on this node. */
export type FileState =
  /** Nobody here has asked for it. */
  | "offered"
  /** It is wanted, and nobody who has it is here. */
  | "seeking"
  | "receiving"
  /** What came before the last stop is looked through. */
  | "checking"
  | "paused"
  /** All of it is here, at `path`, and others can get it from us. */
  | "here"
  /** It was here; it was changed, moved or removed since, or is no longer served. */
  | "gone"
  /** `problem` says why; `get` tries again. */
  | "failed";

/** A file or folder that somebody offered in a conversation. */
export interface FileRow {
  /** For good. */
  readonly id: string;
  /** To be typed; good as long as the node runs. */
  readonly number: number;
  readonly roomId: RoomId;
  /** The room's title, or the other's name. */
  readonly room: string;
  readonly author: PeerId;
  /** The author's name, as LogRow has it. */
  readonly from: string;
  /** We offered it. */
  readonly mine: boolean;
  /** By the author's clock, ISO 8601. */
  readonly time: string;
  /** As it was offered, made safe to print; long names are cut in the middle. */
  readonly name: string;
  /** What opens it, such as ".exe" of "photo.jpg.exe"; "" if there is none. To be shown apart from the name. */
  readonly ending: string;
  /** Opening it may run something. */
  readonly isProgram: boolean;
  readonly isFolder: boolean;
  readonly filesCount: number;
  readonly sizeBytes: number;
  /** A media type, as its author says. */
  readonly type: string;
  /** It can be shown as a picture, once it is here: a kind that no browser runs anything of. */
  readonly isPicture: boolean;
  readonly state: FileState;
  /** How much of it is here and checked. */
  readonly gotBytes: number;
  /** While it is received; else 0. */
  readonly bytesPerSecond: number;
  /** Null while nobody can tell. */
  readonly leftMs: number | null;
  /** Who sends it to us now, by name. */
  readonly sources: readonly string[];
  /** Where it is, once it is here; null before. */
  readonly path: string | null;
  /** A sentence for the user; null if all is well. */
  readonly problem: string | null;
  readonly problemMessage?: Message | null;
}

/** What a node tells of files on its own. */
export type FileEvent =
  /** An offer is another than before; while it is received, four times a second. */
  | { readonly event: "file"; readonly file: FileRow }
  /** What is about to be offered is being read; the entry follows when all was. */
  | {
    readonly event: "reading";
    readonly roomId: RoomId;
    readonly name: string;
    readonly readBytes: number;
    readonly sizeBytes: number;
  };
