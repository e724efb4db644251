/** The painted face: keys come in, the line and the status are painted at the bottom, and whole lines go to the chat. */

import type { RoomId } from "../../room/id.ts";
import type { Console, EditedLine, Key, Terminal, TerminalSize } from "../../ports/terminal.ts";
import { createConsoleAbove } from "./console_above.ts";
import type { ChatUi, ChatUiView } from "./chat_ui.ts";
import { Output } from "../format/output.ts";
import { PasteTokens } from "./paste_tokens.ts";
import { TabCycle } from "./tab_cycle.ts";
import { BottomRows, type BottomRowsView } from "./bottom_rows.ts";
import { InputDecoder } from "./input_decoder.ts";
import { wrapAtWords } from "./wrap_styled.ts";

/** A typed line, and the draft that returns to the input if it fails. */
interface TypedLine {
  readonly text: string;
  readonly draft: string;
  readonly room: RoomId | null;
}

/** A chat in a terminal. */
export class TerminalUi implements ChatUi {
  readonly isPainted = true;
  readonly #terminal: Terminal;
  readonly #console: Console;
  readonly #hasColor: boolean;
  readonly #line: EditedLine;
  readonly #screen: BottomRows;
  readonly #pastes = new PasteTokens();
  readonly #tab = new TabCycle();
  readonly #pieces = new InputDecoder();
  /** Drafts of conversations that are not open now. */
  readonly #drafts = new Map<RoomId | null, string>();
  readonly #queue: TypedLine[] = [];
  readonly #left = Promise.withResolvers<void>();
  #wake: (() => void) | undefined;
  #taken: TypedLine | undefined;
  #room: RoomId | null = null;
  #size: TerminalSize;
  #view: ChatUiView | undefined;
  #taking: Disposable | undefined;
  #hints: readonly string[] = [];
  #output: Output;
  #isBusy = false;

  /** Paints nothing before `begin`. */
  constructor(console: Console, terminal: Terminal, { hasColor }: { readonly hasColor: boolean }) {
    this.#console = console;
    this.#terminal = terminal;
    this.#hasColor = hasColor;
    this.#size = terminal.size();
    this.#output = this.#newOutput();
    this.#screen = new BottomRows(this.#output.style, this.#size);
    this.#line = terminal.openLine((key) => this.#onKey(key));
  }

  get output(): Output {
    this.#fit();
    return this.#output;
  }

  get quit(): Promise<void> {
    return this.#left.promise;
  }

  begin(view: ChatUiView): void {
    this.#view = view;
    this.#taking = this.#terminal.takeOver({
      onResize: () => this.#paint(),
      onResume: () => {
        this.#screen.forget();
        this.#isBusy = false;
        this.#paint();
      },
    });
    this.#paint();
    // Its failure is the user's end of the chat, told by `left`.
    this.#read().then(this.#left.resolve, this.#left.reject);
  }

  async *lines(): AsyncGenerator<string> {
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      this.#taken = next;
      yield next.text;
    }
  }

  turnTo(room: RoomId | null): void {
    this.#room = room;
    // What was typed ahead, behind the command that brought us here, is meant for this conversation.
    if (this.#line.text === "") this.#line.replace(this.#drafts.get(room) ?? "");
    this.#drafts.delete(room);
    this.#paint();
  }

  failed({ isGivenBack }: { readonly isGivenBack: boolean }): void {
    if (this.#taken === undefined) return;
    const { text, draft, room } = this.#taken;
    if (!isGivenBack && this.#pastes.whole(draft) === text) return; // No key made it.
    if (room !== this.#room) this.#drafts.set(room, draft);
    else if (this.#line.text === "") this.#line.replace(draft);
    this.#paint();
  }

  refresh(): void {
    this.#paint();
  }

  async end(): Promise<void> {
    if (this.#taking === undefined) return;
    const taking = this.#taking;
    this.#taking = undefined;
    await this.#console.out(this.#screen.erase());
    taking[Symbol.dispose]();
    this.#line[Symbol.dispose]();
  }

  async #read(): Promise<void> {
    for (let bytes = await this.#console.read(); bytes !== null; bytes = await this.#console.read()) {
      if (this.#taking === undefined) return;
      const before = this.#line.text;
      for (const piece of this.#pieces.push(bytes)) {
        if (piece.kind === "keys") this.#line.type(piece.text);
        else this.#paste(piece.text);
      }
      const { text } = this.#line;
      if (text !== before && text !== "" && !/^\/(?!\/)/.test(text)) this.#view?.onTyping();
      this.#paint();
    }
  }

  #paste(text: string): void {
    this.#noHints();
    this.#line.insert(this.#pastes.add(text));
  }

  #onKey(key: Key): void {
    const { name, isCtrl, isMeta } = key;
    if (name === "tab") return this.#complete(key.isShift);
    this.#noHints();
    if (isCtrl && name === "c") return this.#clearOrLeave();
    if (isCtrl && name === "d" && this.#line.text === "") return this.#left.resolve();
    if (isCtrl && name === "z") return this.#suspend();
    if (isCtrl && name === "l") return this.#write(this.#screen.erase());
    if (name === "return" || name === "enter") {
      return isMeta ? this.#line.insert(this.#pastes.lineBreak) : this.#submit();
    }
    if (isMeta && /^[0-9]$/.test(name)) return this.#go(name === "0" ? "10" : name);
    if (isMeta && name === "a") return this.#go("");
    this.#line.press({ ...key, text: this.#pastes.typed(key.text) });
  }

  #clearOrLeave(): void {
    if (this.#line.text === "") return this.#left.resolve();
    this.#line.replace("");
    this.#hints = ["The line was cleared. Ctrl-C again ends earshot."];
  }

  #submit(): void {
    const draft = this.#line.text;
    const text = this.#pastes.whole(draft);
    if (text === null) {
      this.#hints = ["A paste in this line is no longer remembered: paste it again."];
      return;
    }
    this.#line.submit();
    if (text.trim() !== "") this.#push({ text, draft, room: this.#room });
  }

  #go(number: string): void {
    const draft = this.#line.text;
    this.#drafts.set(this.#room, draft);
    this.#line.replace("");
    this.#push({ text: `/go ${number}`, draft, room: this.#room });
  }

  #push(line: TypedLine): void {
    this.#queue.push(line);
    this.#wake?.();
  }

  #complete(isBackwards: boolean): void {
    const names = this.#view?.names();
    if (names === undefined) return;
    const { text, cursor } = this.#line;
    const next = this.#tab.next({ text, cursor }, names, isBackwards);
    this.#line.replace(next.text, next.cursor);
    this.#hints = next.words.length > 1 ? [next.words.join("  ")] : [];
  }

  #noHints(): void {
    this.#tab.end();
    this.#hints = [];
  }

  #suspend(): void {
    if (!this.#terminal.canSuspend) return;
    this.#isBusy = true;
    const suspended = this.#console.out(this.#screen.erase()).then(() => this.#terminal.suspend());
    suspended.catch(this.#left.reject);
  }

  #paint(): void {
    if (this.#taking === undefined || this.#isBusy) return;
    this.#fit();
    this.#write(this.#screen.paint(this.#bottom()));
  }

  /** The terminal has its new size before the signal of it comes: what is written meanwhile is to fit. */
  #fit(): void {
    const size = this.#terminal.size();
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return;
    this.#size = size;
    this.#output = this.#newOutput();
    this.#screen.resize(size);
  }

  #write(text: string): void {
    if (text !== "") this.#console.out(text).catch(this.#left.reject);
  }

  #bottom(): BottomRowsView {
    const { text, cursor } = this.#line;
    return {
      hints: this.#hints,
      status: this.#view?.status(this.#screen.columns) ?? null,
      before: this.#pastes.shown(text.slice(0, cursor)),
      behind: this.#pastes.shown(text.slice(cursor)),
    };
  }

  #newOutput(): Output {
    const print = (text: string): Promise<void> => {
      if (this.#taking === undefined || this.#isBusy) return this.#console.out(text);
      this.#fit();
      const lines = text.replace(/\n$/, "").split("\n").flatMap((line) =>
        wrapAtWords(line, this.#screen.columns)
      );
      return this.#console.out(this.#screen.print(lines, this.#bottom()));
    };
    const above = createConsoleAbove(this.#console, {
      print,
      strong: (text) => this.#output.style.strong(text),
    });
    // As the screen does, which leaves the last cell of each row free.
    const columns = Math.max(1, this.#size.columns - 1);
    return new Output(above, { isJson: false, isQuiet: false, hasColor: this.#hasColor, columns });
  }
}
