/**
 * Standard input. On Windows, Deno.stdin reads a console in its code page, which loses each letter outside of it
 * (denoland/deno#18240). node:process reads it as UTF-16, so a console is read and made raw through node:process there.
 * Deno 2.7 does not do so yet.
 */

import process from "node:process";

const READ_BYTES = 64 * 1024;
/** Ends the input on Windows, at the beginning of a line. Deno.stdin knows that by itself, node:process does not. */
const CTRL_Z = 26;

export interface StandardInput {
  /** The next bytes; null at the end, also where there is no input at all. One call at a time. */
  read(): Promise<Uint8Array | null>;
  /** Whether keys come one by one and without an echo. Only for a terminal. */
  setRaw(isRaw: boolean): void;
}

export interface NodeConsole extends AsyncIterable<Uint8Array> {
  setRawMode(isRaw: boolean): unknown;
}

let opened: StandardInput | undefined;

/** The standard input of this process: always the same one, because two readers would each get a part. */
export function standardInput(): StandardInput {
  const isWindowsConsole = Deno.build.os === "windows" && Deno.stdin.isTerminal();
  return opened ??= isWindowsConsole ? nodeInput(() => process.stdin) : denoInput();
}

function denoInput(): StandardInput {
  const read = async () => {
    const bytes = new Uint8Array(READ_BYTES);
    const count = await Deno.stdin.read(bytes);
    return count === null ? null : bytes.subarray(0, count);
  };
  return { read: () => orEnd(read), setRaw: (isRaw) => Deno.stdin.setRaw(isRaw) };
}

/** Reads a console of node:process, which is opened by the first call: an open one keeps a process from ending. */
export function nodeInput(open: () => NodeConsole): StandardInput {
  let console: NodeConsole | undefined;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  let isRaw = false;
  const opened = () => console ??= open();
  return {
    read: () =>
      orEnd(async () => {
        chunks ??= opened()[Symbol.asyncIterator]();
        const { done, value } = await chunks.next();
        return done === true || !isRaw && value[0] === CTRL_Z ? null : value;
      }),
    setRaw(to) {
      isRaw = to;
      opened().setRawMode(to);
    },
  };
}

/** A service has no input at all, and that of a closed terminal fails: nothing more will come either way. */
async function orEnd(read: () => Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
