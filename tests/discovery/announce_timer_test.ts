import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { AnnounceTimer } from "../../src/discovery/announce_timer.ts";

/** Lets the machine run, waking it when it wants, and says what it sent: "hello@150", the first of a burst with "!". */
function play(
  announceTimer: AnnounceTimer,
  options: { fromMs: number; untilMs: number; peersCount?: number; fraction?: number },
): string[] {
  const { peersCount = 0, fraction = 0.5 } = options;
  const sent: string[] = [];
  let nowMs = options.fromMs;
  for (
    let atMs = announceTimer.wakeAtMs;
    atMs !== null && atMs <= options.untilMs;
    atMs = announceTimer.wakeAtMs
  ) {
    nowMs = Math.max(atMs, nowMs);
    for (const effect of announceTimer.handle({ kind: "tick", peersCount, fraction }, nowMs)) {
      sent.push(`${effect.what}@${Math.round(nowMs)}${effect.isFirst ? "!" : ""}`);
    }
  }
  return sent;
}

function searching(atMs = 0): AnnounceTimer {
  const announceTimer = new AnnounceTimer();
  announceTimer.handle({ kind: "search" }, atMs);
  return announceTimer;
}

Deno.test("Trickle is silent until the first search", () => {
  const announceTimer = new AnnounceTimer();
  assertEquals(announceTimer.wakeAtMs, null);
  assertEquals(announceTimer.handle({ kind: "tick", peersCount: 0, fraction: 0 }, 5_000), []);
  assertEquals(announceTimer.handle({ kind: "announce" }, 5_000), []);
  assertEquals(announceTimer.wakeAtMs, null);
});

Deno.test("Trickle sends a burst of hellos at 0, 150, 500 and 1,500 ms, then a beat that doubles to a minute", () => {
  assertEquals(play(searching(), { fromMs: 0, untilMs: 250_000 }), [
    ...["hello@0!", "hello@150", "hello@500", "hello@1500"],
    ...["beat@4900", "beat@11700", "beat@25300", "beat@52500", "beat@103500", "beat@154500", "beat@205500"],
  ]);
});

Deno.test("Trickle jitters the copies of a burst by 30 %, and never the first", () => {
  assertEquals(play(searching(), { fromMs: 0, untilMs: 1_999, fraction: 0 }), [
    ...["hello@0!", "hello@105", "hello@350", "hello@1050"],
  ]);
  assertEquals(play(searching(), { fromMs: 0, untilMs: 1_999, fraction: 0.999_999 }), [
    ...["hello@0!", "hello@195", "hello@650", "hello@1950"],
  ]);
});

Deno.test("Trickle waits for its moment", () => {
  const announceTimer = searching();
  announceTimer.handle({ kind: "tick", peersCount: 0, fraction: 0.5 }, 0);
  assertEquals(announceTimer.handle({ kind: "tick", peersCount: 0, fraction: 0.5 }, 149), []);
});

Deno.test("Trickle searches anew from any state", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 200 });
  announceTimer.handle({ kind: "search" }, 300);
  assertEquals(play(announceTimer, { fromMs: 300, untilMs: 1_000 }), [
    "hello@300!",
    "hello@450",
    "hello@800",
  ]);
  play(announceTimer, { fromMs: 1_000, untilMs: 400_000 });
  assertEquals(announceTimer.beatSeconds, 60);
  announceTimer.handle({ kind: "search" }, 400_100);
  assertEquals(announceTimer.beatSeconds, 10);
  assertEquals(play(announceTimer, { fromMs: 400_100, untilMs: 400_200 }), ["hello@400100!"]);
});

Deno.test("Trickle announces with three beats and goes on with the beat that it had", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 110_000 });
  announceTimer.handle({ kind: "announce" }, 120_000);
  assertEquals(play(announceTimer, { fromMs: 120_000, untilMs: 250_000 }), [
    ...["beat@120000!", "beat@120150", "beat@120500", "beat@171500", "beat@222500"],
  ]);
});

Deno.test("Trickle leaves an announcement to the hellos that are still to come", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 100 });
  announceTimer.handle({ kind: "announce" }, 100);
  assertEquals(play(announceTimer, { fromMs: 100, untilMs: 4_000 }), [
    "hello@150",
    "hello@500",
    "hello@1500",
  ]);
});

Deno.test("Trickle announces after a burst that is nearly over", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 500 });
  announceTimer.handle({ kind: "announce" }, 600);
  assertEquals(play(announceTimer, { fromMs: 600, untilMs: 4_000 }), [
    "hello@1500",
    "beat@1500!",
    "beat@1650",
    "beat@2000",
  ]);
});

Deno.test("Trickle makes one announcement in three seconds of a room whose members come and go", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 110_000 });
  const sent: string[] = [];
  for (let atMs = 120_000; atMs < 126_000; atMs += 100) {
    announceTimer.handle({ kind: "announce" }, atMs);
    sent.push(...play(announceTimer, { fromMs: atMs, untilMs: atMs + 99 }));
  }
  assertEquals(sent.filter((each) => each.endsWith("!")), ["beat@120000!", "beat@123000!"]);
  assertEquals(sent.length, 6);
});

Deno.test("Trickle tells a beat that three of its beacons fall into, also while it doubles", () => {
  const announceTimer = searching();
  const told = [4_900, 11_700, 25_300, 52_500, 103_500].map((untilMs) => {
    play(announceTimer, { fromMs: 0, untilMs: untilMs - 1 });
    return announceTimer.beatSeconds;
  });
  assertEquals(told, [10, 20, 40, 60, 60]);
});

Deno.test("Trickle slows down so that all together send about one beacon a second", () => {
  for (
    const [peersCount, seconds] of [[0, 60], [29, 60], [99, 100], [249, 250], [499, 300], [
      5_000,
      300,
    ]] as const
  ) {
    const announceTimer = searching();
    play(announceTimer, { fromMs: 0, untilMs: 3_600_000, peersCount });
    assertEquals(announceTimer.beatSeconds, seconds, `${peersCount} peers`);
  }
});

Deno.test("Trickle comes back to a minute when the crowd has gone", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 1_000_000, peersCount: 249 });
  play(announceTimer, { fromMs: 1_000_000, untilMs: 2_000_000, peersCount: 2 });
  assertEquals(announceTimer.beatSeconds, 60);
});

Deno.test("Trickle tells many newcomers by one early beat, at most one a second, and goes on with the beat that it had", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 120_000 });
  for (let nowMs = 120_000; nowMs < 120_500; nowMs += 10) {
    announceTimer.handle({ kind: "overrun", peersCount: 30, fraction: 0.5 }, nowMs);
  }
  assertEquals(play(announceTimer, { fromMs: 120_000, untilMs: 120_600 }), ["beat@120035"]);
  announceTimer.handle({ kind: "overrun", peersCount: 30, fraction: 0.5 }, 120_600);
  assertEquals(play(announceTimer, { fromMs: 120_600, untilMs: 240_000 }), ["beat@121035", ...[
    "beat@172035",
    "beat@223035",
  ]]);
});

Deno.test("Trickle of a thousand tells newcomers within a second, and not again for ten", () => {
  const announceTimer = searching();
  const crowd = { peersCount: 1_000 };
  play(announceTimer, { fromMs: 0, untilMs: 20_000, ...crowd });
  const overrun = (nowMs: number) =>
    announceTimer.handle({ kind: "overrun", ...crowd, fraction: 0.5 }, nowMs);
  overrun(20_000);
  assertEquals(play(announceTimer, { fromMs: 20_000, untilMs: 21_000, ...crowd }), ["beat@20520"]);
  overrun(21_000);
  assertEquals(play(announceTimer, { fromMs: 21_000, untilMs: 60_000, ...crowd }), ["beat@30520"]);
});

Deno.test("Trickle leaves newcomers to the copies of a burst that are still to come", () => {
  const announceTimer = searching();
  play(announceTimer, { fromMs: 0, untilMs: 200 });
  announceTimer.handle({ kind: "overrun", peersCount: 30, fraction: 0.5 }, 210);
  assertEquals(play(announceTimer, { fromMs: 210, untilMs: 1_999 }), ["hello@500", "hello@1500"]);
});

Deno.test("Trickle sends no flood of what it missed when it is woken late", () => {
  const announceTimer = searching();
  announceTimer.handle({ kind: "tick", peersCount: 0, fraction: 0.5 }, 0);
  assertEquals(play(announceTimer, { fromMs: 3_600_000, untilMs: 3_600_400 }), [
    "hello@3600000",
    "hello@3600350",
  ]);
});

Deno.test("Trickle sends its next beacon within the beat that it tells", () => {
  const step = fc.record({
    kind: fc.constantFrom("tick", "tick", "tick", "tick", "announce"),
    peersCount: fc.integer({ min: 0, max: 600 }),
    fraction: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const announceTimer = searching();
    let nowMs = 0;
    for (const { kind, peersCount, fraction } of steps) {
      if (kind === "announce") {
        announceTimer.handle({ kind: "announce" }, nowMs);
        continue;
      }
      const wakeAtMs = announceTimer.wakeAtMs ?? 0;
      nowMs = Math.max(nowMs, wakeAtMs);
      const sent = announceTimer.handle({ kind: "tick", peersCount, fraction }, nowMs);
      assertEquals(sent.length, 1);
      assertLessOrEqual((announceTimer.wakeAtMs ?? 0) - nowMs, announceTimer.beatSeconds * 1_000);
      assert(announceTimer.beatSeconds <= 300);
    }
  }));
});
