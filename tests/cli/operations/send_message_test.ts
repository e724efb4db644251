import { message } from "../../../src/messages/message.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import type { Command, Replies } from "../../../src/api/commands.ts";
import type { ReceiptState } from "../../../src/room/receipts.ts";
import { KITCHEN, Machine, processWith, roomRow, type Script, WITH_BOB } from "../../fixtures/cli/machine.ts";

const ROOMS = { rooms: [roomRow(), roomRow({ id: WITH_BOB, title: "bob", direct: true })], outlook: "" };
const SENT: Replies["send"] = { room: KITCHEN, title: "Kitchen", number: 7, state: "kept" };
const TO_BOB: Replies["send"] = { ...SENT, room: WITH_BOB, title: "bob" };

function script(state: ReceiptState, isReached: boolean, sent = SENT): Script {
  return { send: sent, rooms: ROOMS, wait: { state, isReached } };
}

const OUTCOMES: { state: ReceiptState; isReached: boolean; kitchen: string; bob: string }[] = [
  {
    state: "everywhere",
    isReached: true,
    kitchen: "Delivered to everyone in #Kitchen.\n",
    bob: "Delivered to bob.\n",
  },
  {
    state: "passed",
    isReached: true,
    kitchen: "Delivered to some members. The others in #Kitchen get it when they are back.\n",
    bob: "Delivered to bob.\n",
  },
  {
    state: "kept",
    isReached: false,
    kitchen: "Saved. Will be delivered when another member of #Kitchen is back.\n",
    bob: "Saved. Will be delivered when bob is back.\n",
  },
];

for (const { state, isReached, kitchen, bob } of OUTCOMES) {
  Deno.test(`send tells that a text is ${state}, and ends with 0: it is kept in any case`, async () => {
    const { process } = processWith(script(state, isReached));
    assertEquals(await process.run("send", "#Kitchen", "hello"), 0);
    assertEquals([process.console.outText, process.console.errText], ["", kitchen]);
    const wait: Command = { do: "wait", room: KITCHEN, number: 7, until: "passed", ms: 3_000 };
    assertEquals(process.node?.commands, [
      { do: "send", to: "#Kitchen", text: "hello" },
      { do: "rooms" },
      wait,
    ]);
    const direct = processWith(script(state, isReached, TO_BOB)).process;
    assertEquals(await direct.run("send", "bob", "hello"), 0);
    assertEquals(direct.console.errText, bob);
  });

  Deno.test(`send --wait ends with ${isReached ? 0 : 3} when the text is ${state} at the end`, async () => {
    const { process } = processWith(script(state, isReached));
    const code = await process.run(
      "send",
      "#Kitchen",
      "hello",
      "--wait",
      "everywhere",
      "--timeout",
      "5",
      "--json",
    );
    assertEquals(code, isReached ? 0 : 3);
    assertEquals(process.json, [{ ...SENT, state }]);
    const wait: Command = { do: "wait", room: KITCHEN, number: 7, until: "everywhere", ms: 5_000 };
    assertEquals(process.node?.commands.at(-1), wait);
  });
}

Deno.test("send leaves the rest to a node that goes on running", async () => {
  const machine = new Machine();
  const running = machine.process({ script: script("kept", false) });
  const ended = running.start("node");
  await machine.time.runFor(1_000);
  const process = machine.process();
  assertEquals(await process.run("send", "#Kitchen", "hello"), 0);
  assertEquals(process.console.errText, "Sent to #Kitchen.\n");
  assertEquals(running.node?.commands.filter((command) => command.do === "wait"), []);
  running.interrupt();
  await machine.time.drive(ended);
});

Deno.test("send --wait says not yet when the running node is stopped meanwhile", async () => {
  const machine = new Machine();
  const never = { ...script("kept", false), wait: () => new Promise<never>(() => {}) };
  const running = machine.process({ script: never });
  const ended = running.start("node");
  await machine.time.runFor(1_000);
  const process = machine.process();
  const sent = process.start("send", "#Kitchen", "hello", "--wait", "passed");
  await machine.time.runFor(1_000);
  machine.http.kill();
  running.interrupt();
  await machine.time.drive(ended);
  assertEquals(await machine.time.drive(sent), 3);
  assertEquals(
    process.console.errText,
    "Saved. Will be delivered when another member of #Kitchen is back.\n",
  );
});

Deno.test("send --wait goes on with a node of its own when another command's node goes away by itself", async () => {
  const machine = new Machine();
  const end = Promise.withResolvers<never>();
  const brief = machine.process({
    script: { ...script("kept", false), join: () => end.promise, wait: () => end.promise },
  });
  const joining = brief.start("join", "Attic");
  await machine.time.runFor(1_000);
  const process = machine.process({ script: script("passed", true) });
  const sent = process.start("send", "#Kitchen", "hello", "--wait", "passed", "--timeout", "20");
  await machine.time.runFor(1_000);
  machine.http.kill();
  brief.interrupt();
  assertEquals(await machine.time.drive(joining), 130);
  assertEquals(await machine.time.drive(sent), 0);
  const waited = process.node?.commands.find((command) => command.do === "wait");
  assertEquals(process.node?.commands.map((command) => command.do), ["rooms", "wait"]);
  assertEquals(waited?.do === "wait" && waited.ms > 17_000 && waited.ms < 20_000, true);
});

Deno.test("send --wait ends when its own node is told to stop", async () => {
  const machine = new Machine();
  const process = machine.process({
    script: { ...script("kept", false), wait: () => new Promise<never>(() => {}) },
  });
  const sent = process.start("send", "#Kitchen", "hello", "--wait", "passed");
  await machine.time.runFor(1_000);
  assertEquals(await machine.process().run("stop"), 0);
  assertEquals(await machine.time.drive(sent), 3);
});

Deno.test("send at Ctrl-C says what was kept, and ends with 130", async () => {
  const machine = new Machine();
  const process = machine.process({
    script: { ...script("kept", false), wait: () => new Promise<never>(() => {}) },
  });
  const sent = process.start("send", "bob", "hello", "--wait", "passed");
  await machine.time.runFor(1_000);
  process.interrupt();
  assertEquals(await machine.time.drive(sent), 130);
  assertEquals(
    process.console.errText,
    "Interrupted before delivery was confirmed. Saved. Will be delivered when another member of #Kitchen is back.\n",
  );
});

Deno.test("send reads the text from standard input, without the line end behind it", async () => {
  const { process } = processWith(script("passed", true));
  for (const piece of ["two\r\nli", "nes\r\n", null]) process.console.type(piece);
  assertEquals(await process.run("send", "bob", "-"), 0);
  assertEquals(process.node?.commands[0], { do: "send", to: "bob", text: "two\r\nlines" });
});

const INPUTS: [what: string, input: string | Uint8Array, sentence: string][] = [
  ["nothing", "", "The message is empty"],
  ["blanks", " \n", "The message is empty"],
  [
    "too much",
    "x".repeat(65_540),
    "The message is too long: it has more than 65536 bytes. Send it in parts",
  ],
  [
    "one byte too much",
    "x".repeat(65_537),
    "The message is too long: 65537 bytes; the limit is 65536. Send it in parts",
  ],
  ["no text", Uint8Array.of(0xff, 0xfe), "Standard input is not UTF-8 text"],
];

for (const [what, input, sentence] of INPUTS) {
  Deno.test(`send refuses ${what} from standard input, and starts nothing`, async () => {
    const { process } = processWith(script("passed", true));
    process.console.type(input);
    process.console.type(null);
    assertEquals(await process.run("send", "bob", "-"), 2);
    assertEquals(process.console.errText, `earshot: ${sentence}\n`);
    assertEquals(process.node, undefined);
  });
}

Deno.test("send tells how to end the text when it is typed", async () => {
  const { process } = processWith(script("passed", true));
  process.console.isInTerminal = true;
  process.console.type("hello\n");
  process.console.type(null);
  assertEquals(await process.run("send", "bob", "-"), 0);
  assertStringIncludes(process.console.errText, "Ctrl-D");
});

Deno.test("send sends once, however often it looks for a name that may turn up", async () => {
  let tries = 0;
  const { process } = processWith({
    ...script("passed", true, TO_BOB),
    send: () => {
      if (++tries < 4) throw new UsageError(message("text.any", { text: "Nobody here is called bob" }));
      return TO_BOB;
    },
  });
  assertEquals(await process.run("send", "bob", "hello"), 0);
  assertEquals(tries, 4);
});
