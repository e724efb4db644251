/** A command is written in one place: all that is known of it elsewhere is read from its definition. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseInput } from "../../../src/cli/chat/parse_input.ts";
import { formatSlashUsage, formatUsage } from "../../../src/cli/command_line/command_spec.ts";
import { CommandTable } from "../../../src/cli/command_line/command_table.ts";
import { parseCommandLine } from "../../../src/cli/command_line/parse_command_line.ts";
import { isShell, SHELLS } from "../../../src/cli/command_line/shells.ts";
import { COMMAND_TABLE, SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";
import { defineCommand, type DefinedCommand } from "../../../src/cli/commands/define_command.ts";
import { renderCompletions } from "../../../src/cli/help/completions.ts";
import { renderHelp, renderOverview, toSentence } from "../../../src/cli/help/help.ts";
import { renderManual } from "../../../src/cli/help/manual.ts";
import { renderSlashHelp } from "../../../src/cli/help/slash_help.ts";
import { completeInput, type Names } from "../../../src/cli/terminal/completion.ts";
import { ChatView } from "../../../src/cli/chat/chat_view.ts";
import { ConversationOpener } from "../../../src/cli/chat/open_conversation.ts";
import { Output } from "../../../src/cli/format/output.ts";
import { PLAIN } from "../../../src/cli/format/style.ts";
import { CrashLog } from "../../../src/cli/node_access/crash_log.ts";
import { createPlainChatUi } from "../../../src/cli/terminal/chat_ui.ts";
import { ALICE, FakeNode, HOME, processWith } from "../../fixtures/cli/machine.ts";

const { commands } = COMMAND_TABLE;
const NOBODY: Names = { slashes: SLASH_COMMANDS, peers: [], members: [], rooms: [], requests: [], files: [] };
const EDITION = { version: "1.2.3", nowMs: 0 };

/** A process, and where it prints. */
function printing() {
  const { environment, console } = processWith({}).process;
  const output = new Output(console, { isJson: false, isQuiet: false, hasColor: false, columns: null });
  return { environment, console, output };
}

/** Text without its line breaks, so that a sentence can be found in it. */
function inOneLine(lines: readonly string[]): string {
  return lines.join(" ").replaceAll(/\s+/g, " ");
}

for (const command of commands) {
  Deno.test(`"${formatUsage(command)}" has help, a manual entry and completions`, () => {
    const help = inOneLine(renderHelp(command, COMMAND_TABLE));
    assertStringIncludes(help, `Usage: ${formatUsage(command)}`);
    assertStringIncludes(help, toSentence(command.summary));
    for (const { name, summary } of command.options) {
      assertStringIncludes(help, `--${name}`);
      assertStringIncludes(help, summary);
    }
    const manual = renderManual(COMMAND_TABLE, EDITION);
    assert(
      manual.some((line) =>
        line === `.B "${formatUsage(command).replaceAll("-", "\\-").replaceAll("…", "\\[u2026]")}"`
      ),
    );
    const [first = "", second] = command.name.split(" ");
    for (const shell of SHELLS) {
      const script = isShell(shell) ? renderCompletions(shell, COMMAND_TABLE) : "";
      assertStringIncludes(script, second ?? first);
      for (const { name } of command.options) assertStringIncludes(script, name);
    }
    if (second === undefined) {
      assertStringIncludes(renderOverview(COMMAND_TABLE).join("\n"), formatUsage(command));
    }
  });
}

for (const slash of SLASH_COMMANDS) {
  Deno.test(`/${slash.name} has help in the chat, and Tab completes it`, () => {
    const help = renderSlashHelp(SLASH_COMMANDS, { topic: slash, width: null });
    assertEquals(help.slice(0, 2), [formatSlashUsage(slash), toSentence(slash.summary)]);
    const all = renderSlashHelp(SLASH_COMMANDS, { topic: "all", width: null }).join("\n");
    assertStringIncludes(all, formatSlashUsage(slash));
    assert(completeInput(`/${slash.name}`, NOBODY).words.includes(`/${slash.name}`));
    assert(completeInput(`/help ${slash.name}`, NOBODY).words.includes(slash.name));
  });
}

Deno.test("Names of commands are used once", () => {
  assertEquals(new Set(commands.map(({ name }) => name)).size, commands.length);
  assertEquals(new Set(SLASH_COMMANDS.map(({ name }) => name)).size, SLASH_COMMANDS.length);
  const ranks = SLASH_COMMANDS.flatMap(({ helpRank }) => helpRank ?? []).toSorted((one, other) =>
    one - other
  );
  assertEquals(ranks, ranks.map((_, index) => index + 1));
});

const WAVE = defineCommand({
  name: "wave",
  args: "NAME",
  summary: "wave to a person",
  examples: ["earshot wave bob"],
  options: [{ name: "both-hands", summary: "with both hands" }],
  parse: ({ args, options }) => ({
    do: "wave",
    peer: args[0]?.text ?? "",
    isBoth: options.has("both-hands"),
  }),
  run: ({ peer, isBoth }) => Promise.resolve({ rows: [{ peer, isBoth }], lines: [`waved to ${peer}`] }),
  slash: {
    name: "wave",
    args: "NAME",
    completes: [["bob", "carol"]],
    parse: ({ text }) => ({ do: "wave", peer: text }),
    run: ({ peer }) => Promise.resolve({ rows: [], lines: [`waved to ${peer}`] }),
  },
});

Deno.test("A new command needs only its definition", async () => {
  const table = new CommandTable<DefinedCommand>([["Talk", [...commands, WAVE]]]);
  assertStringIncludes(inOneLine(renderOverview(table)), "earshot wave NAME wave to a person");
  assertStringIncludes(
    inOneLine(renderHelp(WAVE, table)),
    "Wave to a person. Example: earshot wave bob Options: --both-hands with both hands",
  );
  assert(renderManual(table, EDITION).includes('.B "earshot wave NAME"'));
  for (const shell of ["bash", "zsh", "fish", "powershell"] as const) {
    assertStringIncludes(renderCompletions(shell, table), "wave");
    assertStringIncludes(renderCompletions(shell, table), "both-hands");
  }
  const { prepared, globalOptions } = parseCommandLine(["wave", "bob", "--both-hands"], { nowMs: 0, table });
  if (prepared === "version") throw new Error("No command was parsed");
  assertEquals(prepared.invocation, { do: "wave", peer: "bob", isBoth: true });
  const { environment, console, output } = printing();
  const crashLog = new CrashLog(environment, HOME);
  assertEquals(
    await prepared.run({ environment, output, globalOptions, home: HOME, crashLog, slashes: [] }),
    0,
  );
  assertEquals(console.outText, "waved to bob\n");
});

Deno.test("A new command of the chat needs only its definition", async () => {
  const slashes = [...SLASH_COMMANDS, ...WAVE.slash === null ? [] : [WAVE.slash]];
  const names = { ...NOBODY, slashes };
  assertStringIncludes(renderSlashHelp(slashes, { topic: "all", width: null }).join("\n"), "/wave NAME");
  assertEquals(completeInput("/wav", names).words, ["/wave"]);
  assertEquals(completeInput("/wave c", names).words, ["carol"]);
  const input = parseInput("/WAVE bob", slashes);
  if (input.kind !== "command") throw new Error("No command was parsed");
  const { environment, console, output } = printing();
  const ui = createPlainChatUi(console, output);
  const chatView = new ChatView({
    me: ALICE,
    style: PLAIN,
    columns: () => null,
    nowMs: () => 0,
    isEchoed: false,
    hasStatus: false,
    isForPerson: false,
  });
  const parts = { environment, runner: new FakeNode({}), ui, chatView, slashes };
  await input.prepared.run({ ...parts, opener: new ConversationOpener(parts), say: () => Promise.resolve() });
  assertEquals(console.outText, "waved to bob\n");
});
