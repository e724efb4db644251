/** Asks a command of the system. */

/** How long a command of the system may take, unless its user knows better; then it is ended, and nothing is known. */
const COMMAND_MS_MAX = 1_000;

/** What a command prints. Its words may be in any language and encoding; the addresses are ASCII. */
export async function outputOf(
  program: string,
  args: string[],
  { msMax = COMMAND_MS_MAX }: { readonly msMax?: number } = {},
): Promise<string> {
  const deadline = new AbortController();
  const timeout = setTimeout(() => deadline.abort(), msMax);
  try {
    const command = new Deno.Command(program, {
      args,
      stdin: "null",
      stderr: "null",
      signal: deadline.signal,
    });
    return new TextDecoder().decode((await command.output()).stdout);
  } finally {
    clearTimeout(timeout);
  }
}
