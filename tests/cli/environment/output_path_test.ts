import { assertEquals, assertThrows } from "@std/assert";
import { join, resolve } from "@std/path";
import { resolveOutputPath } from "../../../src/cli/environment/output_path.ts";
import type { Environment } from "../../../src/cli/environment/environment.ts";
import { UsageError } from "../../../src/errors.ts";
import { SYSTEM } from "../../sim/system.ts";

/** Paths are taken as they are typed: each test types whole ones. */
function on(os: string): { environment: Pick<Environment, "absolutePath" | "ports">; home: string } {
  const ports = { system: { ...SYSTEM, os } } as unknown as Environment["ports"];
  return { environment: { absolutePath: (path) => path, ports }, home: resolve("/home") };
}

Deno.test("resolveOutputPath refuses on Windows a name that is a stream, a pattern or a device", () => {
  const cases: [path: string, why: string][] = [
    ["C:\\a:b.txt", 'no name may have ":" in it'],
    ["C:\\notes\\a.txt::$DATA", 'no name may have ":" in it'],
    ["\\\\?\\C:\\a:b", 'no name may have ":" in it'],
    ["\\\\server\\share\\a?b", 'no name may have "?" in it'],
    ["C:\\a*\\b", 'no name may have "*" in it'],
    ["C:\\x\\NUL", '"NUL" is a device'],
    ["C:\\x\\com1.txt", '"com1.txt" is a device'],
  ];
  for (const [path, why] of cases) {
    const error = assertThrows(() => resolveOutputPath(path, on("windows")), UsageError, why);
    assertEquals(error.message.endsWith("Nothing was written. Choose another name"), true);
  }
});

Deno.test("resolveOutputPath takes what Windows can name", () => {
  for (
    const path of [
      "C:\\a\\b.txt",
      "\\\\?\\C:\\ü ß\\a.md",
      "\\\\server\\share\\a.txt",
      "D:\\console\\comic.txt",
    ]
  ) {
    assertEquals(resolveOutputPath(path, on("windows")), path);
  }
});

Deno.test("resolveOutputPath leaves other systems their names, and the home to the node", () => {
  const name = resolve("/tmp/a:b?.txt");
  assertEquals(resolveOutputPath(name, on("linux")), name);
  for (const path of [resolve("/home"), join(resolve("/home"), "a", "b.txt")]) {
    assertThrows(() => resolveOutputPath(path, on("linux")), UsageError, "is in earshot's own folder");
  }
});
