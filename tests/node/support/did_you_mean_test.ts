import { assertEquals } from "@std/assert";
import { findNearest } from "../../../src/node/support/did_you_mean.ts";

Deno.test("nearest finds the word that was meant, and none where nothing is near", () => {
  const words = ["alice", "Bob", "Attic", "charlotte"];
  const cases: readonly [string, string | null][] = [
    ["alcie", "alice"],
    ["alice2", "alice"],
    ["bob", "Bob"],
    ["bo", "Bob"],
    ["atic", "Attic"],
    ["ATTIC", "Attic"],
    ["charlote", "charlotte"],
    ["charles", null],
    ["zebra", null],
    ["x", null],
    ["", null],
  ];
  for (const [word, expected] of cases) assertEquals(findNearest(word, words), expected, word);
  assertEquals(findNearest("jion", ["join", "rooms"]), "join", "letters that changed places");
  assertEquals(findNearest("alice", []), null);
  assertEquals(findNearest("a", ["b"]), "b");
});
