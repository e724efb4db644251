import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type ProtocolCode, ProtocolError } from "../../src/errors.ts";
import { type PeerId, type RoomId, toPeerId, toRoomId } from "../../src/room/id.ts";
import { RecordAssembler } from "../../src/wire/record_assembler.ts";
import {
  encodeRecord,
  LIST_MAX,
  RECORD_BYTES_MAX,
  RECORD_TYPES,
  type WireRecord,
} from "../../src/wire/record.ts";

const ROOM = toRoomId(new Uint8Array(16).fill(7));
const ROOM_HEX = "07".repeat(16);
const ADA = toPeerId(new Uint8Array(32).fill(0x11));
const BEN = toPeerId(new Uint8Array(32).fill(0x22));
const ADA_HEX = "11".repeat(32);
const BEN_HEX = "22".repeat(32);
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const KEY_HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

const meeting = {
  type: "meet",
  room: ROOM,
  follow: false,
  leads: false,
  ask: false,
  again: false,
  proof: null,
} as const;
const PROOF = new Uint8Array(64).fill(9);

/** Every type, whole records: type, length of the payload, payload. */
const GOLDEN: readonly (readonly [name: string, record: WireRecord, hex: string])[] = [
  [
    "profile",
    {
      type: "profile",
      name: "Zoë",
      away: "tea",
      rendezvousPort: 9999,
      merit: 1,
      rooms: [{ id: ROOM, title: "Attic", memberCount: 3 }],
    },
    `01000025${"045a6fc3ab"}${"03746561"}${"270f"}${"01"}01${ROOM_HEX}${"054174746963"}0003`,
  ],
  [
    "profile of nobody",
    { type: "profile", name: "", away: "", rendezvousPort: 0, merit: 1, rooms: [] },
    "01000006000000000100",
  ],
  ["ping", { type: "ping" }, "02000000"],
  ["close", { type: "close", code: 14 }, "030000010e"],
  ["meet of nothing", { ...meeting, vector: new Map() }, `04000013${ROOM_HEX}000000`],
  ["meet to follow", { ...meeting, follow: true, vector: new Map() }, `04000013${ROOM_HEX}010000`],
  ["meet to lead", { ...meeting, leads: true, vector: new Map() }, `04000013${ROOM_HEX}100000`],
  ["meet to ask", { ...meeting, ask: true, vector: new Map() }, `04000013${ROOM_HEX}020000`],
  ["meet again", { ...meeting, again: true, vector: new Map() }, `04000013${ROOM_HEX}040000`],
  [
    "meet with all",
    {
      ...meeting,
      follow: true,
      leads: true,
      ask: true,
      again: true,
      vector: new Map([[BEN, 7], [ADA, 2 ** 48 - 1]]),
    },
    `0400005f${ROOM_HEX}170002${BEN_HEX}000000000007${ADA_HEX}ffffffffffff`,
  ],
  [
    "meet with a proof",
    { ...meeting, ask: true, proof: PROOF, vector: new Map([[BEN, 7]]) },
    `04000079${ROOM_HEX}0a${"09".repeat(64)}0001${BEN_HEX}000000000007`,
  ],
  ["refuse", { type: "refuse", room: ROOM }, `05000010${ROOM_HEX}`],
  [
    "seek",
    { type: "seek", room: ROOM, wish: 258, manifest: KEY },
    `0e000034${ROOM_HEX}00000102${KEY_HEX}`,
  ],
  ["holding of none", { type: "holding", wish: 1, held: "none" }, "0f0000050000000100"],
  ["holding of all", { type: "holding", wish: 1, held: "all" }, "0f0000050000000101"],
  ["holding of some", { type: "holding", wish: 1, held: Uint8Array.of(0xa0, 1) }, "0f0000070000000102a001"],
  [
    "want",
    { type: "want", wish: 1, piece: 2 ** 32 - 1, offset: 65_536, length: 262_144 },
    "1000001000000001ffffffff0001000000040000",
  ],
  [
    "piece",
    { type: "piece", wish: 1, piece: 2, offset: 3, bytes: Uint8Array.of(4, 5) },
    "1100000e0000000100000002000000030405",
  ],
  ["drop", { type: "drop", wish: 7 }, "1200000400000007"],
  ["no entries", { type: "entries", room: ROOM, lines: [] }, `06000010${ROOM_HEX}`],
  ["one entry", { type: "entries", room: ROOM, lines: ["é"] }, `06000012${ROOM_HEX}c3a9`],
  ["two entries", { type: "entries", room: ROOM, lines: ["a", "b"] }, `06000013${ROOM_HEX}610a62`],
  [
    "have",
    { type: "have", room: ROOM, vector: new Map([[ADA, 258]]) },
    `07000038${ROOM_HEX}0001${ADA_HEX}000000000102`,
  ],
  [
    "seen",
    { type: "seen", room: ROOM, members: new Map([[BEN, 1]]) },
    `08000038${ROOM_HEX}0001${BEN_HEX}000000000001`,
  ],
  [
    "stream",
    { type: "stream", room: ROOM, stream: 0x01020304, key: KEY, counter: 0x0a0b0c0d0e0f },
    `0900003a${ROOM_HEX}01020304${KEY_HEX}0a0b0c0d0e0f`,
  ],
  ["introduce nobody", { type: "introduce", peers: [] }, "0a00000100"],
  [
    "introduce",
    { type: "introduce", peers: [{ peer: ADA, endpoint: { address: "10.0.0.7", port: 9999 } }] },
    `0a00002c01${ADA_HEX}08${"31302e302e302e37"}270f`,
  ],
  ["typing", { type: "typing", room: ROOM }, `0b000010${ROOM_HEX}`],
  ["try", { type: "try" }, "0c000000"],
  [
    "tried, and reached",
    { type: "tried", outcome: "reached", hears: true, wallMs: 0x0a0b0c0d0e0f },
    "0d00000801010a0b0c0d0e0f",
  ],
  [
    "tried, and met silence",
    { type: "tried", outcome: "silent", hears: false, wallMs: 1 },
    "0d0000080300000000000001",
  ],
];

for (const [name, record, hex] of GOLDEN) {
  Deno.test(`record ${name} encodes and decodes, however it is cut, and nothing shorter or longer does`, () => {
    const bytes = fromHex(hex);
    assertEquals(toHex(encodeRecord(record)), hex);
    assertEquals(new RecordAssembler().push(bytes), [record]);
    assertEquals(pushed([...bytes].map((byte) => Uint8Array.of(byte))), [record]);
    for (let size = 0; size < bytes.length; size++) {
      assertEquals(pushed([bytes.subarray(0, size)]), [], `cut at ${size}`);
      assertEquals(pushed([bytes.subarray(0, size), bytes.subarray(size)]), [record]);
    }
    // The same with its length mended: what is missing inside, or one byte too many, is no record.
    for (let size = 0; size < bytes.length - 4; size++) {
      const [only] = refusedOr(framed(bytes[0] ?? 0, bytes.subarray(4, 4 + size)));
      assert(only === undefined || endsOpen(record), `${size} bytes of payload`);
    }
    if (endsOpen(record)) return;
    assertRefused("bad-record", framed(bytes[0] ?? 0, Uint8Array.of(...bytes.subarray(4), 0)));
  });
}

/** Its last field is all that is left. */
function endsOpen(record: WireRecord): boolean {
  return record.type === "entries" || record.type === "piece" ||
    record.type === "holding" && typeof record.held !== "string";
}

Deno.test("the golden records are of every type", () => {
  assertEquals(
    [...new Set(GOLDEN.map(([, record]) => record.type))].sort(),
    Object.keys(RECORD_TYPES).sort(),
  );
});

/** Payloads that are none, for every type, beside those cut short. */
const MALFORMED:
  readonly (readonly [what: string, type: WireRecord["type"], payload: string, code: ProtocolCode])[] = [
    ["a name that is not UTF-8", "profile", "02c32800270f0100", "bad-record"],
    ["an away text that is not UTF-8", "profile", "0002c328270f0100", "bad-record"],
    ["a name longer than all", "profile", "ff0000000000", "bad-record"],
    ["a room less than it counts", "profile", "000000000101", "bad-record"],
    ["65 rooms", "profile", "000000000141", "too-much"],
    ["anything", "ping", "00", "bad-record"],
    ["no code", "close", "", "bad-record"],
    ["two codes", "close", "0e0e", "bad-record"],
    ["an author less than it counts", "meet", `${ROOM_HEX}000002${ADA_HEX}000000000001`, "bad-record"],
    ["half a number", "meet", `${ROOM_HEX}000001${ADA_HEX}000000`, "bad-record"],
    ["an author more than it counts", "meet", `${ROOM_HEX}000000${ADA_HEX}000000000001`, "bad-record"],
    ["half a proof", "meet", `${ROOM_HEX}08${"09".repeat(32)}`, "bad-record"],
    ["a proof without its flag", "meet", `${ROOM_HEX}00${"09".repeat(64)}0000`, "bad-record"],
    ["a reason", "refuse", `${ROOM_HEX}01`, "bad-record"],
    ["half a room", "typing", "07".repeat(15), "bad-record"],
    ["half a room", "entries", "07".repeat(15), "bad-record"],
    ["lines that are not UTF-8", "entries", `${ROOM_HEX}c328`, "bad-record"],
    ["lines cut within a letter", "entries", `${ROOM_HEX}c3`, "bad-record"],
    ["lines with half a character", "entries", `${ROOM_HEX}eda080`, "bad-record"],
    ["a byte behind the vector", "have", `${ROOM_HEX}000000`, "bad-record"],
    ["a number cut short", "seen", `${ROOM_HEX}0001${ADA_HEX}0000000001`, "bad-record"],
    ["half a key", "stream", `${ROOM_HEX}01020304${KEY_HEX.slice(0, 32)}000000000000`, "bad-record"],
    ["65 peers", "introduce", "41", "too-much"],
    ["half an address", "introduce", `01${ADA_HEX}0831302e30`, "bad-record"],
    ["anything", "try", "00", "bad-record"],
    ["half a clock", "tried", "0101000000", "bad-record"],
    ["a byte behind the clock", "tried", "010100000000000000", "bad-record"],
    ["half a hash", "seek", `${ROOM_HEX}00000001${KEY_HEX.slice(0, 32)}`, "bad-record"],
    ["another kind of holding", "holding", "0000000103", "bad-record"],
    ["a bitmap with all", "holding", "0000000101ff", "bad-record"],
    ["half a length", "want", "0000000100000002000000030000", "bad-record"],
    ["no bytes", "piece", "000000010000000200000003", "bad-record"],
    ["too many bytes", "piece", `000000010000000200000003${"00".repeat(65_473)}`, "bad-record"],
    ["anything", "drop", "0000000100", "bad-record"],
    ["no port", "introduce", `01${ADA_HEX}0831302e302e302e37`, "bad-record"],
  ];

Deno.test("RecordAssembler refuses malformed records of every type", () => {
  for (const [what, type, payload, code] of MALFORMED) {
    assertRefused(code, framed(RECORD_TYPES[type], fromHex(payload)), `${type} with ${what}`);
  }
  assertEquals(new Set(MALFORMED.map(([, type]) => type)).size, Object.keys(RECORD_TYPES).length);
});

Deno.test("RecordAssembler skips records of types that it does not know", () => {
  const unknown = [19, 100, 255, 0].map((type) => framed(type, Uint8Array.of(1, 2, 3)));
  const ping = fromHex("02000000");
  assertEquals(pushed([join([...unknown, ping])]), [{ type: "ping" }]);
  assertEquals(pushed([framed(0, new Uint8Array(RECORD_BYTES_MAX)), ping]), [{ type: "ping" }]);
});

Deno.test("RecordAssembler ignores flags of a meet that it does not know", () => {
  const meet: WireRecord = { ...meeting, ask: true, vector: new Map() };
  assertEquals(pushed([fromHex(`04000013${ROOM_HEX}e20000`)]), [meet]);
});

Deno.test("RecordAssembler takes outcomes of a knock that it does not know for a failure, and ignores flags", () => {
  const tried: WireRecord = { type: "tried", outcome: "failed", hears: true, wallMs: 7 };
  assertEquals(pushed([fromHex("0d0000080903000000000007")]), [tried]);
});

Deno.test("RecordAssembler takes the last of two numbers for one author", () => {
  const twice = `0700005e${ROOM_HEX}0002${ADA_HEX}000000000009${ADA_HEX}000000000003`;
  assertEquals(pushed([fromHex(twice)]), [{ type: "have", room: ROOM, vector: new Map([[ADA, 3]]) }]);
});

Deno.test("RecordAssembler refuses a record above 192 KiB as soon as its head is here, whatever its type", () => {
  for (const type of [2, 6, 12]) {
    assertRefused("too-much", Uint8Array.of(type, 0x03, 0x00, 0x01));
    assertEquals(pushed([Uint8Array.of(type, 0x03, 0x00)]), []);
  }
  const lines = ["x".repeat(RECORD_BYTES_MAX - 16)];
  const largest = encodeRecord({ type: "entries", room: ROOM, lines });
  assertEquals(toHex(largest.subarray(0, 4)), "06030000");
  assertEquals(pushed([largest]), [{ type: "entries", room: ROOM, lines }]);
  const tooLarge: WireRecord = { type: "entries", room: ROOM, lines: [`${lines[0]}x`] };
  assertThrows(() => encodeRecord(tooLarge), RangeError, "196609 bytes is too large");
});

Deno.test("a vector of 4,096 authors fits into a record", () => {
  const vector = new Map(Array.from({ length: 4_096 }, (_, index) => [peerOf(index), index + 1]));
  const have: WireRecord = { type: "have", room: ROOM, vector };
  assertEquals(pushed([encodeRecord(have)]), [have]);
});

Deno.test("encodeRecord throws for what does not fit its field", () => {
  const wrong: readonly WireRecord[] = [
    { type: "profile", name: "x".repeat(256), away: "", rendezvousPort: 1, merit: 1, rooms: [] },
    { type: "profile", name: "x", away: "", rendezvousPort: 65_536, merit: 1, rooms: [] },
    { type: "close", code: 256 },
    { ...meeting, vector: new Map([[ADA, 2 ** 48]]) },
    { type: "stream", room: ROOM, stream: 2 ** 32, key: KEY, counter: 0 },
  ];
  for (const record of wrong) assertThrows(() => encodeRecord(record), RangeError, "does not fit");
});

Deno.test("a list of 64 passes, and the key of a stream is the receiver's own copy", () => {
  const peers = Array.from({ length: LIST_MAX }, (_, index) => ({
    peer: peerOf(index),
    endpoint: { address: "::1", port: index },
  }));
  assertEquals(pushed([encodeRecord({ type: "introduce", peers })]), [{ type: "introduce", peers }]);
  const bytes = encodeRecord({ type: "stream", room: ROOM, stream: 1, key: KEY, counter: 0 });
  const [record] = new RecordAssembler().push(bytes);
  bytes.fill(0xff);
  assert(record?.type === "stream");
  assertEquals(record.key, KEY);
});

const text = fc.string({ unit: "grapheme", maxLength: 30 });
const roomId: fc.Arbitrary<RoomId> = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toRoomId);
const peerId: fc.Arbitrary<PeerId> = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toPeerId);
const u16 = fc.nat(0xffff);
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const u48 = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const vector = fc.array(fc.tuple(peerId, u48), { maxLength: 5 }).map((pairs) => new Map(pairs));
const hosted = fc.record({ id: roomId, title: text, memberCount: u16 });
const record: fc.Arbitrary<WireRecord> = fc.oneof(
  fc.record({
    type: fc.constant("profile" as const),
    name: text,
    away: text,
    rendezvousPort: u16,
    merit: fc.nat(255),
    rooms: fc.array(hosted, { maxLength: 4 }),
  }),
  fc.constant<WireRecord>({ type: "ping" }),
  fc.record({ type: fc.constant("close" as const), code: fc.nat(255) }),
  fc.record({
    type: fc.constant("meet" as const),
    room: roomId,
    follow: fc.boolean(),
    leads: fc.boolean(),
    ask: fc.boolean(),
    again: fc.boolean(),
    vector,
    proof: fc.option(fc.uint8Array({ minLength: 64, maxLength: 64 })),
  }),
  fc.record({ type: fc.constant("refuse" as const), room: roomId }),
  fc.record({ type: fc.constant("typing" as const), room: roomId }),
  fc.record({
    type: fc.constant("seek" as const),
    room: roomId,
    wish: u32,
    manifest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  }),
  fc.record({
    type: fc.constant("holding" as const),
    wish: u32,
    held: fc.oneof(fc.constantFrom("none" as const, "all" as const), fc.uint8Array({ maxLength: 9 })),
  }),
  fc.record({ type: fc.constant("want" as const), wish: u32, piece: u32, offset: u32, length: u32 }),
  fc.record({
    type: fc.constant("piece" as const),
    wish: u32,
    piece: u32,
    offset: u32,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({ type: fc.constant("drop" as const), wish: u32 }),
  fc.constant<WireRecord>({ type: "try" }),
  fc.record({
    type: fc.constant("tried" as const),
    outcome: fc.constantFrom("reached", "refused", "silent", "unreachable", "failed"),
    hears: fc.boolean(),
    wallMs: u48,
  }),
  fc.record({
    type: fc.constant("entries" as const),
    room: roomId,
    lines: fc.array(text.map((line) => `{${line.replaceAll("\n", " ")}}`), { maxLength: 6 }),
  }),
  fc.record({ type: fc.constant("have" as const), room: roomId, vector }),
  fc.record({ type: fc.constant("seen" as const), room: roomId, members: vector }),
  fc.record({
    type: fc.constant("stream" as const),
    room: roomId,
    stream: fc.nat(2 ** 31),
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    counter: u48,
  }),
  fc.record({
    type: fc.constant("introduce" as const),
    peers: fc.array(
      fc.record({ peer: peerId, endpoint: fc.record({ address: fc.ipV4(), port: u16 }) }),
      { maxLength: 4 },
    ),
  }),
);
const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });

Deno.test("RecordAssembler returns what encodeRecord made, for any records and any cuts", () => {
  fc.assert(fc.property(fc.array(record, { maxLength: 8 }), cuts, (records, sizes) => {
    assertEquals(pushed(cutUp(join(records.map(encodeRecord)), sizes)), records);
  }));
});

Deno.test("RecordAssembler ends changed records in records, in waiting, or in a ProtocolError", () => {
  const change = fc.record({ at: fc.nat(500), value: fc.nat(255) });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), changes, cuts, (records, made, sizes) => {
      const bytes = join(records.map(encodeRecord));
      for (const { at, value } of made) bytes[at % bytes.length] = value;
      refusedOr(...cutUp(bytes, sizes));
    }),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (garbage, sizes) => {
      refusedOr(...cutUp(garbage, sizes));
    }),
    { numRuns: 1_000 },
  );
});

/** The records, or none if the assembler refused; anything else that it throws fails the test. */
function refusedOr(...chunks: readonly Uint8Array[]): WireRecord[] {
  try {
    return pushed(chunks);
  } catch (error) {
    assert(error instanceof ProtocolError && (error.code === "bad-record" || error.code === "too-much"));
    return [];
  }
}

function assertRefused(code: ProtocolCode, bytes: Uint8Array, what?: string): void {
  assertEquals(assertThrows(() => new RecordAssembler().push(bytes), ProtocolError).code, code, what);
}

function pushed(chunks: readonly Uint8Array[]): WireRecord[] {
  const assembler = new RecordAssembler();
  return chunks.flatMap((chunk) => assembler.push(chunk));
}

function framed(type: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  return join([Uint8Array.of(type, length >> 16, length >> 8 & 0xff, length & 0xff), payload]);
}

function peerOf(number: number): PeerId {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return toPeerId(key);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function cutUp(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1;
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
