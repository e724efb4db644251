import { assertEquals } from "@std/assert";
import { InputDecoder, type InputPiece, PASTE_UNITS_MAX } from "../../../src/cli/terminal/input_decoder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

const CASES: [name: string, typed: string, pieces: InputPiece[]][] = [
  ["keys", "hé\x1b[A", [{ kind: "keys", text: "hé\x1b[A" }]],
  ["a paste between keys", "a\x1b[200~b\rc\x1b[201~d", [
    { kind: "keys", text: "a" },
    { kind: "paste", text: "b\rc" },
    { kind: "keys", text: "d" },
  ]],
  ["an empty paste", "\x1b[200~\x1b[201~", [{ kind: "paste", text: "" }]],
  ["a paste that holds what looks like a key", "\x1b[200~\x04\x1b[A\x1b[201~", [{
    kind: "paste",
    text: "\x04\x1b[A",
  }]],
  ["two pastes", "\x1b[200~1\x1b[201~\x1b[200~2\x1b[201~", [
    { kind: "paste", text: "1" },
    { kind: "paste", text: "2" },
  ]],
];

for (const [name, typed, pieces] of CASES) {
  Deno.test(`TypedPieces tells ${name} apart, whole and byte by byte`, () => {
    assertEquals(new InputDecoder().push(bytes(typed)), pieces);
    const it = new InputDecoder();
    // The last byte of an Escape alone is a key, so the beginning of a paste stays together in a terminal's write.
    // deno-lint-ignore no-control-regex -- That is what is looked for.
    const parts = [...typed.matchAll(/\x1b\[20[01]~|[^]/gu)].map(([part]) => part);
    const got = parts.flatMap((part) =>
      part.startsWith("\x1b[2")
        ? it.push(bytes(part))
        : [...bytes(part)].flatMap((byte) => it.push(Uint8Array.of(byte)))
    );
    assertEquals(joined(got), pieces);
  });
}

Deno.test("TypedPieces gives a lone Escape at once, and waits for the rest of a mark", () => {
  const it = new InputDecoder();
  assertEquals(it.push(bytes("\x1b")), [{ kind: "keys", text: "\x1b" }]);
  assertEquals(it.push(bytes("a\x1b[20")), [{ kind: "keys", text: "a" }]);
  assertEquals(it.push(bytes("0~x\x1b[20")), []);
  assertEquals(it.push(bytes("1~")), [{ kind: "paste", text: "x" }]);
});

Deno.test("TypedPieces takes Ctrl-C alone as the way out of a paste without end", () => {
  const it = new InputDecoder();
  assertEquals(it.push(bytes("\x1b[200~lost")), []);
  assertEquals(it.push(bytes("\x03")), [{ kind: "keys", text: "\x03" }]);
  assertEquals(it.push(bytes("a")), [{ kind: "keys", text: "a" }]);
});

Deno.test("TypedPieces keeps no more of a paste than its limit", () => {
  const it = new InputDecoder();
  it.push(bytes("\x1b[200~"));
  for (let at = 0; at < 3; at++) it.push(bytes("x".repeat(PASTE_UNITS_MAX / 2)));
  const [paste] = it.push(bytes("\x1b[201~"));
  assertEquals([paste?.kind, paste?.text.length], ["paste", PASTE_UNITS_MAX]);
});

function joined(pieces: readonly InputPiece[]): InputPiece[] {
  const out: InputPiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last?.kind === "keys" && piece.kind === "keys") {
      out[out.length - 1] = { kind: "keys", text: last.text + piece.text };
    } else out.push(piece);
  }
  return out;
}
