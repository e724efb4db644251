/** Runs one command, from its words to its exit code. */

import { parseCommandLine } from "./command_line/parse_command_line.ts";
import type { GlobalOptions } from "./command_line/global_options.ts";
import { COMMAND_TABLE, SLASH_COMMANDS } from "./commands/all_commands.ts";
import { DONE } from "./commands/define_command.ts";
import { makePortableHome } from "./operations/portable.ts";
import type { Environment } from "./environment/environment.ts";
import { keepWindowOpen } from "./environment/keep_window_open.ts";
import { FAILED, toExitCode, WRONG_USAGE } from "./exit_code.ts";
import { Output } from "./format/output.ts";
import { CrashLog } from "./node_access/crash_log.ts";
import { moveHome } from "./node_access/move_home.ts";

/** Runs what the words say. The exit code is 0 for done, 1 failed, 2 wrong usage, 3 not yet, and above 128 for the end by a signal. */
export async function runEarshot(environment: Environment, words: readonly string[]): Promise<number> {
  const exitCode = await runWords(environment, words);
  const hasFailed = exitCode === FAILED || exitCode === WRONG_USAGE;
  if (words.length === 0 && hasFailed) await keepWindowOpen(environment);
  return exitCode;
}

async function runWords(environment: Environment, words: readonly string[]): Promise<number> {
  // --json also counts where the other words cannot be parsed.
  let output = createOutput(environment, {
    isJson: words.includes("--json"),
    isQuiet: false,
    isColorRefused: true,
  });
  let crashLog: CrashLog | undefined;
  try {
    const { prepared, globalOptions } = parseCommandLine(words, {
      table: COMMAND_TABLE,
      nowMs: environment.ports.clock.wallMs(),
    });
    output = createOutput(environment, globalOptions);
    if (prepared === "version") return await showVersion(environment, output);
    if (prepared.explain !== null) {
      await prepared.explain({ environment, output, table: COMMAND_TABLE });
      return DONE;
    }
    const home = await resolveHome(globalOptions, { environment, output });
    crashLog = new CrashLog(environment, home);
    return await prepared.run({
      environment,
      output,
      globalOptions,
      home,
      crashLog,
      slashes: SLASH_COMMANDS,
    });
  } catch (error) {
    return await toExitCode(error, { output, crashLog });
  }
}

/** The home, absolute. @throws {WorldError} where there is no place for it. */
async function resolveHome(
  { home: named, isPortable }: GlobalOptions,
  { environment, output }: { readonly environment: Environment; readonly output: Output },
): Promise<string> {
  if (isPortable) return await makePortableHome(environment);
  const home = environment.absolutePath(named ?? environment.defaultHome());
  const former = named === null ? environment.formerHome() : null;
  if (former === null) return home;
  const moved = await moveHome(environment.ports, { from: former, to: home });
  if (moved.told !== null) await output.note(moved.told);
  return moved.home;
}

async function showVersion({ version }: Environment, output: Output): Promise<number> {
  await output.show({ rows: [{ version }], lines: [`earshot ${version}`] });
  return DONE;
}

function createOutput(
  environment: Environment,
  { isJson, isQuiet, isColorRefused }: Pick<GlobalOptions, "isJson" | "isQuiet" | "isColorRefused">,
): Output {
  const columns = environment.console.terminal?.size().columns ?? null;
  return new Output(environment.console, {
    isJson,
    isQuiet,
    hasColor: environment.isColorAllowed && !isColorRefused,
    columns,
  });
}
