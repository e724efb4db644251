import { assert, assertEquals, assertThrows } from "@std/assert";
import { DiskError } from "../../../src/errors.ts";
import { attachFile, type Entry, releaseText } from "../../../src/room/entry.ts";
import { type CachedLogFile, LineCache } from "../../../src/store/log/line_cache.ts";
import { computeSum } from "../../../src/store/log/log_index.ts";
import { ALICE, CRYPTO, founded, say } from "../../fixtures/room/people.ts";

const PATH = "/log";

/** A file in memory that counts how often it is read. */
class CountedFile {
  bytes: Uint8Array = new Uint8Array(0);
  readCount = 0;

  readSync(path: string, into: Uint8Array, atByte: number): number {
    this.readCount++;
    if (path !== PATH) throw new DiskError("missing", `Cannot read "${path}"`);
    const read = this.bytes.subarray(atByte, atByte + into.length);
    into.set(read);
    return read.length;
  }
}

/** A shelf over a file with so many messages of so many characters, none of them in memory. */
function shelved(
  count: number,
  { chars = 10 }: { chars?: number } = {},
) {
  const room = founded(ALICE);
  const texts = Array.from({ length: count }, (_, index) => `${index} `.padEnd(chars, "ü"));
  const entries = texts.map((text) => say(room, ALICE, text));
  const disk = new CountedFile();
  const lineCache = new LineCache({ disk, crypto: CRYPTO });
  const file = lineCache.openFile(PATH);
  disk.bytes = new TextEncoder().encode(entries.map(({ line }) => `${line}\n`).join(""));
  let atByte = 0;
  for (const entry of entries) {
    attachFile(entry, file, atByte);
    releaseText(entry);
    atByte += entry.sizeBytes + 1;
  }
  return {
    entries,
    texts,
    lines: new TextDecoder().decode(disk.bytes).split("\n").slice(0, -1),
    disk,
    shelf: lineCache,
  };
}

const bodyOf = ({ body }: Entry) => body;

Deno.test("LineShelf reads back bodies and lines, neighbours with one read", () => {
  const { entries, texts, lines, disk } = shelved(100);
  assertEquals(entries.map(bodyOf), texts);
  assertEquals(entries.map(({ line }) => line), lines);
  assertEquals(entries.toReversed().map(bodyOf), texts.toReversed());
  assertEquals(disk.readCount, 1);
});

Deno.test("LineShelf reads lines that are as long as lines can be, wherever they begin", () => {
  const { entries, texts, lines } = shelved(7, { chars: 60_000 });
  assertEquals(entries.map(bodyOf), texts);
  assertEquals(entries.toReversed().map(({ line }) => line), lines.toReversed());
});

Deno.test("LineShelf keeps as many bodies in memory as its limit says, and forgets the one that came first", () => {
  const room = founded(ALICE);
  const entries = [0, 1, 2].map((number) => say(room, ALICE, `text ${number}`));
  const [first] = entries;
  assert(first !== undefined);
  // An empty file: whoever is read from it has left the memory.
  const lineCache = new LineCache({
    disk: new CountedFile(),
    crypto: CRYPTO,
    warmBytesMax: 2 * first.sizeBytes,
  });
  const isInMemory = (entry: Entry) => {
    try {
      return entry.body !== "";
    } catch (error) {
      assert(error instanceof DiskError);
      return false;
    }
  };
  const seen = entries.map((entry) => {
    attachFile(entry, lineCache.openFile(PATH), 0);
    lineCache.keepWarm(entry);
    return entries.map(isInMemory);
  });
  assertEquals(seen, [[true, true, true], [true, true, true], [false, true, true]]);
});

Deno.test("LineShelf believes a part of a file whose sum is right, and looks at each line where it is not", () => {
  const { entries, texts, disk, shelf: lineCache } = shelved(3);
  const [one, two, three] = entries;
  assert(one !== undefined && two !== undefined && three !== undefined);
  const endByte = one.sizeBytes + two.sizeBytes + 2;
  let hashCount = 0;
  const counting = new LineCache({
    disk,
    crypto: {
      sha256: (bytes) => {
        hashCount++;
        return CRYPTO.sha256(bytes);
      },
    },
  });
  const logSum = computeSum(disk.bytes.subarray(0, endByte), CRYPTO);
  const moveTo = (file: CachedLogFile) => {
    file.addPart({ fromByte: 0, endByte, logSum });
    let atByte = 0;
    for (const entry of entries) {
      attachFile(entry, file, atByte);
      atByte += entry.sizeBytes + 1;
    }
  };
  moveTo(counting.openFile(PATH));
  assertEquals(entries.map(bodyOf), texts);
  // One sum for two lines, and the hash of the third.
  assertEquals(hashCount, 2);
  disk.bytes = disk.bytes.slice().fill(0x20, endByte - 3, endByte - 2);
  moveTo(lineCache.openFile(PATH));
  assertEquals([three.body, one.body], ["2 üüüüüüüü", "0 üüüüüüüü"]);
  assertThrows(() => two.body, DiskError, `"${PATH}" was changed while earshot ran`);
});

Deno.test("LineShelf reads again what was cut off and written anew behind a write that failed", () => {
  const { entries, disk } = shelved(2);
  const [one, two] = entries;
  assert(one !== undefined && two !== undefined);
  const good = disk.bytes;
  disk.bytes = Uint8Array.of(...good.subarray(0, one.sizeBytes + 1), ...new Uint8Array(two.sizeBytes + 1));
  assertEquals(one.body, "0 üüüüüüüü");
  disk.bytes = good;
  assertEquals(two.body, "1 üüüüüüüü");
});

Deno.test("LineShelf says so when the file is gone or another", () => {
  for (
    const change of [
      (bytes: Uint8Array) => bytes.fill(0x20, 100, 101),
      (bytes: Uint8Array) => bytes.subarray(1),
      (bytes: Uint8Array) => bytes.subarray(0, 100),
    ]
  ) {
    const { entries, disk } = shelved(1);
    const [entry] = entries;
    assert(entry !== undefined);
    disk.bytes = change(disk.bytes.slice());
    assertThrows(() => entry.body, DiskError, `"${PATH}" was changed while earshot ran`);
    assertThrows(() => entry.line, DiskError, `"${PATH}" was changed while earshot ran`);
  }
  const { entries, disk, shelf: lineCache } = shelved(1);
  const [entry] = entries;
  assert(entry !== undefined);
  attachFile(entry, lineCache.openFile("/other"), 0);
  assertThrows(() => entry.body, DiskError, 'Cannot read "/other"');
  assertEquals(disk.readCount, 1);
});
