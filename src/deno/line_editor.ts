/**
 * A line under the user's keys: node:readline edits, earshot paints. Readline gets an output that swallows everything, and its line
 * and cursor are read after each key. So the emacs keys, word motion, killing and yanking, undo and history are Node's, kept by
 * others. (Deno 2.4 has an older copy, without yank and undo: those keys do nothing there.)
 */

import * as readline from "node:readline";
import { PassThrough, Writable } from "node:stream";
import type { EditedLine, Key } from "../ports/terminal.ts";

/** Lines that can be called back. */
const HISTORY_LINES_MAX = 500;

/** What node:readline tells of a key. */
interface NodeKey {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

/** Readline with the two properties that its documentation allows to read; they are plain ones, which can be set too. */
interface LineInterface {
  line: string;
  cursor: number;
  write(text: string | null, key?: NodeKey): void;
  on(event: "line", run: (line: string) => void): void;
  close(): void;
}

/** Opens an empty line; keys come to `onKey`. A lone Escape comes half a second later than it was pressed. */
export function openLine(onKey: (key: Key) => void): EditedLine {
  const swallow = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Its own input stays empty: each key is handed to it by `press`.
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
    // Not by `write`: it would arrive a turn later, and the screen is painted in this one.
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
      keys.emit("data", "\0"); // Ends the wait that tells Escape from the beginning of another key.
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

/** Controls that mean nothing to readline would land in the line as they are. */
function toInsertable(text: string): string | null {
  return /^\p{Cc}*$/u.test(text) ? null : text;
}
