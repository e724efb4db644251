import { assert, assertEquals } from "@std/assert";
import { Relay } from "../../src/host/relay.ts";
import { type Entry, writeEntry } from "../../src/room/entry.ts";
import { PAGE_BYTES_MAX } from "../../src/wire/peer_sync.ts";
import { CRYPTO, finish, type LinkPair, linkPair, ROOM, saying } from "../fixtures/net/connection_pair.ts";
import { SimChance } from "../sim/chance.ts";

const SIGNER = CRYPTO.signer(new Uint8Array(32).fill(9));

function relayOf(number = 1): Relay {
  return new Relay(ROOM, { number, chance: new SimChance(number), crypto: CRYPTO });
}

function entry(number: number, text: string): Entry {
  const prev = number === 1 ? "" : "A".repeat(22);
  const draft = { room: ROOM, number, prev, clock: number, wallMs: 0, kind: "text", name: "Ada", body: text };
  return writeEntry(draft, SIGNER, CRYPTO);
}

/** The lines that the far end heard, whatever records they came in. */
function linesOf({ far }: LinkPair): string[] {
  return far.owner.heard.flatMap((text) => text.split("|"));
}

Deno.test("Relay gives every follower the same entries in the same order, from where it came in", async () => {
  const [early, late] = [await linkPair("early"), await linkPair("late")];
  const relay = relayOf();
  relay.attach(early.near.connection);
  const [one, two, three] = [entry(1, "one"), entry(2, "two"), entry(3, "three")];
  relay.publish([one]);
  await early.time.runFor(50);
  relay.attach(late.near.connection);
  relay.publish([two, three]);
  assertEquals(relay.followers.size, 2);
  for (const pair of [early, late]) await pair.time.runFor(50);
  assertEquals(linesOf(early), [one.line, two.line, three.line]);
  assertEquals(linesOf(late), [two.line, three.line]);
  for (const pair of [early, late]) await finish(pair);
});

Deno.test("Relay no longer reaches who was detached, and serves it again from where it comes back", async () => {
  const [pair, other] = [await linkPair("pair"), await linkPair("other")];
  const relay = relayOf();
  for (const { near } of [pair, other]) relay.attach(near.connection);
  const say = async (number: number, text: string) => {
    relay.publish([entry(number, text)]);
    for (const { time } of [pair, other]) await time.runFor(50);
  };
  await say(1, "before");
  relay.detach(pair.near.connection);
  relay.detach(pair.near.connection);
  assertEquals([...relay.followers], [other.near.connection]);
  relay.publish([entry(2, "meanwhile")]);
  pair.near.connection.send(saying("something else"));
  for (const { time } of [pair, other]) await time.runFor(50);
  relay.attach(pair.near.connection);
  await say(3, "after");
  assertEquals(linesOf(pair), [entry(1, "before").line, "something else", entry(3, "after").line]);
  assertEquals(linesOf(other).length, 3);
  for (const each of [pair, other]) await finish(each);
});

Deno.test("Relay begins anew, with another key, when it has had no follower", async () => {
  const pair = await linkPair();
  const { near, far, time } = pair;
  const relay = relayOf();
  for (let number = 1; number <= 3; number++) {
    relay.attach(near.connection);
    relay.publish([entry(number, "hello")]);
    await time.runFor(50);
    relay.detach(near.connection);
    relay.publish([entry(number + 1, "to nobody")]);
  }
  assertEquals(linesOf(pair), [1, 2, 3].map((number) => entry(number, "hello").line));
  assertEquals(far.owner.closed, []);
  await finish(pair);
});

Deno.test("Relay with much to say says it in records that fit, each entry once", async () => {
  const pair = await linkPair();
  const relay = relayOf();
  relay.attach(pair.near.connection);
  const entries = Array.from({ length: 40 }, (_, index) => entry(index + 1, "x".repeat(10_000)));
  relay.publish(entries);
  await pair.time.runFor(2_000);
  assertEquals(linesOf(pair), entries.map(({ line }) => line));
  assert(pair.far.owner.heard.every((text) => text.length < PAGE_BYTES_MAX + 11_000));
  await finish(pair);
});

Deno.test("Relay of one room is not heard as that of another", async () => {
  const pair = await linkPair();
  const [attic, cellar] = [relayOf(1), relayOf(2)];
  attic.attach(pair.near.connection);
  cellar.attach(pair.near.connection);
  attic.publish([entry(1, "attic")]);
  cellar.publish([entry(1, "cellar")]);
  attic.publish([entry(2, "attic again")]);
  await pair.time.runFor(50);
  assertEquals(
    linesOf(pair).toSorted(),
    [
      entry(1, "attic").line,
      entry(1, "cellar").line,
      entry(2, "attic again").line,
    ].toSorted(),
  );
  assertEquals(pair.near.owner.closed, []);
  await finish(pair);
});

Deno.test("Relay draws a key for each hosting term, not for each follower", async () => {
  const [pair, other] = [await linkPair("pair"), await linkPair("other")];
  const chance = new SimChance(1);
  const drawn: Uint8Array[] = [];
  const counting = {
    fraction: () => chance.fraction(),
    bytes: (count: number) => {
      const bytes = chance.bytes(count);
      drawn.push(bytes);
      return bytes;
    },
  };
  const relay = new Relay(ROOM, { number: 1, chance: counting, crypto: CRYPTO });
  assertEquals(drawn.length, 0);
  for (const { near } of [pair, other]) relay.attach(near.connection);
  assertEquals(drawn.length, 1);
  for (const { near } of [pair, other]) relay.detach(near.connection);
  relay.attach(pair.near.connection);
  assertEquals(drawn.length, 2);
  relay.publish([entry(1, "in the new term")]);
  await pair.time.runFor(50);
  assertEquals(linesOf(pair).length, 1);
  for (const each of [pair, other]) await finish(each);
});
