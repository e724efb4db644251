/** Files that the user has chosen to send, and those on their way to the user's own node. Pure. */

/** A chosen file. */
export interface PickedFile {
  /** Its name, after the names of its folders from the chosen one on. */
  readonly path: readonly string[];
  /** Null if the browser cannot read it. */
  readonly blob: Blob | null;
}

/** A file or a folder that becomes one offer. */
export interface Parcel {
  readonly name: string;
  readonly isFolder: boolean;
  readonly files: readonly PickedFile[];
  readonly sizeBytes: number;
  /** Why it cannot be sent; null if it can. */
  readonly problem: "empty" | "many" | "deep" | "unread" | null;
}

/** The state of an upload. */
export type UploadState =
  | { readonly at: "waiting" }
  /** It is being sent to the user's own node. */
  | { readonly at: "sending" }
  /** The node reads it and makes the offer. */
  | { readonly at: "offering" }
  | { readonly at: "failed"; readonly problem: string };

/** A parcel on its way to the user's own node. */
export interface Upload {
  readonly id: string;
  /** The conversation's id in the route. */
  readonly to: string;
  readonly parcel: Parcel;
  readonly doneBytes: number;
  readonly state: UploadState;
}

/** Files of one offer, and folders in folders; the node's own limits (room/offer.ts, web/file_routes.ts), which a test compares. */
export const PARCEL_FILES_MAX = 100_000;
/** Folders within folders of one offer. */
export const PARCEL_DEPTH_MAX = 32;
/** Characters of a name in the list. */
const SHOWN_CHARS_MAX = 64;

/** Groups files: each file is a parcel, and so is each folder with all its files. */
export function groupIntoParcels(picked: readonly PickedFile[]): readonly Parcel[] {
  const folders = new Map<string, PickedFile[]>();
  const parcels: Parcel[] = [];
  for (const one of picked) {
    const [folder = "", ...inner] = one.path;
    if (inner.length === 0) {
      parcels.push(toParcel({ name: folder, files: [one], isFolder: false }));
      continue;
    }
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [one]);
    else files.push(one);
  }
  return [...[...folders].map(([name, files]) => toParcel({ name, files, isFolder: true })), ...parcels];
}

/** A parcel for a folder without files. */
export function toEmptyFolder(name: string): Parcel {
  return { name, isFolder: true, files: [], sizeBytes: 0, problem: "empty" };
}

function toParcel(parts: Pick<Parcel, "name" | "files" | "isFolder">): Parcel {
  const { files } = parts;
  return {
    ...parts,
    sizeBytes: files.reduce((sum, { blob }) => sum + (blob?.size ?? 0), 0),
    problem: files.length > PARCEL_FILES_MAX
      ? "many"
      : files.some(({ path }) => path.length > PARCEL_DEPTH_MAX)
      ? "deep"
      : files.some(({ blob }) => blob === null)
      ? "unread"
      : null,
  };
}

/** The path of an upload's file at the node's address. */
export function toUploadPath({ path }: Pick<PickedFile, "path">): string {
  // Half a surrogate pair cannot be encoded. The node replaces it in the name as well.
  return path.map((part) => encodeURIComponent(part.toWellFormed())).join("/");
}

/** Invisible characters, and those that change the direction. Joiners are parts of letters and emoji. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029]|(?![\u200C\u200D])\p{Cf}/gu;

/** Shortens a name for the list: nothing in it is hidden, and a long one loses its middle. */
export function shortenName(name: string): string {
  const chars = [...name.replaceAll(UNSEEN, "\uFFFD")];
  return chars.length <= SHOWN_CHARS_MAX
    ? chars.join("")
    : `${chars.slice(0, SHOWN_CHARS_MAX / 2).join("")}…${chars.slice(1 - SHOWN_CHARS_MAX / 2).join("")}`;
}

/** Names a pasted picture by its time, because browsers name all of them "image.png". `time`: such as "2026-11-21 20-52-01". */
export function namePastedFile(name: string, time: string): string {
  const [, ending] = /^image(\.\w+)$/.exec(name) ?? [];
  return ending === undefined ? name : `${time}${ending}`;
}

/** Whether the page shows a preview: only formats in which nothing runs. */
export function isPreviewed({ isFolder, files: [file] }: Parcel): boolean {
  return !isFolder && /^image\/(?:png|jpeg|gif|webp|avif)$/.test(file?.blob?.type ?? "");
}
