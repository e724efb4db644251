import { assertEquals } from "@std/assert";
import { commandHint } from "../../../src/cli/format/command_hints.ts";

Deno.test("commandHint names a command as the shell and the chat take it", () => {
  assertEquals(commandHint("verify", "bob", {}), "earshot contacts verify bob");
  assertEquals(commandHint("verify", "bob", { isChat: true }), "/verify bob");
});
