/** The shape of the code: how much one function, one class and one Parts interface may hold. */

import { assertEquals } from "@std/assert";

/** Lines of a function, from its name to its closing brace. A longer one does more than one thing. */
const FUNCTION_LINES_MAX = 60;
/** Members of an interface named `…Parts`: a part that needs more of the node should be two parts. */
const PARTS_MEMBERS_MAX = 12;
/** Public members of a class in src/node: a caller reads all of them to find the one it needs. */
const PUBLIC_MEMBERS_MAX = 15;

/** The part of a function's lines that its table takes at least. */
const TABLE_SHARE_MIN = 0.6;

/** Longer functions, each with the reason. */
const LONGER: ReadonlyMap<string, string> = new Map([
  ["room/entry.ts readEntry", "checks the fields of a line one by one, in the order of docs/protocol.md"],
  ["cli/chat/start_chat.ts runChat", "starts the parts of the chat in order, and ends them in reverse order"],
]);

/** Larger Parts interfaces, each with the reason. */
const LARGER: ReadonlyMap<string, string> = new Map([
  [
    "web/app/controllers/app_controller.ts AppControllerParts",
    "the one that takes all of the page's controllers",
  ],
]);

interface Block {
  readonly name: string;
  readonly lines: readonly string[];
}

interface Source {
  readonly path: string;
  readonly lines: readonly string[];
}

const SRC = new URL("../src/", import.meta.url);
const SOURCES: readonly Source[] = [...walk(SRC)];
const NODE_SOURCES = SOURCES.filter(({ path }) => path.startsWith("node/"));

Deno.test(`No function has more than ${FUNCTION_LINES_MAX} lines, but tables, components and factories`, () => {
  const long = SOURCES.flatMap(({ path, lines }) =>
    functionsOf(lines).filter((block) => block.lines.length > FUNCTION_LINES_MAX)
      .filter((block) =>
        !isTable(block) && !isComponent(path, block) && !isFactory(path, block) &&
        !LONGER.has(`${path} ${block.name}`)
      )
      .map(({ name, lines: { length } }) => `${path} ${name}: ${length}`)
  );
  assertEquals(long, []);
});

Deno.test(`No Parts interface has more than ${PARTS_MEMBERS_MAX} members`, () => {
  const large = SOURCES.flatMap(({ path, lines }) =>
    blocksOf(lines, /^(?:export )?interface (\w+Parts)\b/, "}").map(({ name, lines: inner }) =>
      [path, name, membersOf(inner).length] as const
    )
  ).filter(([path, name, count]) => count > PARTS_MEMBERS_MAX && !LARGER.has(`${path} ${name}`));
  assertEquals(large, []);
});

Deno.test(`No class in src/node has more than ${PUBLIC_MEMBERS_MAX} public members`, () => {
  const large = NODE_SOURCES.flatMap(({ path, lines }) =>
    blocksOf(lines, /^(?:export )?class (\w+)\b/, "}").map(({ name, lines: inner }) =>
      [path, name, new Set(membersOf(inner).filter(isPublic)).size] as const
    )
  ).filter(([, , count]) => count > PUBLIC_MEMBERS_MAX);
  assertEquals(large, []);
});

/** Functions at the top of the file and methods of its classes: the formatter indents both the same way everywhere. */
function functionsOf(lines: readonly string[]): readonly Block[] {
  const classes = blocksOf(lines, /^(?:export )?class (\w+)\b/, "}");
  return [
    ...blocksOf(lines, /^(?:export )?(?:async )?function\*? (\w+)/, "}"),
    ...classes.flatMap((one) =>
      blocksOf(one.lines, /^ {2}(?:(?:override|async|get|set) )*\*?(#?\w+)(?:<.*>)?\(.*[({]$/, "  }")
    ),
  ];
}

/** From each line that begins a block to the line that ends it. */
function blocksOf(lines: readonly string[], begin: RegExp, end: string): readonly Block[] {
  return lines.flatMap((line, at) => {
    const name = begin.exec(line)?.[1];
    if (name === undefined) return [];
    const length = lines.slice(at).indexOf(end) + 1;
    return length === 0 ? [] : [{ name, lines: lines.slice(at, at + length) }];
  });
}

/** A switch with a case for each member of a union, or an object with a line for each key. */
function isTable({ lines }: Block): boolean {
  const begin = lines.findIndex((line) => /^ {2,4}(?:switch \(.*\)|return) \{$/.test(line));
  const indent = /^ */.exec(lines[begin] ?? "")?.[0] ?? "";
  const length = lines.slice(begin).findIndex((line) => line === `${indent}}` || line === `${indent}};`);
  return begin !== -1 && length > lines.length * TABLE_SHARE_MIN;
}

/** A function that returns JSX. */
function isComponent(path: string, { lines }: Block): boolean {
  return path.endsWith(".tsx") && lines.some((line) => /^\s+(?:return )?\(?<\w/.test(line));
}

/** A function of the page that makes an object of functions, as a class is made of methods. */
function isFactory(path: string, { name }: Block): boolean {
  return path.startsWith("web/app/controllers/") && name.startsWith("create");
}

/** The names of the members of a class or an interface, which stand two spaces from its edge. */
function membersOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const name = /^ {2}(?:(?:readonly|static|override|async|get|set) )*\*?(#?\w+|\[Symbol\.\w+\])[?(<:;= ]/
      .exec(line)
      ?.[1];
    return name === undefined || name === "constructor" ? [] : [name];
  });
}

function isPublic(name: string): boolean {
  return !name.startsWith("#") && !name.startsWith("[");
}

function* walk(folder: URL): Generator<Source> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const url = new URL(name + (isDirectory ? "/" : ""), folder);
    if (isDirectory) yield* walk(url);
    else if (/\.tsx?$/.test(name) && name !== "page_files.ts") {
      yield { path: url.href.replace(SRC.href, ""), lines: Deno.readTextFileSync(url).split("\n") };
    }
  }
}
