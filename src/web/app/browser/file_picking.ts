/** What the user picks, drops or pastes, as files with the folders that they are in. */

import {
  groupIntoParcels,
  namePastedFile,
  type Parcel,
  PARCEL_FILES_MAX,
  type PickedFile,
  toEmptyFolder,
} from "../state/parcels.ts";

/** Whether files hang on the pointer. */
export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") === true;
}

/** What was chosen with a picker, of files or of a folder. */
export function readPicker(input: HTMLInputElement): readonly Parcel[] {
  const picked = [...input.files ?? []].map((file) => ({
    path: file.webkitRelativePath === "" ? [file.name] : file.webkitRelativePath.split("/"),
    blob: file,
  }));
  // The same file can be chosen again only if nothing is.
  input.value = "";
  return groupIntoParcels(picked);
}

/** What was pasted: pictures and files, but not the picture that programs put beside a text. */
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

/** What was dropped, folders with all that is in them. */
export async function readDrop(transfer: DataTransfer | null): Promise<readonly Parcel[]> {
  // All of it has to be taken before the first wait: then the browser forgets what was dropped.
  const items = [...transfer?.items ?? []].filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const picked: PickedFile[] = [];
  const empty: Parcel[] = [];
  for (const { entry, file } of items) {
    // A picture that is dragged out of another page is in no folder of this device.
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
  // One more than may be sent is enough to know that it is too much.
  if (picked.length > PARCEL_FILES_MAX) return;
  if (isFile(entry)) {
    const blob = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    picked.push({ path, blob });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    while (true) {
      // It gives a hundred at a time.
      const some = await new Promise<readonly FileSystemEntry[] | null>((resolve) =>
        reader.readEntries(resolve, () => resolve(null))
      );
      // It must not be missing without a word.
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
