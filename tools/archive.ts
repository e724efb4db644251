/** Packs files into one archive. The same files and the same time give the same bytes, in every time zone. */

import { zipSync } from "fflate";
import { createTar } from "nanotar";
import type { Target } from "./targets.ts";

const PROGRAM_MODE = 0o755;
const TEXT_MODE = 0o644;
/** "Unix", so that the modes count. */
const ZIP_UNIX = 3;

/** A file to be packed. */
export interface Packed {
  /** With the folder that it is unpacked into. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isProgram: boolean;
}

/** The archive. The time is all files'; seconds count in one kind of archive, two seconds in the other. */
export async function pack(
  files: readonly Packed[],
  { archive, atMs }: Pick<Target, "archive"> & { readonly atMs: number },
): Promise<Uint8Array<ArrayBuffer>> {
  return archive === "zip" ? zipOf(files, atMs) : await gzip(tarOf(files, atMs));
}

function tarOf(files: readonly Packed[], atMs: number): Uint8Array {
  const owner = { uid: 0, gid: 0, user: "root", group: "root" };
  return createTar(files.map(({ name, bytes, isProgram }) => ({
    name,
    data: bytes,
    attrs: { ...owner, mtime: atMs, mode: modeOf(isProgram).toString(8) },
  })));
}

async function gzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A zip has times without a zone, and the library takes this machine's: so it gets one that reads as UTC does. */
function zipOf(files: readonly Packed[], atMs: number): Uint8Array<ArrayBuffer> {
  const mtime = atMs + new Date(atMs).getTimezoneOffset() * 60_000;
  return zipSync(Object.fromEntries(files.map(({ name, bytes, isProgram }) => [
    name,
    [bytes, { mtime, os: ZIP_UNIX, attrs: modeOf(isProgram) << 16 }],
  ])));
}

function modeOf(isProgram: boolean): number {
  return isProgram ? PROGRAM_MODE : TEXT_MODE;
}
