/** Writes a home with years of conversations, each line signed as a node does it. */

import { denoCrypto } from "../src/deno/crypto.ts";
import { denoDisk } from "../src/deno/disk.ts";
import type { Signer } from "../src/ports/crypto.ts";
import { foundRoom } from "../src/room/access.ts";
import { type Entry, writeEntry } from "../src/room/entry.ts";
import { openHome } from "../src/store/home/home.ts";
import { loadOrCreateIdentity } from "../src/store/home/identity.ts";

/** Of each room, its founder among them: no feed takes more than 262,144 entries. */
const AUTHORS = 5;
const LINES_A_WRITE = 1_000;
const TEXT =
  "One hundred characters, as people write them to each other when they sit in one room, more or less.";
const FROM_WALL_MS = 1_700_000_000_000;

/** What a room is called; from 1 on. */
export function titleOf(room: number): string {
  return `Room ${room}`;
}

/** Makes the folder a home with so many rooms, of so many entries together. Bytes of all logs. */
export async function writeLongHome(
  folder: string,
  { rooms, entries }: { readonly rooms: number; readonly entries: number },
): Promise<number> {
  const [disk, crypto] = [denoDisk(), denoCrypto()];
  const chance = {
    bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
    fraction: Math.random,
  };
  await disk.makeFolder(folder);
  await using home = await openHome(disk, { folder, pid: Deno.pid });
  const me = await loadOrCreateIdentity(disk, { path: home.paths.identity, crypto, chance });
  const others = Array.from({ length: AUTHORS - 1 }, () => crypto.signer(chance.bytes(32)));
  let sizeBytes = 0;
  for (let room = 1; room <= rooms; room++) {
    const made = { title: titleOf(room), name: "host", salt: chance.bytes(16), wallMs: FROM_WALL_MS };
    const first = foundRoom(made, me.signer, crypto);
    const { log } = await home.makeRoom(first.room, titleOf(room));
    sizeBytes += await writeLog(log, {
      first,
      signers: [me.signer, ...others],
      count: Math.round(entries / rooms),
    });
  }
  return sizeBytes;
}

/** The room's first entry, then everybody in turn: a join, and messages. */
async function writeLog(
  path: string,
  { first, signers, count }: {
    readonly first: Entry;
    readonly signers: readonly Signer[];
    readonly count: number;
  },
): Promise<number> {
  const crypto = denoCrypto();
  using file = await Deno.open(path, { createNew: true, append: true, mode: 0o600 });
  const lasts: (Entry | undefined)[] = [first];
  let text = `${first.line}\n`;
  let sizeBytes = 0;
  for (let index = 1; index < count; index++) {
    const author = index % signers.length;
    const [signer, last] = [signers[author], lasts[author]];
    if (signer === undefined) throw new RangeError(`There is no author ${author}`);
    const entry = writeEntry(
      {
        room: first.room,
        number: (last?.number ?? 0) + 1,
        prev: last?.hash ?? "",
        clock: index + 1,
        wallMs: FROM_WALL_MS + index * 1000,
        kind: last === undefined ? "join" : "text",
        name: author === 0 ? "host" : `member${author}`,
        body: last === undefined ? "" : `${index} ${TEXT}`,
      },
      signer,
      crypto,
    );
    lasts[author] = entry;
    text += `${entry.line}\n`;
    if (index % LINES_A_WRITE !== 0 && index < count - 1) continue;
    sizeBytes += file.writeSync(new TextEncoder().encode(text));
    text = "";
  }
  return sizeBytes;
}
