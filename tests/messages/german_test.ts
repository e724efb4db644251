/** What the node finds reads as German on a German page. */

import { assert, assertEquals } from "@std/assert";
import { formatMessage, joinMessages } from "../../src/messages/format_message.ts";
import { GERMAN } from "../../src/messages/german.ts";
import type { MessageData } from "../../src/messages/catalogue.ts";
import { describeNetwork } from "../../src/discovery/status_text.ts";
import { diagnose } from "../../src/node/diagnostics/diagnosis.ts";
import { CASES, GOOD_HOME, WELL } from "../fixtures/node/checkup_cases.ts";

const inGerman = (message: MessageData) => formatMessage(message, GERMAN, () => null);

Deno.test("What the network looks like is told in German", () => {
  const none = {
    port: 9999,
    listenProblem: "taken",
    interfaces: [],
    neighboursCount: 0,
    localsCount: 2,
    gateways: [],
    dropped: { otherVersion: 1 },
    doubleAt: { address: "192.168.43.9", port: 1 },
  };
  const messages = describeNetwork(none as unknown as Parameters<typeof describeNetwork>[0]);
  assertEquals(messages.length, 5);
  assertEquals(messages.map(inGerman).filter(hasEnglish), []);
});

Deno.test("What a checkup finds is told in German, whatever it is", () => {
  const facts = Object.values(CASES).flatMap((cases) =>
    cases.map(([, changes]) => ({ ...WELL, ...changes }))
  );
  // What the tables there do not have.
  const more = [
    { ...WELL, home: { ...GOOD_HOME, freeBytes: 1, mode: 0o755 } },
    ...(["read-only", "exists", "missing", "failed"] as const).map((problem) => ({
      ...WELL,
      home: { ...GOOD_HOME, problem },
    })),
    { ...WELL, firewalls: ["macos", "windows"] as const, os: "windows" },
  ];
  const findings = [...facts, ...more].flatMap((each) => diagnose(each));
  const texts = findings.flatMap(({ messages }) =>
    messages === undefined ? [] : [
      inGerman(messages.looked),
      joinMessages(messages.found, inGerman),
      joinMessages(messages.advice, inGerman),
    ]
  );
  assertEquals([...new Set(texts.filter(hasEnglish))], []);
  assert(hasEnglish("Nobody is heard.") && new Set(texts).size > 80);
});

/** Words that no German sentence has; in quotes and parentheses others' words may stand. */
function hasEnglish(text: string): boolean {
  return /\b(?:the|is|are|it|and|of|got|no|nothing|others?|device|open|with|yes|clock|disk|some|it)\b/i.test(
    text.replaceAll(/\(.*?\)|„.*?“/g, ""),
  );
}
