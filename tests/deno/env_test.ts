import { assertEquals, assertNotEquals } from "@std/assert";
import { isColorAllowed, suggestAccountName } from "../../src/deno/env.ts";

/** Runs with these variables in place of those of the same names; undefined for none. */
function withEnv(variables: Readonly<Record<string, string | undefined>>, run: () => void): void {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  const put = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  try {
    for (const [name, value] of Object.entries(variables)) put(name, value);
    run();
  } finally {
    for (const [name, value] of before) put(name, value);
  }
}

Deno.test("accountName is the account's name", () => {
  withEnv(
    { USER: "alice", USERNAME: "other", LOGNAME: "other" },
    () => assertEquals(suggestAccountName(), "alice"),
  );
  withEnv(
    { USER: undefined, USERNAME: "OFFICE alice", LOGNAME: "x" },
    () => assertEquals(suggestAccountName(), "OFFICE alice"),
  );
});

Deno.test("accountName is the computer's where everybody has that account", () => {
  for (const account of ["root", "Administrator", "user", undefined]) {
    withEnv({ USER: account, USERNAME: undefined, LOGNAME: undefined }, () => {
      assertEquals(suggestAccountName(), Deno.hostname());
      assertNotEquals(suggestAccountName(), account);
    });
  }
});

const COLORS: [noColor: string | undefined, term: string | undefined, isAllowed: boolean][] = [
  [undefined, "xterm-256color", true],
  [undefined, undefined, true],
  ["", "xterm", true],
  ["1", "xterm", false],
  ["0", "xterm", false],
  [undefined, "dumb", false],
];

for (const [noColor, term, isAllowed] of COLORS) {
  Deno.test(`isColorAllowed is ${isAllowed} for NO_COLOR=${noColor} and TERM=${term}`, () => {
    withEnv({ NO_COLOR: noColor, TERM: term }, () => assertEquals(isColorAllowed(), isAllowed));
  });
}
