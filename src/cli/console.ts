/** The terminal, or the pipes in its place: types only; src/deno/console.ts implements them. */

/** Whoever read our output is gone. Nobody is left to tell, so commands end quietly. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/** Where text comes from and goes to. */
export interface Console {
  readonly isInTerminal: boolean;
  readonly isOutTerminal: boolean;
  /** Writes to standard output; resolves when it is taken. @throws {OutputClosed}, {DiskError} for a file that cannot be written. */
  out(text: string): Promise<void>;
  /** Writes to standard error; never fails, because there is no further place to tell. */
  err(text: string): Promise<void>;
  /** What was typed or piped in since; null at its end. One call at a time. */
  read(): Promise<Uint8Array | null>;
}
