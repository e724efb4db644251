/** Runs system commands. */

import type { SystemProgram } from "./programs.ts";

/** Default time limit of a command: a virus scanner looks at each program first. */
const COMMAND_MS_MAX = 3_000;

/**
 * Variables that find and start a program, and that lead `systemctl --user` to the user's own systemd. The rest is kept
 * from it: with a variable such as LD_LIBRARY_PATH, a program with narrow rights may start nothing.
 */
export const PASSED_VARIABLES = ["PATH", "SystemRoot", "HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"];

/**
 * The output of a command. It may be in any language and encoding; addresses are ASCII. Rejects if there is no such
 * program, at the time limit, and if the command fails without output: the answer is then not known.
 */
export async function readOutput(
  program: SystemProgram,
  args: string[],
  { msMax = COMMAND_MS_MAX }: { readonly msMax?: number } = {},
): Promise<string> {
  const { stdout, success, signal } = await runToEnd(program, args, { msMax, stderr: "null" });
  if (signal !== null || !success && stdout.length === 0) throw new Error(`"${program}" did not answer`);
  return new TextDecoder().decode(stdout);
}

/** Runs a command with empty standard input until it ends or its time is over. Rejects if there is no such program. */
export async function runToEnd(
  program: SystemProgram,
  args: string[],
  { msMax, ...streams }: Pick<Deno.CommandOptions, "stdout" | "stderr"> & { readonly msMax: number },
): Promise<Deno.CommandOutput> {
  const deadline = new AbortController();
  const timeout = setTimeout(() => deadline.abort(), msMax);
  try {
    const command = new Deno.Command(program, {
      args,
      clearEnv: true,
      env: buildEnvironment(),
      stdin: "null",
      signal: deadline.signal,
      ...streams,
    });
    return await command.output();
  } finally {
    clearTimeout(timeout);
  }
}

/** On Windows all of it: its programs look for their folders there, and a node that starts at login is one of them. */
function buildEnvironment(): Record<string, string> {
  if (Deno.build.os === "windows") return environmentOfChildren();
  return Object.fromEntries(PASSED_VARIABLES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** All variables but those that change which code a program loads: Deno hands those on only with all rights. */
export function environmentOfChildren(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !/^(?:LD|DYLD)_/i.test(name)),
  );
}
