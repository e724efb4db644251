import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denoCrypto } from "../../src/deno/crypto.ts";
import { ProtocolError } from "../../src/errors.ts";
import {
  choosePieceBytes,
  comparePaths,
  computePieceBytes,
  countPieces,
  decodeManifest,
  encodeManifest,
  hashManifest,
  type Manifest,
  PIECE_BYTES_MIN,
} from "../../src/transfer/manifest.ts";

const CRYPTO = denoCrypto();
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const bytes = (text: string) => new TextEncoder().encode(text);

const FOLDER: Manifest = {
  pieceBytes: 262_144,
  files: [{ path: ["a b.txt"], sizeBytes: 5 }, { path: ["sub", "é"], sizeBytes: 262_144 }],
  hashes: [hash(1), hash(2)],
  sizeBytes: 262_149,
};
const GOLDEN = "earshot files 1\n262144\n2\n5 a b.txt\n262144 sub/é\n" +
  "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE\nAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n";

Deno.test("a manifest is these bytes, both ways", () => {
  assertEquals(new TextDecoder().decode(encodeManifest(FOLDER)), GOLDEN);
  assertEquals(decodeManifest(bytes(GOLDEN)), FOLDER);
  assertEquals(hashManifest(bytes(GOLDEN), CRYPTO), "Gbu1qymPiHFH6ldtkKsFaMXFW0dvOZPHuSr8NYagcqg");
});

Deno.test("a content without bytes has no pieces", () => {
  const empty: Manifest = {
    pieceBytes: 262_144,
    files: [{ path: ["a"], sizeBytes: 0 }],
    hashes: [],
    sizeBytes: 0,
  };
  assertEquals(decodeManifest(encodeManifest(empty)), empty);
});

const HASH = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
const HEAD = "earshot files 1\n262144\n";

Deno.test("decodeManifest refuses what no honest author makes", () => {
  const cases: readonly (readonly [what: string, text: string])[] = [
    ["nothing", ""],
    ["another kind", "earshot files 2\n262144\n1\n0 a\n"],
    ["a line without its end", `${HEAD}1\n5 a\n${HASH}`],
    ["a line more", `${HEAD}1\n5 a\n${HASH}\n\n`],
    ["a hash too few", `${HEAD}1\n5 a\n`],
    ["a hash too many", `${HEAD}1\n0 a\n${HASH}\n`],
    ["half a hash", `${HEAD}1\n5 a\n${HASH.slice(1)}\n`],
    ["a hash with bits behind it", `${HEAD}1\n5 a\n${HASH.slice(0, -1)}F\n`],
    ["no files", `${HEAD}0\n`],
    ["more files than it has", `${HEAD}3\n5 a\n${HASH}\n`],
    ["tiny pieces", `earshot files 1\n1024\n1\n5 a\n${HASH}\n`],
    ["huge pieces", `earshot files 1\n8388608\n1\n5 a\n${HASH}\n`],
    ["odd pieces", `earshot files 1\n262145\n1\n5 a\n${HASH}\n`],
    ["a size with a zero before it", `${HEAD}1\n05 a\n${HASH}\n`],
    ["a negative size", `${HEAD}1\n-5 a\n${HASH}\n`],
    ["a size with a power", `${HEAD}1\n1e3 a\n${HASH}\n`],
    ["no size", `${HEAD}1\na\n${HASH}\n`],
    ["no path", `${HEAD}1\n5 \n${HASH}\n`],
    ["a path up", `${HEAD}1\n5 ../a\n${HASH}\n`],
    ["a path up inside", `${HEAD}1\n5 a/../../b\n${HASH}\n`],
    ["a path of nothing", `${HEAD}1\n5 a/./b\n${HASH}\n`],
    ["an absolute path", `${HEAD}1\n5 /etc/passwd\n${HASH}\n`],
    ["a path with an end", `${HEAD}1\n5 a/\n${HASH}\n`],
    ["an empty part", `${HEAD}1\n5 a//b\n${HASH}\n`],
    ["NUL", `${HEAD}1\n5 a\0b\n${HASH}\n`],
    ["a carriage return", `${HEAD}1\r\n5 a\n${HASH}\n`],
    ["paths out of order", `${HEAD}2\n5 b\n0 a\n${HASH}\n`],
    ["a path twice", `${HEAD}2\n5 a\n0 a\n${HASH}\n`],
    ["a file that is a folder", `${HEAD}3\n5 a\n0 a.b\n0 a/b\n${HASH}\n`],
    ["a long part", `${HEAD}1\n5 ${"a".repeat(256)}\n${HASH}\n`],
    ["a long path", `${HEAD}1\n5 ${"abcd/".repeat(205)}a\n${HASH}\n`],
    ["a deep path", `${HEAD}1\n5 ${"a/".repeat(32)}a\n${HASH}\n`],
    ["more than all disks hold", `${HEAD}1\n9999999999999999 a\n${HASH}\n`],
    ["sums beyond it", `${HEAD}2\n1099511627776 a\n1 b\n${HASH}\n`],
    ["a byte order mark", `\ufeff${HEAD}1\n0 a\n`],
  ];
  for (const [what, text] of cases) {
    assertEquals(assertThrows(() => decodeManifest(bytes(text)), ProtocolError, "", what).code, "bad-record");
  }
  assertThrows(() => decodeManifest(Uint8Array.of(...bytes(HEAD), 0xff)), ProtocolError, "UTF-8");
  assertThrows(() => decodeManifest(new Uint8Array(25 * 1024 * 1024)), ProtocolError, "too long");
});

Deno.test("every cut of a manifest is refused", () => {
  const whole = bytes(GOLDEN);
  for (let size = 0; size < whole.length; size++) {
    assertThrows(() => decodeManifest(whole.subarray(0, size)), ProtocolError, "", `cut at ${size}`);
  }
});

const part = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((text) =>
  // deno-lint-ignore no-control-regex -- What a manifest has no place for.
  !/[/\x00-\x1f\x7f]/.test(text) && text !== "." && text !== ".."
);
const manifests = fc.uniqueArray(
  fc.tuple(part, fc.nat(PIECE_BYTES_MIN * 2)),
  { minLength: 1, maxLength: 8, selector: ([name]) => name },
).map((list): Manifest => {
  const files = list.map(([name, sizeBytes]) => ({ path: ["in", name], sizeBytes }));
  files.sort((left, right) => comparePaths(left.path, right.path));
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const count = countPieces(sizeBytes, PIECE_BYTES_MIN);
  return {
    pieceBytes: PIECE_BYTES_MIN,
    files,
    sizeBytes,
    hashes: Array.from({ length: count }, (_, at) => hash(at)),
  };
});

Deno.test("a manifest decodes to what was encoded, and a changed one to another, or to nothing", () => {
  fc.assert(fc.property(manifests, fc.nat(), fc.nat(255), (manifest, at, value) => {
    const encoded = encodeManifest(manifest);
    assertEquals(decodeManifest(encoded), manifest);
    const changed = encoded.slice();
    changed[at % changed.length] = value;
    if (hashManifest(changed, CRYPTO) === hashManifest(encoded, CRYPTO)) return;
    try {
      // One meaning, one text: what is read is written again as it was.
      assertEquals(encodeManifest(decodeManifest(changed)), changed);
    } catch (error) {
      assert(error instanceof ProtocolError, String(error));
    }
  }));
});

Deno.test("pieces grow with the content, within bounds", () => {
  const KIB = 1_024;
  const cases: readonly (readonly [sizeBytes: number, pieceBytes: number])[] = [
    [0, 256 * KIB],
    [1, 256 * KIB],
    [256 * KIB * 1_024, 256 * KIB],
    [256 * KIB * 1_024 + 1, 512 * KIB],
    [1_024 ** 3, 1_024 * KIB],
    [4 * 1_024 ** 3, 4_096 * KIB],
    [1_024 ** 4, 4_096 * KIB],
  ];
  for (const [sizeBytes, pieceBytes] of cases) {
    assertEquals(choosePieceBytes(sizeBytes), pieceBytes, `${sizeBytes}`);
  }
  assertEquals([computePieceBytes(FOLDER, 0), computePieceBytes(FOLDER, 1)], [262_144, 5]);
});
