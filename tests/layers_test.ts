/** The rules of docs/architecture.md, "Layers", held against the code: who imports whom, who touches the outside, how long files are. */

import { assertEquals } from "@std/assert";

/** A folder may import what stands to its right, itself, and these two for all: ports.ts and errors.ts. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  room: [],
  wire: ["room"],
  net: ["wire", "room"],
  files: ["wire", "room"],
  host: ["net", "wire", "room"],
  client: ["net", "wire", "room"],
  discovery: ["wire", "room"],
  store: ["files", "room"],
  node: ["files", "host", "client", "discovery", "store", "net", "wire", "room"],
  web: ["node", "store", "room"],
  // In the browser: of the node it knows types and what the two say to each other, which are files without imports of their own.
  "web/app": [
    "node/vocabulary.ts",
    "node/doctor_report.ts",
    "node/file_row.ts",
    "web/live_protocol.ts",
    "room/receipt.ts",
  ],
  cli: ["web", "node", "store", "room"],
  // These are ports of one screen each, types only, declared beside their one user.
  deno: ["web/http.ts", "web/gift_source.ts", "cli/console.ts", "cli/desktop.ts", "cli/host_system.ts"],
  "": ["deno", "cli", "web", "node", "store", "room"],
};
const FOR_ALL = ["ports.ts", "errors.ts"];
/** What else they may import. @std/path (Windows joins paths by another character), @std/text, @std/cli/parse-args and uqr only handle text. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  // Data, and a look-up in it: the words of the phrase, and which letters look alike.
  room: /^(?:@scure\/bip39\/wordlists\/english\.js|unhomoglyph\/data\.json)$/,
  store: /^@std\/path$/,
  web: /^@std\/path$/,
  node: /^@std\/(?:path|text)$/,
  // Views, and what they need: signals, the rows of a log that are in sight, a QR code.
  "web/app": /^(?:preact|preact\/hooks|@preact\/signals|@tanstack\/virtual-core|uqr)$/,
  // One function of it: the bar as text.
  cli: /^(?:cli-progress\/bar|@std\/(?:path|cli\/parse-args)|uqr)$/,
  deno: /^(?:node:\w+|@noble\/ciphers\/\w+\.js)$/,
  "": /^(?:@std\/path|deno\.json)$/,
};
/** What reads a clock, draws random numbers or opens anything. AbortSignal.timeout is a clock too. */
const OUTSIDE =
  /\bDeno\.|\bperformance\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bgetRandomValues\b|\brandomUUID\b|(?<![.#\w])fetch\(|\bnew WebSocket\b|\bAbortSignal\.timeout\b|\bimport\(/g;
const LINES_MAX = 400;
const LINES_WANTED = 250;

interface Source {
  /** From src, such as "wire/session.ts"; "main.ts" for the program itself. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const SRC = new URL("../src/", import.meta.url);
const SOURCES: readonly Source[] = [...walk(SRC), ...walk(new URL("../", import.meta.url), /^main\.ts$/)];

Deno.test("Every import points to a lower layer", () => {
  assertEquals(SOURCES.flatMap((source) => source.imports.flatMap((to) => forbidden(source, to))), []);
});

Deno.test("Only src/deno, main.ts and the page's own adapters touch the outside", () => {
  const inner = SOURCES.filter(({ folder, path }) =>
    folder !== "deno" && folder !== "" && !path.startsWith("web/app/browser/")
  );
  const found = inner.flatMap(({ path, text }) =>
    [...withoutComments(text).matchAll(OUTSIDE)].map(([what]) => `${path} uses ${what}`)
  );
  assertEquals(found, []);
});

Deno.test("No file imports itself by way of others", () => {
  const byPath = new Map(SOURCES.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) return void cycles.push([...way.slice(way.indexOf(path)), path].join(" → "));
    if (done.has(path)) return;
    for (const to of byPath.get(path)?.imports ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const { path } of SOURCES) visit(path, []);
  assertEquals(cycles, []);
});

Deno.test(`No file has more than ${LINES_MAX} lines`, () => {
  const long = SOURCES.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  assertEquals(long.filter(({ lines }) => lines > LINES_MAX), []);
  const asked = long.filter(({ lines }) => lines > LINES_WANTED).map(({ path, lines }) => `${path} ${lines}`);
  // deno-lint-ignore no-console -- A question to whoever reads the test's output, not a failure.
  if (asked.length > 0) console.warn(`Longer than ${LINES_WANTED} lines: ${asked.join(", ")}`);
});

function forbidden({ path, folder }: Source, to: string): string[] {
  if (FOR_ALL.includes(path)) return [`${path} → ${to}`];
  const isPackage = !/\.tsx?$/.test(to);
  const isAllowed = isPackage
    ? PACKAGES[folder]?.test(to) === true
    : FOR_ALL.includes(to) || folderOf(to) === folder ||
      (BELOW[folder] ?? []).some((allowed) => allowed === to || allowed === folderOf(to));
  return isAllowed ? [] : [`${path} → ${to}`];
}

function* walk(folder: URL, wanted?: RegExp): Generator<Source> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const url = new URL(name + (isDirectory ? "/" : ""), folder);
    if (isDirectory && wanted === undefined) yield* walk(url);
    else if (wanted?.test(name) ?? (/\.tsx?$/.test(name) && name !== "page_files.ts")) yield sourceOf(url);
  }
}

function sourceOf(url: URL): Source {
  const text = Deno.readTextFileSync(url);
  const path = pathOf(url);
  const imports = [...text.matchAll(/^(?:import|export|\}).*?\bfrom "(.+?)"|^import "(.+?)"/gm)]
    .map(([, from, bare]) => from ?? bare ?? "")
    .map((to) => to.startsWith(".") ? pathOf(new URL(to, url)) : to);
  return { path, folder: folderOf(path), text, imports };
}

/** From src, with what lies beside src without a folder. */
function pathOf(url: URL): string {
  return url.href.replace(SRC.href, "").replace(new URL("../", SRC).href, "");
}

function folderOf(path: string): string {
  if (path.startsWith("web/app/")) return "web/app";
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$| \/\/ .*$/gm, "");
}
