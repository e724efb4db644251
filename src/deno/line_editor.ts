/**
 * The input line: node:readline edits, earshot paints. Readline writes to an output that discards everything, and its line and cursor are read after
 * each key. So Node maintains the emacs keys, word motion, kill and yank, undo and history.
 * (Deno 2.4 has an older copy without yank and undo: those keys do nothing there.)
 */

import * as readline from "node:readline";
import { PassThrough, Writable } from "node:stream";
import type { EditedLine, Key } from "../ports/terminal.ts";

/** Lines of history. */
const HISTORY_LINES_MAX = 500;

/** A key as node:readline reports it. */
interface NodeKey {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** Readline with two documented properties. They are plain ones, which can also be set. */
interface LineInterface {
  line: string;
  cursor: number;
  write(text: string | null, key?: NodeKey): void;
  on(event: "line", run: (line: string) => void): void;
  close(): void;
}

/** Opens an empty line and passes keys to `onKey`. A lone Escape arrives half a second late. */
export function openLine(onKey: (key: Key) => void): EditedLine {
  const swallow = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Its own input stays empty: `press` passes it each key.
  const reader = readline.createInterface({
    input: new PassThrough(),
    output: swallow,
    terminal: true,
    historySize: HISTORY_LINES_MAX,
    removeHistoryDuplicates: true,
  }) as unknown as LineInterface;
  let submitted = "";
  reader.on("line", (line) => submitted = line);
  const keys = new PassThrough();
  let isClosed = false;
  readline.emitKeypressEvents(keys);
  keys.on("keypress", (text: string | undefined, key: NodeKey) => {
    if (!isClosed) onKey(toKey(text, key));
  });
  return {
    get text() {
      return reader.line;
    },
    get cursor() {
      return reader.cursor;
    },
    // Not `write`, which would arrive a turn later than the screen is painted.
    type: (chars) => void keys.emit("data", chars),
    press: (key) => reader.write(toInsertable(key.text), toNodeKey(key)),
    insert: (text) => reader.write(text),
    replace(text, cursor = text.length) {
      reader.line = text;
      reader.cursor = cursor;
    },
    submit() {
      reader.write(null, { name: "return" });
      return submitted;
    },
    [Symbol.dispose]() {
      isClosed = true;
      keys.emit("data", "\0"); // Ends the wait that distinguishes Escape from the start of a longer sequence.
      reader.close();
    },
  };
}

function toKey(text: string | undefined, { name, sequence, ctrl, meta, shift }: NodeKey): Key {
  return {
    name: name ?? (sequence === UNDO ? "undo" : ""),
    text: text ?? "",
    isCtrl: ctrl === true,
    isMeta: meta === true,
    isShift: shift === true,
  };
}

/** Ctrl-_ has no name in node:readline. */
const UNDO = "\x1f";

function toNodeKey({ name, isCtrl, isMeta, isShift }: Key): NodeKey {
  if (name === "undo") return { sequence: UNDO };
  return { name, sequence: "", ctrl: isCtrl, meta: isMeta, shift: isShift };
}

/** Control characters without a meaning in readline would be inserted literally. */
function toInsertable(text: string): string | null {
  return /^\p{Cc}*$/u.test(text) ? null : text;
}
