import { assertEquals } from "@std/assert";
import type { LogRow } from "../../../../src/api/commands.ts";
import { buildItems, type LogItem } from "../../../../src/web/app/state/items.ts";
import { rowOf } from "../../../fixtures/web/log_rows.ts";

const at = (time: string) => ({ time: `2026-11-${time}:00.000Z` });
const dayOf = (time: string) => time.slice(0, 10);
const look = (
  rows: readonly LogRow[],
  { newFrom = null, isStart = true }: { newFrom?: string | null; isStart?: boolean } = {},
) => buildItems(rows, { isStart, newFrom, dayOf }).map(short);

function short(item: LogItem): string {
  if (item.kind !== "message") return item.kind === "day" ? item.day : item.kind;
  return `${item.row.name}${item.row.number}${item.isFirst ? " first" : ""}${
    item.isStateShown ? " state" : ""
  }`;
}

Deno.test("buildItems puts a day before its first row, and the start before everything", () => {
  const rows = [
    rowOf("bob", 1, at("20T08:00")),
    rowOf("bob", 2, at("20T08:01")),
    rowOf("bob", 3, at("21T08:00")),
  ];
  assertEquals(look(rows, { isStart: true }), [
    "start",
    "2026-11-20",
    "bob1 first",
    "bob2",
    "2026-11-21",
    "bob3 first",
  ]);
});

Deno.test("buildItems tells no day where the rows begin in the middle of the log", () => {
  const rows = [rowOf("bob", 1, at("20T08:00")), rowOf("bob", 2, at("21T08:00"))];
  assertEquals(look(rows, { isStart: false }), ["bob1 first", "2026-11-21", "bob2 first"]);
});

Deno.test("buildItems groups what one author says within five minutes, until a notice or somebody else", () => {
  const rows = [
    rowOf("bob", 1, at("20T08:00")),
    rowOf("bob", 2, at("20T08:04")),
    rowOf("bob", 3, at("20T08:10")),
    rowOf("carol", 1, at("20T08:10")),
    rowOf("dan", 1, { ...at("20T08:10"), notice: true, kind: "join" }),
    rowOf("carol", 2, at("20T08:11")),
  ];
  assertEquals(look(rows).slice(2), [
    "bob1 first",
    "bob2",
    "bob3 first",
    "carol1 first",
    "notice",
    "carol2 first",
  ]);
});

Deno.test("buildItems begins a group anew after a change of name", () => {
  const rows = [rowOf("bob", 1), rowOf("bob", 2, { name: "robert" })];
  assertEquals(look(rows).slice(2), ["bob1 first", "robert2 first"]);
});

Deno.test("buildItems marks where the new ones begin", () => {
  assertEquals(look([rowOf("bob", 1), rowOf("bob", 2)], { newFrom: "bob/2" }).slice(2), [
    "bob1 first",
    "new",
    "bob2 first",
  ]);
});

Deno.test("buildItems tells the state of our newest message of each state", () => {
  const own = (number: number, state: LogRow["state"]) => rowOf("me", number, { state });
  const rows = [
    own(1, "everywhere"),
    own(2, "everywhere"),
    rowOf("bob", 1),
    own(3, "passed"),
    own(4, "kept"),
    own(5, "kept"),
  ];
  assertEquals(look(rows).filter((text) => text.endsWith("state")), [
    "me2 state",
    "me3 first state",
    "me5 state",
  ]);
});

Deno.test("buildItems never gives a key twice, also where clocks differ and a day comes back", () => {
  const rows = [
    rowOf("bob", 1, at("20T08:00")),
    rowOf("carol", 1, at("21T08:00")),
    rowOf("bob", 2, at("20T08:01")),
  ];
  const keys = buildItems(rows, { isStart: true, newFrom: "bob/2", dayOf }).map(({ key }) => key);
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(keys.length, 8);
});
