/** Large files on the simulated drive. It has no links. */

import { DiskError } from "../../src/errors.ts";
import type { Files, ReadFile, WriteFile } from "../../src/ports/storage.ts";
import type { Drive, DriveFile } from "./drive.ts";

/** How calls take their time, and end with their process. */
export interface FilesLife {
  call<T>(effect: () => T): Promise<T>;
  sync(effect: () => void): Promise<void>;
  /** One more file is open, or one less. */
  onOpen(change: 1 | -1): void;
}

/** The Files of one process. */
export function simFiles(drive: Drive, { call, sync, onOpen }: FilesLife): Files {
  return {
    stat: (given) =>
      call(() => {
        const node = drive.look(slashed(given));
        if (node === undefined) return null;
        return node === null
          ? { kind: "folder", sizeBytes: 0, modifiedMs: 0 }
          : { kind: "file", sizeBytes: node.bytes.length, modifiedMs: node.revision };
      }),
    list: (given) =>
      call(() => {
        if (drive.look(slashed(given)) === undefined) {
          throw new DiskError("missing", `Cannot list "${given}"`);
        }
        return drive.list(slashed(given));
      }),
    openRead: (given) => call(() => readFile(drive, slashed(given))),
    makePrivateFolder: (given) => call(() => drive.makeFolder(slashed(given))),
    openWrite: (given) => call(() => writeFile(drive.open(slashed(given)))),
    moveNew: (from, to) => call(() => drive.moveNew(slashed(from), slashed(to))),
    removeAll: (given) => call(() => drive.removeAll(slashed(given))),
    markForeign: () => Promise.resolve(),
  };

  function readFile(drive: Drive, path: string): ReadFile {
    const file = drive.look(path);
    if (file === undefined) throw new DiskError("missing", `Cannot open "${path}"`);
    if (file === null) throw new DiskError("failed", `Cannot open "${path}": it is a folder`);
    const isOpen = openness(path, onOpen);
    return {
      read: (into, atByte) =>
        call(() => {
          isOpen.check();
          const part = file.bytes.subarray(atByte, atByte + into.length);
          into.set(part);
          return part.length;
        }),
      close: () => isOpen.end(),
    };
  }

  function writeFile(file: DriveFile): WriteFile {
    const isOpen = openness("a file", onOpen);
    return {
      write: (given, atByte) => {
        const bytes = given.slice();
        return call(() => {
          isOpen.check();
          if (drive.isReadOnly) throw new DiskError("read-only", "Cannot write");
          drive.write(file, bytes, atByte);
        });
      },
      sync: () =>
        sync(() => {
          isOpen.check();
          drive.sync(file);
        }),
      close: () => isOpen.end(),
    };
  }
}

function openness(path: string, onOpen: FilesLife["onOpen"]): { check(): void; end(): void } {
  let isOpen = true;
  onOpen(1);
  return {
    check() {
      if (!isOpen) throw new DiskError("failed", `Cannot use "${path}": it is closed`);
    },
    end() {
      if (isOpen) onOpen(-1);
      isOpen = false;
    },
  };
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
