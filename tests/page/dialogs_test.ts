/** Dialogs: where the focus is, what Back does, and how they look with forced colours. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { enter, openRoom, say } from "../fixtures/page/actions.ts";
import { pageTest } from "../fixtures/page/people.ts";

pageTest("what is typed into a dialog that just opened is in its first field", async (scene) => {
  const alice = await scene.person("alice");
  const page = await enter(alice);
  for (
    const [button, field] of [["Open a room", "Name of the room"], [
      "Join or connect",
      "Link to a room",
    ]] as const
  ) {
    await page.getByRole("button", { name: button }).first().click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("a b");
    assertEquals(await page.getByLabel(field).inputValue(), "a b");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  assertEquals([alice.strayRequests, alice.faults], [[], []]);
});

pageTest("Enter offers chosen files, Back closes a dialog, a link to a room opens one", async (scene) => {
  const alice = await scene.person("alice");
  const page = await enter(alice);
  await openRoom(page, "Attic", "Anybody nearby can join");
  await page.getByRole("button", { name: "Send files" }).click();
  await page.getByRole("dialog").waitFor();
  const focused = "document.activeElement?.textContent";
  assertEquals(await page.evaluate(focused), "Choose files…");
  await Deno.writeTextFile(`${scene.folder}/note.txt`, "hello");
  await page.getByRole("dialog").locator("input[type=file]").first().setInputFiles(
    `${scene.folder}/note.txt`,
  );
  await page.getByRole("button", { name: "Remove note.txt" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("log").getByText("note.txt").first().waitFor();

  await say(page, "come to earshot://192.168.43.1:9999/kkk/-/bbb");
  await page.getByRole("log").getByRole("button", { name: "earshot://192.168.43.1:9999/kkk/-/bbb" }).click();
  const link = page.getByLabel("Link to a room");
  assertEquals(await link.inputValue(), "earshot://192.168.43.1:9999/kkk/-/bbb");
  const before = page.url();
  await page.evaluate("history.back()");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assertEquals(page.url(), before);
  assertEquals([alice.strayRequests, alice.faults], [[], []]);
});

pageTest(
  "forced colours show the current conversation, the chosen kind and a dialog's edge",
  async (scene) => {
    const alice = await scene.person("alice");
    const page = await enter(alice);
    await openRoom(page, "Attic", "Anybody nearby can join");
    await page.locator("a.row[aria-current]").waitFor();
    await page.emulateMedia({ forcedColors: "active" });
    const styleOf = (selector: string, property: string) =>
      page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
    const ground = await styleOf("body", "backgroundColor");
    assertNotEquals(await styleOf("a.row[aria-current]", "backgroundColor"), ground);
    await page.getByRole("button", { name: "Open a room" }).first().click();
    await page.getByRole("dialog").waitFor();
    assertNotEquals(await styleOf(".cards label:has(:checked)", "backgroundColor"), ground);
    assertEquals(await styleOf("dialog", "borderTopWidth"), "2px");
    assertEquals([alice.strayRequests, alice.faults], [[], []]);
  },
);
