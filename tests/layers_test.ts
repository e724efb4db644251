/** The layers of docs/architecture.md, checked against the imports: who may import whom, how large folders and files get, and which names are taken. */

import { assertEquals } from "@std/assert";

/**
 * Every folder of src, from the ground up, with the folders that it may import. A folder may always import itself, ports/,
 * errors.ts and messages/, which imports nothing. Because a folder may only name folders above its own line, there can be no circle of folders.
 */
const LAYERS: readonly (readonly [folder: string, mayImport: readonly string[]])[] = [
  ["messages", []],
  ["encoding", []],
  ["text", ["encoding"]],
  ["room", ["encoding", "text"]],
  ["api", ["encoding", "room"]],
  ["wire", ["encoding", "room"]],
  ["transfer", ["encoding", "room"]],
  ["net", ["encoding", "room", "wire"]],
  ["host", ["encoding", "net", "room", "wire"]],
  ["client", ["encoding", "net", "room", "wire"]],
  ["discovery", ["encoding", "room", "wire"]],
  ["store/files", ["encoding", "text"]],
  ["store/home", ["encoding", "room", "store/files", "text"]],
  ["store/log", ["encoding", "room", "store/home"]],
  ["store/contacts", ["encoding", "room", "store/files", "text"]],
  ["store/transfers", ["encoding", "store/files", "text", "transfer"]],
  ["store/transcript", ["encoding", "room", "store/files"]],
  ["node/support", ["api", "discovery", "encoding", "net", "room", "store/transcript", "wire"]],
  ["node/room", ["encoding", "host", "net", "node/support", "room", "store/log", "text", "wire"]],
  ["node/rooms", ["encoding", "net", "node/room", "node/support", "room", "store"]],
  ["node/peers", [
    "api",
    "client",
    "discovery",
    "encoding",
    "host",
    "net",
    "node/room",
    "node/rooms",
    "node/support",
    "room",
    "store/contacts",
    "text",
    "wire",
  ]],
  ["node/views", [
    "api",
    "discovery",
    "encoding",
    "node/peers",
    "node/room",
    "node/rooms",
    "node/support",
    "room",
    "store",
    "text",
    "wire",
  ]],
  ["node/transfers", [
    "api",
    "encoding",
    "net",
    "node/peers",
    "node/room",
    "node/rooms",
    "node/support",
    "node/views",
    "room",
    "store",
    "text",
    "transfer",
    "wire",
  ]],
  ["node/diagnostics", [
    "api",
    "client",
    "discovery",
    "encoding",
    "net",
    "node/peers",
    "node/support",
    "room",
    "store/home",
  ]],
  ["node/commands", [
    "api",
    "client",
    "discovery",
    "encoding",
    "net",
    "node/diagnostics",
    "node/peers",
    "node/room",
    "node/rooms",
    "node/support",
    "node/transfers",
    "node/views",
    "room",
    "store",
    "text",
    "wire",
  ]],
  ["node/routing", [
    "client",
    "net",
    "node/commands",
    "node/peers",
    "node/room",
    "node/rooms",
    "node/support",
    "node/transfers",
    "node/views",
    "room",
    "text",
    "wire",
  ]],
  ["node", [
    "api",
    "client",
    "discovery",
    "encoding",
    "host",
    "net",
    "node",
    "room",
    "store",
    "text",
    "wire",
  ]],
  ["web/shared", ["api", "encoding", "room"]],
  ["web/control", ["api", "encoding", "room", "store/files", "web/shared"]],
  ["web/page", [
    "api",
    "encoding",
    "node/transfers",
    "room",
    "store/files",
    "text",
    "web/control",
    "web/shared",
  ]],
  ["web/give", ["api", "node/support"]],
  ["web/app/strings", []],
  ["web/app/connection", ["api", "web/shared"]],
  ["web/app/state", ["api", "room", "web/app/connection"]],
  ["web/app/i18n", ["web/app/state", "web/app/strings"]],
  ["web/app/browser", ["web/app/connection", "web/app/state", "web/shared"]],
  ["web/app/controllers", [
    "api",
    "web/app/browser",
    "web/app/connection",
    "web/app/i18n",
    "web/app/state",
    "web/app/strings",
  ]],
  ["web/app/views", ["api", "web/app"]],
  ["web/app", ["web/app"]],
  ["cli/environment", ["node", "text", "web/give", "web/page", "web/shared"]],
  ["cli/format", ["api", "cli/environment", "encoding", "node/support", "room", "store/transcript", "text"]],
  ["cli/command_line", ["api", "encoding", "node/support", "room", "text"]],
  ["cli/help", ["cli/command_line", "cli/format", "encoding", "store/home", "text"]],
  ["cli/node_access", [
    "api",
    "cli/command_line",
    "cli/environment",
    "cli/format",
    "encoding",
    "node",
    "room",
    "store",
    "text",
    "web",
  ]],
  ["cli/terminal", [
    "api",
    "cli/command_line",
    "cli/environment",
    "cli/format",
    "cli/node_access",
    "encoding",
    "room",
    "text",
  ]],
  ["cli/chat", [
    "api",
    "cli/command_line",
    "cli/environment",
    "cli/format",
    "cli/help",
    "cli/node_access",
    "cli/terminal",
    "encoding",
    "node/peers",
    "node/support",
    "room",
    "store",
    "text",
  ]],
  ["cli/operations", [
    "api",
    "cli/command_line",
    "cli/environment",
    "cli/format",
    "cli/node_access",
    "encoding",
    "node/diagnostics",
    "room",
    "store",
    "text",
  ]],
  ["cli/commands", [
    "api",
    "cli/chat",
    "cli/command_line",
    "cli/environment",
    "cli/format",
    "cli/help",
    "cli/node_access",
    "cli/operations",
    "node/support",
    "store/transcript",
    "text",
  ]],
  ["cli", ["cli"]],
  ["deno", []],
  ["", ["cli", "deno", "node", "store", "web"]],
];
/** What src may import from packages, by the first folders of its path; all of these only handle data. */
const PACKAGES: readonly (readonly [folder: string, allowed: RegExp])[] = [
  // Data and a look-up in it: the words of the safety words, and which letters look alike.
  ["room", /^@scure\/bip39\/wordlists\/english\.js$/],
  ["text", /^(?:get-east-asian-width|unhomoglyph\/data\.json)$/],
  // Schemas of commands: data that is checked.
  ["api", /^valibot$/],
  ["encoding", /^valibot$/],
  ["store", /^(?:@std\/path|valibot)$/],
  ["web/app", /^(?:preact|preact\/hooks|@preact\/signals|@tanstack\/virtual-core|uqr)$/],
  ["web", /^(?:@std\/path|valibot)$/],
  ["node", /^@std\/(?:path|text)$/],
  ["cli", /^(?:cli-progress\/bar|@std\/(?:path|cli\/parse-args)|uqr)$/],
  ["deno", /^(?:node:\w+|@noble\/ciphers\/\w+\.js)$/],
  ["main.ts", /^(?:@std\/path|deno\.json)$/],
];
/** What reads a clock, draws random numbers or opens anything. AbortSignal.timeout is a clock too. */
const OUTSIDE =
  /\bDeno\.|\bperformance\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bgetRandomValues\b|\brandomUUID\b|(?<![.#\w])fetch\(|\bnew WebSocket\b|\bAbortSignal\.timeout\b|\bimport\(/g;
const FOLDER_FILES_MAX = 30;
const FOLDER_LINES_MAX = 2_500;
/** Grow-only lists of texts and one shelf of components. */
const LARGER = new Set(["web/app/views", "discovery"]);
const FILE_LINES_MAX = 400;

interface Source {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const SRC = new URL("../src/", import.meta.url);
const SOURCES: readonly Source[] = [...walk(SRC), ...walk(new URL("../", import.meta.url), /^main\.ts$/)];
const ORDER = new Map(LAYERS.map(([folder], index) => [folder, index]));
const MAY = new Map(LAYERS);

Deno.test("Every folder has its line in LAYERS", () => {
  assertEquals(
    [...new Set(SOURCES.map(({ folder }) => folder))].filter((folder) =>
      folder !== "(ground)" && !ORDER.has(folder)
    ),
    [],
  );
});

Deno.test("Every import points to a folder that its own may import, and that stands before it", () => {
  const wrong = SOURCES.flatMap(({ path, folder, imports }) =>
    imports.filter((to) => to.endsWith(".ts") || to.endsWith(".tsx")).flatMap((to) => {
      const target = folderOf(to);
      if (target === folder || target === "messages") return [];
      if (target === "(ground)" && folder !== "messages") return [];
      if (folder === "(ground)") return [`${path} -> ${to}`];
      const isAllowed = (MAY.get(folder) ?? []).some((allowed) =>
        target === allowed || target.startsWith(`${allowed}/`)
      );
      const isBelow = (ORDER.get(target) ?? Infinity) < (ORDER.get(folder) ?? -1);
      return isAllowed && isBelow ? [] : [`${path} -> ${to}`];
    })
  );
  assertEquals(wrong, []);
});

Deno.test("Only the packages in PACKAGES are imported", () => {
  const wrong = SOURCES.flatMap(({ path, imports }) => {
    const [, allowed] = PACKAGES.find(([folder]) => path === folder || path.startsWith(`${folder}/`)) ?? [];
    return imports.filter((to) => !/\.tsx?$/.test(to) && allowed?.test(to) !== true).map((to) =>
      `${path} -> ${to}`
    );
  });
  assertEquals(wrong, []);
});

Deno.test("Only src/deno, main.ts and the page's own adapters touch the outside", () => {
  const inner = SOURCES.filter(({ path }) => !/^(?:deno\/|main\.ts|web\/app\/browser\/)/.test(path));
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
    if (way.includes(path)) return void cycles.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (done.has(path)) return;
    for (const to of byPath.get(path)?.imports ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const { path } of SOURCES) visit(path, []);
  assertEquals(cycles, []);
});

Deno.test(`No folder has more than ${FOLDER_FILES_MAX} files or ${FOLDER_LINES_MAX} lines, no file more than ${FILE_LINES_MAX} lines`, () => {
  const folders = Map.groupBy(SOURCES, ({ folder }) => folder);
  const large = [...folders].map(([folder, files]) =>
    [folder, files.length, files.reduce((sum, { text }) => sum + lines(text), 0)] as const
  )
    .filter(([folder, count, sum]) =>
      !LARGER.has(folder) && (count > FOLDER_FILES_MAX || sum > FOLDER_LINES_MAX)
    );
  assertEquals(large, []);
  assertEquals(SOURCES.filter(({ text }) => lines(text) > FILE_LINES_MAX).map(({ path }) => path), []);
});

Deno.test("One exported name means one thing", () => {
  const places = new Map<string, string[]>();
  for (const { path, text } of SOURCES) {
    if (path.startsWith("web/app/views/")) continue;
    for (
      const [, name = ""] of text.matchAll(/^export (?:async )?(?:function\*?|class|interface|type) (\w+)/gm)
    ) {
      places.set(name, [...places.get(name) ?? [], path]);
    }
  }
  assertEquals(
    [...places].filter(([, at]) => at.length > 1).map(([name, at]) => `${name}: ${at.join(", ")}`),
    [],
  );
});

function lines(text: string): number {
  return text.trimEnd().split("\n").length;
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

function pathOf(url: URL): string {
  return url.href.replace(SRC.href, "").replace(new URL("../", SRC).href, "");
}

/** The whole folder, not its first part: a wall inside node, cli or web is a wall. */
function folderOf(path: string): string {
  if (path.startsWith("ports/") || path === "errors.ts") return "(ground)";
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$| \/\/ .*$/gm, "");
}
