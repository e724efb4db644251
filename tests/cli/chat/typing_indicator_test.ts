import { assertEquals } from "@std/assert";
import { TYPING_SHOWN_MS, TYPING_TOLD_MS, TypingIndicator } from "../../../src/cli/chat/typing_indicator.ts";
import { BOB, KITCHEN, logRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const typing = { event: "typing", roomId: KITCHEN, peer: BOB, name: "bob" } as const;

Deno.test("Typists counts somebody for a while, in that conversation only", () => {
  const it = new TypingIndicator();
  assertEquals(it.wakeAtMs, null);
  it.note(typing, 100);
  assertEquals(it.names(KITCHEN, 100), ["bob"]);
  assertEquals(it.names(WITH_BOB, 100), []);
  assertEquals(it.wakeAtMs, 100 + TYPING_SHOWN_MS);
  assertEquals(it.names(KITCHEN, 100 + TYPING_SHOWN_MS), []);
  assertEquals(it.wakeAtMs, null);
});

Deno.test("Typists forgets somebody whose line is here", () => {
  const it = new TypingIndicator();
  it.note(typing, 0);
  it.end(logRow());
  assertEquals(it.names(KITCHEN, 0), []);
});

Deno.test("Typists tells that we type at most now and then, and anew behind each line", () => {
  const it = new TypingIndicator();
  assertEquals([0, 1, TYPING_TOLD_MS - 1, TYPING_TOLD_MS].map((atMs) => it.shouldTell(atMs)), [
    true,
    false,
    false,
    true,
  ]);
  it.sent();
  assertEquals(it.shouldTell(TYPING_TOLD_MS + 1), true);
});
