/**
 * Makes a home with years of conversations, to start from: `deno run -A bench/long_home.ts FOLDER [--rooms 100] [--entries 1000000]`.
 * Each line is written and signed as a node does it. The folder must not be there yet.
 */

import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { denoCrypto } from "../src/deno/crypto.ts";
import { denoDisk } from "../src/deno/disk.ts";
import { foundRoom } from "../src/room/access.ts";
import { Replica } from "../src/room/replica.ts";
import { openHome } from "../src/store/home.ts";
import { loadOrMakeIdentity } from "../src/store/identity.ts";

const LINES_A_WRITE = 1_000;
const TEXT =
  "One hundred characters, as people write them to each other when they sit in one room, more or less.";

const args = parseArgs(Deno.args, { string: ["rooms", "entries"] });
const folder = String(args._[0] ?? "");
if (folder === "") throw new Error("Say where: deno run -A bench/long_home.ts FOLDER");
await Deno.mkdir(folder);
const [roomsCount, entriesCount] = [Number(args.rooms ?? 100), Number(args.entries ?? 1_000_000)];
const [disk, crypto] = [denoDisk(), denoCrypto()];
const chance = {
  bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
  fraction: Math.random,
};
await using home = await openHome(disk, { folder, pid: Deno.pid });
const { id, signer } = await loadOrMakeIdentity(disk, { path: home.paths.identity, crypto, chance });
for (let room = 1; room <= roomsCount; room++) {
  const title = `Room ${room}`;
  const first = foundRoom(
    { title, name: "host", salt: chance.bytes(16), wallMs: Date.now() },
    signer,
    crypto,
  );
  const replica = new Replica(first.room, crypto);
  replica.accept(first, { isTrusted: true });
  const { log } = await home.makeRoom(first.room, title);
  using file = await Deno.open(log, { createNew: true, append: true, mode: 0o600 });
  let lines = `${first.line}\n`;
  const count = Math.round(entriesCount / roomsCount);
  for (let number = 2; number <= count; number++) {
    const what = { kind: "text", name: "host", body: `${number} ${TEXT}`, wallMs: Date.now() };
    lines += `${replica.write(what, signer, id).line}\n`;
    if (number % LINES_A_WRITE !== 0 && number < count) continue;
    file.writeSync(new TextEncoder().encode(lines));
    lines = "";
  }
}
// deno-lint-ignore no-console -- What the program is for.
console.log(`${roomsCount} rooms with ${entriesCount} entries: ${join(folder, "rooms")}`);
