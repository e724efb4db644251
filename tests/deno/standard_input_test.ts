import { assertEquals } from "@std/assert";
import { PassThrough } from "node:stream";
import { nodeInput } from "../../src/deno/standard_input.ts";

/** A console of node:process, with what is typed in it. */
class FakeConsole extends PassThrough {
  readonly raw: boolean[] = [];

  setRawMode(isRaw: boolean): void {
    this.raw.push(isRaw);
  }
}

Deno.test("nodeInput hands on each piece that is typed, and null at the end", async () => {
  const console = new FakeConsole();
  const input = nodeInput(() => console);
  const typed = "grüße ß € 🙂\r\n";
  console.write(new TextEncoder().encode(typed));
  assertEquals(new TextDecoder().decode(await input.read() ?? undefined), typed);
  const next = input.read();
  console.write("q");
  assertEquals(new TextDecoder().decode(await next ?? undefined), "q");
  console.end();
  assertEquals(await input.read(), null);
  assertEquals(await input.read(), null);
});

Deno.test("nodeInput sets raw mode at the console that it reads, and opens none before", () => {
  let openedCount = 0;
  const console = new FakeConsole();
  const input = nodeInput(() => {
    openedCount++;
    return console;
  });
  assertEquals(openedCount, 0);
  input.setRaw(true);
  input.setRaw(false);
  assertEquals(console.raw, [true, false]);
  assertEquals(openedCount, 1);
});

Deno.test("nodeInput ends at Ctrl-Z that begins a line, and hands on each Ctrl-Z of raw mode", async () => {
  const console = new FakeConsole();
  const input = nodeInput(() => console);
  const read = async (typed: string) => {
    console.write(typed);
    const bytes = await input.read();
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  assertEquals(await read("a line with \x1a in it\r\n"), "a line with \x1a in it\r\n");
  assertEquals(await read("\x1a\r\n"), null);
  input.setRaw(true);
  assertEquals(await read("\x1a"), "\x1a");
});

Deno.test("nodeInput ends where the console fails, as a closed window does", async () => {
  const console = new FakeConsole();
  const input = nodeInput(() => console);
  const next = input.read();
  console.destroy(new Error("EIO"));
  assertEquals(await next, null);
  assertEquals(await input.read(), null);
});
