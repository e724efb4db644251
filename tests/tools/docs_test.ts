/** The documents name what exists. */

import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const ARCHITECTURE_LINES_MAX = 150;
/** A path of the project, wherever it stands in a text. */
const PATH = /(?<![@\w/.…-])(?:src|tests|docs|tools|bench|demo|std|\.ci|\.github)\/[\w./-]*\w/g;
/** A link to a file beside the document. */
const LINK = /\]\((?!https?:|#)([^)#]+)\)/g;
/** A file of src in the first column of a table of docs/protocol.md. */
const TABLE_FILE = /^\| `?((?!src\/)[a-z_]+\/[\w/]+\.ts)`? \|/gm;

const documents = await findDocuments();

Deno.test("every path that a document names exists", async () => {
  const missing: string[] = [];
  for (const document of documents) {
    const text = await Deno.readTextFile(join(ROOT, document));
    const paths = [
      ...[...text.matchAll(PATH)].map(([path]) => path),
      ...[...text.matchAll(LINK)].map(([, path = ""]) => join(dirname(document), path)),
      ...[...text.matchAll(TABLE_FILE)].map(([, path = ""]) => `src/${path}`),
    ];
    for (const path of new Set(paths)) if (!await exists(path)) missing.push(`${document}: ${path}`);
  }
  assertEquals(missing, []);
});

Deno.test("every task that a document names exists", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const missing: string[] = [];
  for (const document of documents) {
    const text = await Deno.readTextFile(join(ROOT, document));
    for (const [, task = ""] of text.matchAll(/\b(?:deno|deno@[\d.]+) task ([a-z][\w:-]*)/g)) {
      if (!(task in tasks)) missing.push(`${document}: deno task ${task}`);
    }
  }
  assertEquals(missing, []);
});

Deno.test("docs/architecture.md stays short", async () => {
  const lines = (await Deno.readTextFile(join(ROOT, "docs/architecture.md"))).trimEnd().split("\n");
  assert(lines.length <= ARCHITECTURE_LINES_MAX, `${lines.length} lines`);
});

async function findDocuments(): Promise<readonly string[]> {
  const found = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
  for (const folder of ["docs", "docs/decisions"]) {
    for await (const { name } of Deno.readDir(join(ROOT, folder))) {
      if (name.endsWith(".md")) found.push(`${folder}/${name}`);
    }
  }
  return found.toSorted();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(join(ROOT, path)).then(() => true, () => false);
}
