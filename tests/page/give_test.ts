/** What the page says to those who sit beside somebody without earshot. */

import { assertEquals } from "@std/assert";
import { enter, openRoom } from "../fixtures/page/actions.ts";
import { pageTest } from "../fixtures/page/people.ts";

pageTest(
  "an earshot that runs from its source says that it has no file to give, and where one is",
  async (scene) => {
    const alice = await scene.person("alice");
    const page = await enter(alice);
    await page.getByRole("button", { name: "Share it with them" }).first().click();
    await page.getByRole("heading", { name: "Share earshot" }).waitFor();
    await page.getByText("Not possible now: this earshot runs from its source").waitFor();
    assertEquals(await page.getByRole("switch").isDisabled(), true);
    await page.keyboard.press("Escape");
    await openRoom(page, "Attic", "Invite-only");
    await page.getByRole("heading", { name: "Invite to Attic" }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Share it with them" }).click();
    await page.getByText("Not possible now: this earshot runs from its source").waitFor();
    assertEquals(alice.faults, []);
  },
);
