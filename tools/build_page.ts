/**
 * `deno task page`: builds src/web/app into src/web/page_files.ts. The result is committed, so that neither a start nor
 * `deno compile` builds anything; tests/web/app/bundle_test.ts builds it again and compares.
 *
 * By esbuild of one version, not by `deno bundle`: that brings another one with each Deno, and the bytes have to be the
 * same under all of them.
 */

// They are resolved below; imported here, they are in Deno's cache.
import "@preact/signals";
import "@preact/signals-core";
import "@tanstack/virtual-core";
import "preact";
import "preact/hooks";
import "preact/jsx-runtime";
import "uqr";
import { basename, fromFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import type { PageFile } from "../src/web/page/page_file.ts";

const APP = new URL("../src/web/app/", import.meta.url);
const RESULT = new URL("../src/web/page_files.ts", import.meta.url);

/** The files of the page, built. */
export async function buildPage(): Promise<readonly PageFile[]> {
  const [html, icon] = await Promise.all(
    ["index.html", "icon.svg"].map((name) => Deno.readTextFile(new URL(name, APP))),
  );
  return [
    { path: "/", type: "text/html; charset=utf-8", text: compact(html ?? "") },
    { path: "/page.css", type: "text/css; charset=utf-8", text: await bundle("style/page.css") },
    { path: "/page.js", type: "text/javascript; charset=utf-8", text: await bundle("main.tsx") },
    { path: "/icon.svg", type: "image/svg+xml", text: (icon ?? "").trim() },
  ];
}

/** The module that holds them. */
export function formatModule(files: readonly PageFile[]): string {
  return [
    '/** The page, built from src/web/app by "deno task page". Not to be edited. */',
    "",
    'import type { PageFile } from "./page/page_file.ts";',
    "",
    "/** All that the page server serves. */",
    `export const PAGE_FILES: readonly PageFile[] = ${JSON.stringify(files, null, 1)};`,
    "",
  ].join("\n");
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fromFileUrl(new URL(entry, APP))],
    // Names of folders in comments or messages would differ from one machine to the next.
    absWorkingDir: fromFileUrl(APP),
    bundle: true,
    write: false,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    format: "esm",
    // What light-dark() and <dialog> ask for anyway.
    target: ["chrome123", "firefox121", "safari17.5"],
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [
      { name: "packages", setup: resolvePackages },
      { name: "messages", setup: leaveOutTerminalMessages },
    ],
  });
  const [{ text } = { text: "" }] = outputFiles ?? [];
  return text;
}

/** Packages are where Deno keeps them. All are named in deno.json, also those that only other packages import. */
function resolvePackages(build: esbuild.PluginBuild): void {
  build.onResolve(
    { filter: /^[^./]/ },
    ({ kind, path }) =>
      kind === "entry-point" || kind.startsWith("url")
        ? undefined
        : { path: fromFileUrl(import.meta.resolve(path)) },
  );
}

/** The page never shows the messages of the command line: their topic is empty in it, in every language. */
function leaveOutTerminalMessages(build: esbuild.PluginBuild): void {
  build.onLoad(
    { filter: /[\\/]messages[\\/][a-z]+_cli\.ts$/ },
    ({ path }) => ({ contents: `export const ${basename(path, ".ts").toUpperCase()} = {};`, loader: "js" }),
  );
}

function compact(html: string): string {
  return html.replaceAll(/\n\s*/g, "\n").trim();
}

if (import.meta.main) {
  const files = await buildPage();
  await esbuild.stop();
  await Deno.writeTextFile(RESULT, formatModule(files));
  for (const { path, text } of files) {
    const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")));
    // deno-lint-ignore no-console -- What the task is asked for.
    console.log(
      `${path}: ${text.length} characters, ${(await packed.arrayBuffer()).byteLength} bytes packed`,
    );
  }
}
