/** Files that users of simulated machines offer and get. */

import { assert } from "@std/assert";
import type { FileRow, FileState } from "../../src/node/file_row.ts";
import type { SimMachine, SimWorld } from "../sim/world.ts";

/** A folder of the user. */
export const DESK = "/desk";

/** Bytes that differ from piece to piece. */
export function content(sizeBytes: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: sizeBytes }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return state >> 16;
  });
}

/** A file on the desk; its path. */
export function put(machine: SimMachine, path: string, bytes: Uint8Array): string {
  machine.disk.put(`${DESK}/${path}`, bytes);
  return `${DESK}/${path}`;
}

/** The first offer that the machine knows of. @throws {Error} if there is none. */
export async function fileOf(machine: SimMachine): Promise<FileRow> {
  const { files } = await machine.run({ do: "files" });
  const [file] = files;
  assert(file !== undefined, `${machine.name} knows of no offer`);
  return file;
}

/** Waits until that offer is in that state. @throws {Error} if it does not get there. */
export async function until(
  world: SimWorld,
  machine: SimMachine,
  state: FileState,
  msMax = 60_000,
): Promise<FileRow> {
  for (let ms = 0; ms < msMax; ms += 100) {
    const file = await fileOf(machine);
    if (file.state === state) return file;
    await world.time.runFor(100);
  }
  const file = await fileOf(machine);
  throw new Error(`${machine.name} has it ${file.state}, not ${state}: ${JSON.stringify(file)}`);
}
