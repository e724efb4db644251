/** The terminal, or the pipes in its place, as types only. src/deno implements them. */

/** The reader of our output has gone, so commands end quietly. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosed";
}

/** Standard input and output of this process. */
export interface Console {
  readonly isInTerminal: boolean;
  readonly isOutTerminal: boolean;
  /** Whether input can arrive at all. It cannot if a desktop started the program by a double click. */
  readonly hasInput: boolean;
  /** The terminal to paint on. Null for a pipe, and for a terminal without cursor movement (TERM=dumb). */
  readonly terminal: Terminal | null;
  /**
   * Writes to standard output; resolves when it is accepted. @throws {OutputClosedError}; {DiskError} for a file that
   * cannot be written.
   */
  out(text: string): Promise<void>;
  /** Writes to standard error. Never fails, because failures could be reported nowhere else. */
  err(text: string): Promise<void>;
  /** The next input; null at its end. One call at a time. */
  read(): Promise<Uint8Array | null>;
}

/** The size of a terminal in cells. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Callbacks of a terminal. */
export interface TerminalListener {
  onResize(): void;
  /** The process continues after it was stopped. The screen may contain anything. */
  onResume(): void;
}

/** A terminal with keys and a cursor. */
export interface Terminal {
  size(): TerminalSize;
  /**
   * Takes over the terminal: keys arrive one by one without echo, pastes in brackets. Disposal restores it, as does
   * any end of the process. One at a time.
   */
  takeOver(listener: TerminalListener): Disposable;
  /** Whether a process can be stopped here and continued later. */
  readonly canSuspend: boolean;
  /** Restores the terminal and stops this process (Ctrl-Z). Resolves when it continues, after `onResume`. */
  suspend(): Promise<void>;
  /** Opens an input line. Each key outside a paste goes to `onKey`, which decides what to do with it. */
  openLine(onKey: (key: Key) => void): EditedLine;
}

/** One key press. */
export interface Key {
  /** Such as "a", "left", "return"; empty for keys without a name. */
  readonly name: string;
  /** The text that the key would insert; may be empty. */
  readonly text: string;
  readonly isCtrl: boolean;
  /** Pressed with Alt, or after Escape. */
  readonly isMeta: boolean;
  readonly isShift: boolean;
}

/** One input line with a history. It uses plain emacs keys. */
export interface EditedLine extends Disposable {
  readonly text: string;
  /** UTF-16 units before the cursor. */
  readonly cursor: number;
  /** Feeds raw terminal input. */
  type(chars: string): void;
  /** Applies a key to the line. */
  press(key: Key): void;
  insert(text: string): void;
  replace(text: string, cursor?: number): void;
  /** Returns the text, adds it to the history, and empties the line. */
  submit(): string;
}
