import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { renderHelp, renderOverview } from "../../../src/cli/help/help.ts";
import type { OptionSpec } from "../../../src/cli/command_line/command_spec.ts";
import { parseCommandLine } from "../../../src/cli/command_line/parse_command_line.ts";
import {
  allOptions,
  COMMANDS,
  COMMON_OPTIONS,
  findCommand,
} from "../../../src/cli/command_line/command_table.ts";

Deno.test("overview names every command and every common option, in 80 columns", () => {
  const text = renderOverview().join("\n");
  for (const { name } of COMMANDS.filter(({ name }) => !name.includes(" "))) {
    assertStringIncludes(text, `earshot ${name}`.trimEnd());
  }
  assertStringIncludes(
    text.replaceAll(/\s+/g, " "),
    "(add, remove, rename, note, block, unblock, verify, import)",
  );
  for (const { name } of COMMON_OPTIONS) assertStringIncludes(text, `--${name}`);
  for (const line of renderOverview()) assert(line.length <= 80, line);
});

for (const command of COMMANDS) {
  Deno.test(`helpFor explains "${`earshot ${command.name}`.trimEnd()}" with an example that parses`, () => {
    const text = renderHelp(command).join("\n");
    for (const line of renderHelp(command)) assert(line.length <= 80 || line.includes("earshot://"), line);
    assertStringIncludes(text, `earshot ${command.name}`.trimEnd());
    for (const { name } of command.options) assertStringIncludes(text, `--${name}`);
    for (const example of command.examples) {
      assertStringIncludes(text, example);
      const words = (/earshot(.*)$/.exec(example)?.[1] ?? "").trim().match(/"[^"]*"|\S+/g) ?? [];
      parseCommandLine(words.map((word) => word.replaceAll('"', "")), { nowMs: 0 });
    }
  });
}

Deno.test("helpFor lays out a command like this", () => {
  const log = findCommand("log");
  assertEquals(log === undefined ? [] : renderHelp(log), [
    "earshot log TO [OPTIONS]",
    "",
    "Show what was said.",
    "",
    "Your own lines that no other device has yet end in (kept here only). What",
    "blocked people said is left out; exports have it.",
    "",
    "Examples:",
    '  earshot log "#Kitchen" --last 20',
    "  earshot log bob --follow",
    "",
    "Options:",
    "  -n, --last COUNT  only so many lines",
    "  -f, --follow      go on with what is said from now on, until Ctrl-C",
    "",
    'Options of every command: "earshot help".',
  ]);
});

Deno.test("helpFor names the parts of a command, each of which has help of its own", () => {
  const contacts = findCommand("contacts");
  const text = contacts === undefined ? "" : renderHelp(contacts).join("\n");
  for (const part of ["add", "remove", "rename", "note", "block", "unblock", "verify", "import"]) {
    assertStringIncludes(text, `earshot contacts ${part} `);
    assertEquals(findCommand(`contacts ${part}`)?.name, `contacts ${part}`);
  }
});

Deno.test("options of one name are alike in all commands, so that they can stand before the command", () => {
  for (const { summary: _, ...option } of COMMANDS.flatMap(({ options }): readonly OptionSpec[] => options)) {
    assertObjectMatch({ ...allOptions().find(({ name }) => name === option.name) }, { ...option });
  }
  const shorts = allOptions().flatMap(({ short }) => short ?? []);
  assertEquals(shorts.length, new Set(shorts).size);
});
