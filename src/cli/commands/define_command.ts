/**
 * A command in one place: its name, help and options, how its arguments are parsed and how it runs, and its form in the chat.
 * Help, the manual, completions, /help, Tab and README's tables are read from these definitions.
 */

import { defineSlash, type SlashCommand, type SlashDefinition } from "../chat/slash_command.ts";
import type { CommandInput } from "../command_line/command_input.ts";
import type { CommandSpec, OptionSpec } from "../command_line/command_spec.ts";
import type { CommandTable } from "../command_line/command_table.ts";
import type { Environment } from "../environment/environment.ts";
import type { Output, Printable } from "../format/output.ts";
import type { CommandContext } from "../node_access/command_context.ts";

/** The exit code of a command that did what it was asked for. */
export const DONE = 0;

/** What a command works with that needs neither a home nor a node. */
export interface ExplainContext {
  readonly environment: Environment;
  readonly output: Output;
  readonly table: CommandTable;
}

/** What every other command works with. */
export interface RunContext extends CommandContext {
  /** The commands of the chat. */
  readonly slashes: readonly SlashCommand[];
}

/** A command with its arguments. */
export interface PreparedCommand {
  /** The parsed arguments, as tests compare them. */
  readonly invocation: object;
  /** Prints the reply of a command that needs neither a home nor a node; null for every other one. */
  readonly explain: ((context: ExplainContext) => Promise<void>) | null;
  /** Runs the command; its exit code. */
  run(context: RunContext): Promise<number>;
}

/** A command of the shell, with its form in the chat if it has one. */
export interface DefinedCommand<Name extends string = string> extends CommandSpec {
  readonly name: Name;
  readonly slash: SlashCommand | null;
  /** @throws {UsageError} with a sentence. */
  prepare(input: CommandInput): PreparedCommand;
}

interface Definition<
  Name extends string,
  Options extends readonly OptionSpec[],
  Invocation extends object,
  Action extends object,
> {
  readonly name: Name;
  readonly args?: string;
  readonly summary: string;
  readonly more?: readonly string[];
  readonly examples: readonly string[];
  readonly options?: Options;
  /** @throws {UsageError} with a sentence. */
  parse(input: CommandInput<Options[number]["name"]>): Invocation;
  /** Prints the reply without a home and without a node. */
  explain?(invocation: Invocation, context: ExplainContext): Promise<void>;
  /** Runs the command: a reply that is returned is shown, a number is the exit code. */
  run?(invocation: Invocation, context: RunContext): Promise<Printable | number>;
  /** Its form in the chat; the summary is the same unless another is given. */
  readonly slash?: Omit<SlashDefinition<Action>, "summary"> & { readonly summary?: string };
}

/** Makes a command of its definition. */
export function defineCommand<
  const Name extends string,
  const Options extends readonly OptionSpec[] = [],
  const Invocation extends object = object,
  const Action extends object = object,
>(definition: Definition<Name, Options, Invocation, Action>): DefinedCommand<Name> {
  const { name, summary, examples, args = "", more = [], options = [], slash } = definition;
  return {
    name,
    args,
    summary,
    more,
    examples,
    options,
    slash: slash === undefined ? null : defineSlash({ summary, ...slash }),
    prepare: (input) => {
      const invocation = definition.parse(input);
      return {
        invocation,
        explain: definition.explain?.bind(definition, invocation) ?? null,
        run: async (context) => {
          const reply = await definition.run?.(invocation, context) ?? DONE;
          if (typeof reply === "number") return reply;
          await context.output.show(reply);
          return DONE;
        },
      };
    },
  };
}
