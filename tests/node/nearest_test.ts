import { assertEquals } from "@std/assert";
import { nearest } from "../../src/node/nearest.ts";

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
  for (const [word, expected] of cases) assertEquals(nearest(word, words), expected, word);
  assertEquals(nearest("jion", ["join", "rooms"]), "join", "letters that changed places");
  assertEquals(nearest("alice", []), null);
  assertEquals(nearest("a", ["b"]), "b");
});
