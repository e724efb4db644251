import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Action, actionOf, inputHelp } from "../../src/cli/input.ts";
import { UsageError } from "../../src/errors.ts";

const GOOD: [line: string, action: Action][] = [
  ["", { do: "nothing" }],
  ["   ", { do: "nothing" }],
  ["hello", { do: "say", text: "hello" }],
  ["  hello ", { do: "say", text: "  hello " }],
  ["//shrug", { do: "say", text: "/shrug" }],
  ["// two slashes", { do: "say", text: "/ two slashes" }],
  [" /quit", { do: "say", text: " /quit" }],
  ["/join Kitchen", { do: "join", room: "Kitchen" }],
  ["/join   Coffee corner  ", { do: "join", room: "Coffee corner" }],
  ["/JOIN Kitchen", { do: "join", room: "Kitchen" }],
  ["/join 10.0.0.7:9998", { do: "join", room: "10.0.0.7:9998" }],
  ["/host Coffee corner", { do: "host", title: "Coffee corner" }],
  ["/host #Kitchen", { do: "host", title: "Kitchen" }],
  ["/msg bob hello there", { do: "message", to: "bob", text: "hello there" }],
  ["/peers", { do: "peers" }],
  ["/rooms", { do: "rooms" }],
  ["/contacts", { do: "contacts" }],
  ["/status", { do: "status" }],
  ["/rescan", { do: "rescan" }],
  ["/help", { do: "help" }],
  ["/quit", { do: "quit" }],
  ["/log", { do: "log", last: 20 }],
  ["/log 3", { do: "log", last: 3 }],
  ["/leave", { do: "leave", room: null }],
  ["/leave Coffee corner", { do: "leave", room: "Coffee corner" }],
  ["/nick bob", { do: "nick", name: "bob" }],
  ["/export", { do: "export", file: null }],
  ["/export my chat.txt", { do: "export", file: "my chat.txt" }],
  ["/connect 10.0.0.7", { do: "connect", address: "10.0.0.7", port: 9999 }],
  ["/connect 10.0.0.7 4000", { do: "connect", address: "10.0.0.7", port: 4000 }],
];

for (const [line, action] of GOOD) {
  Deno.test(`actionOf understands "${line}"`, () => assertEquals(actionOf(line), action));
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
  ["/msg", "It goes like this: /msg NAME TEXT"],
  ["/msg bob", "It goes like this: /msg NAME TEXT"],
  ["/nick", "It goes like this: /nick NAME"],
  ["/nick a b", 'A name cannot contain spaces: "a-b" would do'],
  ["/host", "It goes like this: /host TITLE"],
  ["/log x", '/log takes a whole number from 1 on, not "x"'],
  ["/connect", "It goes like this: /connect ADDRESS [PORT]"],
  ["/connect 10.0.0.7 1 2", "It goes like this: /connect ADDRESS [PORT]"],
  ["/quit now", '"now" is too much: it is just "/quit"'],
];

for (const [line, sentence] of BAD) {
  Deno.test(`actionOf explains what is wrong with ${JSON.stringify(line)}`, () => {
    assertEquals(assertThrows(() => actionOf(line), UsageError).message, sentence);
  });
}

Deno.test("actionOf refuses a text that no entry can hold", () => {
  assertStringIncludes(assertThrows(() => actionOf("x".repeat(65_537)), UsageError).message, "65536 fit");
});

Deno.test("actionOf gives an action or a sentence for any line", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `/${text}`)), (line) => {
    try {
      actionOf(line);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }));
});

Deno.test("inputHelp names every command that can be typed", () => {
  const text = inputHelp().join("\n");
  for (const [line] of GOOD) {
    const slash = /^\/[a-z]+/.exec(line)?.[0];
    if (slash !== undefined && !line.startsWith("//")) assertStringIncludes(text, slash);
  }
});
