import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Action, parseInput, type Question } from "../../../src/cli/chat/parse_input.ts";
import { findSlashCommand } from "../../../src/cli/command_line/slash_commands.ts";
import { UsageError } from "../../../src/errors.ts";

const ask = (command: Question): Action => ({ do: "ask", command });

const GOOD: [line: string, action: Action][] = [
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
  ["/export", { do: "export", file: null, isForced: false }],
  ["/export my chat.txt", { do: "export", file: "my chat.txt", isForced: false }],
  ["/connect bob", { do: "connect", to: "bob", port: null }],
  ["/connect 10.0.0.7", { do: "connect", to: "10.0.0.7", port: 9999 }],
  ["/connect 10.0.0.7:4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["/connect 10.0.0.7 4000", { do: "connect", to: "10.0.0.7", port: 4000 }],
  ["/disconnect", { do: "disconnect", peer: null }],
];

for (const [line, action] of GOOD) {
  Deno.test(`actionOf understands "${line}"`, () => assertEquals(parseInput(line), action));
}

const BAD: [line: string, sentence: string][] = [
  ["/", "There is no /. /help shows what there is. To say it, type // in place of /"],
  ["/peer", "There is no /peer. Did you mean /peers? To say it, type // in place of /"],
  ["/\x1b[2J", "There is no /^[[2J. /help shows what there is. To say it, type // in place of /"],
  ["/join", "It goes like this: /join ROOM"],
  [
    "/join 10.0.0.300",
    '"10.0.0.300" is not an address: it takes four numbers from 0 to 255, such as 192.168.43.1',
  ],
  ["/msg", "It goes like this: /msg NAME [TEXT]"],
  ["/verify bob carol", "It goes like this: /verify [NAME] [yes|no]"],
  ["/save", "It goes like this: /save [PEER] NAME"],
  ["/renew bob", "It goes like this: /renew [without NAME…]"],
  ["/host 99999", '/host takes a whole number from 1 to 65535, not "99999"'],
  [
    "/help frobnicate",
    "There is no /frobnicate. /help shows what there is",
  ],
  ["/nick", "It goes like this: /nick NAME"],
  ["/note bob", "It goes like this: /note NAME TEXT"],
  ["/nick a b", 'Names cannot contain spaces. Try "a-b"'],
  ["/host", "It goes like this: /host [--invited] TITLE"],
  ["/log x", '/log takes a whole number from 1 on, not "x"'],
  ["/connect", "It goes like this: /connect NAME|ADDRESS [PORT]"],
  ["/connect 10.0.0.7 1 2", "It goes like this: /connect NAME|ADDRESS [PORT]"],
  ["/quit now", '"now" is too much: it is just "/quit"'],
];

for (const [line, sentence] of BAD) {
  Deno.test(`actionOf explains what is wrong with ${JSON.stringify(line)}`, () => {
    assertEquals(assertThrows(() => parseInput(line), UsageError).message, sentence);
  });
}

Deno.test("actionOf refuses a text that no entry can hold", () => {
  assertStringIncludes(assertThrows(() => parseInput("x".repeat(65_537)), UsageError).message, "65536 fit");
});

Deno.test("actionOf gives an action or a sentence for any line", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `/${text}`)), (line) => {
    try {
      parseInput(line);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});

Deno.test("actionOf finds what help is wanted about", () => {
  for (const line of ["/help msg", "/help /MSG"]) {
    assertEquals(parseInput(line), { do: "help", about: findSlashCommand("msg") ?? null });
  }
  assertEquals(parseInput("/help all"), { do: "help", about: "all" });
});
