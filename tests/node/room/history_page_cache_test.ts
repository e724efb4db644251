import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import { HistoryPageCache } from "../../../src/node/room/history_page_cache.ts";
import { deriveDirectRoom } from "../../../src/room/access.ts";
import type { Entry } from "../../../src/room/entry.ts";
import { toPeerId } from "../../../src/room/id.ts";
import { Replica } from "../../../src/room/replica.ts";
import { encodeRecord } from "../../../src/wire/record.ts";

const CRYPTO = denoCrypto();
const [ADA, BOB] = [1, 2].map((number) => CRYPTO.signer(new Uint8Array(32).fill(number)));
if (ADA === undefined || BOB === undefined) throw new Error("Nobody is there");
const ROOM = deriveDirectRoom(toPeerId(ADA.publicKey), toPeerId(BOB.publicKey), CRYPTO);

function written(...texts: readonly string[]): readonly Entry[] {
  const replica = new Replica(ROOM, CRYPTO);
  if (ADA === undefined) throw new Error("Ada is not there");
  const author = toPeerId(ADA.publicKey);
  return texts.map((body) => replica.write({ kind: "text", name: "ada", body, wallMs: 0 }, ADA, author));
}

Deno.test("PageCache gives the record of a page, the same bytes to all who come", () => {
  const pageCache = new HistoryPageCache(ROOM.id);
  const page = written("one", "zwei — \u4e8c", "three");
  const bytes = pageCache.encode(page, { isFull: true });
  const lines = page.map(({ line }) => line);
  assertEquals(bytes, encodeRecord({ type: "entries", room: ROOM.id, lines }));
  assertStrictEquals(pageCache.encode([...page], { isFull: true }), bytes);
});

Deno.test("PageCache takes a page with another line between the same ends for another", () => {
  const pageCache = new HistoryPageCache(ROOM.id);
  const page = written("one", "two", "three");
  const [first, , last] = page;
  const [, other] = written("one", "another two");
  if (first === undefined || last === undefined || other === undefined) {
    throw new Error("Nothing was written");
  }
  const bytes = pageCache.encode(page, { isFull: true });
  assert(pageCache.encode([first, other, last], { isFull: true }) !== bytes);
});

Deno.test("PageCache keeps no page that is not full, and of full ones the newest", () => {
  const pageCache = new HistoryPageCache(ROOM.id);
  const pages = written(...Array.from({ length: 65 }, (_, index) => `page ${index}`)).map((entry) => [entry]);
  const [first = []] = pages;
  assert(pageCache.encode(first, { isFull: false }) !== pageCache.encode(first, { isFull: false }));
  const bytes = pageCache.encode(first, { isFull: true });
  for (const page of pages.slice(1, 64)) pageCache.encode(page, { isFull: true });
  assertStrictEquals(pageCache.encode(first, { isFull: true }), bytes);
  for (const page of pages.slice(1)) pageCache.encode(page, { isFull: true });
  assert(pageCache.encode(first, { isFull: true }) !== bytes);
});
