/** Commands of this system that a test needs done before it goes on. */

/** What a command that has ended left behind. */
export interface Finished {
  /** 128 and the signal's number if a signal ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end, with nothing on its standard input. @throws {Deno.errors.NotFound} if there is no such program. */
export async function finish([program = "", ...args]: readonly string[]): Promise<Finished> {
  const command = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped" });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs a command that has to succeed; what it printed. @throws {Error} with what it said if it fails. */
export async function must(...command: readonly string[]): Promise<string> {
  const { code, out, err } = await finish(command);
  if (code !== 0) throw new Error(`"${command.join(" ")}" failed (${code}): ${err.trim()}`);
  return out;
}
