import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { PeerId } from "../../../src/room/id.ts";
import {
  entryLink,
  type NodeMessage,
  parseNodeMessage,
  parsePageMessage,
  proofText,
} from "../../../src/web/shared/live_protocol.ts";

const WORD = "w".repeat(43);
const HELLO = { version: "0.1.0", me: "a".repeat(52) as PeerId, instance: "x", proof: WORD };

Deno.test("parsePageMessage reads a proof and a command", () => {
  assertEquals(parsePageMessage(`{"proof":"${WORD}","nonce":"${WORD}"}`), { proof: WORD, nonce: WORD });
  assertEquals(parsePageMessage('{"id":0,"command":{"do":"peers"}}'), { id: 0, command: { do: "peers" } });
});

const NOT_OF_A_PAGE: [what: string, text: string][] = [
  ["nothing", ""],
  ["what is no JSON", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["a text", '"x"'],
  ["an empty object", "{}"],
  ["a proof without a nonce", `{"proof":"${WORD}"}`],
  ["a proof that is too short", `{"proof":"x","nonce":"${WORD}"}`],
  ["a proof of other letters", `{"proof":"${"+".repeat(43)}","nonce":"${WORD}"}`],
  ["a proof that is no text", `{"proof":1,"nonce":"${WORD}"}`],
  ["a proof and a command", `{"proof":"${WORD}","nonce":"${WORD}","id":1,"command":{}}`],
  ["a command without an id", '{"command":{"do":"peers"}}'],
  ["an id that is a text", '{"id":"1","command":{"do":"peers"}}'],
  ["an id below zero", '{"id":-1,"command":{"do":"peers"}}'],
  ["an id with a fraction", '{"id":1.5,"command":{"do":"peers"}}'],
  ["an id beyond whole numbers", '{"id":1e300,"command":{"do":"peers"}}'],
  ["a command that is a text", '{"id":1,"command":"peers"}'],
  ["a command that is a list", '{"id":1,"command":[]}'],
  ["a field too much", '{"id":1,"command":{},"x":1}'],
];

for (const [what, text] of NOT_OF_A_PAGE) {
  Deno.test(`parsePageMessage takes ${what} for no message`, () => {
    assertEquals(parsePageMessage(text), null);
  });
}

const OF_A_NODE: [what: string, message: NodeMessage][] = [
  ["a challenge", { challenge: WORD }],
  ["a hello", { hello: HELLO }],
  ["a reply", { id: 7, reply: {} }],
  ["an error", { id: 7, error: { kind: "usage", message: "That is you", code: "peer.self", values: {} } }],
  ["an event", { event: { event: "notice", text: "x" } }],
];

for (const [what, message] of OF_A_NODE) {
  Deno.test(`parseNodeMessage reads ${what}`, () => {
    assertEquals(parseNodeMessage(JSON.stringify(message)), message);
  });
}

const NOT_OF_A_NODE: [what: string, text: string][] = [
  ["what is no JSON", "x"],
  ["a list", "[1]"],
  ["a challenge that is too short", '{"challenge":"x"}'],
  ["a hello without a proof", JSON.stringify({ hello: { ...HELLO, proof: undefined } })],
  ["a hello without a version", JSON.stringify({ hello: { ...HELLO, version: 1 } })],
  ["a reply without an id", '{"reply":{}}'],
  ["an error of another kind", '{"id":1,"error":{"kind":"x","message":"y"}}'],
  ["what a later version may say", '{"weather":"fine"}'],
];

for (const [what, text] of NOT_OF_A_NODE) {
  Deno.test(`parseNodeMessage takes ${what} for no message`, () => {
    assertEquals(parseNodeMessage(text), null);
  });
}

Deno.test("parsePageMessage and parseNodeMessage never throw, whatever comes", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    parsePageMessage(text);
    parseNodeMessage(text);
  }));
});

Deno.test("proofText is another one for each side, port and nonce", () => {
  const parts = { side: "page", port: 9990, nodeNonce: "n", pageNonce: "p" } as const;
  assertEquals(proofText(parts), "earshot page 1\npage\n9990\nn\np");
  const texts = [
    parts,
    { ...parts, side: "node" } as const,
    { ...parts, port: 9991 },
    { ...parts, nodeNonce: "m" },
    { ...parts, pageNonce: "q" },
  ].map(proofText);
  assertEquals(new Set(texts).size, 5);
});

Deno.test("entryLink has the token in the fragment, which no request carries", () => {
  const link = new URL(entryLink(9990, WORD));
  assertEquals(link.href, `http://127.0.0.1:9990/#enter=${WORD}`);
  assertEquals(link.pathname + link.search, "/");
});
