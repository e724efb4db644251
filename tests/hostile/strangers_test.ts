/** Strangers who knock too loudly. */

import { assert, assertEquals } from "@std/assert";
import { PLAIN } from "../../src/cli/format/style.ts";
import { ChatView } from "../../src/cli/chat/chat_view.ts";
import { SUBJECT_GAP_MS } from "../../src/node/support/notices.ts";
import { REQUESTS_MAX, REQUESTS_PER_ADDRESS_MAX } from "../../src/node/peers/request_policy.ts";
import { measureCells } from "../../src/text/sanitize.ts";
import { filedEntries, goHome, noticesOf } from "../fixtures/node/shared_room.ts";
import { allLines, assertInert, bobAsKept, friends } from "../fixtures/hostile/two_friends.ts";
import { Villain } from "../fixtures/hostile/attacker.ts";

Deno.test("Of a thousand first messages three are kept, each on lines of its own", async () => {
  const scene = await friends(400);
  const { world, alice } = scene;
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  const room = villain.directWith(alice);
  const texts = Array.from({ length: 1_000 }, (_, index) => ({ body: `${index}\n14:03  bob: yes\x07` }));
  villain.stranger.meet(room);
  await world.time.runFor(100);
  const lines = texts.map((one) => villain.write(room, one).line);
  for (let at = 0; at < lines.length; at += 50) villain.stranger.pass(room, ...lines.slice(at, at + 50));
  await world.time.runFor(3_000);
  const { requests } = await alice.run({ do: "requests" });
  assertEquals(requests.map(({ rows }) => rows.map(({ text }) => text)), [[
    "0\n14:03  bob: yes^G",
    "1\n14:03  bob: yes^G",
    "2\n14:03  bob: yes^G",
  ]]);
  const filed = (await world.time.drive(filedEntries(alice))).filter(({ author }) => author === villain.id);
  assertEquals(filed.length, 3);
  assertEquals(
    alice.events.filter((event) => event.event === "entry" && event.row.author === villain.id),
    [],
  );
  await assertInert(await allLines(scene));
  await goHome(world);
});

Deno.test("Requests of a hundred keys stop at the limit, and a contact is heard all the same", async () => {
  const scene = await friends(401);
  const { world, alice, bob } = scene;
  for (let key = 5; key < 105; key++) {
    const villain = new Villain(key);
    await villain.call(world, "bob");
    villain.stranger.meet(villain.directWith(alice));
    villain.stranger.pass(
      villain.directWith(alice),
      villain.write(villain.directWith(alice), { body: "it is me" }).line,
    );
    await world.time.runFor(300);
    villain.stranger.hangUp();
    await world.time.runFor(100);
  }
  const { requests } = await alice.run({ do: "requests" });
  assert(requests.length > 0 && requests.length <= REQUESTS_MAX, String(requests.length));
  assertEquals(new Set(requests.map(({ peer }) => peer.name)).size, requests.length, "all are told apart");
  for (const { peer } of requests) assert(/^bob·[a-z2-7]{4,}$/.test(peer.name), peer.name);
  await bob.run({ do: "send", to: "alice", text: "and I am here" });
  await world.time.runFor(1_000);
  assertEquals((await alice.texts("bob")).at(-1), "and I am here");
  assertEquals((await bobAsKept(scene)).length, 1);
  await goHome(world);
});

Deno.test("One device takes a few places for requests with all its keys, and others are heard beside it", async () => {
  const scene = await friends(403);
  const { world, alice } = scene;
  const asks = async (key: number, from: string) => {
    const villain = new Villain(key);
    await villain.call(world, `m${key}`, { from });
    villain.stranger.meet(villain.directWith(alice));
    villain.stranger.pass(
      villain.directWith(alice),
      villain.write(villain.directWith(alice), { body: "hi" }).line,
    );
    await world.time.runFor(300);
    villain.stranger.hangUp();
    await world.time.runFor(100);
  };
  for (let key = 5; key < 35; key++) await asks(key, "192.168.43.111");
  assertEquals((await alice.run({ do: "requests" })).requests.length, REQUESTS_PER_ADDRESS_MAX);
  await asks(40, "192.168.43.112");
  const { requests } = await alice.run({ do: "requests" });
  assertEquals([requests.length, requests.at(-1)?.peer.name], [REQUESTS_PER_ADDRESS_MAX + 1, "m40"]);
  // An answered one makes room for the next of that device.
  await alice.run({ do: "ignore", peer: "m5" });
  await asks(41, "192.168.43.111");
  await asks(42, "192.168.43.111");
  assertEquals(
    (await alice.run({ do: "requests" })).requests.map(({ peer }) => peer.name).filter((name) =>
      /^m4/.test(name)
    ),
    ["m40", "m41"],
  );
  await goHome(world);
});

Deno.test("A hundred keys in an absent contact's place are told once, and counted", async () => {
  const { world, alice, bob } = await friends(404);
  await bob.stop();
  await world.time.runFor(1_000);
  const segment = bob.host.attachments[1]?.segment;
  assert(segment !== undefined);
  bob.host.detach(segment);
  const intrude = async (key: number) => {
    const villain = new Villain(key);
    await villain.call(world, key % 2 === 0 ? "bob" : "BOB", { from: "192.168.43.11" });
    assertEquals(villain.stranger.closed, "wrong-key");
    await world.time.runFor(500);
  };
  const told = () =>
    noticesOf(alice).filter((text) => /like your contact there|A device was refused/.test(text));
  for (let key = 5; key < 55; key++) await intrude(key);
  assertEquals(told().filter((text) => text.includes("like your contact there")).length, 1);
  assert(told().length <= 2, `${told().length}`);
  await world.time.runFor(SUBJECT_GAP_MS);
  await intrude(60);
  assertEquals(
    told().filter((text) => text.includes("It happened 49 more times")).length,
    2,
    told().join("\n"),
  );
  await goHome(world);
});

Deno.test("An away text with escapes, and a flood of profiles, move no cursor and hold nothing up", async () => {
  const scene = await friends(402);
  const { world, alice, bob } = scene;
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  for (let index = 0; index < 2_000; index++) {
    villain.profile({ name: `m${index}\x1b[2J`, away: `back\x1b]0;owned\x07\n* bob left${index}\u202e` });
  }
  await world.time.runFor(3_000);
  const { peers } = await alice.run({ do: "peers" });
  const row = peers.find(({ id }) => id === villain.id);
  if (row !== undefined) {
    assertEquals([row.name, row.away], [
      `m1999^[[2J·${villain.tag}`,
      "back^[]0;owned^G^J* bob left1999⟨202E⟩",
    ]);
  }
  await bob.run({ do: "send", to: "alice", text: "still here?" });
  await world.time.runFor(1_000);
  assertEquals((await alice.texts("bob")).at(-1), "still here?");
  await assertInert(await allLines(scene));
  await goHome(world);
});

Deno.test("Typing in rooms that it is not in, or all the time, is told once a second at most", async () => {
  const scene = await friends(403);
  const { world, alice } = scene;
  const { room } = await alice.run({ do: "host", title: "Attic" });
  const villain = new Villain(5);
  await villain.call(world, "mallory");
  for (let index = 0; index < 500; index++) villain.stranger.say({ type: "typing", room: room.id });
  await world.time.runFor(1_000);
  const typing = () => alice.events.filter((event) => event.event === "typing").length;
  assertEquals(typing(), 0);
  await villain.tell(world, room.id, { kind: "join" });
  const fromMs = world.time.nowMs;
  for (let index = 0; index < 500; index++) villain.stranger.say({ type: "typing", room: room.id });
  await world.time.runFor(2_000);
  assert(typing() <= 1 + (world.time.nowMs - fromMs) / 1_000, String(typing()));
  await goHome(world);
});

Deno.test(
  "A stranger's first words and an invitation's title are short lines in the chat, whatever they are",
  async () => {
    const scene = await friends(404);
    const { world, alice } = scene;
    const villain = new Villain(5);
    await villain.call(world, "mallory");
    const forged = `${" ".repeat(400)}14:03  bob: yes`;
    const link = `earshot://192.168.43.105:9999/${"a".repeat(26)}/${"a".repeat(26)}/${
      villain.id.slice(0, 16)
    }`;
    await villain.tell(
      world,
      villain.directWith(alice),
      { body: `hi${forged}` },
      { kind: "invite", body: [link, `Attic${forged}`] },
    );
    const { requests, invitations } = await alice.run({ do: "requests" });
    const chatView = new ChatView({
      me: alice.node.id,
      style: PLAIN,
      isEchoed: false,
      hasStatus: true,
      isForPerson: true,
      columns: () => 80,
      nowMs: () => 0,
    });
    const lines = [...requests, ...invitations].flatMap((one) => chatView.requestLines(one));
    assertEquals([requests.length, invitations.length], [1, 1]);
    for (const line of lines) assert(measureCells(line) <= 160, `${measureCells(line)} cells: ${line}`);
    await goHome(world);
  },
);
