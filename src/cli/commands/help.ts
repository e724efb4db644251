/** Help for the shell and for the chat. */

import { message } from "../../messages/message.ts";
import { UsageError } from "../../errors.ts";
import { findNearestSlash } from "../chat/parse_input.ts";
import type { SlashInput } from "../chat/slash_command.ts";
import { type CommandInput, refuseArgsFrom } from "../command_line/command_input.ts";
import { type CommandSpec, findSlash } from "../command_line/command_spec.ts";
import { findCommand } from "../command_line/parse_command_line.ts";
import { quoteToken } from "../command_line/tokens.ts";
import { renderConfigHelp, renderHelp, renderOverview } from "../help/help.ts";
import { renderManual } from "../help/manual.ts";
import { renderSlashHelp, type SlashHelpTopic } from "../help/slash_help.ts";
import { defineCommand, type ExplainContext } from "./define_command.ts";

const HELP = defineCommand({
  name: "help",
  args: "[COMMAND|config]",
  summary: "show help",
  more: ["With config: the settings in config.json and the environment variables."],
  examples: ["earshot help send", "earshot help contacts add", "earshot help config", "earshot help --man"],
  options: [{ name: "man", summary: "print everything as a manual page (roff), for man -l" }],
  parse: parseHelp,
  explain: async (topic, context) => await context.output.lines(renderTopic(topic, context)),
  slash: {
    name: "help",
    args: "[COMMAND|all]",
    summary: "list the commands, or explain one",
    completes: ["slash"],
    helpRank: 12,
    parse: (input) => ({ do: "help", about: parseSlashTopic(input) }),
    run: async ({ about }, { slashes, ui }) =>
      await ui.output.lines(renderSlashHelp(slashes, { topic: about, width: ui.output.columns })),
  },
});

/** In the order of help. */
export const HELP_COMMANDS = [HELP] as const;

type HelpTopic =
  | { readonly do: "help"; readonly about: CommandSpec | null }
  | { readonly do: "manual" | "config-help" };

function parseHelp(input: CommandInput<"man">): HelpTopic {
  if (input.options.has("man")) {
    refuseArgsFrom(0, input);
    return { do: "manual" };
  }
  if (input.args.length === 0) return { do: "help", about: null };
  if (input.args[0]?.text === "config") {
    refuseArgsFrom(1, input);
    return { do: "config-help" };
  }
  const { command, args } = findCommand(input.args, input.table);
  refuseArgsFrom(0, { ...input, args });
  return { do: "help", about: command };
}

function renderTopic(topic: HelpTopic, { environment, table }: ExplainContext): readonly string[] {
  switch (topic.do) {
    case "help":
      return topic.about === null ? renderOverview(table) : renderHelp(topic.about, table);
    case "config-help":
      return renderConfigHelp();
    case "manual":
      return renderManual(table, {
        version: environment.version,
        nowMs: environment.ports.clock.wallMs(),
      });
  }
}

function parseSlashTopic({ words: [word], slashes }: SlashInput): SlashHelpTopic {
  if (word === undefined || word === "all") return word ?? null;
  const name = word.replace(/^\//, "");
  const slash = findSlash(slashes, name);
  if (slash !== undefined) return slash;
  const suggestion = findNearestSlash(name, slashes);
  throw new UsageError(
    suggestion === null
      ? message("slash.unknown", { name: quoteToken(name) })
      : message("slash.unknown-similar", { name: quoteToken(name), suggestion }),
  );
}
