import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderManual } from "../../../src/cli/help/manual.ts";
import { COMMAND_TABLE } from "../../../src/cli/commands/all_commands.ts";
import { processWith } from "../../fixtures/cli/machine.ts";

const PAGE = `${
  renderManual(COMMAND_TABLE, { version: "1.2.3", nowMs: Date.UTC(2026, 10, 21) }).join("\n")
}\n`;

/** What a program says of the page, both streams as one; null where it is not installed. */
async function judged(program: string, args: string[]): Promise<string | null> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, PAGE);
    const { stdout, stderr } = await new Deno.Command(program, { args: [...args, path], stdin: "null" })
      .output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  } finally {
    await Deno.remove(path);
  }
}

const JUDGES: [program: string, args: string[]][] = [
  ["groff", ["-man", "-ww", "-Tutf8", "-z"]],
  ["mandoc", ["-Tlint", "-Wstyle"]],
];

for (const [program, args] of JUDGES) {
  Deno.test(`manual is a page in which ${program} finds no fault (nothing is asked where it is not installed)`, async () => {
    assertEquals(await judged(program, args) ?? "", "");
  });
}

Deno.test("manual shows what is typed as it is typed, when groff prints it", async () => {
  const printed = await judged("groff", ["-man", "-Tascii", "-P-cbou", "-rLL=200n"]);
  if (printed === null) return;
  assertStringIncludes(printed, "-n, --last COUNT");
  assertStringIncludes(printed, `earshot export bob --since 2026-11-20 --until "2026-11-21 12:00"`);
  assertStringIncludes(printed, "grep -v '^#' old.txt | earshot contacts import -");
  assertStringIncludes(printed, "~/.config/fish/completions/earshot.fish");
});

Deno.test("manual names every command and every option, in ASCII", () => {
  for (const { name } of COMMAND_TABLE.commands) assertStringIncludes(PAGE, `.B "earshot ${name}`.trimEnd());
  for (const { name } of COMMAND_TABLE.options) {
    assertStringIncludes(PAGE, `\\-\\-${name.replaceAll("-", "\\-")}`);
  }
  assert(/^[\x20-\x7e\n]*$/.test(PAGE));
});

Deno.test("manual lays out a command like this", () => {
  assertStringIncludes(
    PAGE,
    String.raw`.TP
.B "earshot disconnect NAME"
Disconnect from a person until you connect again.
.RS
.PP
.EX
earshot disconnect bob
.EE
.RE
`,
  );
  assertEquals(PAGE.split("\n").slice(0, 4), [
    '.TH EARSHOT 1 2026-11-21 "earshot 1.2.3" "User Commands"',
    ".nh",
    ".SH NAME",
    String.raw`earshot \- chat with people within earshot, on one network, without internet`,
  ]);
});

Deno.test("runEarshot prints the manual without a home and without a node", async () => {
  const { process } = processWith({});
  assertEquals(await process.run("help", "--man"), 0);
  assertStringIncludes(process.console.outText, ".TH EARSHOT 1 2026-01-01 ");
  assertEquals(process.node, undefined);
  const wrong = processWith({}).process;
  assertEquals(await wrong.run("help", "send", "--man"), 2);
});
