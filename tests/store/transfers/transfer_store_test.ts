import { assertEquals } from "@std/assert";
import { type TransferRecord, TransferStore } from "../../../src/store/transfers/transfer_store.ts";
import { SimDisk } from "../../sim/disk.ts";

const RECORD = {
  version: 1,
  state: "here",
  place: "/home/ada/photos",
  stamps: [[12, 1_700_000_000_000], [0, 0.5]],
  names: [["a", "b.txt"], ["c"]],
  partTag: "abcdefghijklmn_-",
};
const READ: TransferRecord = {
  state: "here",
  place: "/home/ada/photos",
  stamps: [{ sizeBytes: 12, modifiedMs: 1_700_000_000_000 }, { sizeBytes: 0, modifiedMs: 0.5 }],
  names: [["a", "b.txt"], ["c"]],
  partTag: "abcdefghijklmn_-",
};

async function load(text: string): Promise<TransferRecord | null> {
  const drive = new SimDisk({ schedule: (_delayMs, run) => queueMicrotask(run), fraction: () => 0.5 });
  drive.put("/room/files/key.json", new TextEncoder().encode(text));
  return await new TransferStore(drive.boot(), "/room/files").loadRecord("key");
}

Deno.test("loadRecord reads a record, whole and without what is not needed", async () => {
  assertEquals(await load(JSON.stringify(RECORD)), READ);
  assertEquals(await load(JSON.stringify({ ...RECORD, later: true })), READ);
  assertEquals(await load(JSON.stringify({ ...RECORD, stamps: [], names: null, partTag: null })), {
    ...READ,
    stamps: [],
    names: null,
    partTag: null,
  });
});

Deno.test("loadRecord reads a record of an earlier version, which has no tag", async () => {
  const { partTag: _, ...earlier } = RECORD;
  assertEquals(await load(JSON.stringify(earlier)), { ...READ, partTag: null });
});

const WRONG: Readonly<Record<string, unknown>> = {
  "no object": [],
  "another version": { ...RECORD, version: 2 },
  "an unknown state": { ...RECORD, state: "lost" },
  "no place": { ...RECORD, place: undefined },
  "a stamp of one number": { ...RECORD, stamps: [[12]] },
  "a stamp of three numbers": { ...RECORD, stamps: [[12, 1, 2]] },
  "a stamp of texts": { ...RECORD, stamps: [["12", "1"]] },
  "no names": { ...RECORD, names: undefined },
  "an empty path": { ...RECORD, names: [[]] },
  "a path of numbers": { ...RECORD, names: [[1]] },
  "a tag that leaves the folder": { ...RECORD, partTag: "../../../../etc/a" },
  "a tag that is too short": { ...RECORD, partTag: "abc" },
};
for (const [what, value] of Object.entries(WRONG)) {
  Deno.test(`loadRecord takes a file with ${what} for none`, async () => {
    assertEquals(await load(JSON.stringify(value)), null);
  });
}

Deno.test("loadRecord takes a torn file for none", async () => {
  assertEquals(await load(JSON.stringify(RECORD).slice(0, 40)), null);
});
