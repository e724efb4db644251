/** What the user has chosen to send, before it is sent, and on its way to the own node. Pure. */

/** One chosen file: where it stands in what was chosen, and its bytes. */
export interface PickedFile {
  /** Its name, behind the names of the folders that it is in, from the chosen one on. */
  readonly path: readonly string[];
  /** Null for what the browser cannot read. */
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

/** Where an upload stands. */
export type UploadState =
  | { readonly at: "waiting" }
  /** It goes to the own node. */
  | { readonly at: "sending" }
  /** The node reads it, and makes the offer. */
  | { readonly at: "offering" }
  | { readonly at: "failed"; readonly problem: string };

/** A parcel on its way to the own node. */
export interface Upload {
  readonly id: string;
  /** The conversation, as the route names it. */
  readonly to: string;
  readonly parcel: Parcel;
  readonly doneBytes: number;
  readonly state: UploadState;
}

/** Files of one offer, and folders in folders; the node's own limits (room/offer.ts, web/file_routes.ts), which a test compares. */
export const PARCEL_FILES_MAX = 100_000;
/** Folders within folders of one offer. */
export const PARCEL_DEPTH_MAX = 32;
/** Characters that a part of a name may have in the list. */
const SHOWN_CHARS_MAX = 64;

/** Each file by itself, and all files of one folder together. */
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

/** A folder in which there is no file. */
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

/** The way to an upload's file at the node's address. */
export function toUploadPath({ path }: Pick<PickedFile, "path">): string {
  // Half a character has no place in an address; the node replaces it in the name.
  return path.map((part) => encodeURIComponent(part.toWellFormed())).join("/");
}

/** What is not seen, or turns the direction of what is; joiners are parts of letters and of emoji. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029]|(?![\u200C\u200D])\p{Cf}/gu;

/** A name of the user's own as it is listed: nothing in it is hidden, and the middle of a long one goes. */
export function shortenName(name: string): string {
  const chars = [...name.replaceAll(UNSEEN, "\uFFFD")];
  return chars.length <= SHOWN_CHARS_MAX
    ? chars.join("")
    : `${chars.slice(0, SHOWN_CHARS_MAX / 2).join("")}…${chars.slice(1 - SHOWN_CHARS_MAX / 2).join("")}`;
}

/** What a pasted picture is called: browsers call all of them "image.png". `time`: such as "2026-11-21 20-52-01". */
export function namePastedFile(name: string, time: string): string {
  const [, ending] = /^image(\.\w+)$/.exec(name) ?? [];
  return ending === undefined ? name : `${time}${ending}`;
}

/** Pictures that the page shows of what is about to be sent: kinds in which nothing runs. */
export function isPreviewed({ isFolder, files: [file] }: Parcel): boolean {
  return !isFolder && /^image\/(?:png|jpeg|gif|webp|avif)$/.test(file?.blob?.type ?? "");
}
