import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../src/errors.ts";
import { ByteReader, ByteWriter, releaseBytes } from "../../src/encoding/byte_codec.ts";

type NumberField = "u8" | "u16" | "u24" | "u32" | "u48";

const NUMBERS: readonly (readonly [field: NumberField, value: number, bytes: readonly number[]])[] = [
  ["u8", 0, [0]],
  ["u8", 255, [255]],
  ["u16", 0x1234, [0x12, 0x34]],
  ["u16", 65_535, [255, 255]],
  ["u24", 0x123456, [0x12, 0x34, 0x56]],
  ["u24", 16_777_215, [255, 255, 255]],
  ["u32", 0x12345678, [0x12, 0x34, 0x56, 0x78]],
  ["u32", 4_294_967_295, [255, 255, 255, 255]],
  ["u48", 0x123456789abc, [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]],
  ["u48", 281_474_976_710_655, [255, 255, 255, 255, 255, 255]],
  ["u48", 1_795_219_874_123, [0x01, 0xa1, 0xfb, 0x71, 0x61, 0x4b]],
];

const MAX: Readonly<Record<NumberField, number>> = {
  u8: 255,
  u16: 65_535,
  u24: 16_777_215,
  u32: 4_294_967_295,
  u48: 281_474_976_710_655,
};

Deno.test("ByteWriter and ByteReader put numbers in big-endian order", () => {
  for (const [field, value, bytes] of NUMBERS) {
    assertEquals(new ByteWriter()[field](value).finish(), Uint8Array.from(bytes), `${field} ${value}`);
    const reader = new ByteReader(Uint8Array.from(bytes));
    assertEquals(reader[field](), value);
    reader.end();
  }
});

Deno.test("ByteWriter refuses numbers that do not fit their field", () => {
  for (const field of ["u8", "u16", "u24", "u32", "u48"] as const) {
    for (const value of [-1, 0.5, NaN, Infinity, MAX[field] + 1]) {
      assertThrows(() => new ByteWriter()[field](value), RangeError, "does not fit");
    }
  }
});

Deno.test("ByteReader ends every truncated number in a ProtocolError", () => {
  for (const [field, , bytes] of NUMBERS) {
    for (let size = 0; size < bytes.length; size++) {
      const reader = new ByteReader(Uint8Array.from(bytes.slice(0, size)));
      const error = assertThrows(() => reader[field](), ProtocolError, "cut short");
      assertEquals(error.code, "bad-record");
    }
  }
});

const TEXTS: readonly (readonly [text: string, hex: string])[] = [
  ["", "00"],
  ["Anna", "04416e6e61"],
  ["é", "02c3a9"],
  ["🙂", "04f09f9982"],
  ["\uFEFFx", "04efbbbf78"], // A byte order mark is text like any other: dropped, two encodings would mean the same.
];

Deno.test("text8 is a length and UTF-8, both ways", () => {
  for (const [text, hex] of TEXTS) {
    assertEquals(new ByteWriter().text8(text).finish(), bytesOf(hex), hex);
    const reader = new ByteReader(bytesOf(hex));
    assertEquals(reader.text8(), text);
    reader.end();
    for (let size = 0; size < bytesOf(hex).length; size++) {
      assertThrows(() => new ByteReader(bytesOf(hex).subarray(0, size)).text8(), ProtocolError, "cut short");
    }
  }
});

Deno.test("text8 takes 255 bytes and no more", () => {
  assertEquals(new ByteWriter().text8("x".repeat(255)).length, 256);
  assertThrows(() => new ByteWriter().text8("x".repeat(256)), RangeError);
  assertThrows(() => new ByteWriter().text8("é".repeat(128)), RangeError);
});

Deno.test("ByteReader refuses bytes that are not UTF-8", () => {
  for (const hex of ["0180", "02c328", "03eda080", "02c0af", "04f4908080", "01ff"]) {
    assertThrows(() => new ByteReader(bytesOf(hex)).text8(), ProtocolError, "not UTF-8");
  }
});

Deno.test("ByteReader reports with the code that it was given", () => {
  assertEquals(
    assertThrows(() => new ByteReader(new Uint8Array(0), "bad-frame").u8(), ProtocolError).code,
    "bad-frame",
  );
  assertEquals(
    assertThrows(() => new ByteReader(bytesOf("01ff"), "bad-handshake").text8(), ProtocolError).code,
    "bad-handshake",
  );
  assertEquals(
    assertThrows(() => new ByteReader(bytesOf("01"), "bad-identity").end(), ProtocolError).code,
    "bad-identity",
  );
});

Deno.test("ByteReader.end refuses trailing bytes and says how many", () => {
  const reader = new ByteReader(bytesOf("0102030405"));
  reader.u16();
  assertThrows(() => reader.end(), ProtocolError, "3 bytes too many");
  assertEquals(reader.rest(), bytesOf("030405"));
  reader.end();
});

Deno.test("ByteReader takes counted bytes, the rest, and nothing beyond", () => {
  const reader = new ByteReader(bytesOf("0102030405"));
  assertEquals(reader.bytes(2), bytesOf("0102"));
  assertEquals(reader.remaining, 3);
  assertThrows(() => reader.bytes(4), ProtocolError, "cut short");
  assertEquals(reader.text(0), "");
  assertEquals(reader.rest(), bytesOf("030405"));
  assertEquals(reader.rest(), new Uint8Array(0));
});

Deno.test("ByteReader reads a view from where that view starts", () => {
  assertEquals(new ByteReader(bytesOf("ffff0102").subarray(2)).u16(), 0x0102);
});

Deno.test("ByteWriter grows as needed, and goes on after finish", () => {
  const writer = new ByteWriter(0);
  for (let value = 0; value < 300; value++) writer.u16(value);
  const first = writer.finish();
  writer.u8(1);
  assertEquals(first.length, 600);
  assertEquals(writer.length, 601);
  assertEquals(writer.finish().subarray(0, 600), first);
});

const field = fc.oneof(
  ...(["u8", "u16", "u24", "u32", "u48"] as const).map((kind) =>
    fc.record({ kind: fc.constant(kind), value: fc.integer({ min: 0, max: MAX[kind] }) })
  ),
  fc.record({ kind: fc.constant("text8" as const), value: fc.string({ unit: "binary", maxLength: 60 }) }),
);

Deno.test("whatever is written is read again, and any cut of it is refused", () => {
  fc.assert(fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), fc.nat(), (fields, seed) => {
    const writer = new ByteWriter();
    for (const one of fields) one.kind === "text8" ? writer.text8(one.value) : writer[one.kind](one.value);
    const bytes = writer.finish();
    const readAll = (from: Uint8Array) => {
      const reader = new ByteReader(from);
      const values = fields.map(({ kind }) => reader[kind]());
      reader.end();
      return values;
    };
    assertEquals(readAll(bytes), fields.map(({ value }) => value));
    assertThrows(() => readAll(bytes.subarray(0, seed % bytes.length)), ProtocolError);
    assertThrows(() => readAll(Uint8Array.from([...bytes, 0])), ProtocolError);
  }));
});

Deno.test("release empties large bytes, and leaves views of others and small ones alone", () => {
  const large = new Uint8Array(4_096);
  const shared = new Uint8Array(8_192);
  const small = new Uint8Array(4_095);
  for (const bytes of [large, shared.subarray(1_000, 6_000), small]) releaseBytes(bytes);
  assertEquals([large.length, shared.length, small.length], [0, 8_192, 4_095]);
});

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
