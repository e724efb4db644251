import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  findForgottenSlash,
  renderSlashHelp,
  type SlashHelpTopic,
} from "../../../src/cli/help/slash_help.ts";
import { findSlash } from "../../../src/cli/command_line/command_spec.ts";
import { SLASH_COMMANDS } from "../../../src/cli/commands/all_commands.ts";
import { measureCells } from "../../../src/text/sanitize.ts";

/** Rows of an ordinary terminal that are left above the status, the line, and the command that asked. */
const ROWS = 21;

const render = (topic: SlashHelpTopic, width: number | null) =>
  renderSlashHelp(SLASH_COMMANDS, { topic, width });

Deno.test("renderSlashHelp names every command, on one ordinary screen and over a pipe", () => {
  for (const [about, columns] of [[null, null], [null, 80], ["all", 80], ["all", null]] as const) {
    const text = render(about, columns).join("\n");
    for (const { name } of SLASH_COMMANDS) assertStringIncludes(text, `/${name}`);
  }
  assertEquals(render(null, 80).length <= ROWS, true);
});

Deno.test("renderSlashHelp puts explanations beside the commands where there is space", () => {
  assertEquals(render(null, 80).slice(0, 3), [
    "/host [--invited] TITLE       open a new room that anybody nearby can join",
    "/join ROOM                    join a room, or switch to one of yours",
    "/msg NAME [TEXT]              talk to one person",
  ]);
  assertEquals(render(null, 40).slice(2, 4), ["/join ROOM: join a room, or switch to", "one of yours"]);
  assertEquals(render("all", 80).filter((line) => line.startsWith(" ")), []);
  assertEquals(render("all", 70).filter((line) => line.startsWith(" ")).slice(0, 2), [
    "                              Alt+2, …)",
    "                              conversation",
  ]);
});

Deno.test("renderSlashHelp fits any terminal, and explains one command", () => {
  for (const columns of [20, 40, 80, 120]) {
    for (const about of [null, "all", ...SLASH_COMMANDS] as const) {
      assertEquals(render(about, columns).filter((line) => measureCells(line) >= columns), []);
    }
  }
  assertEquals(render(findSlash(SLASH_COMMANDS, "host") ?? null, null), [
    "/host [--invited] TITLE",
    "Open a new room that anybody nearby can join.",
    "With --invited only people with its link can join: see /help invite.",
    "/host 9999 (only a port) listens for others on that TCP port instead.",
  ]);
});

Deno.test("findForgottenSlash knows what is meant by words that ended other programs", () => {
  assertEquals(["exit", " Quit ", "help", "?", "exit the room", "hello"].map(findForgottenSlash), [
    "/quit",
    "/quit",
    "/help",
    "/help",
    null,
    null,
  ]);
});
