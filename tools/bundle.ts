/**
 * The program as one file: what main.ts reaches, and of packages only what is used. Not minified, so that the places in
 * a bug report can be found again. The same commit gives the same bytes, whatever machine and folder it is made on.
 */

import { fromFileUrl } from "@std/path";
import * as esbuild from "esbuild";
import config from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** The oldest Deno that runs earshot; esbuild leaves alone what it understands. */
const TARGET = "deno2.4";
/** Never called: Deno loads what an import names, and esbuild reads the packages from Deno's cache. */
const _program = () => import("../main.ts");

/** A bundle, and what went into it. */
export interface Bundle {
  readonly text: string;
  /** Paths of the sources, from the project's folder or, of packages, from Deno's cache. */
  readonly sources: readonly string[];
}

/** Bundles main.ts. Whoever is done with it calls `esbuild.stop()`, or the process does not end. */
export async function bundle(): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: ["main.ts"],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    legalComments: "inline",
    charset: "utf8",
    format: "esm",
    target: TARGET,
    plugins: [{ name: "packages", setup: resolveAll }],
  });
  const [{ text } = { text: "" }] = outputFiles;
  return { text: withoutFolders(text), sources: Object.keys(metafile.inputs) };
}

function resolveAll(build: esbuild.PluginBuild): void {
  build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true }));
  build.onResolve(
    { filter: /^[^./]/ },
    ({ kind, path }) =>
      kind === "entry-point"
        ? undefined
        : { path: fromFileUrl(import.meta.resolve(path)), sideEffects: false },
  );
  // Of the project's settings the program needs its version, and how it is started from its sources.
  const { version, tasks: { start } } = config;
  build.onLoad({ filter: /[/\\]deno\.json$/ }, () => ({
    contents: JSON.stringify({ version, tasks: { start } }),
    loader: "json",
  }));
}

/** esbuild says beside each piece where it comes from; the way from here to Deno's cache differs from one machine to the next. */
function withoutFolders(text: string): string {
  return text.replaceAll(/(?<=^\s*(?:\/\/ |"))\.\.\/\S*?\/npm\/[^/\s]+\//gm, "npm:");
}
