/** The terminal, or the pipes in its place: types only; src/deno implements them. */

/** Whoever read our output is gone. Nobody is left to tell, so commands end quietly. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosed";
}

/** Where text comes from and goes to. */
export interface Console {
  readonly isInTerminal: boolean;
  readonly isOutTerminal: boolean;
  /** Whether anything can be typed or piped in. Nothing can where a desktop started the program by a double click. */
  readonly hasInput: boolean;
  /** The terminal that can be painted on; null over a pipe, or where it cannot move its cursor (TERM=dumb). */
  readonly terminal: Terminal | null;
  /** Writes to standard output; resolves when it is taken. @throws {OutputClosedError}, {DiskError} for a file that cannot be written. */
  out(text: string): Promise<void>;
  /** Writes to standard error; never fails, because there is no further place to tell. */
  err(text: string): Promise<void>;
  /** What was typed or piped in since; null at its end. One call at a time. */
  read(): Promise<Uint8Array | null>;
}

/** Cells of a terminal. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What to hear of a terminal. */
export interface TerminalListener {
  onResize(): void;
  /** The process goes on after it was stopped; the screen may show anything. */
  onResume(): void;
}

/** A terminal with keys and a cursor. */
export interface Terminal {
  size(): TerminalSize;
  /** Keys come one by one and unechoed, pastes in brackets, until it is disposed of; however the process ends, the terminal is as before. One at a time. */
  takeOver(listener: TerminalListener): Disposable;
  /** Whether a process can be stopped here and go on later. */
  readonly canSuspend: boolean;
  /** Gives the terminal back and stops this process (Ctrl-Z); resolves when it goes on, with `onResume` called. */
  suspend(): Promise<void>;
  /** A line to be typed; each key that is not part of a paste comes to `onKey`, which decides what becomes of it. */
  openLine(onKey: (key: Key) => void): EditedLine;
}

/** One key. */
export interface Key {
  /** Such as "a", "left", "return"; empty for what has no name. */
  readonly name: string;
  /** What it would insert; empty for none. */
  readonly text: string;
  readonly isCtrl: boolean;
  /** With Alt, or behind Escape. */
  readonly isMeta: boolean;
  readonly isShift: boolean;
}

/** One line under the user's keys, with the lines before it to go back to. Plain emacs keys. */
export interface EditedLine extends Disposable {
  readonly text: string;
  /** UTF-16 units before the cursor. */
  readonly cursor: number;
  /** Takes what the terminal sends. */
  type(chars: string): void;
  /** Does what the key means in a line. */
  press(key: Key): void;
  insert(text: string): void;
  replace(text: string, cursor?: number): void;
  /** The text goes into the history, and the line is empty. */
  submit(): string;
}
