import { assert, assertEquals } from "@std/assert";
import jsQR from "jsqr";
import { renderQrCode } from "../../../src/cli/format/qr_code.ts";
import { PAINTED, PLAIN, type Style } from "../../../src/cli/format/style.ts";
import { measureCells } from "../../../src/text/sanitize.ts";

/** The longest that there is with an IPv4 address. */
const LINK = `EARSHOT://192.168.143.201:65535/${"K".repeat(25)}A/${"S".repeat(26)}/${"B".repeat(16)}`;
/** Pixels of a module: what a camera makes of it. */
const SCALE = 4;

/** Whether each half of each cell is dark, as a terminal with light letters on dark ground shows it. */
function modulesOf(lines: readonly string[], style: Style): boolean[][] {
  // deno-lint-ignore no-control-regex -- the colours that it is printed with.
  const plain = lines.map((line) => line.replaceAll(/\x1b\[[\d;]*m/g, ""));
  const isInk = (char: string, half: string) => char === "█" || char === half;
  return plain.flatMap((line) =>
    ["▀", "▄"].map((half) => [...line].map((char) => isInk(char, half) === style.hasColor))
  );
}

function read(modules: readonly (readonly boolean[])[]): string | undefined {
  const [width, height] = [(modules[0]?.length ?? 0) * SCALE, modules.length * SCALE];
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isDark = modules[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ?? false;
      pixels.set([...Array(3).fill(isDark ? 0 : 255), 255], (y * width + x) * 4);
    }
  }
  // The types say a module; what comes is the function.
  const decode = jsQR as unknown as typeof jsQR.default;
  return decode(pixels, width, height)?.data;
}

for (const [name, style] of [["with colours", PAINTED], ["without colours", PLAIN]] as const) {
  Deno.test(`qrLines draws a code that reads back as its text, ${name}`, () => {
    const links = [LINK, "EARSHOT://[FE80::1]:9999/KKKK/-/BBBB", "x"];
    for (const link of links) {
      const lines = renderQrCode(link, { style, columns: 80 });
      assert(lines !== null);
      assertEquals(read(modulesOf(lines, style)), link);
    }
  });
}

Deno.test("qrLines needs 41 cells and 21 lines for a link, and gives up where they are not there", () => {
  const lines = renderQrCode(LINK, { style: PLAIN, columns: 41 });
  assertEquals(lines?.map(measureCells), Array(21).fill(41));
  assertEquals(renderQrCode(LINK, { style: PLAIN, columns: 40 }), null);
});

Deno.test("qrLines prints black on white where there are colours, and ends them in each line", () => {
  for (const line of renderQrCode("x", { style: PAINTED, columns: 80 }) ?? []) {
    // deno-lint-ignore no-control-regex -- the colours that it is printed with.
    assert(/^\x1b\[30;107m[ ▀▄█]+\x1b\[0m$/.test(line), line);
  }
});
