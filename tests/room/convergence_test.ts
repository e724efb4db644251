/** Whatever is written, lost, sent twice and brought late: replicas with the same entries show the same room. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { deriveDirectRoom } from "../../src/room/access.ts";
import { compareEntries, type Entry } from "../../src/room/entry.ts";
import { rankHosts } from "../../src/room/host_rank.ts";
import { type AddOutcome, Replica } from "../../src/room/replica.ts";
import { includesVector } from "../../src/room/version_vector.ts";
import { computeFingerprint, toViewLines } from "../../src/room/room_view.ts";
import {
  ALICE,
  beyond,
  BOB,
  bring,
  CAROL,
  CRYPTO,
  DAVE,
  emptyCopy,
  entryOf,
  founded,
  founding,
  type Person,
  write,
} from "../fixtures/room/people.ts";

const PEOPLE: readonly Person[] = [ALICE, BOB, CAROL, DAVE];

/** One step in the lives of four nodes. */
type Step =
  | { readonly do: "write"; readonly who: number; readonly kind: "text" | "leave" | "name" }
  /** One brings the other what it lacks, or only the first of it: the connection broke. */
  | { readonly do: "bring"; readonly from: number; readonly to: number; readonly share: number }
  /** Two answer one vector, and their pages arrive in turns: much comes twice. */
  | { readonly do: "both"; readonly from: readonly [number, number]; readonly to: number }
  /** The disk refused what was written last. */
  | { readonly do: "take back"; readonly who: number };

const who = fc.nat(PEOPLE.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      who,
      kind: fc.constantFrom("text" as const, "text" as const, "leave" as const, "name" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("bring" as const),
      from: who,
      to: who,
      share: fc.constantFrom(0.3, 0.7, 1, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("both" as const), from: fc.tuple(who, who), to: who }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("take back" as const), who }) },
);
const steps = fc.array(step, { minLength: 5, maxLength: 40 });

Deno.test("replicas that meet often enough have the same order, view, members, ranks and fingerprint", () => {
  fc.assert(fc.property(steps, (story) => {
    const room = founding().room;
    const nodes = PEOPLE.map((person) => person === ALICE ? founded() : emptyCopy(room));
    live(nodes, story);
    assertSame(nodes);
  }));
});

Deno.test("the two replicas of a conversation of two come together, whoever wrote first", () => {
  const pair = steps.map((story) => story.map((one) => onlyTwo(one)));
  fc.assert(fc.property(pair, (story) => {
    const info = deriveDirectRoom(ALICE.id, BOB.id, CRYPTO);
    const nodes = [new Replica(info, CRYPTO), new Replica(info, CRYPTO)];
    live(nodes, story);
    assertSame(nodes);
  }));
});

const JOIN = { kind: "join", clockStep: 0, name: "mallory" };
const hostile = fc.record({
  kind: fc.constantFrom("join", "leave", "text", "name", "x-later"),
  clockStep: fc.constantFrom(-5, 0, 1, 2, 7, 2 ** 32, 2 ** 32 + 1),
  name: fc.constantFrom("alice", "mallory", "\u202e", "x·y"),
});

Deno.test("replicas take the same of what a hostile member signed, in whatever order it comes", () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 12 }), fc.infiniteStream(fc.nat(1_000)), (drafts, luck) => {
      const offered = [...founded().entries, ...hostileFeed([JOIN, ...drafts])];
      const [inOrder, shuffled] = [emptyCopy(founding().room), emptyCopy(founding().room)];
      offerAll(inOrder, offered);
      const order = new Map(offered.map((entry) => [entry, luck.next().value ?? 0]));
      offerAll(shuffled, offered.toSorted((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0)));
      assertSame([inOrder, shuffled]);
      // And whoever comes later gets all of it in one go.
      const newcomer = emptyCopy(inOrder.id);
      bring(inOrder, newcomer);
      assertSame([inOrder, newcomer]);
    }),
  );
});

function live(nodes: readonly Replica[], story: readonly Step[]): void {
  const written = new Map<number, Entry>();
  for (const one of story) {
    switch (one.do) {
      case "write": {
        const entry = speak(nodes, one.who, one.kind);
        if (entry !== null) written.set(one.who, entry);
        break;
      }
      case "bring": {
        const [from, to] = [at(nodes, one.from), at(nodes, one.to)];
        const lacking = beyond(from, to.vector());
        for (const entry of lacking.slice(0, Math.ceil(lacking.length * one.share))) {
          assertEquals(to.accept(entry), "accepted");
        }
        written.delete(one.from);
        break;
      }
      case "both": {
        const to = at(nodes, one.to);
        const pages = one.from.map((from) => beyond(at(nodes, from), to.vector()));
        const outcomes: readonly AddOutcome[] = ["accepted", "duplicate"];
        for (const entry of interleaved(pages)) assert(outcomes.includes(to.accept(entry)));
        for (const from of one.from) written.delete(from);
        break;
      }
      case "take back": {
        const entry = written.get(one.who);
        if (entry !== undefined && at(nodes, one.who).lastNumber(entry.author) === entry.number) {
          at(nodes, one.who).takeBack(entry);
        }
        written.delete(one.who);
        break;
      }
    }
  }
  for (let round = 0; round < nodes.length; round++) {
    nodes.forEach((node, index) => bring(node, at(nodes, (index + 1) % nodes.length)));
  }
}

/** An honest author writes what it may: whoever is out joins first, and nobody writes in a room that it does not know. */
function speak(nodes: readonly Replica[], index: number, kind: "text" | "leave" | "name"): Entry | null {
  const replica = at(nodes, index);
  const person = PEOPLE[index] ?? ALICE;
  if (replica.info === undefined) return null;
  return write(replica, person, replica.isIn(person.id) ? kind : "join", "");
}

function assertSame(nodes: readonly Replica[]): void {
  const [first, ...others] = nodes;
  assert(first !== undefined);
  assertEquals(first.entries, first.entries.toSorted(compareEntries));
  assertEquals(first.entries.some((entry, index) => entry.kind === "room" && index > 0), false);
  for (const other of others) {
    assertEquals(other.entries.map((entry) => entry.line), first.entries.map((entry) => entry.line));
    assertEquals(computeFingerprint(other.entries, CRYPTO), computeFingerprint(first.entries, CRYPTO));
    assertEquals(other.vector().size, first.vector().size);
    assert(includesVector(other.vector(), first.vector()) && includesVector(first.vector(), other.vector()));
    assertEquals(other.members(), first.members());
    assertEquals(rankHosts(other, () => 1), rankHosts(first, () => 1));
    assertEquals(textOf(other), textOf(first));
    assertEquals(other.forks, new Map());
  }
}

function textOf(replica: Replica): string[] {
  return toViewLines(replica.entries).map(({ label, isNotice, text }) => `${isNotice} ${label} ${text}`);
}

/** Offers entries again and again until nothing more is taken, as meetings do. */
function offerAll(replica: Replica, entries: readonly Entry[]): void {
  while (entries.map((entry) => replica.accept(entry)).includes("accepted"));
}

function hostileFeed(drafts: readonly { kind: string; clockStep: number; name: string }[]): Entry[] {
  const feed: Entry[] = [];
  for (const { kind, clockStep, name } of drafts) {
    const last = feed.at(-1);
    const clock = (last?.clock ?? 2) + clockStep;
    if (clock < 1 || (kind === "join" && clock === 1)) continue; // Not even a line.
    feed.push(
      entryOf({ number: feed.length + 1, prev: last?.hash ?? "", clock, kind, name, body: "" }, CAROL),
    );
  }
  return feed;
}

function* interleaved(pages: readonly (readonly Entry[])[]): Generator<Entry> {
  const longest = Math.max(...pages.map((page) => page.length));
  for (let index = 0; index < longest; index++) {
    for (const page of pages) {
      const entry = page[index];
      if (entry !== undefined) yield entry;
    }
  }
}

function onlyTwo(step: Step): Step {
  switch (step.do) {
    case "write":
    case "take back":
      return { ...step, who: step.who % 2 };
    case "bring":
      return { ...step, from: step.from % 2, to: step.to % 2 };
    case "both":
      return { ...step, from: [step.from[0] % 2, step.from[1] % 2], to: step.to % 2 };
  }
}

function at(nodes: readonly Replica[], index: number): Replica {
  const node = nodes[index];
  assert(node !== undefined);
  return node;
}
