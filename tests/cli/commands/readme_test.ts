/** README's tables of commands are those of the definitions. To renew them, paste what this test prints. */

import { assert } from "@std/assert";
import { formatSlashUsage, formatUsage } from "../../../src/cli/command_line/command_spec.ts";
import { COMMAND_TABLE, SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";

const README = await Deno.readTextFile("README.md");

/** A table of Markdown with two columns, in which a bar would begin a third. */
function table(head: string, rows: readonly (readonly [usage: string, summary: string])[]): string {
  const lines = rows.map(([usage, summary]) => `| \`${usage.replaceAll("|", "\\|")}\` | ${summary} |`);
  return [`| ${head} | |`, "| --- | --- |", ...lines, ""].join("\n");
}

Deno.test("README has the table of all commands", () => {
  const expected = table(
    "command",
    COMMAND_TABLE.commands.map((command) => [formatUsage(command), command.summary]),
  );
  assert(README.includes(expected), `README.md needs this table:\n${expected}`);
});

Deno.test("README has the table of all commands of the chat", () => {
  const expected = table(
    "in the chat",
    SLASH_COMMANDS.map((slash) => [formatSlashUsage(slash), slash.summary]),
  );
  assert(README.includes(expected), `README.md needs this table:\n${expected}`);
});
