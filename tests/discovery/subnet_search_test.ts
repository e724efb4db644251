import { assertEquals } from "@std/assert";
import { SubnetSearch } from "../../src/discovery/subnet_search.ts";
import { network } from "../fixtures/discovery/beacons.ts";

/** Lets the machine run and says what it did: "hello×8@700", "probe×29@1500". */
function play(subnetSearch: SubnetSearch, options: { untilMs: number; heardFromMs?: number }): string[] {
  const done: string[] = [];
  for (
    let nowMs = subnetSearch.wakeAtMs;
    nowMs !== null && nowMs <= options.untilMs;
    nowMs = subnetSearch.wakeAtMs
  ) {
    const isSomebodyHeard = nowMs >= (options.heardFromMs ?? Infinity);
    for (const { kind, to } of subnetSearch.handle({ kind: "tick", isSomebodyHeard, gateways: [] }, nowMs)) {
      done.push(`${kind}×${to.length}@${nowMs}`);
    }
  }
  return done;
}

function started(text: string, isAsked = false): SubnetSearch {
  const subnetSearch = new SubnetSearch(network(text));
  subnetSearch.handle({ kind: "start", isAsked }, 0);
  return subnetSearch;
}

Deno.test("Search does nothing before it is started", () => {
  const subnetSearch = new SubnetSearch(network("eth0 10.0.0.5/27"));
  assertEquals(subnetSearch.wakeAtMs, null);
  assertEquals(subnetSearch.handle({ kind: "tick", isSomebodyHeard: false, gateways: [] }, 9_999), []);
  assertEquals(subnetSearch.phase, "idle");
});

Deno.test("Search asks everybody by unicast after 0.7 s and tries TCP at 1.5 s, once", () => {
  const subnetSearch = started("eth0 10.0.0.5/27");
  assertEquals(play(subnetSearch, { untilMs: 3_600_000 }), [
    "hello×8@700",
    "hello×8@716",
    "hello×8@732",
    "hello×5@748",
    "probe×29@1500",
  ]);
  assertEquals(subnetSearch.phase, "done");
  assertEquals(subnetSearch.wakeAtMs, null);
});

Deno.test("Search sweeps a /24 in half a second, and waits for the last answers of a longer sweep", () => {
  assertEquals(play(started("eth0 10.0.0.5/24"), { untilMs: 60_000 }).slice(-2), [
    "hello×5@1196",
    "probe×253@1500",
  ]);
  assertEquals(play(started("eth0 10.0.0.5/22"), { untilMs: 60_000 }).slice(-2), [
    "hello×5@2732",
    "probe×1021@3032",
  ]);
});

Deno.test("Search leaves the network alone when broadcast has found somebody", () => {
  const subnetSearch = started("eth0 10.0.0.5/27");
  assertEquals(play(subnetSearch, { untilMs: 60_000, heardFromMs: 300 }), []);
  assertEquals(subnetSearch.phase, "done");
});

Deno.test("Search finishes its sweep when unicast finds somebody, and needs no TCP then", () => {
  assertEquals(play(started("eth0 10.0.0.5/27"), { untilMs: 60_000, heardFromMs: 720 }), [
    ...["hello×8@700", "hello×8@716", "hello×8@732", "hello×5@748"],
  ]);
});

Deno.test("Search sweeps although somebody is heard when the user asked for it", () => {
  assertEquals(play(started("eth0 10.0.0.5/28", true), { untilMs: 60_000, heardFromMs: 0 }), [
    "hello×8@700",
    "hello×5@716",
  ]);
});

Deno.test("Search lets real interfaces go before virtual ones", () => {
  assertEquals(play(started("docker0 172.17.0.2/28"), { untilMs: 60_000 }), [
    "hello×8@3700",
    "hello×5@3716",
    "probe×13@4500",
  ]);
});

Deno.test("Search has nobody to ask on loopback and behind a tunnel's end", () => {
  for (const text of ["lo 127.0.0.1/8", "tun0 10.8.0.2/32"]) {
    const subnetSearch = started(text);
    assertEquals(play(subnetSearch, { untilMs: 60_000 }), [], text);
    assertEquals(subnetSearch.phase, "done", text);
  }
});

Deno.test("Search starts over from any state", () => {
  const subnetSearch = started("eth0 10.0.0.5/27");
  play(subnetSearch, { untilMs: 720 });
  subnetSearch.handle({ kind: "start", isAsked: false }, 1_000);
  assertEquals(play(subnetSearch, { untilMs: 60_000 }), [
    "hello×8@1700",
    "hello×8@1716",
    "hello×8@1732",
    "hello×5@1748",
    "probe×29@2500",
  ]);
  subnetSearch.handle({ kind: "start", isAsked: false }, 70_000);
  assertEquals(play(subnetSearch, { untilMs: 70_700 }), ["hello×8@70700"]);
});
