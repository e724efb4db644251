/**
 * `deno task limits`: writes docs/limits.md, a table of every named limit in src with its value, unit and reason. They are read from the
 * code: the constants that are called …_MAX, …_MIN, …_MS, …_BYTES and the like, and the comments above them. tests/tools/limits_test.ts
 * compares.
 */

import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const RESULT = join(ROOT, "docs", "limits.md");
/** Generated, or a unit of time instead of a limit. */
const SKIPPED_FILE = "src/web/page_files.ts";
const TIME_UNITS = new Set(["SECOND_MS", "MINUTE_MS", "HOUR_MS", "DAY_MS"]);
/** One constant with the comment above it. */
const CONSTANT =
  /(?<comment>(?:^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n|(?:^\/\/[^\n]*\n)+)?)^(?:export )?const (?<name>[A-Z][A-Z0-9_]*)(?:: number)? =\s(?<text>[^;]+);/gm;
/** Words in a name that say that it bounds something. */
const BOUND = /(?:^|_)(?:MAX|MIN|MS|PER_SECOND|BURST|POINTS)(?:_|$)/;
const SIZE = /_BYTES$/;
const NAME = /(?<![.\w])[A-Z][A-Z0-9_]+(?!\w)/g;
const IMPORT = /import (?:type )?\{(?<names>[^}]+)\} from "(?<from>\.[^"]+)"/g;
const UNITS: readonly (readonly [pattern: RegExp, unit: string])[] = [
  [/_PER_SECOND/, "a second"],
  [/(?:^|_)MS(?:_|$)/, "ms"],
  [/(?:^|_)BYTES(?:_|$)/, "bytes"],
  [/(?:^|_)UNITS(?:_|$)/, "UTF-16 units"],
  [/(?:^|_)(?:CHARS)(?:_|$)/, "characters"],
  [/^(?:SPACE|CAPACITY|PIECE_SIZE|FRAME_LENGTH|WRITTEN_AT_ONCE)_/, "bytes"],
  [/(?:^|_)PORT_/, "port number"],
  [/(?:^|_)POINTS/, "points"],
  [/DEPTH_/, "levels"],
  [/^(?:TEXT_WIDTH|HEIGHT)_/, "pixels"],
  [/^PREFIX_/, "bits"],
  [/SHARE_/, "share"],
];

/** One limit. */
export interface Limit {
  /** From the project's folder. */
  readonly file: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The comment above it; empty if there is none. */
  readonly reason: string;
}

interface Constant {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly reason: string;
}

/** All limits of the code, by file and place in it. @throws {Error} for one whose value cannot be computed. */
export async function findLimits(): Promise<readonly Limit[]> {
  const sources = new Map<string, Constant[]>();
  const imports = new Map<string, Map<string, string>>();
  for (const file of (await sourceFiles("src")).toSorted()) {
    const text = await Deno.readTextFile(join(ROOT, file));
    sources.set(file, constantsOf(file, text));
    imports.set(file, importsOf(file, text));
  }
  // An expression with the expressions of the names in it.
  const expressionOf = (file: string, name: string): string => {
    const from = imports.get(file)?.get(name) ?? file;
    const found = sources.get(from)?.find((constant) => constant.name === name);
    if (found === undefined) throw new Error(`${file}: no number is called ${name}`);
    return found.text.replaceAll(NAME, (other) => `(${expressionOf(from, other)})`);
  };
  const limits = [...sources.values()].flat().filter(isLimit);
  const values = await compute(limits.map(({ file, name }) => expressionOf(file, name)));
  return limits.map(({ file, name, reason }, index) => ({
    file,
    name,
    value: values[index] ?? NaN,
    unit: UNITS.find(([pattern]) => pattern.test(name))?.[1] ?? nounOf(name),
    reason,
  }));
}

/** The page docs/limits.md. */
export function formatLimits(limits: readonly Limit[]): string {
  const lines = [
    "# Limits",
    "",
    "Every named limit of the program: its value, its unit, and the reason for it. Written by `deno task limits` from the code;",
    "edit the comment above the constant instead, then run that task.",
  ];
  for (const [folder, rows] of Map.groupBy(limits, ({ file }) => file.slice(0, file.lastIndexOf("/")))) {
    lines.push(
      "",
      `## ${folder}`,
      "",
      "| limit | value | unit | file | reason |",
      "| --- | --- | --- | --- | --- |",
    );
    for (const { name, value, unit, file, reason } of rows) {
      const cells = [
        `\`${name}\``,
        formatValue(value, unit),
        unit,
        `\`${file.slice(folder.length + 1)}\``,
        reason,
      ];
      lines.push(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
    }
  }
  return lines.join("\n") + "\n";
}

async function sourceFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await sourceFiles(path));
    else if (/\.tsx?$/.test(name) && path !== SKIPPED_FILE) files.push(path);
  }
  return files;
}

function constantsOf(file: string, text: string): Constant[] {
  return [...text.matchAll(CONSTANT)].map(({ groups = {} }) => ({
    file,
    name: groups.name ?? "",
    text: (groups.text ?? "").replaceAll(/\/\/[^\n]*|\s+/g, " ").replace(/ as const$/, "").trim(),
    reason: (groups.comment ?? "").replaceAll(/^\s*(?:\/\*\*|\*\/|\*|\/\/)|\*\/\s*$/gm, "").replaceAll(
      /\s+/g,
      " ",
    ).trim(),
  }));
}

/** By name: the file from which it is imported. */
function importsOf(file: string, text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { groups = {} } of text.matchAll(IMPORT)) {
    const from = new URL(groups.from ?? "", `file:///${file}`).pathname.slice(1);
    for (const name of (groups.names ?? "").split(",")) found.set(name.trim(), from);
  }
  return found;
}

/** A size without a comment is that of a format, such as the 32 bytes of a key. A table or a text is no limit. */
function isLimit({ name, text, reason }: Constant): boolean {
  if (TIME_UNITS.has(name) || !/^[-\w(]/.test(text) || /["'`\[{=]/.test(text)) return false;
  return BOUND.test(name) || (SIZE.test(name) && reason !== "");
}

/** The counted things: ENTRIES_TOLD_MAX counts entries. */
function nounOf(name: string): string {
  const noun = name.split("_").find((word) => /[^S]S$/.test(word) && word !== "POINTS" && word !== "LASTS");
  return noun?.toLowerCase() ?? "count";
}

function formatValue(value: number, unit: string): string {
  const plain = value.toLocaleString("en-US", { maximumFractionDigits: 6 });
  const [scale = "", size = 1] = scalesOf(unit).find(([, size]) => value >= size && value % size === 0) ?? [];
  return scale === "" ? plain : `${plain} (${(value / size).toLocaleString("en-US")} ${scale})`;
}

function scalesOf(unit: string): readonly (readonly [scale: string, size: number])[] {
  if (unit === "bytes") return [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]];
  if (unit === "ms") return [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1_000]];
  return [];
}

/** Numbers of expressions that name nothing but numbers. */
async function compute(expressions: readonly string[]): Promise<readonly number[]> {
  const code = `export default [${expressions.join(",")}];`;
  const { default: values } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return values;
}

if (import.meta.main) {
  const limits = await findLimits();
  await Deno.writeTextFile(RESULT, formatLimits(limits));
  // deno-lint-ignore no-console -- What the task is asked for.
  console.log(`${limits.length} limits are in ${RESULT}`);
}
