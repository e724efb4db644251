import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  CONFIG_EXAMPLE,
  CONFIG_ROWS,
  type ConfigRow,
  ENVIRONMENT_ROWS,
  SYSTEM_VARIABLES,
} from "../../../src/cli/help/config_help.ts";
import { renderConfigHelp } from "../../../src/cli/help/help.ts";
import { PASSED_VARIABLES } from "../../../src/deno/command.ts";
import { CONFIG_CHOICES, parseConfig } from "../../../src/store/home/config.ts";
import { processWith } from "../../fixtures/cli/machine.ts";
import { sourceFiles } from "../../fixtures/source_files.ts";

Deno.test("configHelp names every choice and every variable, in 80 columns", () => {
  const text = renderConfigHelp().join("\n");
  for (const [name] of [...CONFIG_ROWS, ...ENVIRONMENT_ROWS, ...SYSTEM_VARIABLES]) {
    assertStringIncludes(text, name);
  }
  for (const line of renderConfigHelp()) assert(line.length <= 80, line);
});

Deno.test("CONFIG_EXAMPLE makes every choice, and parses", () => {
  assertEquals(parseConfig(CONFIG_EXAMPLE), {
    name: "alice",
    rendezvousPort: 9999,
    discoveryPort: 9999,
    sessionPorts: { from: 50000, to: 50100 },
    interfaces: ["wlan0"],
    others: {},
  });
  assertEquals(Object.keys(JSON.parse(CONFIG_EXAMPLE)), ["version", ...Object.keys(CONFIG_CHOICES)]);
});

Deno.test("The tables name the environment variables that the code reads, and no others", async () => {
  const known = [...ENVIRONMENT_ROWS, ...SYSTEM_VARIABLES].flatMap(([names]) => names.split(", "));
  const read = new Set<string>(PASSED_VARIABLES);
  const folders = ["src/cli", "src/deno", "src/store"];
  const files = await Promise.all(folders.map((folder) => Array.fromAsync(sourceFiles(folder))));
  for (const path of ["main.ts", ...files.flat()]) {
    const text = await Deno.readTextFile(path);
    for (const [, name = ""] of text.matchAll(/\benv(?:\.get)?\("(\w+)"\)/g)) read.add(name);
  }
  assertEquals([...read].toSorted(), known.toSorted());
});

Deno.test("README has the tables of the code", async () => {
  const readme = await Deno.readTextFile("README.md");
  const table = (head: string, rows: readonly ConfigRow[]) =>
    [`| ${head} | |`, "| --- | --- |", ...rows.map(([name, meaning]) => `| \`${name}\` | ${meaning} |`), ""]
      .join("\n");
  assertStringIncludes(readme, table("in config.json", CONFIG_ROWS));
  assertStringIncludes(readme, table("environment variable", ENVIRONMENT_ROWS));
});

Deno.test("runEarshot explains config.json without a home and without a node", async () => {
  const { process } = processWith({});
  assertEquals(await process.run("help", "config"), 0);
  assertEquals(process.console.outText, `${renderConfigHelp().join("\n")}\n`);
  assertEquals(process.node, undefined);
});
