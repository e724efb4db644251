/** Reads the files that the user picks, drops or pastes, with their folders. */

import {
  groupIntoParcels,
  namePastedFile,
  type Parcel,
  PARCEL_FILES_MAX,
  type PickedFile,
  toEmptyFolder,
} from "../state/parcels.ts";

/** Whether the user is dragging files. */
export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") === true;
}

/** Reads the choice of a picker, of files or of a folder. */
export function readPicker(input: HTMLInputElement): readonly Parcel[] {
  const picked = [...input.files ?? []].map((file) => ({
    path: file.webkitRelativePath === "" ? [file.name] : file.webkitRelativePath.split("/"),
    blob: file,
  }));
  // Without this, the same file could not be chosen again.
  input.value = "";
  return groupIntoParcels(picked);
}

/** Reads pasted pictures and files. A picture that a program put beside a text is ignored. */
export function readPaste(transfer: DataTransfer | null): readonly Parcel[] {
  if (transfer === null || transfer.files.length === 0) return [];
  if (transfer.types.includes("text/html") && transfer.getData("text/plain").trim() !== "") return [];
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${
    [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-")
  }`;
  return groupIntoParcels(
    [...transfer.files].map((file) => ({ path: [namePastedFile(file.name, time)], blob: file })),
  );
}

/** Reads dropped files, and folders with all their files. */
export async function readDrop(transfer: DataTransfer | null): Promise<readonly Parcel[]> {
  // The browser forgets the drop at the first await, so everything is taken now.
  const items = [...transfer?.items ?? []].filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const picked: PickedFile[] = [];
  const empty: Parcel[] = [];
  for (const { entry, file } of items) {
    // A picture that is dragged from another page has no entry on this device.
    if (entry === null && file !== null) picked.push({ path: [file.name], blob: file });
    if (entry === null) continue;
    const before = picked.length;
    await collectFiles(entry, [entry.name], picked);
    if (entry.isDirectory && picked.length === before) empty.push(toEmptyFolder(entry.name));
  }
  return [...empty, ...groupIntoParcels(picked)];
}

async function collectFiles(
  entry: FileSystemEntry,
  path: readonly string[],
  picked: PickedFile[],
): Promise<void> {
  // One more than the limit is enough to know that there are too many.
  if (picked.length > PARCEL_FILES_MAX) return;
  if (isFile(entry)) {
    const blob = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    picked.push({ path, blob });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    while (true) {
      // It returns at most a hundred at a time.
      const some = await new Promise<readonly FileSystemEntry[] | null>((resolve) =>
        reader.readEntries(resolve, () => resolve(null))
      );
      // An unreadable folder must not be left out silently.
      if (some === null) picked.push({ path: [...path, ""], blob: null });
      if (some === null || some.length === 0) return;
      for (const inner of some) await collectFiles(inner, [...path, inner.name], picked);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
