/**
 * `deno task sbom`: the packages in the program and its page, as CycloneDX, in dist/release. npm writes it (`npm sbom`), from
 * exact versions and the sums of its registry.
 */

import { fromFileUrl, join } from "@std/path";
import config from "../deno.json" with { type: "json" };
import imports from "../imports.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const RELEASE = join(ROOT, "dist", "release");
/** What becomes part of an executable; tests and tools have packages of their own. */
const SOURCES = ["main.ts", "src", "std"];
const IMPORTED = /(?:from|import)\s*\(?\s*"((?:npm:)?@?[a-z][^"]*)"/g;
const NPM = /^npm:\/?(?<name>(?:@[^/]+\/)?[^@/]+)@(?<version>[^/]+)/;

/** The packages that texts of the program import, with their exact versions; `map` is an import map. */
export function findPackages(
  texts: readonly string[],
  map: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const text of texts) {
    for (const [, imported = ""] of text.matchAll(IMPORTED)) {
      const { name, version } = NPM.exec(resolve(imported, map))?.groups ?? {};
      if (name !== undefined && version !== undefined) found[name] = version;
    }
  }
  // Preact's JSX is imported by the compiler.
  const jsx = NPM.exec(map[config.compilerOptions.jsxImportSource] ?? "")?.groups;
  if (jsx?.name !== undefined && jsx.version !== undefined) found[jsx.name] = jsx.version;
  return Object.fromEntries(Object.entries(found).toSorted(([left], [right]) => left < right ? -1 : 1));
}

/** An import map has whole names, and beginnings that end in a slash; of these the longest counts. */
function resolve(imported: string, map: Readonly<Record<string, string>>): string {
  const begins = Object.keys(map).filter((key) => imported.startsWith(key.endsWith("/") ? key : `${key}/`));
  const [longest = ""] = begins.toSorted((left, right) => right.length - left.length);
  return map[imported] ?? map[longest] ?? imported;
}

async function main(): Promise<void> {
  const texts = await Promise.all(
    (await Array.fromAsync(sourceFiles())).map((path) => Deno.readTextFile(path)),
  );
  const dependencies = findPackages(texts, imports.imports);
  const temporary = await Deno.makeTempDir();
  try {
    // npm calls the whole by the folder's name.
    const folder = join(temporary, "earshot");
    await Deno.mkdir(folder);
    const manifest = { name: "earshot", version: config.version, license: config.license, dependencies };
    await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(manifest));
    await npm(folder, "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund");
    const text = await npm(folder, "sbom", "--package-lock-only", "--sbom-format", "cyclonedx");
    await Deno.mkdir(RELEASE, { recursive: true });
    await Deno.writeTextFile(join(RELEASE, `earshot-${config.version}.cdx.json`), text);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

async function* sourceFiles(): AsyncGenerator<string> {
  const places = SOURCES.map((name) => join(ROOT, name));
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if ((await Deno.stat(place)).isFile) {
      // The generated page repeats what is in src/web/app.
      if (/\.tsx?$/.test(place) && !place.endsWith("page_files.ts")) yield place;
      continue;
    }
    for await (const { name } of Deno.readDir(place)) places.push(join(place, name));
  }
}

async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const program = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" })
    .output();
  if (!success) throw new Error(`npm ${args[0]} failed: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) await main();
