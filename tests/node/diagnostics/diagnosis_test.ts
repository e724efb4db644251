/** What follows from facts: one table for each thing that is looked at (checkups.ts). */

import { assertEquals } from "@std/assert";
import type { CheckupFacts } from "../../../src/node/diagnostics/checkup_facts.ts";
import { diagnose } from "../../../src/node/diagnostics/diagnosis.ts";
import { CASES, changeWlan, GOOD_HOME, WELL } from "../../fixtures/node/checkup_cases.ts";

for (const [about, cases] of Object.entries(CASES)) {
  for (const [what, changes, expected] of cases) {
    Deno.test(`diagnose, ${about}: ${what}`, () => {
      const finding = diagnose({ ...WELL, ...changes }).find((one) => one.about === about);
      assertEquals(finding === undefined ? "none" : shown(finding), expected);
    });
  }
}

Deno.test("diagnose warns of little space and of a home that others may read", () => {
  const said = (home: Partial<CheckupFacts["home"]>, os = "linux") =>
    diagnose({ ...WELL, os, home: { ...GOOD_HOME, ...home } }).filter(({ about }) => about === "home")
      .map(({ looked, state }) => `${looked}: ${state}`);
  assertEquals(said({}), ["Home /home/ann/earshot: ok", "Disk space: ok", "Permissions of the home: ok"]);
  assertEquals(said({ freeBytes: 2 ** 26 - 1 })[1], "Disk space: warn");
  assertEquals(said({ freeBytes: 2 ** 20 - 1 })[1], "Disk space: bad");
  assertEquals(said({ freeBytes: null, mode: 0o750 })[1], "Permissions of the home: warn");
  assertEquals(said({ mode: 0o777 }, "windows").length, 2);
});

Deno.test("diagnose names macOS's local network privacy where all sending is unreachable, and nowhere else", () => {
  const problems = [{ address: "192.168.1.255", reason: "unreachable" as const }];
  const said = (os: string, changes: Partial<CheckupFacts>) =>
    diagnose({ ...WELL, ...changes, os }).filter(({ looked }) => looked === "Local network privacy of macOS")
      .map(shown);
  const silenced = changeWlan({ problems });
  assertEquals(said("darwin", silenced), [
    "bad: Nothing can be sent on any network. macOS is probably keeping this program from the local network. | " +
    "Open System Settings, Privacy & Security, Local Network, and allow earshot, or the terminal that it runs in. Then start it again.",
  ]);
  assertEquals(said("linux", silenced), []);
  assertEquals(said("darwin", changeWlan({ problems: [] })), []);
  assertEquals(
    said("darwin", changeWlan({ problems: [{ address: "192.168.1.9", reason: "unreachable" }] })),
    [],
  );
});

function shown(
  { state, found, advice, commands }: {
    readonly state: string;
    readonly found: string;
    readonly advice: string;
    readonly commands: readonly string[];
  },
): string {
  return `${state}: ${[found, ...advice === "" ? [] : [advice], ...commands].join(" | ")}`;
}
