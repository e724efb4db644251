/** What docs/protocol.md says of the page's address, the code must say too. */

import { assertEquals } from "@std/assert";
import protocol from "../../../docs/protocol.md" with { type: "text" };
import { TOKENS_MAX } from "../../../src/web/page/entry_tokens.ts";
import { PAGES_MAX, WAITING_BYTES_MAX } from "../../../src/web/page/live_connections.ts";
import {
  AUTH_MS_MAX,
  CLOSE_CODES,
  COMMANDS_MAX,
  FRAME_BYTES_MAX,
} from "../../../src/web/shared/live_protocol.ts";
import { COMMANDS_BURST, COMMANDS_PER_S } from "../../../src/web/page/live_session.ts";
import { BROWSERS_MAX } from "../../../src/web/page/page_state.ts";

const [, section = ""] = /## The page\n([\s\S]*?)\n## /.exec(protocol) ?? [];

/** The rows of the table with that head, as cells. */
function rowsOf(head: string): string[][] {
  const lines = section.slice(section.indexOf(`| ${head} |`)).split("\n").slice(2);
  return lines.slice(0, lines.indexOf("")).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

Deno.test("protocol.md has the close codes of pages", () => {
  const codes = rowsOf("Close code").map(([name, number]) => [name, Number(number)]);
  assertEquals(codes, Object.entries(CLOSE_CODES));
  const reasons = rowsOf("Close code").map(([name, , why = ""]) => [name, why.match(/\d+/g)?.map(Number)]);
  assertEquals(Object.fromEntries(reasons).tooSlow, [WAITING_BYTES_MAX / 1024 ** 2]);
  assertEquals(Object.fromEntries(reasons).tooMany?.slice(0, 2), [COMMANDS_BURST, COMMANDS_PER_S]);
});

Deno.test("protocol.md has the limits of pages", () => {
  const values = rowsOf("Limit").map(([, value = ""]) => Number(value.replaceAll(",", "")));
  assertEquals(values, [TOKENS_MAX, BROWSERS_MAX, PAGES_MAX, AUTH_MS_MAX, FRAME_BYTES_MAX, COMMANDS_MAX]);
});
