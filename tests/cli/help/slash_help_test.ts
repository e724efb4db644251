import { assertEquals, assertStringIncludes } from "@std/assert";
import { forgottenSlash, renderSlashHelp } from "../../../src/cli/help/slash_help.ts";
import { findSlashCommand, SLASH_COMMANDS } from "../../../src/cli/command_line/slash_commands.ts";
import { measureCells } from "../../../src/text/sanitize.ts";

/** Rows of an ordinary terminal that are left above the status, the line, and the command that asked. */
const ROWS = 21;

Deno.test("slashHelp names every command, on one ordinary screen and over a pipe", () => {
  for (const [about, columns] of [[null, null], [null, 80], ["all", 80], ["all", null]] as const) {
    const text = renderSlashHelp(about, columns).join("\n");
    for (const { name } of SLASH_COMMANDS) assertStringIncludes(text, `/${name}`);
  }
  assertEquals(renderSlashHelp(null, 80).length <= ROWS, true);
});

Deno.test("slashHelp puts explanations beside the commands where there is space", () => {
  assertEquals(renderSlashHelp(null, 80).slice(0, 3), [
    "/host [--invited] TITLE       open a new room that anybody near may join",
    "/join ROOM                    join a room, or open one of yours",
    "/msg NAME [TEXT]              talk to one person",
  ]);
  assertEquals(renderSlashHelp(null, 40).slice(2, 4), ["/join ROOM: join a room, or open one of", "yours"]);
  assertEquals(renderSlashHelp("all", 80).filter((line) => line.startsWith(" ")), []);
  assertEquals(renderSlashHelp("all", 70).filter((line) => line.startsWith(" ")).slice(0, 2), [
    "                              join",
    "                              Alt+2, …)",
  ]);
});

Deno.test("slashHelp fits any terminal, and explains one command", () => {
  for (const columns of [20, 40, 80, 120]) {
    for (const about of [null, "all", ...SLASH_COMMANDS] as const) {
      assertEquals(renderSlashHelp(about, columns).filter((line) => measureCells(line) >= columns), []);
    }
  }
  assertEquals(renderSlashHelp(findSlashCommand("host") ?? null, null), [
    "/host [--invited] TITLE",
    "Open a new room that anybody near may join.",
    "With --invited only those who have its link may: see /help invite.",
    "/host 9999 (a port alone) waits for others at that TCP port instead.",
  ]);
});

Deno.test("forgottenSlash knows what is meant by words that ended other programs", () => {
  assertEquals(["exit", " Quit ", "help", "?", "exit the room", "hello"].map(forgottenSlash), [
    "/quit",
    "/quit",
    "/help",
    "/help",
    null,
    null,
  ]);
});
