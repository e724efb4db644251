/** A home whose room has a long past: as if its owner and another member had talked in it for months. */

import { denoChance } from "../../src/deno/chance.ts";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { denoDisk } from "../../src/deno/disk.ts";
import { foundRoom } from "../../src/room/access.ts";
import { peerIdOf } from "../../src/room/id.ts";
import { Replica } from "../../src/room/replica.ts";
import { openHome } from "../../src/store/home.ts";
import { loadOrMakeIdentity } from "../../src/store/identity.ts";
import { openLog } from "../../src/store/log.ts";

/** The first line's moment; then one line a minute. */
const START_MS = Date.UTC(2026, 0, 1, 8);
const LINE_MS = 60_000;
/** Lines of one append. */
const BATCH = 1_000;

/** Makes the home at that folder; message number N reads "line N", from 1 on. */
export async function makeLongHome(
  folder: string,
  { title, count }: { readonly title: string; readonly count: number },
): Promise<void> {
  const [crypto, disk, chance] = [denoCrypto(), denoDisk(), denoChance()];
  await using home = await openHome(disk, { folder, pid: Deno.pid });
  const owner = await loadOrMakeIdentity(disk, { path: home.paths.identity, crypto, chance });
  const signer = crypto.signer(chance.bytes(32));
  const authors = [
    { id: owner.id, signer: owner.signer, name: "alice" },
    { id: peerIdOf(signer.publicKey), signer, name: "bob" },
  ];
  const founding = foundRoom(
    { title, name: "alice", salt: chance.bytes(16), wallMs: START_MS },
    owner.signer,
    crypto,
  );
  const replica = new Replica(founding.room, crypto);
  replica.accept(founding, { isTrusted: true });
  const { log } = await openLog(disk, (await home.makeRoom(founding.room, title)).log);
  await using _ = log;
  await log.append([founding.line]);
  let lines: string[] = [];
  for (let number = 0; number <= count; number++) {
    const author = authors[number % 2 === 0 ? 1 : 0];
    if (author === undefined) continue;
    const what = number === 0 ? { kind: "join", body: "" } : { kind: "text", body: `line ${number}` };
    const entry = replica.write(
      { ...what, name: author.name, wallMs: START_MS + number * LINE_MS },
      author.signer,
      author.id,
    );
    lines.push(entry.line);
    if (lines.length < BATCH && number < count) continue;
    await log.append(lines);
    lines = [];
  }
}
