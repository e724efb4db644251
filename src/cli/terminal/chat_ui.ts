/** The input and output of a chat: plain lines, or a painted terminal. */

import type { RoomId } from "../../room/id.ts";
import type { Names } from "./completion.ts";
import type { Console } from "../../ports/terminal.ts";
import type { Output } from "../format/output.ts";
import { readInputLines } from "./input_lines.ts";

/** The values that a painted terminal reads when it paints or completes. */
export interface ChatUiView {
  status(columns: number): string;
  names(): Names;
  /** The user types a text. */
  onTyping(): void;
}

/** Where the user types and reads. */
export interface ChatUi {
  /** A status line and an input are painted. */
  readonly isPainted: boolean;
  /** Prints where lines go, and knows how wide they may be now. */
  readonly output: Output;
  /** Resolves when the user wants to end, whatever is under way; never, where the end of the lines says so. */
  readonly quit: Promise<void>;
  /** Takes the terminal. */
  begin(view: ChatUiView): void;
  /** The typed lines. */
  lines(): AsyncIterable<string>;
  /** That conversation is open now; null for none. Each has a line of its own that is being written. */
  turnTo(room: RoomId | null): void;
  /** The line that was taken last could not be done. Where lines can be edited, the user has back what a key took away, and a line that is worth it. */
  failed(line: { readonly isGivenBack: boolean }): void;
  /** The status may be another. */
  refresh(): void;
  /** Gives the terminal back; prints go on as plain lines. */
  end(): Promise<void>;
}

/** Lines as they come: from a pipe, or from a terminal that edits them itself, so that a screen reader follows. */
export function createPlainChatUi(console: Console, output: Output): ChatUi {
  return {
    isPainted: false,
    output,
    quit: new Promise(() => {}),
    begin: () => {},
    lines: () => readInputLines(console),
    turnTo: () => {},
    failed: () => {},
    refresh: () => {},
    end: () => Promise.resolve(),
  };
}
