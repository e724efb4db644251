/**
 * The command line as users and scripts have it: real processes on the loopback interface, in temporary homes, at ports
 * that were free.
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freeTcpPort } from "../fixtures/free_ports.ts";
import { HAS_SIGNALS, type Outcome, Place, Running } from "../fixtures/real_processes.ts";

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const jsonOf = ({ out }: Outcome) =>
  out.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));

Deno.test("two homes on one machine find each other, talk in a room and in private, and export the same text", async () => {
  await using place = new Place();
  const alice = await place.node("alice");
  const bob = await place.node("bob");
  const seen = await bob.next((event) => event.event === "peer");
  assertEquals((seen.peer as { name: string }).name, "alice");

  const peers = jsonOf(await place.run("alice", "peers", "--json"));
  assertEquals(peers.map((peer) => [peer.name, peer.address, peer.contact, peer.verified]), [
    ["bob", "127.0.0.1", false, false],
  ]);
  assertEquals((await place.run("alice", "host", "Kitchen")).code, 0);
  await place.until("bob", ["rooms"], ({ out }) => out.includes("#Kitchen"));
  assertEquals((await place.run("bob", "join", "kitchen")).code, 0);

  const sent = await place.run("alice", "send", "#Kitchen", "hello", "--wait", "everywhere", "--json");
  assertEquals([sent.code, jsonOf(sent)[0].state], [0, "everywhere"]);
  const direct = await place.runWith("two\nlines\n", "bob", "send", "alice", "-", "--wait", "passed");
  assertEquals([direct.code, direct.err.includes("Delivered to alice.")], [0, true]);

  const log = jsonOf(await place.run("alice", "log", "#Kitchen", "--json"));
  assertEquals(
    log.map(({ room, name, number, kind, text, state }) => [room, name, number, kind, text, state]),
    [
      ["Kitchen", "alice", 1, "room", 'opened the room "Kitchen"', "everywhere"],
      ["Kitchen", "bob", 1, "join", "joined", null],
      ["Kitchen", "alice", 2, "text", "hello", "everywhere"],
    ],
  );
  assertMatch((await place.run("alice", "log", "bob")).out, /\d\d:\d\d {2}bob: two\n {7}lines\n$/);

  const one = await place.run("alice", "export", "#Kitchen", "-o", "one.txt");
  assertEquals(one.code, 0);
  assertEquals((await place.run("bob", "export", "#Kitchen", "-o", "two.txt")).code, 0);
  const texts = ["one.txt", "two.txt"].map((name) => Deno.readTextFileSync(join(place.folder, name)));
  assertEquals(texts[0], texts[1]);
  assertStringIncludes(texts[0] ?? "", "  alice: hello\n");
  const again = await place.run("alice", "export", "#Kitchen", "-o", "one.txt");
  assertEquals([again.code, again.err.includes("already exists")], [1, true]);
  await alice.kill();
});

Deno.test("send without a running node keeps the text, and it goes at the next meeting", async () => {
  await using place = new Place();
  assertEquals((await place.run("alice", "host", "Attic", "--name", "alice")).code, 0);
  const kept = await place.run("alice", "send", "#Attic", "written alone", "--json");
  assertEquals([kept.code, jsonOf(kept)[0].state], [0, "kept"]);
  const late = await place.run("alice", "send", "#Attic", "wait", "--wait", "everywhere", "--timeout", "0.2");
  assertEquals([late.code, late.err.includes("Saved. Will be delivered when")], [3, true]);
  const alice = await place.node("alice");
  const joined = await place.run("bob", "join", "attic", "--name", "bob");
  assertEquals([joined.code, joined.out.startsWith("You are in #Attic")], [0, true]);
  assertStringIncludes((await place.run("bob", "log", "#Attic")).out, "alice: written alone\n");
  await alice.kill();
});

Deno.test("commands at the same moment without a running node all do their work", async () => {
  await using place = new Place();
  await place.run("alice", "host", "Attic", "--name", "alice");
  const texts = ["one", "two", "three", "four", "five", "six"];
  const outcomes = await Promise.all(texts.map((text) => place.run("alice", "send", "#Attic", text)));
  assertEquals(outcomes.map(({ code }) => code), texts.map(() => 0), outcomes.map(({ err }) => err).join());
  const log = jsonOf(await place.run("alice", "log", "#Attic", "--json")).filter((row) =>
    row.kind === "text"
  );
  assertEquals(log.map((row) => row.text).sort(), texts.sort());
  assertEquals(log.map((row) => row.number), [2, 3, 4, 5, 6, 7]);
});

Deno.test("a second node on one home says who has it, and stop ends the first", async () => {
  await using place = new Place();
  const alice = await place.node("alice");
  const second = await place.run("alice", "node");
  assertEquals([second.code, second.err.includes(`(process ${alice.pid})`)], [1, true]);
  const stopped = await place.run("alice", "stop");
  assertEquals([stopped.code, stopped.err], [0, "Stopped.\n"]);
  assertEquals((await alice.ended()).code, 0);
  assertEquals((await place.run("alice", "stop")).code, 1);
});

Deno.test("a node that was killed leaves nothing that troubles the next command", async () => {
  await using place = new Place();
  const alice = await place.node("alice");
  await place.run("alice", "host", "Attic");
  await place.run("alice", "send", "#Attic", "hello");
  await alice.kill();
  assertEquals(await exists(join(place.home("alice"), "node.json")), true);
  assertStringIncludes((await place.run("alice", "log", "#Attic")).out, "alice: hello");
  assertEquals(await exists(join(place.home("alice"), "node.json")), false);
});

Deno.test({
  name: "node.json is for its user only",
  ignore: !HAS_SIGNALS,
  async fn() {
    await using place = new Place();
    await place.node("alice");
    const { mode } = await Deno.stat(join(place.home("alice"), "node.json"));
    assertEquals((mode ?? 0) & 0o777, 0o600);
  },
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test({
    name: `a node leaves cleanly at ${signal}`,
    ignore: !HAS_SIGNALS,
    async fn() {
      await using place = new Place();
      const alice = await place.node("alice");
      alice.signal(signal);
      assertEquals(await alice.ended(), { code: 0, err: "" });
      assertEquals(await exists(join(place.home("alice"), "node.json")), false);
      assertEquals(await exists(join(place.home("alice"), "lock")), false);
    },
  });
}

Deno.test({
  name: "Ctrl-C while a text waits says that it is kept, and ends with 130",
  ignore: !HAS_SIGNALS,
  async fn() {
    await using place = new Place();
    const alice = await place.node("alice");
    await place.run("alice", "host", "Attic");
    const waiting = new Running(
      place.command("alice", ["send", "#Attic", "hello", "--wait", "passed", "--quiet"]),
    );
    await alice.next((event) => (event.row as { text?: string } | undefined)?.text === "hello");
    waiting.signal("SIGINT");
    assertEquals((await waiting.ended()).code, 130);
    assertStringIncludes((await place.run("alice", "log", "#Attic")).out, "alice: hello");
  },
});

Deno.test("bare earshot takes piped lines as typed, shows the talk, and ends behind the last", async () => {
  await using place = new Place();
  const bob = await place.node("bob");
  await place.run("bob", "host", "Attic");
  const port = String(freeTcpPort());
  const alice = new Running(place.command("alice", ["--name", "alice", "--port", port]));
  await place.until("alice", ["rooms"], ({ out }) => out.includes("#Attic"));
  await alice.type("/join attic\nhello from a pipe\n");
  const heard = await bob.next((event) => (event.row as { kind?: string } | undefined)?.kind === "text");
  assertEquals((heard.row as { text: string }).text, "hello from a pipe");
  await place.run("bob", "send", "#Attic", "hello pipe");
  assertMatch(await alice.line((line) => line.includes("hello pipe")), /^\d\d:\d\d {2}bob: hello pipe$/);
  await alice.closeInput();
  const { code, err } = await alice.ended();
  assertEquals([code, err], [0, ""]);
});

Deno.test("bare earshot without any input stays as a node", async () => {
  await using place = new Place();
  const bob = await place.node("bob");
  const alice = new Running(place.command("alice", ["--name", "alice", "--port", String(freeTcpPort())]));
  await alice.closeInput();
  const seen = await bob.next((event) => event.event === "peer");
  assertEquals((seen.peer as { name: string }).name, "alice");
  assertEquals((await place.run("alice", "status", "--json")).code, 0);
  assertEquals((await place.run("alice", "stop")).code, 0);
  assertEquals((await alice.ended()).code, 0);
});

const WRONG: [words: string[], code: number, sentence: string][] = [
  [["snd"], 2, 'There is no command "snd". Did you mean "send"?'],
  [["node", "--port", "99999"], 2, '--port takes a whole number from 1 to 65535, not "99999"'],
  [["join", "10.0.0.300"], 2, '"10.0.0.300" is not an address'],
  [["connect", "127.0.0.1", "1"], 1, "Cannot connect to 127.0.0.1 port 1"],
  [["send", "nobody", "hello"], 2, 'Nobody here is called "nobody"'],
  [["nick", "a b"], 2, "Names cannot contain spaces"],
  [["stop"], 1, "No earshot is running with the home"],
];

for (const [words, code, sentence] of WRONG) {
  Deno.test(`"earshot ${words.join(" ")}" fails in one clear line`, async () => {
    await using place = new Place();
    const outcome = await place.run("alice", ...words);
    assertEquals([outcome.code, outcome.out], [code, ""]);
    assertEquals(outcome.err.split("\n").length, 2, outcome.err);
    assertStringIncludes(outcome.err, `earshot: `);
    assertStringIncludes(outcome.err, sentence);
  });
}

Deno.test("a taken port is told, and nothing is left behind", async () => {
  await using place = new Place();
  using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { code, err } = await place.run("alice", "node", "--port", String(listener.addr.port));
  assertEquals([code, err.includes(`Cannot listen on port ${listener.addr.port}`)], [1, true]);
});
