import { assertEquals } from "@std/assert";
import { AddressBook, PEERS_MAX } from "../../src/client/address_book.ts";
import { idOf } from "../fixtures/discovery/beacons.ts";

function at(number: number, port = 9999): { address: string; port: number } {
  return { address: `10.0.0.${number}`, port };
}

Deno.test("AddressBook gives the hints about a peer, the newest first", () => {
  const book = new AddressBook();
  assertEquals(book.get(idOf(1)), []);
  book.note(idOf(1), at(1));
  book.note(idOf(1), at(2));
  book.note(idOf(2), at(3));
  assertEquals(book.get(idOf(1)), [at(2), at(1)]);
  assertEquals(book.get(idOf(2)), [at(3)]);
});

Deno.test("AddressBook has each place once, and takes another port for another place", () => {
  const book = new AddressBook();
  for (const place of [at(1), at(2), at(1), at(1, 10_000)]) book.note(idOf(1), place);
  assertEquals(book.get(idOf(1)), [at(1, 10_000), at(1), at(2)]);
});

Deno.test("AddressBook keeps the four newest places of a peer", () => {
  const book = new AddressBook();
  for (let number = 1; number <= 6; number++) book.note(idOf(1), at(number));
  assertEquals(book.get(idOf(1)), [at(6), at(5), at(4), at(3)]);
});

Deno.test("AddressBook forgets the peer that was noted longest ago", () => {
  const book = new AddressBook();
  for (let number = 0; number < PEERS_MAX; number++) book.note(idOf(number), at(1));
  book.note(idOf(0), at(2));
  book.note(idOf(PEERS_MAX), at(1));
  assertEquals(book.get(idOf(0)), [at(2), at(1)]);
  assertEquals(book.get(idOf(1)), []);
  assertEquals(book.get(idOf(2)), [at(1)]);
});

Deno.test("AddressBook.hint adds behind what is known, and pushes out no address where the peer was met", () => {
  const book = new AddressBook();
  book.note(idOf(1), at(1));
  for (let number = 2; number <= 9; number++) book.noteHint(idOf(1), at(number));
  book.noteHint(idOf(1), at(1));
  assertEquals(book.get(idOf(1)), [at(1), at(2), at(3), at(9)]);
});
