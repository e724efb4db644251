import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RequestLedger } from "../../src/transfer/request_ledger.ts";
import { Bitfield } from "../../src/transfer/bitfield.ts";
import {
  type PieceRequest,
  PieceScheduler,
  STALL_MS,
  STALL_REST_MS,
  UNDER_WAY_BYTES_MAX,
  WINDOW_BYTES_MAX,
  WINDOW_BYTES_MIN,
} from "../../src/transfer/piece_scheduler.ts";
import { ProtocolError } from "../../src/errors.ts";
import { assertThrows } from "@std/assert";
import { SimChance } from "../sim/chance.ts";

const PIECE = 256 * 1024;

function pullOf(
  count: number,
  options: { readonly startAt?: number; readonly pieceBytes?: number } = {},
): PieceScheduler {
  const { startAt = 0, pieceBytes = PIECE } = options;
  return new PieceScheduler({ have: new Bitfield(count), startAt, sizeOf: () => pieceBytes });
}

function bitsOf(count: number, ...set: readonly number[]): Bitfield {
  const bits = new Bitfield(count);
  for (const index of set) bits.add(index);
  return bits;
}

const piecesOf = (asked: readonly PieceRequest[]) => asked.map(({ source, piece }) => `${source}${piece}`);

/** All that was asked comes, and is good. */
function serve(
  pieceScheduler: PieceScheduler,
  asked: readonly PieceRequest[],
  nowMs: number,
): PieceRequest[] {
  return asked.flatMap(({ source, piece, length }) => [
    ...pieceScheduler.handle({ kind: "came", source, piece, bytes: length }, nowMs),
    ...pieceScheduler.handle({ kind: "checked", source, piece, isGood: true }, nowMs),
  ]);
}

Deno.test("Pull asks a source for what it has and what is missing, in order, a window at once", () => {
  const pieceScheduler = pullOf(10);
  pieceScheduler.have.add(1);
  const asked = pieceScheduler.handle({ kind: "holding", source: "a", held: bitsOf(10, 0, 1, 2, 5, 9) }, 0);
  assertEquals(asked, [
    { source: "a", piece: 0, offset: 0, length: PIECE },
    { source: "a", piece: 2, offset: 0, length: PIECE },
  ]);
  assertEquals(piecesOf(serve(pieceScheduler, asked, 10)), ["a5", "a9"]);
  assertEquals(pieceScheduler.active, ["a"]);
});

Deno.test("Pull asks no two sources for one piece, and begins where it was told", () => {
  const pieceScheduler = pullOf(8, { startAt: 6 });
  assertEquals(piecesOf(pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0)), [
    "a6",
    "a7",
  ]);
  assertEquals(piecesOf(pieceScheduler.handle({ kind: "holding", source: "b", held: "all" }, 0)), [
    "b0",
    "b1",
  ]);
});

Deno.test("Pull asks for large pieces in parts", () => {
  const pieceScheduler = pullOf(1, { pieceBytes: 700_000 });
  const asked = pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
  assertEquals(asked.map(({ offset, length }) => [offset, length]), [[0, 262_144], [262_144, 262_144]]);
  const more = pieceScheduler.handle({ kind: "came", source: "a", piece: 0, bytes: 262_144 }, 5);
  assertEquals(more.map(({ offset, length }) => [offset, length]), [[524_288, 175_712]]);
});

Deno.test("Pull gives the pieces of who is gone, or has none any more, to others", () => {
  for (const kind of ["gone", "none"]) {
    const pieceScheduler = pullOf(3);
    pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
    assertEquals(piecesOf(pieceScheduler.handle({ kind: "holding", source: "b", held: "all" }, 0)), ["b2"]);
    const input = kind === "gone"
      ? { kind: "gone", source: "a" } as const
      : { kind: "holding", source: "a", held: null } as const;
    assertEquals(piecesOf(pieceScheduler.handle(input, 0)), ["b0"]);
    // What still comes from it counts for nothing.
    assertEquals(pieceScheduler.handle({ kind: "came", source: "a", piece: 0, bytes: PIECE }, 1), []);
  }
});

Deno.test("Pull takes its pieces from a source that stalls, and asks it again after a rest", () => {
  const pieceScheduler = pullOf(4);
  pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
  pieceScheduler.handle({ kind: "came", source: "a", piece: 0, bytes: 1_000 }, 500);
  assertEquals(pieceScheduler.wakeAtMs, 500 + STALL_MS);
  assertEquals(pieceScheduler.handle({ kind: "tick" }, 499 + STALL_MS), []);
  assertEquals(pieceScheduler.handle({ kind: "tick" }, 500 + STALL_MS), []);
  const [first, ...others] = pieceScheduler.handle({ kind: "holding", source: "b", held: "all" }, 9_000);
  assertEquals(
    [first?.piece, first?.offset, others.length],
    [0, 0, 1],
    "from the beginning: a piece is one source's",
  );
  const restedMs = 500 + STALL_MS + STALL_REST_MS;
  assertEquals(pieceScheduler.wakeAtMs === null || pieceScheduler.wakeAtMs <= restedMs, true);
  const again = pieceScheduler.handle({ kind: "tick" }, restedMs).filter(({ source }) => source === "a");
  assertEquals(again.reduce((sum, { length }) => sum + length, 0), WINDOW_BYTES_MIN, "carefully");
});

/** Whoever is in `honest` sends all that it was asked for at once, `trickle` of each other each 4 s; until all is here. */
function pulledMs(pieceScheduler: PieceScheduler, { honest, others, trickle, untilMs }: {
  readonly honest: string;
  readonly others: readonly string[];
  readonly trickle: number;
  readonly untilMs: number;
}): number {
  let asked: PieceRequest[] = [];
  for (const source of [...others, honest]) {
    asked.push(...pieceScheduler.handle({ kind: "holding", source, held: "all" }, 0));
  }
  const held = new Map<string, PieceRequest>();
  for (let nowMs = 0; nowMs < untilMs; nowMs += 1_000) {
    while (asked.length > 0) {
      const [now, later] = [asked.filter(({ source }) => source === honest), asked];
      for (const one of later) if (one.source !== honest) held.set(one.source, one);
      asked = now.flatMap(({ source, piece, offset, length }) => {
        const more = pieceScheduler.handle({ kind: "came", source, piece, bytes: length }, nowMs);
        const isWhole = offset + length === BIG;
        return isWhole
          ? [...more, ...pieceScheduler.handle({ kind: "checked", source, piece, isGood: true }, nowMs)]
          : more;
      });
    }
    if (pieceScheduler.have.isFull) return nowMs;
    for (const { source, piece } of nowMs % 4_000 === 0 ? held.values() : []) {
      asked.push(...pieceScheduler.handle({ kind: "came", source, piece, bytes: trickle }, nowMs));
      // Nor do words help.
      asked.push(...pieceScheduler.handle({ kind: "holding", source, held: "all" }, nowMs));
    }
    if (pieceScheduler.wakeAtMs !== null && pieceScheduler.wakeAtMs <= nowMs) {
      asked.push(...pieceScheduler.handle({ kind: "tick" }, nowMs));
    }
  }
  return Infinity;
}

const BIG = 4 * 1024 * 1024;

Deno.test("Pull takes its pieces from a source that sends a byte now and then, if another has them", () => {
  const pieceScheduler = pullOf(8, { pieceBytes: BIG });
  const tookMs = pulledMs(pieceScheduler, { honest: "good", others: ["evil"], trickle: 1, untilMs: 600_000 });
  assert(tookMs <= STALL_MS * 2, `${tookMs}`);
});

Deno.test("Pull gets everything from one honest source, however many others hold back what they were asked for", () => {
  const others = Array.from({ length: 12 }, (_, index) => `evil${index}`);
  for (const trickle of [1, 40_000]) {
    const pieceScheduler = pullOf(40, { pieceBytes: BIG });
    const tookMs = pulledMs(pieceScheduler, { honest: "good", others, trickle, untilMs: 3_600_000 });
    assert(tookMs <= 120_000, `${trickle}: ${tookMs}`);
  }
});

Deno.test("Pull leaves its pieces to a slow source that nobody can replace", () => {
  const pieceScheduler = pullOf(1, { pieceBytes: BIG });
  pieceScheduler.handle({ kind: "holding", source: "b", held: bitsOf(1) }, 0);
  pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
  for (let nowMs = 0; nowMs < 300_000; nowMs += 1_000) {
    pieceScheduler.handle({ kind: "came", source: "a", piece: 0, bytes: 1_000 }, nowMs);
    if (pieceScheduler.wakeAtMs !== null && pieceScheduler.wakeAtMs <= nowMs) {
      pieceScheduler.handle({ kind: "tick" }, nowMs);
    }
    assertEquals(pieceScheduler.active, ["a"]);
  }
});

Deno.test("Pull never again asks who sent what was not offered", () => {
  const pieceScheduler = pullOf(2);
  const asked = pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
  assertEquals(asked.length, 2);
  pieceScheduler.handle({ kind: "came", source: "a", piece: 0, bytes: PIECE }, 1);
  assertEquals(pieceScheduler.handle({ kind: "checked", source: "a", piece: 0, isGood: false }, 1), []);
  assert(pieceScheduler.hasSentBadPiece("a"));
  assertEquals(pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 2), []);
  pieceScheduler.handle({ kind: "gone", source: "a" }, 3);
  assertEquals(pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 4), []);
  assertEquals(piecesOf(pieceScheduler.handle({ kind: "holding", source: "b", held: "all" }, 5)), [
    "b0",
    "b1",
  ]);
});

Deno.test("Pull lets as much be on its way as comes in a moment, within bounds", () => {
  for (
    const [bytesPerMs, least, most] of [[10, WINDOW_BYTES_MIN, PIECE * 2], [
      100_000,
      WINDOW_BYTES_MAX,
      WINDOW_BYTES_MAX + PIECE,
    ]] as const
  ) {
    const pieceScheduler = pullOf(10_000);
    let underWay = pieceScheduler.handle({ kind: "holding", source: "a", held: "all" }, 0);
    let nowMs = 0;
    for (let round = 0; round < 400; round++) {
      const [next, ...rest] = underWay;
      if (next === undefined) throw new Error("nothing is on its way");
      nowMs += next.length / bytesPerMs;
      underWay = [...rest, ...serve(pieceScheduler, [next], nowMs)];
    }
    const bytes = underWay.reduce((sum, { length }) => sum + length, 0);
    assert(bytes >= least && bytes <= most, `${bytesPerMs}: ${bytes}`);
  }
});

Deno.test("Pull keeps what is not on disk yet below its limit, however many sources there are", () => {
  const pieceScheduler = pullOf(1_000);
  let bytes = 0;
  const take = (asked: readonly PieceRequest[]): void => {
    for (const { source, piece, length } of asked) {
      bytes += length;
      // It comes at once, and the disk does nothing.
      take(pieceScheduler.handle({ kind: "came", source, piece, bytes: length }, 1));
    }
  };
  for (let source = 0; source < 100; source++) {
    take(pieceScheduler.handle({ kind: "holding", source: `${source}`, held: "all" }, 1));
  }
  assert(bytes >= UNDER_WAY_BYTES_MAX && bytes <= UNDER_WAY_BYTES_MAX + PIECE, `${bytes}`);
});

Deno.test("Pull gets everything, each piece once, from sources that come, go, stall and lie", () => {
  for (let seed = 0; seed < 200; seed++) {
    const chance = new SimChance(seed);
    const dice = (count: number) => Math.floor(chance.fraction() * count);
    const count = 1 + dice(60);
    const pieceScheduler = pullOf(count, { startAt: dice(count) });
    const good = new Set<string>();
    const checked: number[] = [];
    let onTheWay: PieceRequest[] = [];
    let nowMs = 0;
    const liar = `s${dice(4)}`;
    for (let turn = 0; !pieceScheduler.have.isFull; turn++) {
      assert(turn < 20_000, `seed ${seed}: ${pieceScheduler.have.setCount} of ${count}`);
      nowMs += dice(400);
      const source = `s${dice(4)}`;
      const kind = dice(20);
      // In the end the honest ones stay.
      const isLate = turn > 2_000;
      const input = kind === 0 && !isLate
        ? { kind: "gone", source } as const
        : kind === 1 && !isLate
        ? { kind: "holding", source, held: null } as const
        : kind <= 3
        ? {
          kind: "holding",
          source,
          held: isLate ? "all" : bitsOf(count, ...Array.from({ length: 8 }, () => dice(count))),
        } as const
        : { kind: "tick" } as const;
      if (input.kind === "gone") onTheWay = onTheWay.filter((one) => one.source !== source);
      onTheWay.push(...pieceScheduler.handle(input, nowMs));
      const [next] = onTheWay.splice(dice(Math.min(onTheWay.length, 2)), dice(3) === 0 ? 0 : 1);
      if (next === undefined) continue;
      const wasAsked = pieceScheduler.active.includes(next.source);
      onTheWay.push(
        ...pieceScheduler.handle(
          { kind: "came", source: next.source, piece: next.piece, bytes: next.length },
          nowMs,
        ),
      );
      if (!wasAsked) continue;
      const isGood = next.source !== liar;
      if (isGood && pieceScheduler.have.has(next.piece)) continue;
      if (isGood) {
        checked.push(next.piece);
        good.add(next.source);
      }
      onTheWay.push(
        ...pieceScheduler.handle({ kind: "checked", source: next.source, piece: next.piece, isGood }, nowMs),
      );
    }
    assert(!good.has(liar), `seed ${seed}`);
    assertEquals(new Set(checked).size, count, `seed ${seed}`);
  }
});

Deno.test("Bits are the bytes of a bitmap, both ways, and nothing else is one", () => {
  assertEquals(bitsOf(10, 0, 2, 9).bytes(), Uint8Array.of(0b1010_0000, 0b0100_0000));
  assertEquals(Bitfield.parse(Uint8Array.of(0xff, 0b1100_0000), 10)?.isFull, true);
  const none: readonly (readonly [bytes: readonly number[], count: number])[] = [
    [[], 1],
    [[0], 0],
    [[0, 0], 8],
    [[0], 9],
    [[1], 7],
    [[0xff, 0b1110_0000], 10],
  ];
  for (const [bytes, count] of none) assertEquals(Bitfield.parse(Uint8Array.from(bytes), count), null);
  fc.assert(fc.property(fc.array(fc.boolean(), { maxLength: 70 }), (flags) => {
    const bits = new Bitfield(flags.length);
    flags.forEach((flag, index) => flag && bits.add(index));
    const again = Bitfield.parse(bits.bytes(), flags.length);
    assertEquals(flags.map((_, index) => again?.has(index)), flags);
    assertEquals(again?.setCount, flags.filter(Boolean).length);
  }));
});

Deno.test("Asked takes what was asked for, in order, once, and nothing else", () => {
  const requestLedger = new RequestLedger();
  requestLedger.note(1, { piece: 2, offset: 0, length: 100 });
  requestLedger.note(1, { piece: 2, offset: 100, length: 50 });
  requestLedger.note(1, { piece: 3, offset: 0, length: 10 });
  const takes = (wish: number, piece: number, offset: number, length: number) =>
    requestLedger.take(wish, { piece, offset, length });
  const refuses = (...args: Parameters<typeof takes>) =>
    assertEquals(assertThrows(() => takes(...args), ProtocolError).code, "bad-record");
  refuses(2, 2, 0, 10);
  refuses(1, 4, 0, 10);
  refuses(1, 2, 50, 10);
  refuses(1, 2, 0, 101);
  takes(1, 2, 0, 60);
  refuses(1, 2, 0, 60);
  takes(1, 3, 0, 10);
  takes(1, 2, 60, 40);
  takes(1, 2, 100, 50);
  refuses(1, 2, 150, 1);
  refuses(1, 3, 0, 10);
});

Deno.test("Asked lets a source pass over a part, which then does not come any more", () => {
  const requestLedger = new RequestLedger();
  requestLedger.note(1, { piece: 5, offset: 0, length: 100 });
  requestLedger.note(1, { piece: 5, offset: 100, length: 100 });
  requestLedger.take(1, { piece: 5, offset: 0, length: 100 });
  // The second part is passed over; the piece is asked for anew.
  requestLedger.note(1, { piece: 5, offset: 0, length: 100 });
  requestLedger.note(1, { piece: 5, offset: 100, length: 100 });
  requestLedger.take(1, { piece: 5, offset: 0, length: 60 });
  requestLedger.take(1, { piece: 5, offset: 60, length: 40 });
  requestLedger.take(1, { piece: 5, offset: 100, length: 100 });
  assertThrows(() => requestLedger.take(1, { piece: 5, offset: 100, length: 100 }), ProtocolError);
});
