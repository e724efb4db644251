import { assertEquals, assertNotEquals } from "@std/assert";
import { isColorAllowed, suggestAccountName } from "../../src/deno/env.ts";

type Variables = Readonly<Record<string, string | undefined>>;

Deno.test("suggestAccountName is the account's name", () => {
  const cases: [variables: Variables, name: string][] = [
    [{ USER: "alice", USERNAME: "other", LOGNAME: "other" }, "alice"],
    [{ USERNAME: "OFFICE alice", LOGNAME: "x" }, "OFFICE alice"],
    [{ LOGNAME: "alice" }, "alice"],
  ];
  for (const [variables, name] of cases) assertEquals(suggestAccountName((key) => variables[key]), name);
});

Deno.test("suggestAccountName is the computer's where everybody has that account", () => {
  for (const account of ["root", "Administrator", "user", undefined]) {
    const name = suggestAccountName((key) => key === "USER" ? account : undefined);
    assertEquals(name, Deno.hostname());
    assertNotEquals(name, account);
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
    const variables: Variables = { NO_COLOR: noColor, TERM: term };
    assertEquals(isColorAllowed((key) => variables[key]), isAllowed);
  });
}
