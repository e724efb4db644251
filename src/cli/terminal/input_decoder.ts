/** Splits the input of a terminal into keys and bracketed pastes (ESC[200~ … ESC[201~). Pure. */

/** UTF-16 units of one paste; no message is nearly as long. The rest is dropped. */
export const PASTE_UNITS_MAX = 1024 * 1024;
const PASTE_BEGINS = "\x1b[200~";
const PASTE_ENDS = "\x1b[201~";
/** A lone Escape is a key, and must not wait for more input. */
const BEGIN_CHARS_MIN = 2;
/** Alone in a piece it is a key: the way out of a paste whose end was lost. */
const CTRL_C = "\x03";

/** A piece of the input. */
export type InputPiece =
  | { readonly kind: "keys"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string };

/** Takes the bytes of a terminal in parts that may end anywhere. */
export class InputDecoder {
  readonly #decoder = new TextDecoder();
  #held = "";
  /** The paste so far; null outside of one. */
  #paste: string | null = null;

  /** The pieces that are whole now. */
  push(bytes: Uint8Array): readonly InputPiece[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (this.#paste !== null && text === CTRL_C) {
      this.#paste = null;
      this.#held = "";
      return [{ kind: "keys", text }];
    }
    this.#held += text;
    const pieces: InputPiece[] = [];
    while (this.#step(pieces)) { /* Each step takes something from what is held. */ }
    return pieces;
  }

  /** Takes the next piece; false when there is none. */
  #step(pieces: InputPiece[]): boolean {
    const mark = this.#paste === null ? PASTE_BEGINS : PASTE_ENDS;
    const at = this.#held.indexOf(mark);
    if (at === -1) {
      const kept = findBracketStart(mark, this.#held, this.#paste === null ? BEGIN_CHARS_MIN : 1);
      this.#take(this.#held.slice(0, this.#held.length - kept), pieces);
      this.#held = this.#held.slice(this.#held.length - kept);
      return false;
    }
    this.#take(this.#held.slice(0, at), pieces);
    this.#held = this.#held.slice(at + mark.length);
    if (this.#paste !== null) pieces.push({ kind: "paste", text: this.#paste });
    this.#paste = this.#paste === null ? "" : null;
    return true;
  }

  #take(text: string, pieces: InputPiece[]): void {
    if (this.#paste !== null) this.#paste = (this.#paste + text).slice(0, PASTE_UNITS_MAX);
    else if (text !== "") pieces.push({ kind: "keys", text });
  }
}

/** Characters at the end of the text that may be the beginning of the mark; fewer than `charsMin` count as none. */
function findBracketStart(mark: string, text: string, charsMin: number): number {
  for (let length = mark.length - 1; length >= charsMin; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}
