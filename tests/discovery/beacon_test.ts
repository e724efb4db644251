import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  BEACON_BYTES_MAX,
  type BeaconDraft,
  type BeaconKind,
  type BeaconProblem,
  decodeBeacon,
  encodeBeacon,
  NAME_BYTES_MAX,
  TITLE_BYTES_MAX,
} from "../../src/discovery/beacon.ts";
import { toPeerId } from "../../src/room/id.ts";
import { bytesOf, crypto, roomOf, signerOf } from "../fixtures/discovery/beacons.ts";

const SIGNATURE_BYTES = 64;
const LABEL = "earshot beacon 1\0";

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Signs whatever it is, as somebody would who has a key and does not keep to the layout. */
function signed(content: Uint8Array, number = 1): Uint8Array {
  const label = new TextEncoder().encode(LABEL);
  return Uint8Array.of(...content, ...signerOf(number).sign(Uint8Array.of(...label, ...content)));
}

/** A good answer with some bytes overwritten, signed again. */
function bent(at: number, ...values: number[]): Uint8Array {
  const content = bytesOf(1, { kind: "answer", name: "Zoë" }).slice(0, -SIGNATURE_BYTES);
  content.set(values, at);
  return signed(content);
}

function problemOf(bytes: Uint8Array): BeaconProblem["problem"] | undefined {
  const beacon = decodeBeacon(bytes, crypto);
  return "problem" in beacon ? beacon.problem : undefined;
}

const GOLDEN_DRAFT: BeaconDraft = {
  kind: "answer",
  instance: 0x0102030405,
  counter: 0x0a0b0c0d,
  beatSeconds: 300,
  rendezvousPort: 9999,
  merit: 1,
  name: "Zoë",
  rooms: [
    { id: roomOf(7), title: "Attic", memberCount: 3 },
    { id: roomOf(8), title: "", memberCount: 0xffff },
  ],
};
const GOLDEN_BYTES = [
  "45525348", // "ERSH"
  "01", // version
  "02", // answer
  "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c", // key of the seed 01 01 …
  "000102030405", // instance
  "0a0b0c0d", // counter
  "012c", // beat
  "270f", // port
  "01", // merit
  "045a6fc3ab", // "Zoë"
  "0002", // rooms that it hosts
  "02", // rooms here
  "07070707070707070707070707070707" + "0003" + "054174746963",
  "08080808080808080808080808080808" + "ffff" + "00",
  "a50081c7160a4def5aa11103fcd6a1fc64089b5a4e93a451878cc1e631dff2ba", // signature
  "eff126ce0ec54c305c8d7bcc95f9ed2721d2b37ca99e03779897e679c0294308",
].join("");

Deno.test("encodeBeacon writes the golden bytes", () => {
  assertEquals(toHex(encodeBeacon(GOLDEN_DRAFT, signerOf(1))), GOLDEN_BYTES);
});

Deno.test("decodeBeacon reads the golden bytes", () => {
  assertEquals(decodeBeacon(fromHex(GOLDEN_BYTES), crypto), {
    ...GOLDEN_DRAFT,
    id: toPeerId(signerOf(1).publicKey),
    roomsCount: 2,
  });
});

Deno.test("encodeBeacon pads hellos and beats with zeros to 512 bytes, so no answer is longer", () => {
  const { rooms } = GOLDEN_DRAFT;
  for (const kind of ["hello", "beat"] as const) {
    const bytes = bytesOf(1, { kind, name: "Zoë", rooms });
    assertEquals(bytes.length, 512, kind);
    assertEquals(bytes.slice(104, 448), new Uint8Array(344), kind);
  }
  assertEquals(bytesOf(1, { kind: "answer", name: "Zoë", rooms }).length, 168);
});

Deno.test("decodeBeacon reads what encodeBeacon writes", () => {
  const room = fc.record({
    id: fc.integer({ min: 0, max: 255 }).map(roomOf),
    title: fc.string({ maxLength: 30, unit: "grapheme" }),
    memberCount: fc.integer({ min: 0, max: 0xffff }),
  });
  const draft = fc.record({
    kind: fc.constantFrom<BeaconKind>("hello", "answer", "beat"),
    instance: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
    counter: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    beatSeconds: fc.integer({ min: 0, max: 0xffff }),
    rendezvousPort: fc.integer({ min: 1_024, max: 0xffff }),
    merit: fc.nat(255),
    name: fc.string({ maxLength: 20, unit: "grapheme" }),
    rooms: fc.array(room, { maxLength: 20 }),
  });
  fc.assert(fc.property(draft, (draft) => {
    const bytes = encodeBeacon(draft, signerOf(1));
    assert(bytes.length <= BEACON_BYTES_MAX);
    const beacon = decodeBeacon(bytes, crypto);
    assert(!("problem" in beacon));
    const { id: _id, roomsCount, rooms, ...rest } = beacon;
    const { rooms: allRooms, ...restOfDraft } = draft;
    assertEquals(rest, { ...restOfDraft, name: draft.name });
    assertEquals(roomsCount, allRooms.length);
    assert(rooms.length <= roomsCount);
    for (const room of rooms) assert(allRooms.some((each) => JSON.stringify(each) === JSON.stringify(room)));
  }));
});

Deno.test("encodeBeacon leaves out the rooms that do not fit, counts them, and still takes a short one behind a long one", () => {
  const rooms = Array.from({ length: 300 }, (_, index) => ({
    id: roomOf(index % 256),
    title: index === 20 ? "" : "a title of 24 characters",
    memberCount: 2,
  }));
  const beacon = decodeBeacon(
    bytesOf(1, { kind: "answer", name: "n".repeat(NAME_BYTES_MAX), rooms }),
    crypto,
  );
  assert(!("problem" in beacon));
  assertEquals(beacon.roomsCount, 300);
  assertEquals(
    beacon.rooms.map(({ id }) => id),
    [0, 1, 2, 3, 4, 5, 20].slice(0, beacon.rooms.length).map(roomOf),
  );
});

Deno.test("encodeBeacon always has room for one room, and cuts long texts between characters", () => {
  const title = "é".repeat(200);
  const beacon = decodeBeacon(
    bytesOf(1, { name: "a" + "🙂".repeat(64), rooms: [{ id: roomOf(1), title, memberCount: 70_000 }] }),
    crypto,
  );
  assert(!("problem" in beacon));
  assertEquals(beacon.name, "a" + "🙂".repeat(31));
  assertEquals(beacon.rooms, [{
    id: roomOf(1),
    title: "é".repeat(TITLE_BYTES_MAX / 2),
    memberCount: 0xffff,
  }]);
});

Deno.test("encodeBeacon refuses numbers that do not fit: a bug of the caller", () => {
  assertThrows(() => bytesOf(1, { counter: 2 ** 32 }), RangeError);
  assertThrows(() => bytesOf(1, { instance: -1 }), RangeError);
});

Deno.test("decodeBeacon refuses every truncation and anything behind", () => {
  for (const kind of ["hello", "answer", "beat"] as const) {
    const bytes = bytesOf(1, { kind, rooms: [{ id: roomOf(1), title: "Attic", memberCount: 3 }] });
    for (let length = 0; length < bytes.length; length++) {
      const expected = length < 4 ? "not-earshot" : length === 4 ? "other-version" : "malformed";
      const problem = problemOf(bytes.slice(0, length));
      if (length <= 4) assertEquals(problem, expected, `${kind} of ${length} bytes`);
      else {assert(
          problem === "malformed" || problem === "bad-signature",
          `${kind} of ${length} bytes: ${problem}`,
        );}
    }
    assert(problemOf(Uint8Array.of(...bytes, 0)) !== undefined);
  }
});

Deno.test("decodeBeacon refuses truncated content even if it is signed", () => {
  const content = bytesOf(1, { kind: "answer", rooms: [{ id: roomOf(1), title: "Attic", memberCount: 3 }] })
    .slice(0, -SIGNATURE_BYTES);
  for (let length = 5; length < content.length; length++) {
    assertEquals(problemOf(signed(content.slice(0, length))), "malformed", `${length} bytes`);
  }
  assertEquals(problemOf(signed(Uint8Array.of(...content, 0))), "malformed");
});

Deno.test("decodeBeacon refuses what is signed but not of the layout", () => {
  const name = 54; // Offset of the name in "Zoë"'s answer.
  const hello = bytesOf(1, { kind: "hello" }).slice(0, -SIGNATURE_BYTES);
  const cases: readonly [string, Uint8Array, BeaconProblem["problem"]][] = [
    ["nothing", new Uint8Array(0), "not-earshot"],
    ["another magic", bent(0, 0x65), "not-earshot"],
    ["version 0", bent(4, 0), "other-version"],
    ["version 2", bent(4, 2), "other-version"],
    ["a longer beacon of version 2", Uint8Array.of(...bent(4, 2), ...new Uint8Array(900)), "other-version"],
    ["kind 0", bent(5, 0), "malformed"],
    ["kind 4", bent(5, 4), "malformed"],
    ["a hello that is not padded", bent(5, 1), "malformed"],
    ["a beat that is not padded", bent(5, 3), "malformed"],
    ["an answer that is padded", signed(hello.with(5, 2)), "malformed"],
    ["padding of ones", signed(hello.with(447, 1)), "malformed"],
    ["port 0", bent(50, 0, 0), "malformed"],
    ["port 22", bent(50, 0, 22), "malformed"],
    ["port 1023", bent(50, 3, 255), "malformed"],
    ["a name that is not UTF-8", bent(name, 0xff), "malformed"],
    ["half a character", bent(name + 2, 0xc3, 0x28), "malformed"],
    ["an overlong NUL", bent(name, 0xc0, 0x80), "malformed"],
    ["a name beyond the end", bent(name - 1, 100), "malformed"],
    ["more rooms than there are", bent(name + 6, 1), "malformed"],
    ["a hello of 513 bytes", signed(Uint8Array.of(...hello, 0)), "malformed"],
    [
      "65,507 bytes",
      Uint8Array.of(...hello, ...new Uint8Array(65_059)),
      "malformed",
    ],
    ["JSON that nests deeply", new TextEncoder().encode("[".repeat(512)), "not-earshot"],
    ["another label", signed(hello).with(511, 1), "bad-signature"],
  ];
  for (const [what, bytes, problem] of cases) assertEquals(problemOf(bytes), problem, what);
});

Deno.test("decodeBeacon refuses a beacon under another key, or a key that is no point", () => {
  const hello = bytesOf(1).slice(0, -SIGNATURE_BYTES);
  assertEquals(problemOf(signed(hello, 2)), "bad-signature");
  for (const fill of [0, 0xff]) {
    const forged = hello.slice();
    forged.fill(fill, 6, 38);
    assertEquals(problemOf(signed(forged)), "bad-signature", `a key of ${fill}`);
  }
});

Deno.test("decodeBeacon refuses every change of a single bit", () => {
  const bytes = bytesOf(1, { kind: "answer", rooms: [{ id: roomOf(1), title: "Attic", memberCount: 3 }] });
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert(problemOf(changed) !== undefined, `bit ${bit}`);
  }
});

Deno.test("decodeBeacon survives any bytes, also with our magic and version", () => {
  const anything = fc.uint8Array({ maxLength: 600 });
  fc.assert(fc.property(anything, (bytes) => problemOf(bytes) !== undefined));
  fc.assert(fc.property(anything, (bytes) => {
    const problem = problemOf(Uint8Array.of(0x45, 0x52, 0x53, 0x48, 1, ...bytes));
    return problem === "malformed" || problem === "bad-signature";
  }));
});

Deno.test("decodeBeacon survives signed mutations: it refuses them, or they are what encodeBeacon writes", () => {
  const seed = bytesOf(1, { kind: "answer", rooms: [{ id: roomOf(1), title: "Attic", memberCount: 3 }] })
    .slice(0, -SIGNATURE_BYTES);
  const edits = fc.array(
    fc.tuple(fc.integer({ min: 38, max: seed.length - 1 }), fc.integer({ min: 0, max: 255 })),
    {
      maxLength: 4,
    },
  );
  fc.assert(fc.property(edits, fc.integer({ min: 0, max: 3 }), (edits, cut) => {
    const content = seed.slice(0, seed.length - cut);
    for (const [at, value] of edits) content[Math.min(at, content.length - 1)] = value;
    const bytes = signed(content);
    const beacon = decodeBeacon(bytes, crypto);
    if ("problem" in beacon || beacon.roomsCount !== beacon.rooms.length) return;
    assertEquals(toHex(encodeBeacon(beacon, signerOf(1))), toHex(bytes));
  }));
});
