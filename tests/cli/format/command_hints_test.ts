import { assertEquals } from "@std/assert";
import { commandHint, inChat } from "../../../src/cli/format/command_hints.ts";
import { findSlash } from "../../../src/cli/command_line/command_spec.ts";
import { COMMAND_TABLE, SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";
import { sourceFiles } from "../../fixtures/source_files.ts";

/** A command of a shell within a sentence, with what is typed behind it. */
const HINT = /\bearshot (?:contacts )?[a-z]+\b/g;

Deno.test("inChat says commands as they are typed in the chat", () => {
  const cases: [sentence: string, inChat: string][] = [
    ['See who is there with "earshot peers"', 'See who is there with "/peers"'],
    ["Unblock them first: earshot contacts unblock bob", "Unblock them first: /unblock bob"],
    ["remove the old one: earshot contacts remove NAME", "remove the old one: /forget NAME"],
    ["Talk to them directly: earshot send bob TEXT", "Talk to them directly: /msg bob TEXT"],
    ["something else than earshot answers there", "something else than earshot answers there"],
    ["nothing runs: earshot peersonal", "nothing runs: earshot peersonal"],
  ];
  assertEquals(cases.map(([sentence]) => inChat(sentence)), cases.map(([, said]) => said));
  assertEquals(inChat(commandHint("verify", "bob", {})), commandHint("verify", "bob", { isChat: true }));
});

Deno.test("inChat knows every command that a node names in its sentences", async () => {
  const commands = new Set(COMMAND_TABLE.commands.map(({ name }) => `earshot ${name}`));
  const hints = new Set<string>();
  for await (const path of sourceFiles("src/node")) {
    const text = await Deno.readTextFile(path);
    const code = text.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "");
    for (const [hint] of code.matchAll(HINT)) if (commands.has(hint)) hints.add(hint);
  }
  assertEquals(hints.size > 5, true);
  for (const hint of hints) {
    const [, slash = ""] = /^\/(\w+)$/.exec(inChat(hint)) ?? [];
    assertEquals(findSlash(SLASH_COMMANDS, slash)?.name, slash, hint);
  }
});
