/** The terminal as keys and cells: raw mode, its size, and how it is given back. */

import type { Terminal, TerminalListener, TerminalSize } from "../ports/terminal.ts";
import { readOutput } from "./command.ts";
import { openLine } from "./line_editor.ts";
import { Pause } from "./pause.ts";
import { standardInput } from "./standard_input.ts";

/** DEC private modes: pastes come between ESC[200~ and ESC[201~; the cursor is shown. */
const BRACKETED_PASTE_ON = "\x1b[?2004h";
const RESTORE_TERMINAL = "\x1b[?2004l\x1b[?25h\x1b[0m";
/** Where nothing else is known; the least that terminals have. */
const SIZE_UNKNOWN: TerminalSize = { columns: 80, rows: 24 };
/** Windows sends no signal when a window is resized. */
const SIZE_POLL_MS = 500;
/** A process that cannot be stopped (it has no shell to come back to) just goes on after this. */
const STOP_MS = 50;
/** Going on is noticed twice, by the signal and by the wait for it. */
const RESUME_AGAIN_MS = 500;
const IS_WINDOWS = Deno.build.os === "windows";

/** The terminal of this process. Call it only where standard input and output are one. */
export function denoTerminal(): Terminal {
  let listener: TerminalListener | null = null;
  let resumedMs = -Infinity;
  const begin = () => {
    standardInput().setRaw(true);
    writeSync(BRACKETED_PASTE_ON);
  };
  const giveBack = () => {
    writeSync(RESTORE_TERMINAL);
    standardInput().setRaw(false);
  };
  const resume = () => {
    if (performance.now() - resumedMs < RESUME_AGAIN_MS) return;
    resumedMs = performance.now();
    begin();
    listener?.onResume();
  };
  return {
    size,
    canSuspend: !IS_WINDOWS,
    openLine,
    takeOver(to) {
      listener = to;
      begin();
      const stopWatching = watchSize(() => to.onResize());
      const end = () => {
        if (listener === null) return;
        listener = null;
        globalThis.removeEventListener("unload", end);
        stopWatching();
        if (!IS_WINDOWS) Deno.removeSignalListener("SIGCONT", resume);
        giveBack();
      };
      // At every end of the process, Deno.exit included.
      globalThis.addEventListener("unload", end);
      if (!IS_WINDOWS) Deno.addSignalListener("SIGCONT", resume);
      return { [Symbol.dispose]: end };
    },
    async suspend() {
      giveBack();
      resumedMs = -Infinity;
      await stopProcess();
      await new Pause().wait(STOP_MS);
      if (listener !== null) resume();
    },
  };
}

/** With all that the shell started together, such as a wrapper around this process: it would not notice that we stopped alone. */
async function stopProcess(): Promise<void> {
  try {
    // Not by Deno.kill: that takes the right to start any program.
    await readOutput("kill", ["-s", "TSTP", "0"]);
  } catch {
    // Nothing stops us where there is no such program; and one that was stopped with us may come back too late for its deadline.
  }
}

function watchSize(onChange: () => void): () => void {
  if (!IS_WINDOWS) {
    Deno.addSignalListener("SIGWINCH", onChange);
    return () => Deno.removeSignalListener("SIGWINCH", onChange);
  }
  let before = size();
  const interval = setInterval(() => {
    const now = size();
    if (now.columns === before.columns && now.rows === before.rows) return;
    before = now;
    onChange();
  }, SIZE_POLL_MS);
  return () => clearInterval(interval);
}

function size(): TerminalSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    // Serial lines do not know theirs and say 0.
    return columns > 0 && rows > 0 ? { columns, rows } : SIZE_UNKNOWN;
  } catch (error) {
    if (error instanceof Error) return SIZE_UNKNOWN; // The terminal was closed: the next read tells.
    throw error;
  }
}

function writeSync(text: string): void {
  try {
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  } catch (error) {
    // A terminal that was closed needs nothing back.
    if (!(error instanceof Error)) throw error;
  }
}
