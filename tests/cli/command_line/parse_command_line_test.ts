import { assertEquals, assertObjectMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { GlobalOptions } from "../../../src/cli/command_line/global_options.ts";
import { UsageError } from "../../../src/errors.ts";
import { parseWords } from "../../fixtures/cli/parse.ts";

const NOW = { nowMs: new Date(2026, 10, 20, 15, 30).getTime() };
const local = (...parts: [number, number, number, number?, number?, number?, number?]) =>
  new Date(...parts).getTime();
const SEND = { do: "send", to: "bob", text: "hello", until: null, timeoutMs: 30_000 } as const;
const EXPORT = {
  do: "export",
  to: "bob",
  sinceMs: null,
  untilMs: null,
  format: "txt",
  path: null,
  force: false,
  withFiles: null,
} as const;
const LINK = `earshot://192.168.43.1:9999/${"k".repeat(25)}a/-/${"b".repeat(16)}`;

const GOOD: [words: string, invocation: object][] = [
  ["", { do: "chat", to: null }],
  ["chat", { do: "chat", to: null }],
  ["chat bob", { do: "chat", to: "bob" }],
  ["chat #Coffee corner --plain", { do: "chat", to: "#Coffee corner" }],
  ["node", { do: "node" }],
  ["page", { do: "page" }],
  ["peers", { do: "peers" }],
  ["rooms", { do: "rooms" }],
  ["contacts", { do: "contacts" }],
  ["contacts list", { do: "contacts" }],
  ["contacts add bob", { do: "save", peer: "bob" }],
  ["contacts add bob Dad", { do: "save", peer: "bob", label: "Dad" }],
  ["contacts add 10.0.0.7", { do: "save-place", to: "10.0.0.7", port: null, label: null }],
  ["contacts add 10.0.0.7:4000 Dad", { do: "save-place", to: "10.0.0.7", port: 4000, label: "Dad" }],
  ["contacts remove bob", { do: "forget", peer: "bob" }],
  ["contacts rename bob Dad", { do: "save", peer: "bob", label: "Dad" }],
  ["contacts note bob owes me a tea", { do: "note", peer: "bob", text: "owes me a tea" }],
  ["contacts block bob", { do: "block", peer: "bob", isBlocked: true }],
  ["contacts unblock bob", { do: "block", peer: "bob", isBlocked: false }],
  ["contacts verify bob", { do: "words", peer: "bob" }],
  ["contacts verify bob --yes", { do: "verify", peer: "bob", isVerified: true }],
  ["contacts verify --no bob", { do: "verify", peer: "bob", isVerified: false }],
  ["contacts import old.txt", { do: "import", file: "old.txt" }],
  ["contacts import -", { do: "import", file: null }],
  ["contacts import -- -", { do: "import", file: "-" }],
  ["requests", { do: "requests" }],
  ["accept carol", { do: "accept", peer: "carol" }],
  ["ignore carol", { do: "ignore", peer: "carol" }],
  ["disconnect bob", { do: "disconnect", peer: "bob" }],
  ["who Coffee corner", { do: "members", room: "#Coffee corner" }],
  ["who #Coffee corner", { do: "members", room: "#Coffee corner" }],
  ["invite Kitchen", { do: "invite", room: "Kitchen", peers: [], isQrRefused: false }],
  [
    "invite Kitchen bob carol --no-qr",
    { do: "invite", room: "Kitchen", peers: ["bob", "carol"], isQrRefused: true },
  ],
  ["renew Coffee corner", { do: "renew", room: "Coffee corner", without: [], isQrRefused: false }],
  [
    "renew Kitchen --without eve --without=mallory",
    { do: "renew", room: "Kitchen", without: ["eve", "mallory"], isQrRefused: false },
  ],
  ["search door code", { do: "search", text: "door code", last: 50 }],
  ["search door --last 5", { do: "search", text: "door", last: 5 }],
  ["away", { do: "away", text: "" }],
  ["away lunch until two", { do: "away", text: "lunch until two" }],
  ["back", { do: "away", text: null }],
  ["status", { do: "status" }],
  ["rescan", { do: "rescan" }],
  ["stop", { do: "stop" }],
  ["--version", { do: "version" }],
  ["send --version", { do: "version" }],
  ["help", { do: "help", about: null }],
  ["--help", { do: "help", about: null }],
  ["-h", { do: "help", about: null }],
  ["host Kitchen", { do: "host", title: "Kitchen", isInvited: false }],
  ["host Coffee corner --invited", { do: "host", title: "Coffee corner", isInvited: true }],
  ["host #Kitchen", { do: "host", title: "Kitchen", isInvited: false }],
  ["host #9999", { do: "host", title: "9999", isInvited: false }],
  ["join Kitchen", { do: "join", room: "Kitchen" }],
  ["join Coffee corner", { do: "join", room: "Coffee corner" }],
  ["join 192.168.43.1", { do: "join", room: "192.168.43.1" }],
  ["join 192.168.43.1:9998", { do: "join", room: "192.168.43.1:9998" }],
  ["join [fe80::1]:9998", { do: "join", room: "[fe80::1]:9998" }],
  ["join fe80::1%wlan0", { do: "join", room: "fe80::1%wlan0" }],
  ["join #10.0.0.300", { do: "join", room: "#10.0.0.300" }],
  [`join ${LINK}`, { do: "join", room: LINK }],
  [`join ${LINK.toUpperCase()}`, { do: "join", room: LINK.toUpperCase() }],
  ["leave Coffee corner", { do: "leave", room: "Coffee corner" }],
  ["connect 10.0.0.7", { do: "connect", to: "10.0.0.7", port: null }],
  ["connect 10.0.0.7 4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["connect 10.0.0.7:4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["connect ::1 4000", { do: "connect", to: "::1", port: 4000 }],
  ["connect [fe80::1]:4000", { do: "connect", to: "fe80::1", port: 4000 }],
  ["connect bob", { do: "connect", to: "bob", port: null }],
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
  ["export bob -o out.txt --force", { ...EXPORT, path: "out.txt", force: true, withFiles: null }],
  ["export bob -o out.md", { ...EXPORT, path: "out.md", format: "md" }],
  ["export bob -o OUT.JSON", { ...EXPORT, path: "OUT.JSON", format: "json" }],
  ["export bob -o out.log", { ...EXPORT, path: "out.log" }],
  ["export bob -o out.md --format json", { ...EXPORT, path: "out.md", format: "json" }],
  ["export bob --format md", { ...EXPORT, format: "md" }],
  ["export --all chats.md --force", { ...EXPORT, to: null, path: "chats.md", force: true, withFiles: null }],
  ["export bob --since 2026-11-19", { ...EXPORT, sinceMs: local(2026, 10, 19) }],
  ["export bob --until 2026-11-19", { ...EXPORT, untilMs: local(2026, 10, 19, 23, 59, 59, 999) }],
  ["export bob --since 14:00", { ...EXPORT, sinceMs: local(2026, 10, 20, 14) }],
  ["export bob --until 14:00", { ...EXPORT, untilMs: local(2026, 10, 20, 14, 0, 59, 999) }],
  ["export bob --until 2026-11-19T14:00:05", { ...EXPORT, untilMs: local(2026, 10, 19, 14, 0, 5, 999) }],
  ["export bob --since 2026-11-19T14:00:05Z", { ...EXPORT, sinceMs: Date.UTC(2026, 10, 19, 14, 0, 5) }],
  ["nick alice", { do: "nick", name: "alice" }],
];

for (const [words, invocation] of GOOD) {
  Deno.test(`parseCommandLine understands "earshot ${words}"`, () => {
    assertEquals(
      parseWords(words.split(" ").filter((word) => word !== ""), NOW).invocation,
      invocation,
    );
  });
}

Deno.test("parseCommandLine takes a quoted text as one word, with its blanks", () => {
  assertEquals(parseWords(["send", "#Coffee corner", "tea  is ready"], NOW).invocation, {
    ...SEND,
    to: "#Coffee corner",
    text: "tea  is ready",
  });
});

Deno.test("parseCommandLine finds the help of a command, by help and by --help", () => {
  const cases: [words: string[], name: string][] = [
    [["help", "send"], "send"],
    [["send", "--help"], "send"],
    [["send", "-h", "bob"], "send"],
    [["help", "contacts"], "contacts"],
    [["help", "contacts", "add"], "contacts add"],
    [["contacts", "add", "-h"], "contacts add"],
  ];
  for (const [words, name] of cases) {
    assertObjectMatch({ ...parseWords(words, NOW).invocation }, { do: "help", about: { name } });
  }
});

const NO_SETTINGS: GlobalOptions = {
  home: null,
  isPortable: false,
  name: null,
  port: null,
  discoveryPort: null,
  interfaces: null,
  sessionPorts: null,
  logFile: null,
  logLevel: null,
  isJson: false,
  isQuiet: false,
  isColorRefused: false,
  isPlain: false,
  isTypingOff: false,
  isPageOff: false,
  isBrowserOff: false,
};

Deno.test("parseCommandLine takes the common options before and behind every command", () => {
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
      "--log-file",
      "/tmp/log",
      "--log-level=debug",
      "--json",
      "--quiet",
    ],
    [
      "--interface",
      "lo",
      "--interface=wlan0",
      "--session-ports",
      "50000-50100",
      "--no-color",
      "--plain",
      "--no-typing",
      "--no-page",
      "--no-browser",
    ],
  ].flat();
  const globalOptions: GlobalOptions = {
    home: "/tmp/a",
    isPortable: false,
    name: "alice",
    port: 9000,
    discoveryPort: 9001,
    interfaces: ["lo", "wlan0"],
    sessionPorts: { from: 50_000, to: 50_100 },
    logFile: "/tmp/log",
    logLevel: "debug",
    isJson: true,
    isQuiet: true,
    isColorRefused: true,
    isPlain: true,
    isTypingOff: true,
    isPageOff: true,
    isBrowserOff: true,
  };
  const commands = [
    [],
    ["contacts", "block", "eve"],
    ["node"],
    ["peers"],
    ["send", "bob", "hi"],
    ["log", "bob"],
    ["stop"],
    ["help"],
  ];
  for (const command of commands) {
    assertEquals(parseWords([...options, ...command], NOW).globalOptions, globalOptions);
    assertEquals(parseWords([...command, ...options], NOW).globalOptions, globalOptions);
    assertEquals(parseWords(command, NOW).globalOptions, NO_SETTINGS);
  }
});

Deno.test("parseCommandLine takes the last of an option that counts once", () => {
  assertEquals(parseWords(["--port", "1", "--port", "2"], NOW).globalOptions.port, 2);
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
    'There is no option -5. To send a text that begins with "-", put "--" before it',
  ],
  [["-_"], 'There is no option -_. See "earshot help"'],
  [["-_", ""], 'There is no command "". See "earshot help"'],
  [["--_=x", "peers"], 'There is no option --_. See "earshot help peers"'],
  [["--no-_"], 'There is no option --no-_. See "earshot help"'],
  [["peers", "-a_b"], 'There is no option -a_b. See "earshot help peers"'],
  [["send", "bob", "-_"], 'There is no option -_. To send a text that begins with "-", put "--" before it'],
  [["--_.x=1"], 'There is no option --_.x. See "earshot help"'],
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
  [["--name", "a b"], 'Names cannot contain spaces. Try "a-b"'],
  [["peers", "alice"], 'Unexpected "alice". Usage: earshot peers'],
  [["stop", "now"], 'Unexpected "now". Usage: earshot stop'],
  [["help", "send", "now"], 'Unexpected "now". Usage: earshot help [COMMAND|config]'],
  [["connect"], "ADDRESS or NAME is missing. Usage: earshot connect ADDRESS|NAME [PORT]"],
  [["connect", "10.0.0.7", "1", "2"], 'Unexpected "2". Usage: earshot connect ADDRESS|NAME [PORT]'],
  [
    ["connect", "10.0.0.300"],
    '"10.0.0.300" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [
    ["connect", "10.0.0"],
    '"10.0.0" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [["connect", "10.0.0.7", "99999"], 'PORT takes a whole number from 1 to 65535, not "99999"'],
  [
    ["join", "10.0.0.300"],
    '"10.0.0.300" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [["join", "10.0.0.3:abc"], '"abc" is not a port. A port is a whole number from 1 to 65535'],
  [
    ["join", "1::2::3"],
    '"1::2::3" is not an address: IPv6 addresses look like fe80::1 or [fe80::1]:9999',
  ],
  [
    ["join"],
    'ROOM is missing. Usage: earshot join ROOM|ADDRESS[:PORT]|LINK. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  ],
  [
    ["leave"],
    'ROOM is missing. Usage: earshot leave ROOM. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  ],
  [["host"], "TITLE is missing. Usage: earshot host TITLE"],
  [
    ["host", "9999"],
    '"9999" looks like a port, and a room needs a title. To listen on that port: earshot --port 9999, or /host 9999 in the chat. To open a room with that title: earshot host "#9999"',
  ],
  [
    ["join", LINK.slice(0, -1)],
    "That link is incomplete. It should look like earshot://ADDRESS:PORT/ROOM/SECRET/KEY. Copy all of it, without line breaks",
  ],
  [["contacts", "ad", "bob"], 'There is no command "contacts ad". Did you mean "contacts add"?'],
  [
    ["contacts", "bob"],
    'There is no command "contacts bob". There are: add, remove, rename, note, block, unblock, verify, import',
  ],
  [["contacts", "list", "bob"], 'Unexpected "bob". Usage: earshot contacts [list]'],
  [
    ["contacts", "add"],
    "NAME, ID or ADDRESS is missing. Usage: earshot contacts add NAME|ID|ADDRESS[:PORT] [LABEL]",
  ],
  [
    ["contacts", "add", "10.0.0.300"],
    '"10.0.0.300" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  ],
  [["contacts", "remove"], "NAME is missing. Usage: earshot contacts remove NAME"],
  [["contacts", "remove", "a", "b"], 'Unexpected "b". Usage: earshot contacts remove NAME'],
  [["contacts", "rename", "bob"], "LABEL is missing. Usage: earshot contacts rename NAME LABEL"],
  [["contacts", "note", "bob"], "TEXT is missing. Usage: earshot contacts note NAME TEXT"],
  [["contacts", "block"], "NAME is missing. Usage: earshot contacts block NAME"],
  [["contacts", "verify"], "NAME is missing. Usage: earshot contacts verify NAME"],
  [
    ["contacts", "verify", "bob", "--yes", "--no"],
    "--yes and --no cannot be used together",
  ],
  [["contacts", "import"], "FILE is missing. Usage: earshot contacts import FILE|-"],
  [["contacts", "block", "bob", "--yes"], '--yes is not an option of "earshot contacts block"'],
  [["accept"], "NAME is missing. Usage: earshot accept NAME"],
  [["disconnect"], "NAME is missing. Usage: earshot disconnect NAME"],
  [["who"], 'ROOM is missing. Usage: earshot who ROOM. In a shell, put a room\'s "#" in quotes: "#Kitchen"'],
  [
    ["invite"],
    'ROOM is missing. Usage: earshot invite ROOM [NAME…]. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  ],
  [["renew", "Kitchen", "--without"], "--without needs a value: --without NAME"],
  [["search"], "TEXT is missing. Usage: earshot search TEXT"],
  [["search", "x", "--last", "0"], '--last takes a whole number, 1 or more, not "0"'],
  [["back", "now"], 'Unexpected "now". Usage: earshot back'],
  [["help", "contacts", "ad"], 'There is no command "contacts ad". Did you mean "contacts add"?'],
  [["host", "x".repeat(65)], "Room titles have at most 64 characters; this one has 65"],
  [
    ["send"],
    'TO is missing. Usage: earshot send TO TEXT|-. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  ],
  [["send", "bob"], "TEXT is missing. Usage: earshot send TO TEXT|-"],
  [["send", "bob", " "], "TEXT is missing. Usage: earshot send TO TEXT|-"],
  [
    ["send", "bob", "x".repeat(65_537)],
    "The message is too long: 65537 bytes; the limit is 65536. Send it in parts",
  ],
  [["send", "bob", "hi", "--wait", "kept"], '--wait takes "passed" or "everywhere", not "kept"'],
  [
    ["send", "bob", "hi", "--timeout", "5"],
    "--timeout needs --wait passed or --wait everywhere",
  ],
  [
    ["send", "bob", "hi", "--wait", "passed", "--timeout", "soon"],
    '--timeout takes seconds, from 0 to 86400, not "soon"',
  ],
  [
    ["send", "bob", "hi", "--wait", "passed", "--timeout", "86401"],
    '--timeout takes seconds, from 0 to 86400, not "86401"',
  ],
  [["log"], 'TO is missing. Usage: earshot log TO. In a shell, put a room\'s "#" in quotes: "#Kitchen"'],
  [["log", "bob", "--last", "0"], '--last takes a whole number, 1 or more, not "0"'],
  [["log", "bob", "--last", "many"], '--last takes a whole number, 1 or more, not "many"'],
  [
    ["export"],
    'TO is missing. Usage: earshot export TO. In a shell, put a room\'s "#" in quotes: "#Kitchen"',
  ],
  [["export", "bob", "--force"], "--force needs -o FILE, --all FOLDER or --with-files FOLDER"],
  [["export", "bob", "--format", "pdf"], '--format takes "txt", "md" or "json", not "pdf"'],
  [["export", "--all"], "--all needs a value: --all FOLDER"],
  [["export", "bob", "--all", "x"], 'Unexpected "bob": --all FOLDER exports every conversation'],
  [["export", "--all", "x", "-o", "y"], "-o FILE and --all FOLDER cannot be used together"],
  [
    ["export", "bob", "--since", "2026-11-20", "--until", "2026-11-19"],
    "--since is later than --until, so nothing would be exported",
  ],
  ...["yesterday", "2026-02-30", "2026-13-01", "25:00", "14:60", "14", "2026-11-20 noon", "14:00 2026-11-20"]
    .map((time): [string[], string] => [
      ["export", "bob", "--since", time],
      `--since takes a time such as 2026-11-20, "2026-11-20 14:00" or 14:00, not "${time}"`,
    ]),
  [["nick"], "NAME is missing. Usage: earshot nick NAME"],
  [
    ["nick", "Bob", "Smith"],
    'Names cannot contain spaces. Try "Bob-Smith"',
  ],
  [["nick", "x".repeat(33)], "Names have at most 32 characters; this one has 33"],
];

for (const [words, sentence] of BAD) {
  const name = words.map((word) => word.length > 40 ? `${word.slice(0, 10)}…` : word).join(" ");
  Deno.test(`parseCommandLine explains what is wrong with "earshot ${JSON.stringify(name).slice(1, -1)}"`, () => {
    assertEquals(assertThrows(() => parseWords(words, NOW), UsageError).message, sentence);
  });
}

Deno.test("parseCommandLine gives an invocation or a sentence for any words", () => {
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
      "contacts",
      "verify",
      "--yes",
      "--all",
      "join",
      "earshot://",
      "-_",
      "--_",
      "--__proto__",
    ),
  );
  fc.assert(fc.property(fc.array(word, { maxLength: 6 }), (words) => {
    try {
      parseWords(words, NOW);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});
