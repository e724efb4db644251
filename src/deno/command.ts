/** Asks a command of the system. */

/** How long a command of the system may take, unless its user knows better; then it is ended, and nothing is known. */
const COMMAND_MS_MAX = 1_000;

/** What a command prints. Its words may be in any language and encoding; the addresses are ASCII. */
export async function outputOf(
  program: string,
  args: string[],
  { msMax = COMMAND_MS_MAX }: { readonly msMax?: number } = {},
): Promise<string> {
  const { stdout } = await runToEnd(program, args, { msMax, stderr: "null" });
  return new TextDecoder().decode(stdout);
}

/** Runs a command, with nothing on its standard input, to its end or until its time is over. Rejects if there is no such program. */
export async function runToEnd(
  program: string,
  args: string[],
  { msMax, ...streams }: Pick<Deno.CommandOptions, "stdout" | "stderr"> & { readonly msMax: number },
): Promise<Deno.CommandOutput> {
  const deadline = new AbortController();
  const timeout = setTimeout(() => deadline.abort(), msMax);
  try {
    return await new Deno.Command(program, { args, stdin: "null", signal: deadline.signal, ...streams })
      .output();
  } finally {
    clearTimeout(timeout);
  }
}
