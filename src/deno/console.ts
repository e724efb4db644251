import { fstatSync } from "node:fs";
import { type Console, OutputClosedError } from "../ports/terminal.ts";
import { toDiskError } from "./disk.ts";
import { standardInput } from "./standard_input.ts";
import { denoTerminal } from "./terminal.ts";

const STDIN = 0;

/** The terminal of this process, or the pipes in its place. */
export function denoConsole(): Console {
  // Concurrent calls would interleave their parts.
  let written: Promise<void> = Promise.resolve();
  const inOrder = (write: () => Promise<void>) => {
    const turn = written.then(write);
    written = turn.catch(() => {}); // The caller handles the failure; the next write is independent.
    return turn;
  };
  const [isInTerminal, isOutTerminal] = [Deno.stdin.isTerminal(), Deno.stdout.isTerminal()];
  const canPaint = isInTerminal && isOutTerminal && Deno.env.get("TERM") !== "dumb";
  return {
    isInTerminal,
    isOutTerminal,
    // A double click gives a program a console on Windows, and fstat tells no pipe from nothing there.
    hasInput: isInTerminal || Deno.build.os === "windows" || !isInputEmptyDevice(),
    terminal: canPaint ? denoTerminal() : null,
    out: (text) => inOrder(() => writeOut(text)),
    err: (text) => inOrder(() => writeErr(text)),
    read: () => standardInput().read(),
  };
}

/** Whether standard input is the empty device, or closed. */
function isInputEmptyDevice(): boolean {
  try {
    return fstatSync(STDIN).isCharacterDevice();
  } catch (error) {
    if (error instanceof Error) return true;
    throw error;
  }
}

async function writeOut(text: string): Promise<void> {
  try {
    await writeAll(Deno.stdout, text);
  } catch (error) {
    if (isReaderGone(error)) {
      throw new OutputClosedError("Nobody reads the output any more", { cause: error });
    }
    throw toDiskError(error, "write the output");
  }
}

async function writeErr(text: string): Promise<void> {
  try {
    await writeAll(Deno.stderr, text);
  } catch {
    // Failures are reported here; there is no other place.
  }
}

async function writeAll(to: { write(bytes: Uint8Array): Promise<number> }, text: string): Promise<void> {
  let left = new TextEncoder().encode(text);
  while (left.length > 0) left = left.subarray(await to.write(left));
}

/** The reader of a pipe ended, or the terminal was closed. */
function isReaderGone(error: unknown): boolean {
  if (error instanceof Deno.errors.BrokenPipe) return true;
  return error instanceof Error && "code" in error && (error.code === "EIO" || error.code === "EPIPE");
}
