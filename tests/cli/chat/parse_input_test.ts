import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Command } from "../../../src/api/commands.ts";
import { findSlash } from "../../../src/cli/command_line/command_spec.ts";
import { SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";
import { UsageError } from "../../../src/errors.ts";
import { parseLine } from "../../fixtures/cli/parse.ts";

/** The command that the node is asked as it is. */
const ask = (command: Command): object => command;

const GOOD: [line: string, action: object][] = [
  ["", { do: "nothing" }],
  ["   ", { do: "nothing" }],
  ["hello", { do: "say", text: "hello" }],
  ["  hello ", { do: "say", text: "  hello " }],
  ["one\ntwo", { do: "say", text: "one\ntwo" }],
  ["//shrug", { do: "say", text: "/shrug" }],
  ["// two slashes", { do: "say", text: "/ two slashes" }],
  [" /quit", { do: "say", text: " /quit" }],
  ["/join Kitchen", { do: "join", room: "Kitchen" }],
  ["/join   Coffee corner  ", { do: "join", room: "Coffee corner" }],
  ["/JOIN Kitchen", { do: "join", room: "Kitchen" }],
  ["/join 10.0.0.7:9998", { do: "join", room: "10.0.0.7:9998" }],
  ["/host Coffee corner", { do: "host", title: "Coffee corner", isInvited: false }],
  ["/host #Kitchen", { do: "host", title: "Kitchen", isInvited: false }],
  ["/host --invited Coffee corner", { do: "host", title: "Coffee corner", isInvited: true }],
  ["/host 9999", ask({ do: "listen", port: 9999 })],
  ["/msg bob hello there", { do: "message", to: "bob", text: "hello there" }],
  ["/msg bob one\ntwo", { do: "message", to: "bob", text: "one\ntwo" }],
  ["/msg bob", { do: "message", to: "bob", text: null }],
  ["/go", { do: "go", to: null }],
  ["/go 2", { do: "go", to: "2" }],
  ["/go Coffee corner", { do: "go", to: "Coffee corner" }],
  ["/file photo.jpg", { do: "file", path: "photo.jpg" }],
  ["/file my holiday/a b.jpg", { do: "file", path: "my holiday/a b.jpg" }],
  ['/file "my holiday/a b.jpg"', { do: "file", path: "my holiday/a b.jpg" }],
  ["/file '/tmp/a b'", { do: "file", path: "/tmp/a b" }],
  ["/file /tmp/a\\ b\\(1\\).jpg", { do: "file", path: "/tmp/a b(1).jpg" }],
  ["/file '/tmp/it'\\''s a test.jpg'", { do: "file", path: "/tmp/it's a test.jpg" }],
  ["/file /tmp/it\\'s\\ a\\ test.jpg", { do: "file", path: "/tmp/it's a test.jpg" }],
  ["/file Bob's and Ann's.jpg", { do: "file", path: "Bob's and Ann's.jpg" }],
  ["/file file:///tmp/my%20caf%C3%A9.jpg", { do: "file", path: "/tmp/my café.jpg" }],
  ["/file file://desk/tmp/a.jpg", { do: "file", path: "/tmp/a.jpg" }],
  ["/file file:///tmp/100%.jpg", { do: "file", path: "/tmp/100%.jpg" }],
  ['/file "C:\\my files\\a.txt"', { do: "file", path: "C:\\my files\\a.txt" }],
  ["/export '/tmp/a b.md'", { do: "export", file: "/tmp/a b.md", isForced: false }],
  ["/export --force file:///tmp/a%20b.md", { do: "export", file: "/tmp/a b.md", isForced: true }],
  ["/file C:\\my files\\a.txt", { do: "file", path: "C:\\my files\\a.txt" }],
  ["/files", { do: "files" }],
  ["/get", { do: "get", file: null }],
  ["/get 3", { do: "get", file: "3" }],
  ['/get "a b.jpg"', { do: "get", file: "a b.jpg" }],
  ["/pause 3", { do: "pause", file: "3" }],
  ["/cancel photo.jpg", { do: "cancel", file: "photo.jpg" }],
  ["/peers", ask({ do: "peers" })],
  ["/rooms", ask({ do: "rooms" })],
  ["/contacts", ask({ do: "contacts" })],
  ["/requests", ask({ do: "requests" })],
  ["/status", ask({ do: "status" })],
  ["/rescan", ask({ do: "rescan" })],
  ["/who", { do: "who", room: null }],
  ["/who Coffee corner", { do: "who", room: "Coffee corner" }],
  ["/accept bob", { do: "accept", peer: "bob" }],
  ["/ignore bob", ask({ do: "ignore", peer: "bob" })],
  ["/block", { do: "block", peer: null, isBlocked: true }],
  ["/unblock bob", { do: "block", peer: "bob", isBlocked: false }],
  ["/verify", { do: "verify", peer: null, isSame: null }],
  ["/verify bob", { do: "verify", peer: "bob", isSame: null }],
  ["/verify bob YES", { do: "verify", peer: "bob", isSame: true }],
  ["/verify --no", { do: "verify", peer: null, isSame: false }],
  ["/save Bobby", { do: "save", peer: null, name: "Bobby" }],
  ["/save bob Bobby", { do: "save", peer: "bob", name: "Bobby" }],
  ["/note bob is tall", ask({ do: "note", peer: "bob", text: "is tall" })],
  ["/export --force a b.md", { do: "export", file: "a b.md", isForced: true }],
  ["/export --force", { do: "export", file: null, isForced: true }],
  ['/join "Quiet Room"', { do: "join", room: "Quiet Room" }],
  ["/note bob -", ask({ do: "note", peer: "bob", text: "" })],
  ["/forget bob", ask({ do: "forget", peer: "bob" })],
  ["/invite", { do: "invite", room: null, peers: [] }],
  ["/invite #Attic bob carol", { do: "invite", room: "#Attic", peers: ["bob", "carol"] }],
  ["/renew", { do: "renew", without: [] }],
  ["/renew without bob carol", { do: "renew", without: ["bob", "carol"] }],
  ["/search green tea", ask({ do: "search", text: "green tea", last: 50 })],
  ["/away", ask({ do: "away", text: "" })],
  ["/away at lunch", ask({ do: "away", text: "at lunch" })],
  ["/back", ask({ do: "away", text: null })],
  ["/help", { do: "help", about: null }],
  ["/quit", { do: "quit" }],
  ["#quit", { do: "quit" }],
  ["/log", { do: "log", last: 20 }],
  ["/log 3", { do: "log", last: 3 }],
  ["/leave", { do: "leave", room: null }],
  ["/leave Coffee corner", { do: "leave", room: "Coffee corner" }],
  ["/nick bob", ask({ do: "nick", name: "bob" })],
  ["/users", ask({ do: "peers" })],
  ["/list", ask({ do: "rooms" })],
  ["/names", { do: "who", room: null }],
  ["/exit", { do: "quit" }],
  ["/part Coffee corner", { do: "leave", room: "Coffee corner" }],
  ["/w bob hello there", { do: "message", to: "bob", text: "hello there" }],
  ["/name bob", ask({ do: "nick", name: "bob" })],
  ["/changeUsername bob", ask({ do: "nick", name: "bob" })],
  ["/? join", { do: "help", about: findSlash(SLASH_COMMANDS, "join") ?? {} }],
  ["/?", { do: "help", about: null }],
  ["/save chat.txt", { do: "export", file: "chat.txt", isForced: false }],
  ["/save my chat.md", { do: "export", file: "my chat.md", isForced: false }],
  ["/save bob.t", { do: "save", peer: null, name: "bob.t" }],
  ["/export", { do: "export", file: null, isForced: false }],
  ["/export my chat.txt", { do: "export", file: "my chat.txt", isForced: false }],
  ["/connect bob", { do: "connect", to: "bob", port: null }],
  ["/connect 10.0.0.7", { do: "connect", to: "10.0.0.7", port: 9999 }],
  ["/connect 10.0.0.7:4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["/connect 10.0.0.7 4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["/disconnect", { do: "disconnect", peer: null }],
];

for (const [line, action] of GOOD) {
  Deno.test(`parseInput understands "${line}"`, () => assertEquals(parseLine(line), action));
}

const BAD: [line: string, sentence: string][] = [
  ["/me waves", "There is no command /me: every line shows your name. Type the text as a message"],
  [
    "/clear",
    "There is no command /clear. /log 20 shows the last 20 lines again, and /export saves all of them",
  ],
  ["/", "There is no command /. /help lists the commands. To send it as a message, type // instead of /"],
  ["/peer", "There is no command /peer. Did you mean /peers? To send it as a message, type // instead of /"],
  [
    "/\x1b[2J",
    "There is no command /^[[2J. /help lists the commands. To send it as a message, type // instead of /",
  ],
  ["/join", "Usage: /join ROOM"],
  [
    "/join 10.0.0.300",
    '"10.0.0.300" is not an address. An address has four numbers from 0 to 255, such as 192.168.43.1',
  ],
  ["/msg", "Usage: /msg NAME [TEXT]"],
  ["/verify bob carol", "Usage: /verify [NAME] [yes|no]"],
  ["/save", "Usage: /save [PEER] NAME"],
  ["/renew bob", "Usage: /renew [without NAME…]"],
  ["/host 99999", '/host takes a whole number from 1 to 65535, not "99999"'],
  [
    "/help frobnicate",
    "There is no command /frobnicate. /help lists the commands",
  ],
  ["/nick", "Usage: /nick NAME"],
  ["/note bob", "Usage: /note NAME TEXT"],
  ["/nick a b", 'Names cannot contain spaces. Try "a-b"'],
  ["/host", "Usage: /host [--invited] TITLE"],
  ["/log x", '/log takes a whole number, 1 or more, not "x"'],
  ["/connect", "Usage: /connect NAME|ADDRESS [PORT]"],
  ["/connect 10.0.0.7 1 2", "Usage: /connect NAME|ADDRESS [PORT]"],
  ["/quit now", 'Unexpected "now". Usage: /quit'],
];

for (const [line, sentence] of BAD) {
  Deno.test(`parseInput explains what is wrong with ${JSON.stringify(line)}`, () => {
    assertEquals(assertThrows(() => parseLine(line), UsageError).message, sentence);
  });
}

Deno.test("parseInput refuses a text that no entry can hold", () => {
  assertStringIncludes(
    assertThrows(() => parseLine("x".repeat(65_537)), UsageError).message,
    "the limit is 65536",
  );
});

Deno.test("parseInput gives an action or a sentence for any line", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `/${text}`)), (line) => {
    try {
      parseLine(line);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});

Deno.test("parseInput finds what help is wanted about", () => {
  for (const line of ["/help msg", "/help /MSG"]) {
    assertEquals(parseLine(line), { do: "help", about: findSlash(SLASH_COMMANDS, "msg") });
  }
  assertEquals(parseLine("/help all"), { do: "help", about: "all" });
});
