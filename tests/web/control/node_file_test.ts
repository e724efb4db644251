import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatNodeFile, type NodeFile, parseNodeFile } from "../../../src/web/control/node_file.ts";

const TOKEN = "A".repeat(43);
const FILE: NodeFile = {
  pid: 123,
  port: 40_001,
  token: TOKEN,
  started: "2026-01-01T00:00:00.000Z",
  lasting: true,
};
const TEXT =
  `{"version":1,"pid":123,"address":"127.0.0.1","port":40001,"token":"${TOKEN}","started":"2026-01-01T00:00:00.000Z","lasting":true}\n`;

Deno.test("node.json is written and read like this", () => {
  assertEquals(formatNodeFile(FILE), TEXT);
  assertEquals(parseNodeFile(TEXT), FILE);
});

const WRONG: [what: string, text: string][] = [
  ["nothing", ""],
  ["no object", "[]"],
  ["null", "null"],
  ["another version", TEXT.replace('"version":1', '"version":2')],
  ["another address", TEXT.replace("127.0.0.1", "10.0.0.5")],
  ["a name as address", TEXT.replace("127.0.0.1", "localhost")],
  ["port 0", TEXT.replace("40001", "0")],
  ["a port above all", TEXT.replace("40001", "65536")],
  ["a port in text", TEXT.replace("40001", '"40001"')],
  ["a pid below all", TEXT.replace("123", "-1")],
  ["a short token", TEXT.replace(TOKEN, "A".repeat(42))],
  ["a token with a line end", TEXT.replace(TOKEN, `${"A".repeat(42)}\\n`)],
  ["no token", TEXT.replace(`"token":"${TOKEN}",`, "")],
  ["no start", TEXT.replace(/"started":"[^"]*",/, "")],
  ["lasting in text", TEXT.replace("true", '"true"')],
];

for (const [what, text] of WRONG) {
  Deno.test(`parseNodeFile takes ${what} for no node.json`, () => assertEquals(parseNodeFile(text), null));
}

Deno.test("parseNodeFile takes every start of a file for none, and never throws", () => {
  for (let length = 0; length < TEXT.length - 2; length++) {
    assertEquals(parseNodeFile(TEXT.slice(0, length)), null);
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseNodeFile(text)));
});
