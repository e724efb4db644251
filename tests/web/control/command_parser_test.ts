import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Command } from "../../../src/api/commands.ts";
import type { RoomId } from "../../../src/room/id.ts";
import { parseCommand } from "../../../src/web/control/command_parser.ts";
import { ALICE } from "../../fixtures/cli/machine.ts";

const ROOM = "k".repeat(25).concat("a") as RoomId;

const GOOD: Command[] = [
  { do: "status" },
  { do: "doctor" },
  { do: "give" },
  { do: "give", isOn: true },
  { do: "peers" },
  { do: "rooms" },
  { do: "contacts" },
  { do: "host", title: "Kitchen" },
  { do: "join", room: "10.0.0.5:9999" },
  { do: "leave", room: "Kitchen" },
  { do: "connect", to: "10.0.0.5", port: 9999 },
  { do: "send", to: "#Kitchen", text: "hello\nthere" },
  { do: "wait", room: ROOM, number: 7, until: "everywhere", ms: 0 },
  { do: "wait", room: ROOM, number: 7, until: "passed", ms: 86_400_000 },
  { do: "log", to: "bob" },
  { do: "log", to: "bob", last: 0, markRead: false },
  { do: "log", to: "bob", last: 100, before: { author: ALICE, number: 1 } },
  { do: "log", to: "bob", after: { author: ALICE, number: Number.MAX_SAFE_INTEGER } },
  { do: "log", to: "bob", around: { author: ALICE, number: 7 } },
  { do: "export", to: "bob" },
  { do: "export", to: "bob", sinceMs: 0, untilMs: 1_795_219_874_123 },
  { do: "export", to: "bob", format: "md" },
  { do: "search", text: "tea" },
  { do: "search", text: "tea", last: 50 },
  { do: "members", room: "#Kitchen" },
  { do: "save", peer: "bob" },
  { do: "save", peer: "bob", label: "" },
  { do: "forget", peer: "bob" },
  { do: "note", peer: "bob", text: "from the office" },
  { do: "block", peer: "bob", isBlocked: true },
  { do: "words", peer: "bob" },
  { do: "verify", peer: "bob", isVerified: false },
  { do: "import", text: "192.168.43.1 9999 bob\n" },
  { do: "host", title: "Vault", isInvited: true },
  { do: "listen", port: 9999 },
  { do: "invite", room: "Vault", peers: [] },
  { do: "invite", room: "Vault", peers: ["bob", "carol"] },
  { do: "renew", room: "Vault", without: ["mallory"] },
  { do: "connect", to: "bob" },
  { do: "disconnect", peer: "bob" },
  { do: "requests" },
  { do: "accept", peer: "carol" },
  { do: "ignore", peer: "carol" },
  { do: "away", text: "at lunch" },
  { do: "away", text: null },
  { do: "typing", room: ROOM },
  { do: "nick", name: "alice" },
  { do: "rescan" },
  { do: "stop" },
];

for (const command of GOOD) {
  Deno.test(`parseCommand takes ${JSON.stringify(command).slice(0, 60)}`, () => {
    assertEquals(parseCommand(JSON.parse(JSON.stringify(command))), command);
  });
}

const SEND = { do: "send", to: "bob", text: "x" };
const WAIT = { do: "wait", room: ROOM, number: 7, until: "passed", ms: 5 };

const PEERS = "must be a list of at most 256 texts of at most 1024 characters";

const BAD: [value: unknown, problem: string][] = [
  [{ do: "invite", room: "Vault" }, `"peers" of the command "invite" ${PEERS}`],
  [{ do: "invite", room: "Vault", peers: "bob" }, `"peers" of the command "invite" ${PEERS}`],
  [{ do: "invite", room: "Vault", peers: [7] }, `"peers" of the command "invite" ${PEERS}`],
  [
    { do: "renew", room: "Vault", without: Array(257).fill("x") },
    `"without" of the command "renew" ${PEERS}`,
  ],
  [{ do: "away" }, '"text" of the command "away" must be text of at most 1024 characters, or null'],
  [
    { do: "export", to: "bob", format: "doc" },
    '"format" of the command "export" must be "txt" or "md" or "json"',
  ],
  [{ do: "typing", room: "#Kitchen" }, '"room" of the command "typing" must be a room\'s id'],
  [null, "A command is a JSON object"],
  ["stop", "A command is a JSON object"],
  [["stop"], "A command is a JSON object"],
  [{}, 'There is no command of that "do"'],
  [{ do: 1 }, 'There is no command of that "do"'],
  [{ do: "frobnicate" }, 'There is no command of that "do"'],
  [{ do: "constructor" }, 'There is no command of that "do"'],
  [{ do: "__proto__" }, 'There is no command of that "do"'],
  [{ do: "stop", now: true }, 'The command "stop" has no field of that name'],
  [{ ...SEND, room: "x" }, 'The command "send" has no field of that name'],
  [{ do: "send", to: "bob" }, '"text" of the command "send" must be text of at most 65536 characters'],
  [{ ...SEND, text: 5 }, '"text" of the command "send" must be text of at most 65536 characters'],
  [
    { ...SEND, text: "x".repeat(65_537) },
    '"text" of the command "send" must be text of at most 65536 characters',
  ],
  [{ ...SEND, to: "x".repeat(1_025) }, '"to" of the command "send" must be text of at most 1024 characters'],
  [{ ...WAIT, room: "x" }, '"room" of the command "wait" must be a room\'s id'],
  [{ ...WAIT, until: "kept" }, '"until" of the command "wait" must be "passed" or "everywhere"'],
  [{ ...WAIT, ms: -1 }, '"ms" of the command "wait" must be a whole number from 0 to 86400000'],
  [{ ...WAIT, ms: 86_400_001 }, '"ms" of the command "wait" must be a whole number from 0 to 86400000'],
  [{ ...WAIT, ms: null }, '"ms" of the command "wait" must be a whole number from 0 to 86400000'],
  [
    { ...WAIT, number: 0 },
    '"number" of the command "wait" must be a whole number from 1 to 9007199254740991',
  ],
  [
    { do: "connect", to: "x", port: 0 },
    '"port" of the command "connect" must be a whole number from 1 to 65535',
  ],
  [
    { do: "connect", to: "x", port: "80" },
    '"port" of the command "connect" must be a whole number from 1 to 65535',
  ],
  [
    { do: "log", to: "x", last: 1.5 },
    '"last" of the command "log" must be a whole number from 0 to 1000000000',
  ],
  [
    { do: "log", to: "x", last: null },
    '"last" of the command "log" must be a whole number from 0 to 1000000000',
  ],
  ...[
    {},
    null,
    [],
    "x",
    { author: ALICE },
    { author: ALICE, number: 0 },
    { author: ALICE, number: 1.5 },
    { author: "alice", number: 1 },
    { author: ALICE, number: 1, x: 1 },
  ].map((before): [unknown, string] => [
    { do: "log", to: "x", before },
    '"before" of the command "log" must be an object of "author", a peer\'s id, and "number"',
  ]),
  [{ do: "log", to: "x", markRead: "no" }, '"markRead" of the command "log" must be true or false'],
];

for (const [value, problem] of BAD) {
  Deno.test(`parseCommand refuses ${JSON.stringify(value).slice(0, 60)}`, () => {
    assertEquals(parseCommand(value), { problem });
  });
}

Deno.test("parseCommand takes any JSON without throwing, and gives only what it was given", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseCommand(value)));
  const names = GOOD.map((command) => command.do);
  const fields = fc.dictionary(
    fc.constantFrom("to", "text", "room", "ms", "last", "x", "__proto__"),
    fc.jsonValue(),
  );
  fc.assert(fc.property(fc.constantFrom(...names), fields, (name, more) => {
    const value = { ...more, do: name };
    const command = parseCommand(value);
    if (!("problem" in command)) assertEquals<unknown>(command, value);
  }));
});
