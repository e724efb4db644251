import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Reachability, type RoomNeed, selectHosts } from "../../src/client/host_selection.ts";
import type { PeerId } from "../../src/room/id.ts";
import { idOf, roomOf } from "../fixtures/discovery/beacons.ts";

const [ADA, BOB, CY, ME] = [idOf(1), idOf(2), idOf(3), idOf(9)] as const;
const NAMES = new Map<PeerId, string>([[ADA, "ada"], [BOB, "bob"], [CY, "cy"], [ME, "me"]]);

type How = "open" | "leading" | "heard" | "deaf" | "hinted" | "refused" | "away";

/** Reach as a table: how each peer can be reached; "away" for those who are not in it. */
function reach(how: Partial<Record<string, How>>): Reachability {
  const of = (peer: PeerId) => how[NAMES.get(peer) ?? ""] ?? "away";
  return {
    isOpen: (peer) => ["open", "leading", "refused"].includes(of(peer)),
    isHeard: (peer) => of(peer) === "heard",
    isUnresponsive: (peer) => of(peer) === "deaf",
    hasAddress: (peer) => of(peer) === "hinted" || of(peer) === "deaf",
    followsBetterHost: (peer) => of(peer) === "leading",
    hasRefused: (peer) => of(peer) === "refused",
  };
}

function room(ranks: readonly PeerId[], changes: Partial<RoomNeed> = {}): RoomNeed {
  return { room: roomOf(1), isDirect: false, ranks, waiting: [], ...changes };
}

function decide(need: RoomNeed, how: Partial<Record<string, How>>): [host: string, dialled: string[]] {
  const { hosts, dial } = selectHosts(ME, [need], reach(how));
  const host = hosts.get(need.room);
  return [
    host === null ? "nobody" : NAMES.get(host ?? ME) ?? "?",
    [...dial].map((peer) => NAMES.get(peer) ?? "?"),
  ];
}

Deno.test("steer follows the first in rank that is open, or relays when nobody before us can be reached", () => {
  const cases: readonly [Partial<Record<string, How>>, string, string[]][] = [
    [{}, "me", []],
    [{ ada: "open" }, "ada", []],
    [{ ada: "open", bob: "open" }, "ada", []],
    [{ bob: "open" }, "bob", []],
    [{ cy: "open" }, "me", []],
    [{ cy: "heard" }, "me", ["cy"]],
    [{ cy: "hinted" }, "me", []],
    [{ ada: "heard" }, "nobody", ["ada"]],
    [{ ada: "heard", bob: "open" }, "nobody", ["ada"]],
    [{ ada: "heard", bob: "heard" }, "nobody", ["ada"]],
    [{ ada: "hinted" }, "me", ["ada"]],
    [{ ada: "hinted", bob: "open" }, "bob", ["ada"]],
    [{ ada: "hinted", bob: "hinted" }, "me", ["ada", "bob"]],
    [{ ada: "hinted", bob: "heard" }, "nobody", ["ada", "bob"]],
    [{ ada: "refused" }, "me", []],
    [{ ada: "refused", bob: "open" }, "bob", []],
    [{ cy: "leading" }, "cy", []],
    [{ ada: "hinted", cy: "leading" }, "cy", ["ada"]],
    [{ ada: "open", cy: "leading" }, "ada", []],
    [{ ada: "refused", bob: "refused", cy: "heard" }, "me", []],
  ];
  const need = room([ADA, BOB, ME, CY]);
  for (const [how, host, dialled] of cases) {
    assertEquals(decide(need, how), [host, dialled], JSON.stringify(how));
  }
});

Deno.test("steer waits for nobody behind three who are heard and do not answer, and dials them all the same", () => {
  const deaf = [4, 5, 6].map(idOf);
  const dialled = ["?", "?", "?", "bob"];
  const how = { bob: "heard" } as const;
  const among = (...peers: readonly PeerId[]): Reachability => ({
    ...reach(how),
    isUnresponsive: (peer) => peers.includes(peer),
    hasAddress: (peer) => peers.includes(peer),
  });
  const decided = (ranks: readonly PeerId[]) => {
    const { hosts, dial } = selectHosts(ME, [room(ranks)], among(...deaf));
    return [hosts.get(roomOf(1)), [...dial].map((peer) => NAMES.get(peer) ?? "?")];
  };
  assertEquals(decided([...deaf, BOB, ME]), [ME, dialled]);
  assertEquals(decided([...deaf.slice(1), BOB, ME]), [null, dialled.slice(1)]);
});

Deno.test("steer has nobody relay a room that we are not in any more, unless one who is in it is open", () => {
  assertEquals(decide(room([ADA, BOB]), {}), ["nobody", []]);
  assertEquals(decide(room([ADA, BOB]), { bob: "open" }), ["bob", []]);
  assertEquals(decide(room([]), {}), ["nobody", []]);
});

Deno.test("steer dials the other of a direct conversation only if there is something for it", () => {
  const need = (ranks: readonly PeerId[], waiting: readonly PeerId[]) =>
    room(ranks, { isDirect: true, waiting });
  const cases: readonly [readonly PeerId[], readonly PeerId[], How, string, string[]][] = [
    [[ADA, ME], [], "heard", "nobody", []],
    [[ADA, ME], [ADA], "heard", "nobody", ["ada"]],
    [[ADA, ME], [ADA], "hinted", "nobody", ["ada"]],
    [[ADA, ME], [ADA], "away", "nobody", []],
    [[ADA, ME], [ADA], "open", "ada", []],
    [[ME, ADA], [ADA], "open", "me", []],
    [[ME, ADA], [], "away", "nobody", []],
  ];
  for (const [ranks, waiting, ada, host, dialled] of cases) {
    assertEquals(decide(need(ranks, waiting), { ada }), [host, dialled], `${ada}, ${waiting.length} waiting`);
  }
});

Deno.test("steer decides for each room alone, and dials nobody twice", () => {
  const needs = [
    room([ADA, ME]),
    room([ME, ADA], { room: roomOf(2) }),
    room([ADA, ME], { room: roomOf(3), isDirect: true, waiting: [ADA] }),
  ];
  const { hosts, dial } = selectHosts(ME, needs, reach({ ada: "hinted" }));
  assertEquals([...hosts], [[roomOf(1), ME], [roomOf(2), ME], [roomOf(3), null]]);
  assertEquals([...dial], [ADA]);
});

/** Who can reach whom among so many peers: the sessions, and who hears whom. */
interface Network {
  readonly size: number;
  readonly isOpen: (one: number, other: number) => boolean;
  readonly isHeard: (one: number, other: number) => boolean;
}

/** Pairs (symmetric) as a list of truth values. */
function pairwise(size: number, values: readonly boolean[]): (one: number, other: number) => boolean {
  return (one, other) => values[Math.min(one, other) * size + Math.max(one, other)] === true;
}

/** What each peer, ranked by its number, decides: whom it follows (itself: it relays), and whom it dials. */
function decideAll(
  { size, isOpen, isHeard }: Network,
  leads: (one: number, other: number) => boolean = () => false,
): { host: number | null; dial: number[] }[] {
  const ranks = Array.from({ length: size }, (_, number) => idOf(number));
  const numberOf = new Map(ranks.map((id, number) => [id, number]));
  return ranks.map((me, number) => {
    const of = (peer: PeerId) => numberOf.get(peer) ?? -1;
    const { hosts, dial } = selectHosts(me, [room(ranks)], {
      isOpen: (peer) => isOpen(number, of(peer)),
      isHeard: (peer) => isHeard(number, of(peer)),
      isUnresponsive: () => false,
      hasAddress: () => false,
      followsBetterHost: (peer) => leads(of(peer), number),
      hasRefused: () => false,
    });
    const host = hosts.get(roomOf(1));
    return { host: host === null || host === undefined ? null : of(host), dial: [...dial].map(of) };
  });
}

/** Whom each follows once all have told each other whom they follow. */
function settled(network: Network): readonly (number | null)[] {
  let hosts: readonly (number | null)[] = [];
  for (let round = 0; round < 3 * network.size; round++) {
    const told = hosts;
    const leads = (one: number, other: number) => {
      const host = told[one] ?? null;
      return host !== null && host !== one && host < other;
    };
    hosts = decideAll(network, leads).map(({ host }) => host);
    if (JSON.stringify(hosts) === JSON.stringify(told)) return hosts;
  }
  throw new Error(`They never agree: ${hosts}`);
}

const SIZE_MAX = 7;
const PAIRS = fc.array(fc.boolean(), { minLength: SIZE_MAX ** 2, maxLength: SIZE_MAX ** 2 });

Deno.test("steer lets everybody follow only a better rank, so that nobody goes in circles, whatever the sessions", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: SIZE_MAX }), PAIRS, PAIRS, (size, open, heard) => {
    const network = { size, isOpen: pairwise(size, open), isHeard: pairwise(size, heard) };
    for (const [number, { host }] of decideAll(network).entries()) {
      assert(host === null || host <= number);
      if (host !== null && host !== number) assert(network.isOpen(number, host));
    }
    assert(decideAll(network).some(({ host }) => host === 0), "the best rank relays");
  }));
});

Deno.test("steer gives a set of peers who all hear each other, or are connected, exactly one host", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: SIZE_MAX }), PAIRS, (size, open) => {
    const sessions = [...open];
    const network = { size, isOpen: pairwise(size, sessions), isHeard: () => true };
    // Every dial succeeds; sooner or later nobody dials any more.
    for (let round = 0; round <= size; round++) {
      for (const [number, { dial }] of decideAll(network).entries()) {
        for (const other of dial) sessions[Math.min(number, other) * size + Math.max(number, other)] = true;
      }
    }
    const decided = decideAll(network);
    assertEquals(decided.map(({ host }) => host), decided.map(() => 0));
    assertEquals(decided.flatMap(({ dial }) => dial), []);
  }));
});

Deno.test("steer leaves each part of a divided network exactly one host, and one of all when it heals", () => {
  fc.assert(fc.property(fc.array(fc.nat(2), { minLength: 1, maxLength: SIZE_MAX }), (parts) => {
    const size = parts.length;
    const within = (one: number, other: number) => parts[one] === parts[other];
    const divided = decideAll({ size, isOpen: within, isHeard: within });
    assertEquals(divided.map(({ host }) => host), parts.map((part) => parts.indexOf(part)));
    const healed = decideAll({ size, isOpen: () => true, isHeard: () => true });
    assertEquals(healed.map(({ host }) => host), parts.map(() => 0));
  }));
});

Deno.test("steer comes to rest whatever the sessions, and nobody follows themselves by way of others", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: SIZE_MAX }), PAIRS, (size, open) => {
    const hosts = settled({ size, isOpen: pairwise(size, open), isHeard: () => false });
    for (const start of hosts.keys()) {
      let at = start;
      for (let steps = 0; hosts[at] !== at; steps++) {
        assert(steps <= size, `${start} goes in circles: ${hosts}`);
        at = hosts[at] ?? at;
      }
    }
  }));
});

Deno.test("steer finds one host for all where one peer reaches everybody, although the others may not reach each other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SIZE_MAX }), fc.nat(SIZE_MAX - 1), PAIRS, (size, hub, open) => {
      const isOpen = pairwise(size, open);
      const middle = hub % size;
      const reaches = (one: number, other: number) =>
        isOpen(one, other) || one === middle || other === middle;
      const hosts = settled({ size, isOpen: reaches, isHeard: () => false });
      assertEquals(hosts.filter((host, number) => host === number), [0], `${hosts}`);
    }),
  );
});
