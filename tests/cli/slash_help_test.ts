import { assertEquals, assertStringIncludes } from "@std/assert";
import { forgottenSlash, slashHelp } from "../../src/cli/slash_help.ts";
import { findSlash, SLASHES } from "../../src/cli/slashes.ts";
import { cellsOf } from "../../src/room/text.ts";

/** Rows of an ordinary terminal that are left above the status, the line, and the command that asked. */
const ROWS = 21;

Deno.test("slashHelp names every command, on one ordinary screen and over a pipe", () => {
  for (const [about, columns] of [[null, null], [null, 80], ["all", 80], ["all", null]] as const) {
    const text = slashHelp(about, columns).join("\n");
    for (const { name } of SLASHES) assertStringIncludes(text, `/${name}`);
  }
  assertEquals(slashHelp(null, 80).length <= ROWS, true);
});

Deno.test("slashHelp puts explanations beside the commands where there is space", () => {
  assertEquals(slashHelp(null, 80).slice(0, 3), [
    "/host [--invited] TITLE       open a new room that anybody near may join",
    "/join ROOM                    join a room, or open one of yours",
    "/msg NAME [TEXT]              talk to one person",
  ]);
  assertEquals(slashHelp(null, 40).slice(2, 4), ["/join ROOM: join a room, or open one of", "yours"]);
  assertEquals(slashHelp("all", 80).filter((line) => line.startsWith(" ")), []);
  assertEquals(slashHelp("all", 70).filter((line) => line.startsWith(" ")).slice(0, 2), [
    "                              join",
    "                              Alt+2, …)",
  ]);
});

Deno.test("slashHelp fits any terminal, and explains one command", () => {
  for (const columns of [20, 40, 80, 120]) {
    for (const about of [null, "all", ...SLASHES] as const) {
      assertEquals(slashHelp(about, columns).filter((line) => cellsOf(line) >= columns), []);
    }
  }
  assertEquals(slashHelp(findSlash("host") ?? null, null), [
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
