import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PROTOCOL_CODES, type ProtocolCode } from "../../src/errors.ts";
import { encodeFrame } from "../../src/wire/framer.ts";
import { SEND_QUEUE_BYTES_MAX } from "../../src/wire/send_queue.ts";
import { encodeRecord, type WireRecord } from "../../src/wire/record.ts";
import type { SessionEffect } from "../../src/wire/session.ts";
import { RoomStream } from "../../src/wire/broadcast_stream.ts";
import { CRYPTO, founding } from "../fixtures/room/people.ts";
import {
  framesIn,
  join,
  kindsOf,
  openWire,
  type Role,
  START_MS,
  toHex,
  Wire,
} from "../fixtures/wire/session_pair.ts";

const ROOM = founding().room;
const NOTHING = new Uint8Array(0);
const ROLES: readonly Role[] = ["initiator", "responder"];

Deno.test("Session brings records to the other side, in order, and tells no pings", () => {
  const wire = openWire();
  wire.initiator.send(entries("1"));
  wire.initiator.send({ type: "ping" });
  wire.initiator.send(entries("2"));
  wire.responder.send(entries("3"));
  assertEquals(wire.run(), { initiator: told(entries("3")), responder: told(entries("1"), entries("2")) });
});

Deno.test("Session puts all that waits into one frame", () => {
  const wire = openWire();
  for (let index = 0; index < 100; index++) wire.initiator.send(entries(`${index}`));
  assertEquals(wire.initiator.queuedBytes, 10 * 21 + 90 * 22);
  const bytes = wire.take("initiator");
  assertEquals([framesIn(bytes).length, wire.initiator.queuedBytes], [1, 0]);
  assertEquals(wire.take("initiator"), NOTHING);
  assertEquals(wire.give("responder", bytes).length, 100);
});

Deno.test("Session cuts what is larger than a frame, and the other side joins it", () => {
  const wire = openWire();
  const large = [entries("a".repeat(150_000)), entries("b"), entries("c".repeat(196_592))];
  for (const record of large) wire.initiator.send(record);
  const bytes = wire.take("initiator");
  assertEquals(framesIn(bytes).map((frame) => frame.length), [
    65_537,
    65_537,
    65_537,
    65_537,
    65_537,
    19_082,
  ]);
  const effects = framesIn(bytes).map((frame) => wire.give("responder", frame));
  assertEquals(effects.flat(), told(...large));
  assertEquals(effects.map((some) => some.length), [0, 0, 2, 0, 0, 1]);
});

const text = fc.string({ maxLength: 50 });
const turn = fc.record({
  by: fc.constantFrom<Role>("initiator", "responder"),
  lines: fc.array(text.map((line) => `{${line}}`), { maxLength: 4 }),
  isSent: fc.boolean(),
});
const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 9 });

Deno.test("sessions tell each other everything in order, however it is batched and cut", () => {
  fc.assert(fc.property(fc.array(turn, { maxLength: 12 }), cuts, (turns, sizes) => {
    const wire = new Wire();
    const heard: SessionEffect[][] = [[], []];
    const collect = () => {
      const { initiator, responder } = wire.run(sizes);
      heard[0]?.push(...initiator);
      heard[1]?.push(...responder);
    };
    collect();
    for (const { by, lines, isSent } of turns) {
      wire[by].send(entries(...lines));
      if (isSent) collect();
    }
    collect();
    const said = (by: Role) => turns.filter((one) => one.by === by).map(({ lines }) => entries(...lines));
    assertEquals(heard.map((effects) => effects.slice(1)), [
      told(...said("responder")),
      told(...said("initiator")),
    ]);
  }));
});

/** What can be done to the two frames that one side has sent. */
const WRONG:
  readonly (readonly [what: string, change: (first: Uint8Array, second: Uint8Array) => Uint8Array])[] = [
    ["the first twice", (first) => join(first, first)],
    ["the second first", (first, second) => join(second, first)],
    ["the first left out", (_, second) => second],
    ["the first without its last byte", (first) => encodeFrame(1, first.slice(3, -1))],
    ["the first with a byte behind it", (first) => encodeFrame(1, join(first.slice(3), Uint8Array.of(0)))],
    ["the first as another kind", (first) => encodeFrame(2, first.slice(3))],
    ["the first as no kind", (first) => encodeFrame(3, first.slice(3))],
    ["an empty frame", () => encodeFrame(1, NOTHING)],
    ["a frame of length 0", () => Uint8Array.of(0, 0)],
    ["one in the clear", () => encodeFrame(1, encodeRecord(entries("a")))],
  ];

Deno.test("Session ends when frames were replayed, reordered, cut, left out or made up", () => {
  for (const [what, change] of WRONG) {
    for (const role of ROLES) {
      const wire = openWire();
      const other = otherOf(role);
      wire[other].send(entries("first"));
      const first = wire.take(other);
      wire[other].send(entries("second"));
      const kinds = kindsOf(wire.give(role, change(first, wire.take(other))));
      assertEquals(kinds.at(-1), "bad-frame", what);
      assertEquals(kindsOf(wire.give(other, wire.take(role))), ["peer said bad-frame"], what);
    }
  }
});

Deno.test("Session ends when a frame was changed in any byte", () => {
  const wire = openWire();
  wire.initiator.send(entries("first"));
  const size = wire.take("initiator").length;
  for (let at = 0; at < size; at++) {
    const fresh = openWire();
    fresh.initiator.send(entries("first"));
    const changed = fresh.take("initiator");
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const kinds = kindsOf(fresh.give("responder", changed));
    // A greater length waits for more, and opens no better then.
    assertEquals(kinds.length === 0 ? kindsOf(fresh.give("responder", new Uint8Array(300))) : kinds, [
      "bad-frame",
    ]);
  }
});

Deno.test("frames of one direction do not open in the other", () => {
  const wire = openWire();
  wire.initiator.send(entries("mine"));
  assertEquals(kindsOf(wire.give("initiator", wire.take("initiator"))), ["bad-frame"]);
});

Deno.test("Session tells the records before a bad one, and why it ends", () => {
  const wire = openWire();
  wire.initiator.send(entries("good"));
  const good = wire.take("initiator");
  wire.initiator.send({ type: "introduce", peers: Array.from({ length: 65 }, () => introduction()) });
  const effects = wire.give("responder", join(good, wire.take("initiator")));
  assertEquals(kindsOf(effects), ["entries", "too-much"]);
  assertEquals(kindsOf(wire.give("initiator", wire.take("responder"))), ["peer said too-much"]);
});

Deno.test("Session says every code to the other side, behind all that was queued before", () => {
  for (const code of Object.keys(PROTOCOL_CODES) as ProtocolCode[]) {
    for (const role of ROLES) {
      const wire = openWire();
      wire[role].send(entries("last words"));
      assertEquals(kindsOf(wire[role].close(code)), [code]);
      assertEquals(kindsOf(wire.give(otherOf(role), wire.take(role))), ["entries", `peer said ${code}`]);
    }
  }
});

Deno.test("Session takes a close with the code of a later version for leaving", () => {
  for (const code of [0, 17, 200]) {
    const wire = openWire();
    wire.initiator.send({ type: "close", code });
    assertEquals(kindsOf(wire.give("responder", wire.take("initiator"))), ["peer said leaving"]);
  }
});

Deno.test("Session drops what comes behind a close, in the same frame or later", () => {
  const wire = openWire();
  wire.initiator.send({ type: "close", code: 14 });
  wire.initiator.send(entries("too late"));
  assertEquals(kindsOf(wire.give("responder", wire.take("initiator"))), ["peer said leaving"]);
  wire.initiator.send(entries("much too late"));
  assertEquals(wire.give("responder", wire.take("initiator")), []);
});

Deno.test("nothing comes out of a closed session", () => {
  const ends: readonly ((wire: Wire) => void)[] = [
    (wire) => wire.responder.close("leaving"),
    (wire) => wire.give("responder", Uint8Array.of(0, 0)),
    (wire) => {
      wire.initiator.close("leaving");
      wire.give("responder", wire.take("initiator"));
    },
  ];
  for (const end of ends) {
    const wire = openWire();
    wire.responder.send(entries("unsaid"));
    end(wire);
    wire.take("responder"); // Its last words.
    const session = wire.responder;
    assertEquals(session.wakeAtMs, null);
    assertEquals(session.takeOutput(START_MS), NOTHING);
    assertEquals(session.send(entries("a")), []);
    assertEquals(session.close("failed"), []);
    assertEquals(session.tick(START_MS + 60_000), []);
    assertEquals(session.receive(Uint8Array.of(0, 0), START_MS), []);
    session.noteSent(START_MS);
    session.excuseSilence(START_MS);
    assertEquals([session.wakeAtMs, session.takeOutput(START_MS)], [null, NOTHING]);
  }
});

Deno.test("Session pings when it has sent nothing for a second", () => {
  const wire = openWire();
  const { initiator } = wire;
  assertEquals(initiator.wakeAtMs, START_MS + 1_000);
  assertEquals(initiator.tick(START_MS + 999), []);
  assertEquals(wire.take("initiator"), NOTHING);
  assertEquals(initiator.tick(START_MS + 1_000), []);
  wire.nowMs = START_MS + 1_000;
  const ping = wire.take("initiator");
  assertEquals([ping.length, kindsOf(wire.give("responder", ping))], [23, []]);
  assertEquals(initiator.wakeAtMs, START_MS + 2_000);
});

Deno.test("Session needs no ping where something was written, by itself or beside it", () => {
  const wire = openWire();
  wire.initiator.send(entries("a"));
  wire.nowMs = START_MS + 700;
  wire.take("initiator");
  assertEquals(wire.initiator.wakeAtMs, START_MS + 1_700);
  wire.initiator.noteSent(START_MS + 900);
  assertEquals(wire.initiator.wakeAtMs, START_MS + 1_900);
});

Deno.test("Session ends when nothing was heard for 3 s, and tries to say so", () => {
  const wire = openWire();
  const { initiator } = wire;
  for (const atMs of [1_000, 2_000]) assertEquals(initiator.tick(START_MS + atMs), []);
  assertEquals(kindsOf(initiator.tick(START_MS + 3_000)), ["silent"]);
  assertEquals(kindsOf(wire.give("responder", wire.take("initiator"))), ["peer said silent"]);
});

Deno.test("Session takes whatever comes for a sign of life, and our own slowness for none of death", () => {
  for (const live of ["receive", "excuse"] as const) {
    const wire = openWire();
    const { initiator } = wire;
    initiator.tick(START_MS + 1_000);
    initiator.tick(START_MS + 2_000);
    if (live === "excuse") initiator.excuseSilence(START_MS + 2_500);
    else initiator.receive(Uint8Array.of(0), START_MS + 2_500);
    for (const atMs of [3_000, 4_000, 5_000]) assertEquals(initiator.tick(START_MS + atMs), []);
    assertEquals(kindsOf(initiator.tick(START_MS + 5_500)), ["silent"]);
  }
});

Deno.test("Session is cut when the peer does not read: it gets what was queued, and the reason", () => {
  const wire = openWire();
  const record = entries("x".repeat(130_000));
  const size = encodeRecord(record).length;
  const fitting = Math.floor(SEND_QUEUE_BYTES_MAX / size);
  for (let index = 0; index < fitting; index++) assertEquals(wire.initiator.send(record), []);
  assertEquals(wire.initiator.queuedBytes, fitting * size);
  assertEquals(kindsOf(wire.initiator.send(record)), ["too-far-behind"]);
  const kinds = kindsOf(wire.give("responder", wire.take("initiator")));
  assertEquals([kinds.length, kinds.at(-1)], [fitting + 1, "peer said too-far-behind"]);
});

Deno.test("Session opens stream frames once it has the key, and tells their entries as its own", () => {
  const wire = openWire();
  const stream = streamOf(7, 1);
  wire.initiator.send(keyOf(stream));
  const cursor = stream.follow();
  stream.append(encodeRecord(entries("by stream")));
  wire.initiator.send(entries("by itself"));
  const bytes = join(wire.take("initiator"), cursor.take());
  assertEquals(wire.give("responder", bytes), told(entries("by itself"), entries("by stream")));
});

Deno.test("Session keeps streams and its own frames apart: each has its counter", () => {
  const wire = openWire();
  const streams = [streamOf(1, 1), streamOf(2, 2)];
  for (const stream of streams) wire.initiator.send(keyOf(stream));
  const cursors = streams.map((stream) => stream.follow());
  const out: Uint8Array[] = [wire.take("initiator")];
  for (let round = 0; round < 3; round++) {
    for (const [index, stream] of streams.entries()) {
      stream.append(encodeRecord(entries(`${index} ${round}`)));
      out.push(cursors[index]?.take() ?? NOTHING);
    }
    wire.initiator.send(entries(`own ${round}`));
    out.push(wire.take("initiator"));
  }
  const lines = [0, 1, 2].flatMap((round) => [`0 ${round}`, `1 ${round}`, `own ${round}`]);
  assertEquals(wire.give("responder", join(...out)), told(...lines.map((line) => entries(line))));
});

Deno.test("Session follows a stream again from where its new record says", () => {
  const wire = openWire();
  const stream = streamOf(7, 1);
  stream.follow();
  for (const line of ["missed", "missed as well"]) stream.append(encodeRecord(entries(line)));
  wire.initiator.send(keyOf(streamOf(7, 9)));
  wire.initiator.send(keyOf(stream));
  const cursor = stream.follow();
  stream.append(encodeRecord(entries("heard")));
  assertEquals(wire.give("responder", join(wire.take("initiator"), cursor.take())), told(entries("heard")));
});

/** Each row: what the initiator says of its stream, what it then sends in it, and how that ends. */
const STREAMED: readonly (readonly [what: string, key: WireRecord | null, sent: WireRecord, end: string])[] =
  [
    ["no key", null, entries("a"), "bad-frame"],
    ["the key of another stream", keyOf(streamOf(8, 1)), entries("a"), "bad-frame"],
    ["another key", keyOf(streamOf(7, 2)), entries("a"), "bad-frame"],
    ["another counter", { ...keyOf(streamOf(7, 1)), counter: 1 }, entries("a"), "bad-frame"],
    [
      "a profile in it",
      keyOf(streamOf(7, 1)),
      { type: "profile", name: "m", away: "", rendezvousPort: 1, merit: 1, rooms: [] },
      "bad-record",
    ],
    ["a close in it", keyOf(streamOf(7, 1)), { type: "close", code: 14 }, "bad-record"],
    ["a ping in it", keyOf(streamOf(7, 1)), { type: "ping" }, "bad-record"],
    ["a stream in it", keyOf(streamOf(7, 1)), keyOf(streamOf(7, 1)), "bad-record"],
  ];

Deno.test("Session ends over a stream without its key, out of step, or with anything but entries", () => {
  for (const [what, key, sent, end] of STREAMED) {
    const wire = openWire();
    if (key !== null) wire.initiator.send(key);
    const stream = streamOf(7, 1);
    const cursor = stream.follow();
    stream.append(encodeRecord(sent));
    const bytes = join(wire.take("initiator"), cursor.take());
    assertEquals(kindsOf(wire.give("responder", bytes)), [end], what);
  }
});

Deno.test("Session refuses a stream frame that is too short, changed or replayed", () => {
  const stream = streamOf(7, 1);
  const key = keyOf(stream);
  const cursor = stream.follow();
  stream.append(encodeRecord(entries("a")));
  const frame = cursor.take();
  const changed = frame.slice();
  changed[10] = (changed[10] ?? 0) ^ 1;
  const cases: readonly (readonly [sent: Uint8Array, kinds: string[]])[] = [
    [changed, ["bad-frame"]],
    [encodeFrame(2, frame.slice(3, 3 + 19)), ["bad-frame"]],
    [encodeFrame(2, NOTHING), ["bad-frame"]],
    [join(frame, frame), ["entries", "bad-frame"]],
  ];
  for (const [sent, kinds] of cases) {
    const wire = openWire();
    wire.initiator.send(key);
    assertEquals(kindsOf(wire.give("responder", join(wire.take("initiator"), sent))), kinds);
  }
});

Deno.test("Session takes 256 streams, and new keys for those it has, but not one more", () => {
  const wire = openWire();
  for (let number = 0; number < 256; number++) wire.initiator.send(keyOf(streamOf(number, 1)));
  for (let number = 0; number < 256; number++) wire.initiator.send(keyOf(streamOf(number, 2)));
  assertEquals(wire.give("responder", wire.take("initiator")), []);
  wire.initiator.send(keyOf(streamOf(256, 1)));
  assertEquals(kindsOf(wire.give("responder", wire.take("initiator"))), ["too-much"]);
});

Deno.test("two sessions of the same people share no bytes, because each draws an ephemeral key", () => {
  const fresh = new Wire({ initiator: { ephemeral: new Uint8Array(32).fill(0x31) } });
  fresh.run();
  const golden = openWire();
  for (const wire of [fresh, golden]) wire.responder.send(entries("a"));
  assert(toHex(fresh.take("responder")) !== toHex(golden.take("responder")));
});

Deno.test("Session ends any garbage in records, in waiting or in a ProtocolError", () => {
  const frame = fc.tuple(fc.constantFrom(0, 1, 2, 7), fc.uint8Array({ maxLength: 60 })).map(([kind, body]) =>
    encodeFrame(kind, body)
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(frame, fc.uint8Array({ maxLength: 60 })), { maxLength: 5 }), (chunks) => {
      const wire = openWire();
      const kinds = chunks.flatMap((chunk) => kindsOf(wire.give("responder", chunk)));
      assert(kinds.length <= 1 && (kinds[0] ?? "bad-frame") === "bad-frame", `${kinds}`);
    }),
  );
});

Deno.test("Session ends any plaintext that an honest key sealed in records, in waiting or in a ProtocolError", () => {
  const ends = ["bad-record", "too-much", "bad-frame"];
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), (plains) => {
    const stream = streamOf(7, 1);
    const wire = openWire();
    wire.initiator.send(keyOf(stream));
    const cursor = stream.follow();
    for (const plain of plains) stream.append(plain);
    const effects = wire.give("responder", join(wire.take("initiator"), cursor.take()));
    for (const effect of effects) assert(effect.kind === "closed" && ends.includes(effect.error.code));
  }));
});

function entries(...lines: string[]): WireRecord {
  return { type: "entries", room: ROOM, lines };
}

function told(...records: WireRecord[]): SessionEffect[] {
  return records.map((record) => ({ kind: "record", record }));
}

function streamOf(number: number, fill: number): RoomStream {
  return new RoomStream({ number, key: new Uint8Array(32).fill(fill), crypto: CRYPTO });
}

/** What a host says of its stream as it is now. */
function keyOf({ number, key, counter }: RoomStream): Extract<WireRecord, { type: "stream" }> {
  return { type: "stream", room: ROOM, stream: number, key, counter };
}

function introduction(): Extract<WireRecord, { type: "introduce" }>["peers"][number] {
  return { peer: founding().author, endpoint: { address: "10.0.0.1", port: 9999 } };
}

function otherOf(role: Role): Role {
  return role === "initiator" ? "responder" : "initiator";
}
