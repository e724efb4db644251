import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Invocation, parseArgs, type Settings } from "../../src/cli/args.ts";
import { UsageError } from "../../src/errors.ts";

const NOW = { nowMs: new Date(2026, 10, 20, 15, 30).getTime() };
const local = (...parts: [number, number, number, number?, number?, number?, number?]) =>
  new Date(...parts).getTime();
const SEND = { do: "send", to: "bob", text: "hello", until: null, timeoutMs: 30_000 } as const;
const EXPORT = { do: "export", to: "bob", sinceMs: null, untilMs: null, file: null, force: false } as const;

const GOOD: [words: string, invocation: Invocation][] = [
  ["", { do: "chat" }],
  ["node", { do: "node" }],
  ["peers", { do: "peers" }],
  ["rooms", { do: "rooms" }],
  ["contacts", { do: "contacts" }],
  ["status", { do: "status" }],
  ["rescan", { do: "rescan" }],
  ["stop", { do: "stop" }],
  ["--version", { do: "version" }],
  ["send --version", { do: "version" }],
  ["help", { do: "help", about: null }],
  ["--help", { do: "help", about: null }],
  ["-h", { do: "help", about: null }],
  ["host Kitchen", { do: "host", title: "Kitchen" }],
  ["host Coffee corner", { do: "host", title: "Coffee corner" }],
  ["host #Kitchen", { do: "host", title: "Kitchen" }],
  ["join Kitchen", { do: "join", room: "Kitchen" }],
  ["join Coffee corner", { do: "join", room: "Coffee corner" }],
  ["join 192.168.43.1", { do: "join", room: "192.168.43.1" }],
  ["join 192.168.43.1:9998", { do: "join", room: "192.168.43.1:9998" }],
  ["join [fe80::1]:9998", { do: "join", room: "[fe80::1]:9998" }],
  ["join fe80::1%wlan0", { do: "join", room: "fe80::1%wlan0" }],
  ["join #10.0.0.300", { do: "join", room: "#10.0.0.300" }],
  ["leave Coffee corner", { do: "leave", room: "Coffee corner" }],
  ["connect 10.0.0.7", { do: "connect", address: "10.0.0.7", port: 9999 }],
  ["connect 10.0.0.7 4000", { do: "connect", address: "10.0.0.7", port: 4000 }],
  ["connect 10.0.0.7:4000", { do: "connect", address: "10.0.0.7", port: 4000 }],
  ["connect ::1 4000", { do: "connect", address: "::1", port: 4000 }],
  ["send bob hello", SEND],
  ["send bob hello there", { ...SEND, text: "hello there" }],
  ["send bob --json true", { ...SEND, text: "true" }],
  ["send bob -", { ...SEND, text: null }],
  ["send bob -- -", { ...SEND, text: "-" }],
  ["send bob -- --json -x", { ...SEND, text: "--json -x" }],
  ["send bob a - b", { ...SEND, text: "a - b" }],
  ["send bob hello --wait passed", { ...SEND, until: "passed" }],
  ["send --wait=everywhere --timeout 0.5 bob hello", { ...SEND, until: "everywhere", timeoutMs: 500 }],
  ["log bob", { do: "log", to: "bob", last: null, follow: false }],
  ["log Coffee corner", { do: "log", to: "Coffee corner", last: null, follow: false }],
  ["log #Kitchen --last 5 --follow", { do: "log", to: "#Kitchen", last: 5, follow: true }],
  ["log bob -n 5 -f", { do: "log", to: "bob", last: 5, follow: true }],
  ["export bob", EXPORT],
  ["export bob -o out.txt --force", { ...EXPORT, file: "out.txt", force: true }],
  ["export bob --since 2026-11-19", { ...EXPORT, sinceMs: local(2026, 10, 19) }],
  ["export bob --until 2026-11-19", { ...EXPORT, untilMs: local(2026, 10, 19, 23, 59, 59, 999) }],
  ["export bob --since 14:00", { ...EXPORT, sinceMs: local(2026, 10, 20, 14) }],
  ["export bob --until 14:00", { ...EXPORT, untilMs: local(2026, 10, 20, 14, 0, 59, 999) }],
  ["export bob --until 2026-11-19T14:00:05", { ...EXPORT, untilMs: local(2026, 10, 19, 14, 0, 5, 999) }],
  ["export bob --since 2026-11-19T14:00:05Z", { ...EXPORT, sinceMs: Date.UTC(2026, 10, 19, 14, 0, 5) }],
  ["nick alice", { do: "nick", name: "alice" }],
];

for (const [words, invocation] of GOOD) {
  Deno.test(`parseArgs understands "earshot ${words}"`, () => {
    assertEquals(parseArgs(words.split(" ").filter((word) => word !== ""), NOW).invocation, invocation);
  });
}

Deno.test("parseArgs takes a quoted text as one word, with its blanks", () => {
  assertEquals(parseArgs(["send", "#Coffee corner", "tea  is ready"], NOW).invocation, {
    ...SEND,
    to: "#Coffee corner",
    text: "tea  is ready",
  });
});

Deno.test("parseArgs finds the help of a command, by help and by --help", () => {
  for (const words of [["help", "send"], ["send", "--help"], ["send", "-h", "bob"]]) {
    const { invocation } = parseArgs(words, NOW);
    assertEquals(invocation.do === "help" ? invocation.about?.name : "", "send");
  }
});

const NO_SETTINGS: Settings = {
  home: null,
  name: null,
  port: null,
  discoveryPort: null,
  interfaces: null,
  sessionPorts: null,
  isJson: false,
  isQuiet: false,
  isColorRefused: false,
};

Deno.test("parseArgs takes the common options before and behind every command", () => {
  const options = [
    [
      "--home",
      "/tmp/a",
      "--name",
      "alice",
      "--port",
      "9000",
      "--discovery-port",
      "9001",
      "--json",
      "--quiet",
    ],
    ["--interface", "lo", "--interface=wlan0", "--session-ports", "50000-50100", "--no-color"],
  ].flat();
  const settings: Settings = {
    home: "/tmp/a",
    name: "alice",
    port: 9000,
    discoveryPort: 9001,
    interfaces: ["lo", "wlan0"],
    sessionPorts: { from: 50_000, to: 50_100 },
    isJson: true,
    isQuiet: true,
    isColorRefused: true,
  };
  const commands = [[], ["node"], ["peers"], ["send", "bob", "hi"], ["log", "bob"], ["stop"], ["help"]];
  for (const command of commands) {
    assertEquals(parseArgs([...options, ...command], NOW).settings, settings);
    assertEquals(parseArgs([...command, ...options], NOW).settings, settings);
    assertEquals(parseArgs(command, NOW).settings, NO_SETTINGS);
  }
});

Deno.test("parseArgs takes the last of an option that counts once", () => {
  assertEquals(parseArgs(["--port", "1", "--port", "2"], NOW).settings.port, 2);
});

const BAD: [words: string[], sentence: string][] = [
  [["snd"], 'There is no command "snd". Did you mean "send"?'],
  [["frobnicate"], 'There is no command "frobnicate". See "earshot help"'],
  [[""], 'There is no command "". See "earshot help"'],
  [["help", "snd"], 'There is no command "snd". Did you mean "send"?'],
  [["\x1b[2J"], 'There is no command "^[[2J". See "earshot help"'],
  [["peers", "--jsn"], "There is no option --jsn. Did you mean --json?"],
  [["peers", "--frobnicate"], 'There is no option --frobnicate. See "earshot help peers"'],
  [["--frobnicate"], 'There is no option --frobnicate. See "earshot help"'],
  [
    ["send", "bob", "-5"],
    'There is no option -5. To say something that begins with "-", put "--" before it',
  ],
  [["peers", "--last", "5"], '--last is not an option of "earshot peers"'],
  [["--last", "5"], "--last is not an option of earshot without a command"],
  [["peers", "--json=yes"], '--json takes no value, but "yes" was given'],
  [["peers", "--name"], "--name needs a value: --name NAME"],
  [["peers", "--name", "--json"], "--name needs a value: --name NAME"],
  [["peers", "--name="], "--name needs a value: --name NAME"],
  [["peers", "--name", ""], "--name needs a value: --name NAME"],
  [["export", "bob", "-o"], "-o needs a value: -o FILE"],
  [["--port", "abc"], '--port takes a whole number from 1 to 65535, not "abc"'],
  [["--port", "0"], '--port takes a whole number from 1 to 65535, not "0"'],
  [["--port", "65536"], '--port takes a whole number from 1 to 65535, not "65536"'],
  [["--port=-1"], '--port takes a whole number from 1 to 65535, not "-1"'],
  [["--port", "9.5"], '--port takes a whole number from 1 to 65535, not "9.5"'],
  [["--port", "1e3"], '--port takes a whole number from 1 to 65535, not "1e3"'],
  [["--discovery-port", "x"], '--discovery-port takes a whole number from 1 to 65535, not "x"'],
  [
    ["--session-ports", "50100-50000"],
    '--session-ports takes two ports from 1024 to 65535, the lower first, such as 50000-50100, not "50100-50000"',
  ],
  [
    ["--session-ports", "80-90"],
    '--session-ports takes two ports from 1024 to 65535, the lower first, such as 50000-50100, not "80-90"',
  ],
  [
    ["--session-ports", "50000"],
    '--session-ports takes two ports from 1024 to 65535, the lower first, such as 50000-50100, not "50000"',
  ],
  [["--name", "a b"], '--name is not a name to take: A name cannot contain spaces: "a-b" would do'],
  [["peers", "alice"], '"alice" is too much: it is just "earshot peers"'],
  [["stop", "now"], '"now" is too much: it is just "earshot stop"'],
  [["help", "send", "now"], '"now" is too much: it is just "earshot help [COMMAND]"'],
  [["connect"], "ADDRESS is missing: earshot connect ADDRESS [PORT]"],
  [["connect", "10.0.0.7", "1", "2"], '"2" is too much: it is just "earshot connect ADDRESS [PORT]"'],
  [
    ["connect", "10.0.0.300"],
    '"10.0.0.300" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [
    ["connect", "10.0.0"],
    '"10.0.0" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [
    ["connect", "bobs-laptop"],
    '"bobs-laptop" is not an address: it takes four numbers, such as 192.168.43.1. Names of computers need a name server, which a hotspot lacks',
  ],
  [["connect", "10.0.0.7", "99999"], 'PORT takes a whole number from 1 to 65535, not "99999"'],
  [
    ["join", "10.0.0.300"],
    '"10.0.0.300" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [["join", "10.0.0.3:abc"], '"abc" is not a port: it takes a whole number from 1 to 65535'],
  [
    ["join", "1::2::3"],
    '"1::2::3" is not an address: IPv6 addresses look like fe80::1 or [fe80::1]:9999',
  ],
  [
    ["join"],
    'ROOM is missing: earshot join ROOM|ADDRESS[:PORT]. A room\'s "#" needs quotes in a shell: "#Kitchen"',
  ],
  [["leave"], 'ROOM is missing: earshot leave ROOM. A room\'s "#" needs quotes in a shell: "#Kitchen"'],
  [["host"], "TITLE is missing: earshot host TITLE"],
  [["host", "x".repeat(65)], "Cannot open the room: A title has at most 64 characters: this one has 65"],
  [["send"], 'TO is missing: earshot send TO TEXT|-. A room\'s "#" needs quotes in a shell: "#Kitchen"'],
  [["send", "bob"], "TEXT is missing: earshot send TO TEXT|-"],
  [["send", "bob", " "], "TEXT is missing: earshot send TO TEXT|-"],
  [
    ["send", "bob", "x".repeat(65_537)],
    "The text is too long to send: 65537 bytes, and 65536 fit. Send it in parts",
  ],
  [["send", "bob", "hi", "--wait", "kept"], '--wait takes "passed" or "everywhere", not "kept"'],
  [
    ["send", "bob", "hi", "--timeout", "5"],
    "--timeout goes with --wait passed or --wait everywhere",
  ],
  [
    ["send", "bob", "hi", "--wait", "passed", "--timeout", "soon"],
    '--timeout takes seconds, from 0 to 86400, not "soon"',
  ],
  [
    ["send", "bob", "hi", "--wait", "passed", "--timeout", "86401"],
    '--timeout takes seconds, from 0 to 86400, not "86401"',
  ],
  [["log"], 'TO is missing: earshot log TO. A room\'s "#" needs quotes in a shell: "#Kitchen"'],
  [["log", "bob", "--last", "0"], '--last takes a whole number from 1 on, not "0"'],
  [["log", "bob", "--last", "many"], '--last takes a whole number from 1 on, not "many"'],
  [["export"], 'TO is missing: earshot export TO. A room\'s "#" needs quotes in a shell: "#Kitchen"'],
  [["export", "bob", "--force"], "--force goes with -o FILE"],
  [
    ["export", "bob", "--since", "2026-11-20", "--until", "2026-11-19"],
    "--since is later than --until: nothing would be left",
  ],
  ...["yesterday", "2026-02-30", "2026-13-01", "25:00", "14:60", "14", "2026-11-20 noon", "14:00 2026-11-20"]
    .map((time): [string[], string] => [
      ["export", "bob", "--since", time],
      `--since takes a time such as 2026-11-20, "2026-11-20 14:00" or 14:00, not "${time}"`,
    ]),
  [["nick"], "NAME is missing: earshot nick NAME"],
  [
    ["nick", "Bob", "Smith"],
    'That is not a name to take: A name cannot contain spaces: "Bob-Smith" would do',
  ],
  [["nick", "x".repeat(33)], "That is not a name to take: A name has at most 32 characters: this one has 33"],
];

for (const [words, sentence] of BAD) {
  const name = words.map((word) => word.length > 40 ? `${word.slice(0, 10)}…` : word).join(" ");
  Deno.test(`parseArgs explains what is wrong with "earshot ${JSON.stringify(name).slice(1, -1)}"`, () => {
    assertEquals(assertThrows(() => parseArgs(words, NOW), UsageError).message, sentence);
  });
}

Deno.test("parseArgs gives an invocation or a sentence for any words", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "send",
      "log",
      "--",
      "-",
      "--json",
      "--name",
      "-o",
      "--wait",
      "passed",
      "bob",
      "--since",
      "help",
    ),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (words) => {
    try {
      parseArgs(words, NOW);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});
