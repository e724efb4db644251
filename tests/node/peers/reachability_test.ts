/** Asking a peer to knock, and knocking for one: only where it is, rarely, and with an answer that says what happened. */

import { assertEquals } from "@std/assert";
import { NetworkError, type NetworkReason } from "../../../src/errors.ts";
import { ReachabilityCheck, type ReachabilityConnection } from "../../../src/node/peers/reachability.ts";
import { OfflineDiscovery } from "../../../src/node/peers/local_network.ts";
import { BackgroundTasks } from "../../../src/node/support/background_tasks.ts";
import { beaconOf } from "../../fixtures/discovery/beacons.ts";
import { ConditionWaiters } from "../../../src/node/support/condition_waiters.ts";
import type { Endpoint, Tcp } from "../../../src/ports/network.ts";
import type { WireRecord } from "../../../src/wire/record.ts";
import { ALICE } from "../../fixtures/room/people.ts";
import { SimTime } from "../../sim/clock.ts";

interface Scene {
  readonly time: SimTime;
  readonly reachability: ReachabilityCheck;
  /** What was said to the peer. */
  readonly said: WireRecord[];
  readonly dialled: Endpoint[];
  readonly link: ReachabilityConnection;
  /** Ends all; then no knock is under way. */
  end(): Promise<void>;
}

/** Connections end so; null for never. */
function scene(reason: NetworkReason | null, { port = 9999 }: { readonly port?: number } = {}): Scene {
  const time = new SimTime();
  const clock = time.clock();
  const [said, dialled]: [WireRecord[], Endpoint[]] = [[], []];
  const stop = new AbortController();
  const tcp: Tcp = {
    listen: () => {
      throw new Error("Nobody listens here");
    },
    connect: (to, signal) => {
      dialled.push(to);
      if (reason !== null) return Promise.reject(new NetworkError(reason, "as told"));
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    },
  };
  const bugs: unknown[] = [];
  const tasks = new BackgroundTasks((error) => bugs.push(error));
  const discovery = new OfflineDiscovery();
  const beacon = beaconOf({ id: ALICE.id, beatSeconds: 60 });
  discovery.peers.upsert({ beacon, from: { address: "10.0.0.7", port: 50_000 } }, clock.nowMs());
  const reachability = new ReachabilityCheck({
    tcp,
    clock,
    waiters: new ConditionWaiters(clock),
    signal: stop.signal,
    peerDirectory: {
      profileOf: () => ({ type: "profile", name: "", away: "", rendezvousPort: port, merit: 1, rooms: [] }),
    },
    network: { discovery },
    tasks,
  });
  const link: ReachabilityConnection = {
    peer: ALICE.id,
    remote: { address: "10.0.0.7", port: 50_000 },
    isOpen: true,
    send: (record) => void said.push(record),
  };
  const end = async () => {
    stop.abort();
    await time.drive(tasks.waitUntilIdle());
    assertEquals([bugs, clock.armedCount], [[], 0]);
  };
  return { time, reachability, said, dialled, link, end };
}

for (
  const [reason, outcome] of [["refused", "refused"], ["unreachable", "unreachable"], ["failed", "failed"], [
    null,
    "silent",
  ]] as const
) {
  Deno.test(`Knocks tells a peer "${outcome}", from where it is and the port it says to have`, async () => {
    const { time, reachability, said, dialled, link, end } = scene(reason);
    reachability.onTry(link);
    await time.runFor(4_500);
    assertEquals(dialled, [{ address: "10.0.0.7", port: 9999 }]);
    assertEquals(
      said.map((record) => record.type === "tried" && [record.outcome, record.hears]),
      [[outcome, true]],
    );
    await end();
  });
}

Deno.test("Knocks knocks at most once in 5 s for one session, and never below port 1024", async () => {
  const { time, reachability, said, dialled, link, end } = scene("refused");
  for (let atMs = 0; atMs < 10_000; atMs += 100) {
    reachability.onTry(link);
    await time.runFor(100);
  }
  assertEquals([said.length, dialled.length], [2, 2]);
  await end();
  const low = scene("refused", { port: 1_023 });
  low.reachability.onTry(low.link);
  await low.time.runFor(5_000);
  assertEquals([low.said, low.dialled], [[], []]);
  await low.end();
});

Deno.test("Knocks says nothing any more when it is stopped", async () => {
  const { reachability, said, link, end } = scene(null);
  reachability.onTry(link);
  await end();
  assertEquals(said, []);
});

Deno.test("Knocks waits 6 s for a peer of an earlier version, and knows nothing then", async () => {
  const { time, reachability, said, link, end } = scene("refused");
  const fromMs = time.nowMs;
  const answers = await time.drive(reachability.ask([link]));
  assertEquals([answers.get(link), time.nowMs - fromMs, said], [null, 6_000, [{ type: "try" }]]);
  await end();
});

Deno.test("Knocks takes the answer it asked for, keeps it for 5 s, and passes over one that nobody asked for", async () => {
  const { time, reachability, said, link, end } = scene("refused");
  const tried = { type: "tried", outcome: "reached", hears: false, wallMs: 0 } as const;
  reachability.onTried(link, tried);
  const asking = reachability.ask([link]);
  await time.runFor(40);
  reachability.onTried(link, { ...tried, outcome: "silent" });
  const first = (await time.drive(asking)).get(link);
  assertEquals([first?.outcome, first?.hears], ["silent", false]);
  assertEquals((await time.drive(reachability.ask([link]))).get(link), first);
  assertEquals(said.length, 1);
  await end();
});
