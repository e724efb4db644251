/** People whose names look alike: shown apart on every screen and in every transcript, and never taken for one another. */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { Labels } from "../../../src/room/room_view.ts";
import { crowd, idFrom } from "../../fixtures/node/known_people.ts";

Deno.test("Labels tells those apart whose names only look alike, and leaves others as they are", () => {
  const labels = new Labels();
  const names: readonly [string, string][] = [
    ["aaaa", "alice"],
    ["bbbb", "\u0430lice"],
    ["cccc", "AIice"],
    ["dddd", "bob"],
    ["eeee", "B0B"],
    ["ffff", "carol"],
    ["gggg", "\u041C\u0430\u0440\u0438\u044F"],
  ];
  for (const [start, name] of names) labels.note(idFrom(start), name);
  assertEquals(names.map(([start, name]) => labels.format(idFrom(start), name)), [
    "alice·aaaa",
    "\u0430lice·bbbb",
    "AIice·cccc",
    "bob·dddd",
    "B0B·eeee",
    "carol",
    "\u041C\u0430\u0440\u0438\u044F",
  ]);
});

Deno.test("People shows a stranger whose name looks like a contact's with a tag, and finds each by its own letters only", async () => {
  const { peerDirectory, hear, addContact } = await crowd();
  const alice = addContact("aaaa", { name: "alice" });
  const boss = addContact("bbbb", { name: "bob", label: "Boss" });
  const fake = hear("ffff", "\u0430lice");
  const other = hear("gggg", "B0ss");
  assertEquals([fake, alice, other, boss].map((peer) => peerDirectory.labelOf(peer)), [
    "\u0430lice·ffff",
    "alice",
    "B0ss·gggg",
    "Boss",
  ]);
  assertEquals(peerDirectory.toRows([fake, alice, other, boss]).map(({ alike }) => alike), [
    "alice",
    null,
    "Boss",
    null,
  ]);
  assertEquals([peerDirectory.find("alice"), peerDirectory.find("\u0430lice"), peerDirectory.find("boss")], [
    alice,
    fake,
    boss,
  ]);
  assertThrows(() => peerDirectory.find("aIice"), UsageError, "Nobody here is called");
});
