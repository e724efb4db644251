/** What is served is what src/web/app says, small, and without a way for foreign text to become markup. */

import { assert, assertEquals } from "@std/assert";
import * as esbuild from "esbuild";
import { EN_CLI } from "../../../src/messages/en_cli.ts";
import { EN_FILES } from "../../../src/messages/en_files.ts";
import { PAGE_FILES } from "../../../src/web/page_files.ts";
import { buildPage } from "../../../tools/build_page.ts";

/** Packed bytes of all script, the node's messages in every language included. It comes from this device. */
const SCRIPT_BYTES_MAX = 96 * 1024;
/** Calls that turn text into markup or code. */
const DANGEROUS =
  /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySet|document\.write|srcdoc|\beval\b|new Function|javascript:|setAttribute\("style"|createContextualFragment|DOMParser/;

// esbuild says that it has stopped a little before its process has ended.
const build = { sanitizeOps: false, sanitizeResources: false } as const;

Deno.test("The committed page is built from the sources (if not: deno task page)", build, async () => {
  try {
    const built = await buildPage();
    assertEquals(
      built.map(({ path, type }) => ({ path, type })),
      PAGE_FILES.map(({ path, type }) => ({ path, type })),
    );
    for (const [at, { path, text }] of built.entries()) {
      assert(text === PAGE_FILES[at]?.text, `${path} is another than the one in src/web/page_files.ts`);
    }
  } finally {
    await esbuild.stop();
  }
});

Deno.test("The script is small", async () => {
  const scripts = PAGE_FILES.filter(({ type }) => type.startsWith("text/javascript"));
  const packed = new Blob(scripts.map(({ text }) => text)).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  const { byteLength } = await new Response(packed).arrayBuffer();
  assert(byteLength > 0 && byteLength <= SCRIPT_BYTES_MAX, `${byteLength} bytes`);
});

Deno.test("The page has no messages of the command line", () => {
  const script = PAGE_FILES.find(({ path }) => path === "/page.js")?.text ?? "";
  const isThere = (code: string) => script.includes(`"${code}":`);
  assert(Object.keys(EN_FILES).every(isThere));
  assertEquals(Object.keys(EN_CLI).filter(isThere), []);
});

Deno.test("No source of the page makes markup or code of text", async () => {
  const found: string[] = [];
  for await (const [path, text] of sources(new URL("../../../src/web/app/", import.meta.url))) {
    for (const line of text.split("\n")) if (DANGEROUS.test(line)) found.push(`${path}: ${line.trim()}`);
  }
  assertEquals(found, []);
});

Deno.test("The page itself has nothing inline, and asks nobody else for anything", () => {
  const html = PAGE_FILES.find(({ path }) => path === "/")?.text ?? "";
  assert(html.includes('<script type="module" src="/page.js"></script>'));
  assertEquals(
    [...html.matchAll(/ on\w+=|style=|<style|<script(?! type="module" src="\/page\.js"><\/script>)|https?:/g)]
      .map(String),
    [],
  );
  const css = PAGE_FILES.find(({ path }) => path === "/page.css")?.text ?? "";
  assertEquals([...css.matchAll(/@import|url\(|@font-face|expression\(/g)].map(String), []);
});

async function* sources(folder: URL): AsyncGenerator<readonly [path: string, text: string]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(name + (isDirectory ? "/" : ""), folder);
    if (isDirectory) yield* sources(url);
    else if (/\.tsx?$/.test(name)) yield [name, await Deno.readTextFile(url)];
  }
}
