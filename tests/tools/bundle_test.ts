/** The one file that becomes the executable holds what runs, and nothing of the machine that it was made on. */

import { assertEquals } from "@std/assert";
import * as esbuild from "esbuild";
import { bundle } from "../../tools/bundle.ts";

// esbuild says that it has stopped a little before its process has ended.
const late = { sanitizeOps: false, sanitizeResources: false } as const;

Deno.test(
  "bundle takes main.ts, src and the packages of docs/architecture.md, and no more",
  late,
  async () => {
    try {
      const { text, sources } = await bundle();
      const packages = sources.map((path) => /\/npm\/[^/]+\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
      assertEquals([...new Set(packages)].filter((name) => name !== undefined).toSorted(), [
        "@noble/ciphers",
        "@scure/bip39",
        "cli-progress",
        "deno-std",
        "get-east-asian-width",
        "unhomoglyph",
        "uqr",
        "valibot",
      ]);
      const own = sources.filter((_, at) => packages[at] === undefined);
      assertEquals(
        own.filter((path) => !/^(?:src\/(?!web\/app\/)|std\/|main\.ts$|deno\.json$)/.test(path)),
        [],
      );
      assertEquals([text.includes(Deno.cwd()), /registry\.npmjs\.org/.test(text)], [false, false]);
      // Of deno.json only the version.
      assertEquals(text.includes("playwright"), false);
    } finally {
      await esbuild.stop();
    }
  },
);
