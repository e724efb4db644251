import { assertEquals } from "@std/assert";
import type { Entry } from "../../../src/room/entry.ts";
import {
  decodeBlocks,
  encodeBlock,
  findEnd,
  type IndexBlock,
  type PlacedLine,
} from "../../../src/store/log/log_index.ts";
import { ALICE, BOB, CRYPTO, roomOf, say } from "../../fixtures/room/people.ts";

const SUM = new Uint8Array(16).fill(9);

/** Entries of a room as lines of a log, one behind the other from that byte on. */
function placed(entries: readonly Entry[], fromByte = 0): readonly PlacedLine[] {
  let atByte = fromByte;
  return entries.map((entry) => {
    const line = { entry, isBeside: false, atByte };
    atByte += entry.sizeBytes + 1;
    return line;
  });
}

/** What a block says of each line, as far as it was said to it. */
function told(block: IndexBlock | undefined): readonly PlacedLine[] {
  return (block?.lines ?? []).map(({ head, isBeside, atByte }) => {
    const entry = ENTRIES.find(({ hash }) => hash === head.hash);
    if (entry === undefined) throw new Error("An entry that nobody wrote");
    const { author, number, clock, wallMs, kind, name, hash, sizeBytes } = entry;
    assertEquals(head, { author, number, clock, wallMs, kind, name, hash, sizeBytes });
    return { entry, isBeside, atByte };
  });
}

function encode(lines: readonly PlacedLine[]): Uint8Array {
  return encodeBlock(lines, { logSum: SUM, crypto: CRYPTO });
}

function decode(...parts: readonly Uint8Array[]): readonly IndexBlock[] {
  return [...decodeBlocks(Uint8Array.from(parts.flatMap((part) => [...part])), CRYPTO)];
}

const ENTRIES = (() => {
  const room = roomOf(BOB);
  for (let count = 0; count < 3; count++) say(room, count % 2 === 0 ? ALICE : BOB, `Grüße ${count}`);
  return room.entries;
})();
const LINES = placed(ENTRIES);
const FIRST = LINES.slice(0, 2);
const SECOND = LINES.slice(2);

Deno.test("indexBlocks reads what encodeBlock wrote, block by block", () => {
  const blocks = decode(encode(FIRST), encode(SECOND));
  assertEquals(blocks.map(told), [FIRST, SECOND]);
  assertEquals(blocks.map(({ fromByte, endByte }) => [fromByte, endByte]), [
    [0, findEnd(FIRST)],
    [findEnd(FIRST), findEnd(SECOND)],
  ]);
  assertEquals(blocks.map(({ logSum }) => logSum), [SUM, SUM]);
  assertEquals(blocks.at(-1)?.endInIndex, encode(FIRST).length + encode(SECOND).length);
});

Deno.test("encodeBlock writes the golden bytes", () => {
  const [line] = LINES;
  if (line === undefined) throw new Error("There is no line");
  const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
  const content = Uint8Array.from([
    ...[0, 0, 0, 0, 0, 0],
    ...SUM,
    ...[0, 3, ...text(ALICE.id), ...text("alice"), ...text("room")],
    ...[0, 0, 0, 1],
    ...[0, 0, 0, line.entry.sizeBytes, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 1],
    ...[0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
    ...new Uint8Array(Float64Array.of(line.entry.wallMs).buffer).toReversed(),
    ...CRYPTO.sha256(new TextEncoder().encode(line.entry.line)).subarray(0, 16),
  ]);
  const head = Uint8Array.of(...new TextEncoder().encode("EIX1"), 0, 0, 0, content.length);
  const sum = CRYPTO.sha256(content).subarray(0, 16);
  assertEquals(encode([line]), Uint8Array.of(...head, ...sum, ...content));
});

Deno.test("encodeBlock keeps apart what stands beside the entries, and numbers beyond 32 bits", () => {
  const far = 2 ** 40;
  const [one] = placed(ENTRIES.slice(0, 1));
  const [line] = placed(ENTRIES.slice(1, 2), far);
  if (one === undefined || line === undefined) throw new Error("There is no line");
  const beside = { ...line, isBeside: true, entry: ENTRIES[1] ?? line.entry };
  const [first, second] = decode(encode([{ ...one, isBeside: true }]), encode([beside]));
  assertEquals([told(first).map(({ isBeside }) => isBeside), second], [[true], undefined]);
  // It begins where nothing before it ends, so it is left out; its own bytes say where.
  assertEquals([...encode([beside]).subarray(24, 30)], [1, 0, 0, 0, 0, 0]);
});

Deno.test("indexBlocks ends before a block that is cut short, at every byte", () => {
  const [first, second] = [encode(FIRST), encode(SECOND)];
  for (let length = 0; length < first.length + second.length; length++) {
    const bytes = Uint8Array.of(...first, ...second).subarray(0, length);
    assertEquals([...decodeBlocks(bytes, CRYPTO)].length, length < first.length ? 0 : 1, `cut at ${length}`);
  }
});

Deno.test("indexBlocks ends before a block in which any byte is another", () => {
  const [first, second] = [encode(FIRST), encode(SECOND)];
  for (let at = 0; at < second.length; at++) {
    const spoilt = second.slice();
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    assertEquals(decode(first, spoilt).length, 1, `byte ${at}`);
  }
});

Deno.test("indexBlocks ends before a block that does not go on where the one before ends", () => {
  assertEquals(decode(encode(SECOND)).length, 0);
  assertEquals(decode(encode(FIRST), encode(FIRST)).length, 1);
  assertEquals(decode(encode(FIRST), encode([])).length, 1);
});
