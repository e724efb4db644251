import { assert, assertEquals, assertRejects } from "@std/assert";
import { DialError } from "../../../src/client/dial.ts";
import { NetworkError, ProtocolError } from "../../../src/errors.ts";
import { CLOSE_MS_MAX } from "../../../src/net/connection_limits.ts";
import { isFinal } from "../../../src/node/peers/sessions.ts";
import { type Caller, Exchange } from "../../fixtures/node/bare_sessions.ts";

/** Both talk over the one session that they have; nothing else is open between them. */
async function assertOneSession(
  { time }: Exchange,
  [one, other]: [Caller, Caller],
  name = "",
): Promise<void> {
  assertEquals([one.sessions.connections.size, other.sessions.connections.size], [1, 1], name);
  assertEquals([one.sessions.count, other.sessions.count], [1, 1], name);
  one.heard.length = other.heard.length = 0;
  one.say(other, "hello");
  other.say(one, "hi");
  await time.runFor(2_000);
  assertEquals([one.heard, other.heard], [["hi"], ["hello"]], name);
  assertEquals([one.bugs, other.bugs], [[], []], name);
}

async function shut({ time }: Exchange, ...callers: Caller[]): Promise<void> {
  await time.drive(Promise.all(callers.map((caller) => caller.close())));
  assertEquals(callers.map((caller) => caller.openCount), callers.map(() => 0));
}

Deno.test("Sessions dials a peer, and both have the session", async () => {
  const exchange = new Exchange();
  const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
  const connection = await exchange.time.drive(ada.dial(bob));
  assertEquals([connection.peer, connection.isInitiator], [bob.id, true]);
  await exchange.time.runFor(100);
  assertEquals([ada.told, bob.told], [["open bob"], ["open ada"]]);
  await assertOneSession(exchange, [ada, bob]);
  await shut(exchange, ada, bob);
});

Deno.test("Sessions of two who dial each other at once end as exactly one, whatever the timing", async () => {
  const latencies: readonly (readonly [number, number])[] = [[0, 0], [1, 5], [1, 60], [30, 200]];
  for (const latencyMs of latencies) {
    for (let seed = 0; seed < 40; seed++) {
      const name = `seed ${seed}, ${latencyMs} ms`;
      const exchange = new Exchange(name, latencyMs);
      const callers: [Caller, Caller] = [
        exchange.caller("ada", 1 + seed),
        exchange.caller("bob", 101 + seed),
      ];
      const [ada, bob] = callers;
      const dials = [ada.dial(bob)];
      await exchange.time.runFor((seed % 8) * latencyMs[1] / 4);
      dials.push(bob.dial(ada));
      const connections = await exchange.time.drive(Promise.all(dials));
      assertEquals(connections.map((connection) => connection.peer), [bob.id, ada.id], name);
      await exchange.time.runFor(2_000);
      for (const { told } of callers) {
        assert(told.length <= 3, `${name}: ${told}`);
        assertEquals(told.filter((text) => text.startsWith("open")).length, (told.length + 1) / 2, name);
      }
      await assertOneSession(exchange, callers, name);
      await shut(exchange, ...callers);
    }
  }
});

Deno.test("Sessions of three who all dial each other twice end as one for each pair", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const exchange = new Exchange(seed, [1, 40]);
    const callers = [1, 2, 3].map((key) => exchange.caller(`c${key}`, key));
    const dials = callers.flatMap((one) =>
      callers.filter((other) => other !== one).flatMap((other) => [one.dial(other), one.dial(other)])
    );
    await exchange.time.drive(Promise.allSettled(dials));
    await exchange.time.runFor(2_000);
    assertEquals(callers.map(({ sessions }) => [sessions.connections.size, sessions.count]), [
      [2, 2],
      [2, 2],
      [
        2,
        2,
      ],
    ]);
    for (const one of callers) {
      for (const other of callers) if (one !== other) one.say(other, `from ${one.address}`);
    }
    await exchange.time.runFor(500);
    assertEquals(callers.map(({ heard }) => heard.toSorted()), [
      ["from 10.0.0.2", "from 10.0.0.3"],
      ["from 10.0.0.1", "from 10.0.0.3"],
      ["from 10.0.0.1", "from 10.0.0.2"],
    ]);
    await shut(exchange, ...callers);
  }
});

Deno.test("Sessions takes the new session of a peer that has restarted, whoever dials, and drops the old one", async () => {
  for (const dialler of ["the one who stayed", "the one who restarted"]) {
    for (const isCut of [false, true]) {
      const exchange = new Exchange(dialler);
      const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
      await exchange.time.drive(ada.dial(bob));
      await exchange.time.runFor(100);
      ada.told.length = 0;
      // Cut off, ada does not hear that the old session is over; heartbeats would take three seconds.
      if (isCut) exchange.segment.link(bob.host, "silent");
      bob.restart();
      if (isCut) await exchange.time.runFor(50);
      exchange.segment.link(bob.host, "up");
      const startMs = exchange.time.nowMs;
      await exchange.time.drive(dialler === "the one who stayed" ? ada.dial(bob) : bob.dial(ada));
      assert(exchange.time.nowMs - startMs < 1_000);
      await exchange.time.runFor(500);
      assertEquals(ada.told.map((text) => text.split(" ").slice(0, 2).join(" ")), ["closed bob", "open bob"]);
      await assertOneSession(exchange, [ada, bob], dialler);
      await shut(exchange, ada, bob);
    }
  }
});

Deno.test("Sessions takes the new session although the old one seems well: who dials again has lost it", async () => {
  for (const dialler of ["the same", "the other"]) {
    const exchange = new Exchange(dialler);
    const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
    const first = await exchange.time.drive(ada.dial(bob));
    await exchange.time.runFor(3_000);
    await exchange.time.drive(dialler === "the same" ? ada.dial(bob) : bob.dial(ada));
    await exchange.time.runFor(500);
    assertEquals(first.isOpen, false);
    assertEquals(ada.told, ["open bob", "closed bob duplicate", "open bob"]);
    await assertOneSession(exchange, [ada, bob], dialler);
    await shut(exchange, ada, bob);
  }
});

Deno.test("Sessions gives a peer that lost its session and dials again a new one at once", async () => {
  // Whoever of the two began the old one: the other side may take three seconds to notice that it is dead.
  for (const [one, other] of [[1, 2], [2, 1]] as const) {
    const exchange = new Exchange(one);
    const [ada, bob] = [exchange.caller("ada", one), exchange.caller("bob", other)];
    const connection = await exchange.time.drive(ada.dial(bob));
    await exchange.time.runFor(5_000);
    exchange.segment.block(ada.host, bob.host);
    connection.close("silent");
    await exchange.time.runFor(400);
    exchange.segment.unblock(ada.host, bob.host);
    const startMs = exchange.time.nowMs;
    await exchange.time.drive(ada.dial(bob));
    await exchange.time.runFor(600);
    assert(exchange.time.nowMs - startMs < 1_000);
    await assertOneSession(exchange, [ada, bob]);
    await shut(exchange, ada, bob);
  }
});

Deno.test("Sessions with an expected key refuses another one, and the other side has no session either", async () => {
  const exchange = new Exchange();
  const [ada, bob, mallory] = [1, 2, 3].map((key) => exchange.caller(`c${key}`, key));
  assert(ada !== undefined && bob !== undefined && mallory !== undefined);
  const error = await assertRejects(() => exchange.time.drive(ada.dial(mallory, bob.id)), ProtocolError);
  assertEquals([error.code, isFinal(error)], ["wrong-key", true]);
  await exchange.time.runFor(1_000);
  assertEquals([ada.told, mallory.told, mallory.sessions.count], [[], [], 0]);
  assertEquals((await exchange.time.drive(ada.dial(bob, bob.id))).peer, bob.id);
  await shut(exchange, ada, bob, mallory);
});

Deno.test("Sessions refuses a session with itself, and with a copy of its own home", async () => {
  const exchange = new Exchange();
  const ada = exchange.caller("ada", 1);
  const copy = exchange.caller("copy", 1, 9);
  for (const other of [ada, copy]) {
    const error = await assertRejects(() => exchange.time.drive(ada.dial(other)), ProtocolError);
    assertEquals([error.code, isFinal(error)], ["self", true]);
  }
  await exchange.time.runFor(1_000);
  assertEquals([ada.told, ada.sessions.count, copy.told], [[], 0, []]);
  await shut(exchange, ada, copy);
});

Deno.test("Sessions closes on a blocked peer, whoever dials, and tells it so", async () => {
  const exchange = new Exchange();
  const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
  ada.blocked.add(bob.id);
  await exchange.time.drive(bob.dial(ada));
  await exchange.time.runFor(500);
  assertEquals([ada.told, bob.told], [[], ["open ada", "closed ada blocked"]]);
  const error = await assertRejects(() => exchange.time.drive(ada.dial(bob)), ProtocolError);
  assertEquals(error.code, "blocked");
  await exchange.time.runFor(500);
  assertEquals([ada.sessions.count, bob.sessions.count], [0, 0]);
  await shut(exchange, ada, bob);
});

Deno.test("Sessions closes on a peer with whom the user wants none for now, as if it left, and says why a link ended", async () => {
  const exchange = new Exchange();
  const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
  ada.paused.add(bob.id);
  const connection = await exchange.time.drive(bob.dial(ada));
  assertEquals(bob.sessions.endOf(connection), undefined);
  await exchange.time.runFor(500);
  assertEquals([ada.told, bob.told], [[], ["open ada", "closed ada leaving"]]);
  assertEquals(bob.sessions.endOf(connection)?.code, "leaving");
  const error = await assertRejects(() => exchange.time.drive(ada.dial(bob)), ProtocolError);
  assertEquals(error.code, "leaving");
  ada.paused.clear();
  await exchange.time.drive(bob.dial(ada));
  await exchange.time.runFor(500);
  assertEquals(ada.told, ["open bob"]);
  await shut(exchange, ada, bob);
});

Deno.test("Sessions that close tell every peer that this node leaves, at once", async () => {
  const exchange = new Exchange();
  const [ada, bob, cy] = [1, 2, 3].map((key) => exchange.caller(`c${key}`, key));
  assert(ada !== undefined && bob !== undefined && cy !== undefined);
  await exchange.time.drive(Promise.all([ada.dial(bob), cy.dial(ada)]));
  await exchange.time.runFor(100);
  const startMs = exchange.time.nowMs;
  await shut(exchange, ada);
  assert(exchange.time.nowMs - startMs < 50);
  await exchange.time.runFor(50);
  assertEquals(bob.told, ["open c1", "closed c1 leaving"]);
  assertEquals(cy.told, ["open c1", "closed c1 leaving"]);
  await shut(exchange, bob, cy);
});

Deno.test("Sessions close in time although peers are gone, shaking hands or dialled just now", async () => {
  const exchange = new Exchange();
  const [ada, bob, cy] = [1, 2, 3].map((key) => exchange.caller(`c${key}`, key));
  assert(ada !== undefined && bob !== undefined && cy !== undefined);
  await exchange.time.drive(ada.dial(bob));
  bob.host.powerOff();
  const dialling = ada.dial(cy).catch((error) => error);
  await exchange.time.runUntil(() => ada.sessions.count === 2, 1_000);
  const startMs = exchange.time.nowMs;
  await shut(exchange, ada);
  assert(exchange.time.nowMs - startMs <= CLOSE_MS_MAX);
  assert(await exchange.time.drive(dialling) instanceof ProtocolError);
  await exchange.time.runFor(6_000);
  assertEquals(cy.sessions.count, 0);
  await shut(exchange, cy);
});

Deno.test("Sessions lets nothing of a replaced session through, however late it comes", async () => {
  let lateCount = 0;
  for (let seed = 0; seed < 60; seed++) {
    const exchange = new Exchange(seed, [1, 300]);
    const [ada, bob] = [exchange.caller("ada", 1), exchange.caller("bob", 2)];
    const first = await exchange.time.drive(ada.dial(bob));
    await exchange.time.runFor(3_000);
    const dialling = ada.dial(bob);
    let isTalking = true;
    const talk = () => {
      first.send({
        type: "profile",
        name: "on the old one",
        away: "",
        rendezvousPort: 0,
        merit: 1,
        rooms: [],
      });
      if (isTalking) exchange.time.schedule(20, talk);
    };
    talk();
    await exchange.time.drive(dialling);
    isTalking = false;
    ada.say(bob, "on the new one");
    await exchange.time.runFor(2_000);
    const replaced = bob.diary.lastIndexOf("open ada");
    assertEquals(bob.diary.slice(replaced), ["open ada", "on the new one"], `seed ${seed}`);
    if (bob.diary.includes("closed ada duplicate")) lateCount++;
    await shut(exchange, ada, bob);
  }
  assert(lateCount > 5, "the new session was never there before the old one had ended");
});

Deno.test("isFinal tells what waiting does not mend", () => {
  const at = { address: "10.0.0.1", port: 9999 };
  const cases: readonly [unknown, boolean][] = [
    [new ProtocolError("wrong-key"), true],
    [new ProtocolError("self"), true],
    [new ProtocolError("blocked"), true],
    [new ProtocolError("too-old"), true],
    [new ProtocolError("silent"), false],
    [new ProtocolError("duplicate"), false],
    [new ProtocolError("leaving"), false],
    [new DialError("other-version", at), true],
    [new DialError("malformed", at), true],
    [new DialError("refused", at), false],
    [new DialError("busy", at), false],
    [new NetworkError("closed", "gone"), false],
    [undefined, false],
  ];
  for (const [error, expected] of cases) assertEquals(isFinal(error), expected, String(error));
});
