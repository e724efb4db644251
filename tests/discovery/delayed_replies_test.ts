import { assertEquals } from "@std/assert";
import { computeSpreadMs, DelayedReplies, type DelayedReply } from "../../src/discovery/delayed_replies.ts";
import { network } from "../fixtures/discovery/beacons.ts";

function replyTo(address: string): DelayedReply {
  return { to: { address, port: 50_000 }, by: network("wlan0 10.0.0.5/24") };
}

Deno.test("spreadMs lets answers leave at once among few, and within two seconds in any crowd", () => {
  assertEquals([0, 1, 63, 64, 1_000, 2_048, 100_000].map(computeSpreadMs), [
    0,
    0,
    0,
    64,
    1_000,
    2_000,
    2_000,
  ]);
});

Deno.test("Replies hold each answer until its moment, and give it once", () => {
  const replies = new DelayedReplies();
  assertEquals([replies.wakeAtMs, replies.take(1_000)], [null, []]);
  replies.add(replyTo("10.0.0.1"), 300);
  replies.add(replyTo("10.0.0.2"), 100);
  replies.add(replyTo("10.0.0.3"), 200);
  assertEquals([replies.wakeAtMs, replies.take(99)], [100, []]);
  assertEquals(replies.take(200), [replyTo("10.0.0.2"), replyTo("10.0.0.3")]);
  assertEquals([replies.wakeAtMs, replies.take(200)], [300, []]);
  assertEquals([replies.take(5_000), replies.wakeAtMs], [[replyTo("10.0.0.1")], null]);
});
