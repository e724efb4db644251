import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { denoCrypto } from "../../../src/deno/crypto.ts";
import {
  AUTH_MS_MAX,
  CLOSE_CODES,
  COMMANDS_MAX,
  FRAME_BYTES_MAX,
} from "../../../src/web/shared/live_protocol.ts";
import {
  COMMANDS_BURST,
  COMMANDS_PER_S,
  type LiveEffect,
  LiveSession,
} from "../../../src/web/page/live_session.ts";
import { ALICE } from "../../fixtures/cli/machine.ts";

const KEY = "k".repeat(42) + "A";
const NONCE = "n".repeat(42) + "A";
const PAGE_NONCE = "p".repeat(42) + "A";
/** Made by another program (python3 hmac), over "earshot page 1\npage\n9990\nnnn…A\nppp…A". */
const PAGE_PROOF = "Y9LavexmfbeJbGT-ErVgNCs2YztDLM0vep0P9xaEk-c";
const NODE_PROOF = "m48DsQUzeoJ-q86g_U4g-Z3py4wiBKKUw41C1KGraew";
const PROOF = JSON.stringify({ proof: PAGE_PROOF, nonce: PAGE_NONCE });
const STATUS = '{"id":1,"command":{"do":"status"}}';

function session(): LiveSession {
  return new LiveSession({
    crypto: denoCrypto(),
    port: 9990,
    nonce: NONCE,
    key: KEY,
    version: "1.2.3",
    me: ALICE,
    instance: "word",
  });
}

function opened(): LiveSession {
  const made = session();
  made.handle({ kind: "opened" }, 1_000);
  made.handle({ kind: "text", text: PROOF }, 1_000);
  return made;
}

const close = (code: number): LiveEffect[] => [{ kind: "close", code }];

Deno.test("LiveSession says a nonce, then lets in who proves the key, and proves that it has it, too", () => {
  const made = session();
  assertEquals(made.wakeAtMs, null);
  assertEquals(made.handle({ kind: "opened" }, 1_000), [{ kind: "send", message: { challenge: NONCE } }]);
  assertEquals(made.wakeAtMs, 1_000 + AUTH_MS_MAX);
  assertEquals(made.handle({ kind: "text", text: PROOF }, 2_000), [
    {
      kind: "send",
      message: { hello: { version: "1.2.3", me: ALICE, instance: "word", proof: NODE_PROOF } },
    },
    { kind: "entered" },
  ]);
  assertEquals(made.wakeAtMs, null);
});

Deno.test("LiveSession waits for the proof only so long, and then hears nothing any more", () => {
  const made = session();
  made.handle({ kind: "opened" }, 1_000);
  assertEquals(made.handle({ kind: "woken" }, 999 + AUTH_MS_MAX), []);
  assertEquals(made.handle({ kind: "woken" }, 1_000 + AUTH_MS_MAX), close(CLOSE_CODES.notEntered));
  assertEquals(made.wakeAtMs, null);
  assertEquals(made.handle({ kind: "text", text: PROOF }, 1_001 + AUTH_MS_MAX), []);
});

Deno.test("LiveSession does not close a page that has entered, however late it is woken", () => {
  assertEquals(opened().handle({ kind: "woken" }, 10_000_000), []);
});

Deno.test("LiveSession lets nobody in with a proof that differs by one bit, or is the node's own", () => {
  for (const proof of [NODE_PROOF, `B${PAGE_PROOF.slice(1)}`, PAGE_PROOF.toLowerCase(), "A".repeat(43)]) {
    const made = session();
    made.handle({ kind: "opened" }, 1_000);
    const text = JSON.stringify({ proof, nonce: PAGE_NONCE });
    assertEquals(made.handle({ kind: "text", text }, 1_000), close(CLOSE_CODES.notEntered));
  }
});

Deno.test("LiveSession does nothing for any first words but the proof", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(STATUS)), (text) => {
    const made = session();
    made.handle({ kind: "opened" }, 1_000);
    assertEquals(made.handle({ kind: "text", text }, 1_000), close(CLOSE_CODES.notEntered));
  }));
});

Deno.test("LiveSession runs commands, and refuses what is none by its id", () => {
  const made = opened();
  assertEquals(made.handle({ kind: "text", text: STATUS }, 1_000), [
    { kind: "run", id: 1, command: { do: "status" } },
  ]);
  assertEquals(made.handle({ kind: "text", text: '{"id":2,"command":{"do":"frobnicate"}}' }, 1_000), [
    {
      kind: "send",
      message: {
        id: 2,
        error: {
          kind: "usage",
          message: 'There is no command of that "do"',
          code: "control.bad-command",
          values: { problem: 'There is no command of that "do"' },
        },
      },
    },
  ]);
  assertEquals(made.handle({ kind: "reply", id: 1, reply: {} }, 1_000), [
    { kind: "send", message: { id: 1, reply: {} } },
  ]);
});

Deno.test("LiveSession measures a text in bytes, not in letters", () => {
  const textOf = (bytes: number) => {
    const around = '{"id":1,"command":{"do":"search","text":""}}';
    const wide = "\u65e5".repeat(Math.floor((bytes - around.length) / 3));
    const rest = "x".repeat(bytes - around.length - wide.length * 3);
    return around.replace('""', `"${wide}${rest}"`);
  };
  const [fits] = opened().handle({ kind: "text", text: textOf(FRAME_BYTES_MAX) }, 1_000);
  assertEquals(fits?.kind, "send");
  const above = opened().handle({ kind: "text", text: textOf(FRAME_BYTES_MAX + 1) }, 1_000);
  assertEquals(above, close(CLOSE_CODES.malformed));
});

Deno.test("LiveSession has so many commands under way, and so many a second", () => {
  const made = opened();
  const ask = (nowMs: number) => made.handle({ kind: "text", text: STATUS }, nowMs)[0]?.kind;
  for (let count = 0; count < COMMANDS_MAX; count++) assertEquals(ask(1_000), "run");
  assertEquals(ask(1_000), "send");
  made.handle({ kind: "reply", id: 1, reply: {} }, 1_000);
  assertEquals(ask(1_000), "run");
  for (let count = COMMANDS_MAX + 2; count < COMMANDS_BURST; count++) assertEquals(ask(1_000), "send");
  for (let count = 0; count < COMMANDS_PER_S; count++) assertEquals(ask(2_000), "send");
  assertEquals(ask(2_000), "close");
});

Deno.test("LiveSession never saves up more than a burst", () => {
  const made = opened();
  const ask = () => made.handle({ kind: "text", text: STATUS }, 100_000_000)[0]?.kind;
  for (let count = 0; count < COMMANDS_BURST; count++) assertEquals(ask() === "close", false);
  assertEquals(ask(), "close");
});

const ENDS = [
  ["leaving", CLOSE_CODES.leaving],
  ["slow", CLOSE_CODES.tooSlow],
  ["bytes", CLOSE_CODES.malformed],
] as const;
for (const [kind, code] of ENDS) {
  Deno.test(`LiveSession closes with ${code} when ${kind}, and does nothing after that`, () => {
    const made = opened();
    assertEquals(made.handle({ kind }, 1_000), close(code));
    assertEquals(made.handle({ kind }, 1_000), []);
    assertEquals(made.handle({ kind: "event", event: { event: "notice", text: "x" } }, 1_000), []);
    assertEquals(made.handle({ kind: "text", text: STATUS }, 1_000), []);
  });
}
