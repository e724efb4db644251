import { assertEquals } from "@std/assert";
import { createDrafts } from "../../../../src/web/app/controllers/drafts_controller.ts";
import { FakeStorage } from "../../../fixtures/web/fake_browser.ts";
import { createPageWorld } from "../../../fixtures/web/page_world.ts";

Deno.test("Drafts are stored as they are typed, and an empty one is removed", () => {
  const world = createPageWorld();
  const drafts = createDrafts(world);
  drafts.start();
  drafts.setDraft("room", "hello");
  assertEquals([...world.storage.texts], [["drafts", '[["room","hello"]]']]);
  drafts.setDraft("room", "");
  assertEquals([...world.storage.texts], []);
});

Deno.test("A page that is loaded again has its drafts, and texts that were on their way", () => {
  const storage = new FakeStorage();
  const before = createDrafts(createPageWorld({ storage }));
  before.setDraft("room", "typed since");
  before.keepWhileSending("room", "on its way");
  const world = createPageWorld({ storage });
  createDrafts(world).start();
  assertEquals([...world.state.drafts.value], [["room", "on its way\ntyped since"]]);
  assertEquals(storage.tabTexts, []);
});

Deno.test("Two tabs keep each other's drafts", () => {
  const world = createPageWorld();
  const drafts = createDrafts(world);
  drafts.start();
  drafts.setDraft("one", "mine");
  world.storage.writeElsewhere("drafts", '[["one","mine"],["two","theirs"]]');
  assertEquals([...world.state.drafts.value], [["one", "mine"], ["two", "theirs"]]);
  world.storage.texts.set("drafts", '[["two","changed without a word"]]');
  drafts.setDraft("one", "mine again");
  assertEquals([...world.state.drafts.value], [["two", "changed without a word"], ["one", "mine again"]]);
});

Deno.test("restoreUnsent keeps the order of typing", () => {
  const world = createPageWorld();
  const drafts = createDrafts(world);
  drafts.setDraft("room", "three");
  drafts.restoreUnsent("room", "one");
  drafts.restoreUnsent("room", "two");
  assertEquals(world.state.drafts.value.get("room"), "one\ntwo\nthree");
});
