/** The scripts in the shells that are installed here; for the others, their text. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { renderCompletions } from "../../../src/cli/help/completions.ts";
import { isShell, type Shell, SHELLS } from "../../../src/cli/command_line/shells.ts";
import { parseValueKind } from "../../../src/cli/help/completion_points.ts";
import { COMMAND_TABLE } from "../../../src/cli/commands/all_commands.ts";
import { processWith } from "../../fixtures/cli/machine.ts";

/** What is suggested when Tab is pressed behind the last word. */
const CASES: [words: string[], suggested: string[]][] = [
  [["contacts", "r"], ["remove", "rename"]],
  [["con"], ["connect", "contacts"]],
  [["help", "con"], ["config", "connect", "contacts"]],
  [["completions", ""], ["bash", "fish", "powershell", "zsh"]],
  [["send", "bob", "--w"], ["--wait"]],
  [["send", "--wait", ""], ["everywhere", "passed"]],
  [["export", "--format", "m"], ["md"]],
  [["--name", "contacts", "ho"], ["host"]],
  [["--quiet", "contacts", "--json", "imp"], ["import"]],
  [["send", "--", "--w"], []],
  [["nonsense", ""], []],
  [["leave", "k"], []],
];

async function run(program: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    ...cwd !== undefined && { cwd },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return new TextDecoder().decode(stdout);
}

function isInstalled(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["-c", "true"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Asks the shell itself what it would suggest. */
type Ask = (script: string, words: readonly string[], folder: string) => Promise<string>;

const ASKS: Partial<Record<Shell, Ask>> = {
  bash: (script, words, folder) =>
    run("bash", [
      "--norc",
      "-c",
      'source "$0"; COMP_WORDS=(earshot "$@"); COMP_CWORD=$#; _earshot; printf "%s\\n" "${COMPREPLY[@]}"',
      script,
      ...words,
    ], folder),
  // Outside of the line editor the widgets are not there: these say what they were given, filtered as they would.
  zsh: (script, words, folder) =>
    run("zsh", [
      "-f",
      "-c",
      `compdef() { true }
_describe() { local s; for s in $suggestions; do print -r -- "\${s%%:*}"; done | grep -e "^$typed"; true }
compadd() { shift; print -rl -- "$@" | grep -e "^$typed"; true }
_files() { if [[ "$1" == "-/" ]]; then print -rl -- *(/N); else print -rl -- *(N); fi }
_message() { true }
source "$0"; words=(earshot "$@"); CURRENT=$#words; typed=$words[-1]; _earshot; true`,
      script,
      ...words,
    ], folder),
  fish: (script, words, folder) =>
    run("fish", [
      "--no-config",
      "-c",
      `source "$argv[1]"; complete -C "earshot $argv[2]" | string replace -r '\\t.*' ''; true`,
      script,
      words.join(" "),
    ], folder),
};

for (const [shell, ask] of Object.entries(ASKS)) {
  const isThere = isInstalled(shell);
  Deno.test({
    name: `${shell} suggests what can be typed${isThere ? "" : " (skipped: it is not installed)"}`,
    ignore: !isThere,
    async fn() {
      if (!isShell(shell)) throw new Error(shell);
      const folder = await Deno.makeTempDir();
      const script = await Deno.makeTempFile();
      try {
        await Deno.writeTextFile(script, renderCompletions(shell, COMMAND_TABLE));
        await Deno.mkdir(`${folder}/a folder`);
        await Deno.writeTextFile(`${folder}/file.txt`, "");
        const suggested = async (...words: string[]) =>
          (await ask(script, words, folder)).split("\n").filter((line) => line !== "").toSorted();
        for (const [words, expected] of CASES) {
          assertEquals(await suggested(...words), expected, words.join(" "));
        }
        const bare = (names: string[]) => names.map((name) => name.replace(/\/$/, ""));
        assertEquals(bare(await suggested("--home", "")), ["a folder"]);
        assertEquals(bare(await suggested("export", "bob", "-o", "")), ["a folder", "file.txt"]);
        assertEquals(bare(await suggested("contacts", "import", "")), ["a folder", "file.txt"]);
        const first = await suggested("");
        for (const { name } of COMMAND_TABLE.commands) {
          if (/^\w+$/.test(name)) assertEquals(first.includes(name), true, name);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
        await Deno.remove(script);
      }
    },
  });
}

Deno.test({
  name: 'bash suggests values behind "=", which it takes for a word of its own',
  ignore: !isInstalled("bash"),
  async fn() {
    const script = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(script, renderCompletions("bash", COMMAND_TABLE));
      const ask = ASKS.bash;
      assertEquals(await ask?.(script, ["send", "--wait", "="], "/"), "passed\neverywhere\n");
      assertEquals(await ask?.(script, ["send", "--wait", "=", "p"], "/"), "passed\n");
      assertEquals(await ask?.(script, ["--name", "=", "bob", "contacts", "una"], "/"), "\n");
      assertEquals(await ask?.(script, ["--name", "=", "bob", "contacts", "unb"], "/"), "unblock\n");
    } finally {
      await Deno.remove(script);
    }
  },
});

Deno.test("renderCompletions names every command and every option, for each shell", () => {
  for (const shell of SHELLS) {
    const script = isShell(shell) ? renderCompletions(shell, COMMAND_TABLE) : "";
    for (const { name } of COMMAND_TABLE.commands) assertStringIncludes(script, name.split(" ").at(-1) ?? "");
    for (const { name } of COMMAND_TABLE.options) {
      assertStringIncludes(script, shell === "fish" ? `-l ${name}` : `--${name}`);
    }
  }
});

Deno.test("renderCompletions quotes for PowerShell by doubling, and gives each word a tooltip", () => {
  const script = renderCompletions("powershell", COMMAND_TABLE);
  assertStringIncludes(
    script,
    `        'export' = @(
            @('--output', 'write to this file, which must not exist yet'),
            @('--format', 'the format (from the file''s name, else txt)'),
`,
  );
  assertStringIncludes(script, "        'completions' = @(\n            @('bash', 'bash'),\n");
  assertStringIncludes(script, "        '--wait' = @('passed', 'everywhere')\n");
});

Deno.test("parseValueKind reads what help calls a value", () => {
  assertEquals(parseValueKind("passed|everywhere"), { kind: "words", words: ["passed", "everywhere"] });
  assertEquals(parseValueKind("[list]"), { kind: "words", words: ["list"] });
  assertEquals(parseValueKind("FILE|-"), { kind: "file" });
  assertEquals(parseValueKind("FOLDER"), { kind: "folder" });
  assertEquals(parseValueKind("TEXT|-"), { kind: "any" });
  assertEquals(parseValueKind(""), { kind: "any" });
});

Deno.test("runEarshot prints completions without a home and without a node", async () => {
  const { process } = processWith({});
  assertEquals(await process.run("completions", "fish"), 0);
  assertEquals(process.console.outText, renderCompletions("fish", COMMAND_TABLE));
  assertEquals(process.node, undefined);
  const wrong = processWith({}).process;
  assertEquals(await wrong.run("completions", "tcsh"), 2);
  assertEquals(
    wrong.console.errText,
    'earshot: There are completions for bash, zsh, fish, powershell, not for "tcsh"\n',
  );
});
