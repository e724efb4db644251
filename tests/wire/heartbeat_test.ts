import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Heartbeat } from "../../src/wire/heartbeat.ts";

Deno.test("Heartbeat pings when nothing was sent for a second", () => {
  const heartbeat = new Heartbeat(5_000);
  assertEquals(heartbeat.wakeAtMs, 6_000);
  assertEquals(heartbeat.tick(5_999), null);
  assertEquals(heartbeat.tick(6_000), "ping");
  assertEquals(heartbeat.tick(6_000), null);
  assertEquals(heartbeat.wakeAtMs, 7_000);
});

Deno.test("Heartbeat needs no ping while other things are sent", () => {
  const heartbeat = new Heartbeat(0);
  heartbeat.noteSent(900);
  assertEquals(heartbeat.wakeAtMs, 1_900);
  assertEquals(heartbeat.tick(1_000), null);
  assertEquals(heartbeat.tick(1_900), "ping");
});

Deno.test("Heartbeat says once that a peer silent for three seconds is dead", () => {
  const heartbeat = new Heartbeat(0);
  assertEquals(heartbeat.tick(1_000), "ping");
  assertEquals(heartbeat.tick(2_000), "ping");
  assertEquals(heartbeat.wakeAtMs, 3_000);
  assertEquals(heartbeat.tick(2_999), null);
  assertEquals(heartbeat.tick(3_000), "dead");
  assertEquals(heartbeat.wakeAtMs, null);
  assertEquals(heartbeat.tick(4_000), null);
});

Deno.test("Heartbeat does not come back from the dead", () => {
  const heartbeat = deadHeartbeat();
  heartbeat.noteReceived(3_001);
  heartbeat.noteSent(3_001);
  assertEquals(heartbeat.wakeAtMs, null);
  assertEquals(heartbeat.tick(9_000), null);
});

Deno.test("Heartbeat counts from what was heard last", () => {
  const heartbeat = new Heartbeat(0);
  heartbeat.tick(1_000);
  heartbeat.tick(2_000);
  heartbeat.noteReceived(2_500);
  assertEquals(heartbeat.tick(3_000), "ping");
  assertEquals(heartbeat.tick(4_000), "ping");
  assertEquals(heartbeat.tick(5_000), "ping");
  assertEquals(heartbeat.wakeAtMs, 5_500);
  assertEquals(heartbeat.tick(5_500), "dead");
});

Deno.test("Heartbeat gives a peer three seconds more when this machine slept", () => {
  const heartbeat = new Heartbeat(0);
  assertEquals(heartbeat.tick(3_600_000), "ping");
  assertEquals(heartbeat.tick(3_601_000), "ping");
  assertEquals(heartbeat.tick(3_602_000), "ping");
  assertEquals(heartbeat.tick(3_603_000), "dead");
});

Deno.test("Heartbeat takes a tick up to a second late for an ordinary one", () => {
  const ordinary = silentUntil(2_000);
  assertEquals(ordinary.tick(4_000), "dead");
  const late = silentUntil(2_000);
  assertEquals(late.tick(4_001), "ping");
  assertEquals(late.tick(5_001), "ping");
  assertEquals(late.tick(6_001), "ping");
  assertEquals(late.tick(7_001), "dead");
});

Deno.test("Heartbeat excuses lateness once until something is heard", () => {
  const heartbeat = new Heartbeat(0);
  assertEquals(heartbeat.tick(10_000), "ping");
  assertEquals(heartbeat.tick(20_000), "dead");

  const heard = new Heartbeat(0);
  assertEquals(heard.tick(10_000), "ping");
  heard.noteReceived(10_500);
  assertEquals(heard.tick(20_000), "ping");
  assertEquals(heard.tick(23_000), "dead");
});

Deno.test("Heartbeat excuses a late tick that was to be a ping, so that the next does not come as death", () => {
  const heartbeat = new Heartbeat(0);
  assertEquals(heartbeat.tick(2_900), "ping"); // Asked for at 1,000.
  assertEquals(heartbeat.tick(3_900), "ping");
  assertEquals(heartbeat.tick(4_900), "ping");
  assertEquals(heartbeat.tick(5_900), "dead");
});

Deno.test("Heartbeat finds every silence within three seconds, if its ticks are on time", () => {
  const heardGaps = fc.array(fc.integer({ min: 1, max: 2_999 }), { maxLength: 30 });
  fc.assert(fc.property(heardGaps, (gaps) => {
    const heartbeat = new Heartbeat(0);
    let nowMs = 0;
    const runUntil = (untilMs: number) => {
      for (let at = heartbeat.wakeAtMs; at !== null && at < untilMs; at = heartbeat.wakeAtMs) {
        if (heartbeat.tick(at) === "dead") return at;
      }
      return null;
    };
    for (const gap of gaps) {
      assertEquals(runUntil(nowMs + gap), null);
      nowMs += gap;
      heartbeat.noteReceived(nowMs);
    }
    assertEquals(runUntil(Infinity), nowMs + 3_000);
  }));
});

function silentUntil(nowMs: number): Heartbeat {
  const heartbeat = new Heartbeat(0);
  for (let at = 1_000; at <= nowMs; at += 1_000) assertEquals(heartbeat.tick(at), "ping");
  return heartbeat;
}

function deadHeartbeat(): Heartbeat {
  const heartbeat = silentUntil(2_000);
  assertEquals(heartbeat.tick(3_000), "dead");
  return heartbeat;
}
