import { assertEquals } from "@std/assert";
import { ConversationNumbers } from "../../../src/cli/chat/conversation_numbers.ts";
import type { RoomId } from "../../../src/room/id.ts";
import { KITCHEN, roomRow, WITH_BOB } from "../../fixtures/cli/machine.ts";

const DIRECT = roomRow({ id: WITH_BOB, title: "bob", direct: true, host: null });
const ATTIC = roomRow({ id: "e".repeat(25).concat("a") as RoomId, title: "Attic" });

function places(): ConversationNumbers {
  const numbers = new ConversationNumbers();
  numbers.learn([roomRow(), DIRECT, { ...ATTIC, joined: false }]);
  return numbers;
}

Deno.test("Places finds our conversations by title, number and the start of an id", () => {
  const it = places();
  assertEquals(it.find("kitchen")?.id, KITCHEN);
  assertEquals(it.find("#Kitchen")?.id, KITCHEN);
  assertEquals(it.find("1")?.id, KITCHEN);
  assertEquals(it.find("2")?.id, WITH_BOB);
  assertEquals(it.find("3"), undefined);
  assertEquals(it.find("kkkk")?.id, KITCHEN);
  assertEquals(it.find("kkk"), undefined);
  assertEquals(it.find("bob")?.id, WITH_BOB);
  assertEquals(it.find("#bob"), undefined);
  assertEquals(it.find("Attic"), undefined);
});

Deno.test("Places takes a title that is a number for the title", () => {
  const it = places();
  it.learn([{ ...ATTIC, title: "2" }]);
  assertEquals(it.find("2")?.id, ATTIC.id);
  assertEquals(it.find("3")?.id, ATTIC.id);
});

Deno.test("Places keeps the numbers, also when a room is left and joined again", () => {
  const it = places();
  const numbers = () => it.ours.map(({ number, room }) => `${number}:${room.title}`);
  it.learn([roomRow({ joined: false }), ATTIC]);
  assertEquals(numbers(), ["2:bob", "3:Attic"]);
  it.learn([roomRow()]);
  assertEquals(numbers(), ["1:Kitchen", "2:bob", "3:Attic"]);
});

Deno.test("Places gives no number to what a stranger began", () => {
  const it = new ConversationNumbers();
  it.learn([{ ...DIRECT, request: true }]);
  assertEquals(it.ours, []);
  it.learn([DIRECT]);
  assertEquals(it.place(WITH_BOB)?.number, 1);
});

Deno.test("Places knows whether there is just one room that typed lines can go to", () => {
  const it = places();
  assertEquals(it.onlyRoom()?.id, KITCHEN);
  it.learn([ATTIC]);
  assertEquals(it.onlyRoom(), undefined);
});
