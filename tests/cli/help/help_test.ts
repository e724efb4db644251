import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { renderHelp, renderOverview } from "../../../src/cli/help/help.ts";
import type { OptionSpec } from "../../../src/cli/command_line/command_spec.ts";
import { COMMON_OPTIONS } from "../../../src/cli/command_line/command_table.ts";
import { COMMAND_TABLE } from "../../../src/cli/commands/all_commands.ts";
import { parseWords } from "../../fixtures/cli/parse.ts";

const { commands: COMMANDS, options: OPTIONS } = COMMAND_TABLE;

Deno.test("renderOverview names every command and every common option, in 80 columns", () => {
  const text = renderOverview(COMMAND_TABLE).join("\n");
  for (const { name } of COMMANDS.filter(({ name }) => !name.includes(" "))) {
    assertStringIncludes(text, `earshot ${name}`.trimEnd());
  }
  assertStringIncludes(
    text.replaceAll(/\s+/g, " "),
    "(add, remove, rename, note, block, unblock, verify, import)",
  );
  for (const { name } of COMMON_OPTIONS) assertStringIncludes(text, `--${name}`);
  for (const line of renderOverview(COMMAND_TABLE)) assert(line.length <= 80, line);
});

for (const command of COMMANDS) {
  Deno.test(`renderHelp explains "${`earshot ${command.name}`.trimEnd()}" with an example that parses`, () => {
    const text = renderHelp(command, COMMAND_TABLE).join("\n");
    for (const line of renderHelp(command, COMMAND_TABLE)) {
      assert(line.length <= 80 || line.includes("earshot://"), line);
    }
    assertStringIncludes(text, `earshot ${command.name}`.trimEnd());
    for (const { name } of command.options) assertStringIncludes(text, `--${name}`);
    for (const example of command.examples) {
      assertStringIncludes(text, example);
      const words = (/earshot(.*)$/.exec(example)?.[1] ?? "").trim().match(/"[^"]*"|\S+/g) ?? [];
      parseWords(words.map((word) => word.replaceAll('"', "")), { nowMs: 0 });
    }
  });
}

Deno.test("renderHelp lays out a command like this", () => {
  const log = COMMAND_TABLE.find("log");
  assertEquals(log === undefined ? [] : renderHelp(log, COMMAND_TABLE), [
    "Usage: earshot log TO [OPTIONS]",
    "",
    "Show the messages of a conversation.",
    "",
    "Your own lines that no other device has yet end in (kept here only). Messages of",
    "blocked people are hidden; exports contain them.",
    "",
    "Examples:",
    '  earshot log "#Kitchen" --last 20',
    "  earshot log bob --follow",
    "",
    "Options:",
    "  -n, --last COUNT  show at most this many lines",
    "  -f, --follow      keep showing new messages until Ctrl-C",
    "",
    'Options of every command: "earshot help".',
  ]);
});

Deno.test("renderHelp names the parts of a command, each of which has help of its own", () => {
  const contacts = COMMAND_TABLE.find("contacts");
  const text = contacts === undefined ? "" : renderHelp(contacts, COMMAND_TABLE).join("\n");
  for (const part of ["add", "remove", "rename", "note", "block", "unblock", "verify", "import"]) {
    assertStringIncludes(text, `earshot contacts ${part} `);
    assertEquals(COMMAND_TABLE.find(`contacts ${part}`)?.name, `contacts ${part}`);
  }
});

Deno.test("options of one name are alike in all commands, so that they can stand before the command", () => {
  for (const { summary: _, ...option } of COMMANDS.flatMap(({ options }): readonly OptionSpec[] => options)) {
    assertObjectMatch({ ...OPTIONS.find(({ name }) => name === option.name) }, { ...option });
  }
  const shorts = OPTIONS.flatMap(({ short }) => short ?? []);
  assertEquals(shorts.length, new Set(shorts).size);
});
