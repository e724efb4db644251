import { assertEquals } from "@std/assert";
import { findPackages } from "../../tools/sbom.ts";

const MAP = {
  "cipher/": "npm:/cipher@3.0.1/",
  preact: "npm:preact@11.2.0",
  "@scope/name/part": "npm:@scope/name@1.2.3/part.js",
  unused: "npm:unused@1.0.0",
};

Deno.test("findPackages takes what is imported, by the map or by itself, and the compiler's JSX", () => {
  const texts = [
    'import { a } from "@scope/name/part";\nimport type { b } from "../own.ts";',
    'export * from "npm:deno-std@1.4.0/path/mod.js";\nconst late = await import("npm:later@2.0.0");',
    'import { readFile } from "node:fs";',
  ];
  assertEquals(findPackages(texts, MAP), {
    "@scope/name": "1.2.3",
    "deno-std": "1.4.0",
    later: "2.0.0",
    preact: "11.2.0",
  });
});
