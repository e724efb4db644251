import { assertEquals } from "@std/assert";
import { Transfers } from "../../../src/node/transfers/transfers.ts";
import {
  OfferIndex,
  OFFERS_OF_AUTHOR_MAX,
  OFFERS_OF_ROOM_MAX,
} from "../../../src/node/transfers/offer_index.ts";
import { BackgroundTasks } from "../../../src/node/support/background_tasks.ts";
import { LocalRoom } from "../../../src/node/room/local_room.ts";
import { encodeBase64Url } from "../../../src/encoding/base64url.ts";
import type { Entry } from "../../../src/room/entry.ts";
import { encodeOffer, type Offer, OFFER_KIND } from "../../../src/room/file_offer.ts";
import { TransferStore } from "../../../src/store/transfers/transfer_store.ts";
import { ALICE, CRYPTO, entryOf, founded, type Person, person } from "../../fixtures/room/people.ts";
import { SimChance } from "../../sim/chance.ts";
import { SimTime } from "../../sim/clock.ts";
import { SimDisk } from "../../sim/disk.ts";
import { SYSTEM } from "../../sim/system.ts";

function offerOf(content: number): Offer {
  const manifest = new Uint8Array(32);
  new DataView(manifest.buffer).setUint32(0, content);
  return {
    name: `${content}.txt`,
    sizeBytes: 1,
    filesCount: 1,
    type: "text/plain",
    manifestBytes: 60,
    manifest: encodeBase64Url(manifest),
  };
}

function offering(who: Person, number: number, content: number): Entry {
  return entryOf({ number, kind: OFFER_KIND, body: encodeOffer(offerOf(content)) }, who);
}

function keeperOf(): LocalRoom {
  return new LocalRoom({
    me: ALICE.id,
    signer: ALICE.signer,
    ports: { crypto: CRYPTO, chance: new SimChance("offers"), clock: new SimTime().clock() },
    replica: founded(),
    holders: new Map(),
    orphans: [],
    streamNumber: 1,
    mayKeep: () => true,
    openLog: () => Promise.reject(new Error("nothing is written here")),
    listener: { onChange: () => {}, onWork: () => {} },
    notices: { add: () => {} },
    tasks: new BackgroundTasks((error) => {
      throw error;
    }),
  });
}

Deno.test("KnownOffers lists only so many of a room, and those of few are not pushed out by those of many", () => {
  const offers = new OfferIndex();
  const localRoom = keeperOf();
  const crowd = Array.from(
    { length: OFFERS_OF_ROOM_MAX / OFFERS_OF_AUTHOR_MAX },
    (_, index) => person(10 + index, "x"),
  );
  offers.note(localRoom, [offering(ALICE, 2, 1), offering(ALICE, 3, 2)]);
  for (const who of crowd) {
    offers.note(
      localRoom,
      Array.from({ length: OFFERS_OF_AUTHOR_MAX }, (_, index) => offering(who, 2 + index, 10 + index)),
    );
  }
  const listed = offers.list();
  assertEquals(listed.length, OFFERS_OF_ROOM_MAX);
  assertEquals(listed.filter(({ entry }) => entry.author === ALICE.id).length, 2);
  const [first] = listed;
  assertEquals(first?.offer.name, "1.txt");
});

Deno.test("KnownOffers counts the offers that still fit, of the author and of the room", () => {
  const offers = new OfferIndex();
  const localRoom = keeperOf();
  const { room } = offering(ALICE, 2, 1);
  assertEquals(offers.countFree(room, ALICE.id), OFFERS_OF_AUTHOR_MAX);
  offers.note(
    localRoom,
    Array.from({ length: OFFERS_OF_AUTHOR_MAX - 2 }, (_, index) => offering(ALICE, 2 + index, index)),
  );
  assertEquals(offers.countFree(room, ALICE.id), 2);
  const others = Array.from({ length: 5 }, (_, index) => person(10 + index, "x"));
  for (const who of others) {
    offers.note(
      localRoom,
      Array.from({ length: OFFERS_OF_AUTHOR_MAX }, (_, index) => offering(who, 2 + index, 2_000 + index)),
    );
  }
  assertEquals(offers.countFree(room, ALICE.id), 0);
});

Deno.test("KnownOffers finds the offers of a content, and what is listed no more is no offer", () => {
  const offers = new OfferIndex();
  const localRoom = keeperOf();
  const { room } = offering(ALICE, 2, 1);
  const batch = Array.from({ length: OFFERS_OF_AUTHOR_MAX }, (_, index) => offering(ALICE, 4 + index, 7));
  const added = offers.note(localRoom, [offering(ALICE, 2, 1), offering(ALICE, 3, 7), ...batch]);
  assertEquals(added.length, OFFERS_OF_AUTHOR_MAX, "only those that are listed");
  assertEquals(offers.findByContent(room, offerOf(7).manifest).length, OFFERS_OF_AUTHOR_MAX);
  assertEquals([offers.findByContent(room, offerOf(1).manifest), offers.has(room, offerOf(1).manifest)], [
    [],
    false,
  ]);
  const [one] = added;
  assertEquals(one === undefined ? undefined : offers.get(one.id), one);
});

Deno.test("Contents reads of many offers only what it has kept something of", async () => {
  const sim = new SimDisk({ schedule: (_, run) => queueMicrotask(run), fraction: () => 0.5 });
  const disk = sim.boot();
  let readCount = 0;
  const none = () => {};
  const transfers = new Transfers({
    ports: {
      disk: {
        ...disk,
        read: (path) => {
          readCount++;
          return disk.read(path);
        },
      },
      files: sim.bootFiles(),
      crypto: CRYPTO,
      chance: new SimChance("offers"),
      system: SYSTEM,
      clock: new SimTime().clock(),
    },
    foldersOf: () => ({ offers: "/offers", files: "/files" }),
    requestPart: none,
    onSeek: none,
    onSeekEnded: none,
    onChange: none,
    onBadPiece: none,
    tasks: new BackgroundTasks((error) => {
      throw error;
    }),
  });
  const { id: room } = founded();
  const all = Array.from({ length: 500 }, (_, index) => offerOf(index));
  const kept = transfers.get(room, offerOf(77));
  const memo = { state: "paused", place: "/files", stamps: [], names: null, partTag: null } as const;
  await new TransferStore(disk, "/offers").saveRecord(kept.key, memo);
  await transfers.resumeStored(room, all);
  assertEquals([kept.memo, transfers.get(room, offerOf(78)).memo, readCount], [memo, null, 1]);
  await transfers.close();
});
