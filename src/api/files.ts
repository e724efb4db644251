/** An offer of files, as screens see it. A part of the vocabulary. */

import type { PeerId, RoomId } from "../room/id.ts";

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
}

/** What a screen can ask for about files. */
export type FileCommand =
  /** Offers files and folders, each by itself: absolute paths on the node's machine, or what a page has uploaded (see PageUploads in docs/protocol.md). */
  | {
    readonly do: "offer";
    readonly to: string;
    readonly paths?: readonly string[];
    readonly upload?: string;
  }
  /** What is offered in a conversation, or in all; oldest first. */
  | { readonly do: "files"; readonly to?: string }
  /** Fetches what is offered, also again after a pause. A `file` is an id or number of a FileRow, or a name. `into`: an absolute path of a folder that is there; else it goes to the room's own. */
  | { readonly do: "get"; readonly file: string; readonly to?: string; readonly into?: string }
  /** Stops fetching for now. What has come is kept. */
  | { readonly do: "pause"; readonly file: string; readonly to?: string }
  /** Stops fetching, and removes what has come; of an own offer: it is served no more. What is complete stays. */
  | { readonly do: "cancel"; readonly file: string; readonly to?: string };

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
