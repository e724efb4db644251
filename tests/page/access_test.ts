/** For everybody: axe finds nothing in any state of the page, and the keyboard alone is enough. */

import { assertEquals } from "@std/assert";
import { pageTest, PHONE, WIDE } from "../fixtures/page/people.ts";
import { enter, say } from "../fixtures/page/actions.ts";
import { problems } from "../fixtures/page/axe.ts";
import { until } from "../fixtures/patience.ts";

for (
  const [what, looks] of [
    ["wide and light", { viewport: WIDE, colorScheme: "light" }],
    ["wide and dark", { viewport: WIDE, colorScheme: "dark" }],
    ["on a phone, light", { viewport: PHONE, colorScheme: "light" }],
    ["on a phone, dark", { viewport: PHONE, colorScheme: "dark" }],
  ] as const
) {
  pageTest(`axe finds nothing, ${what}`, async (scene) => {
    const [alice, bob] = [await scene.person("alice", looks), await scene.person("bob")];
    await bob.run("host", "Attic");
    const first = await alice.open();
    await first.getByRole("button", { name: "See who is here" }).waitFor();
    assertEquals(await problems(first), [], "first run");
    await first.close();
    const page = await enter(alice);
    await page.getByRole("button", { name: "Join Attic" }).waitFor();
    assertEquals(await problems(page), [], "the list");
    await page.getByRole("button", { name: "Join Attic" }).click();
    await say(page, "hello, see https://example.org/ and ask me");
    await page.getByText(/delivered to everyone/).first().waitFor();
    assertEquals(await problems(page), [], "a conversation");
    await page.getByRole("button", { name: "Invite to Attic" }).click();
    await page.getByRole("img", { name: /QR code/ }).waitFor();
    assertEquals(await problems(page), [], "an invitation");
    await page.getByRole("dialog").getByRole("button", { name: "Share it with them" }).click();
    await page.getByText("Not possible now: this earshot runs from its source").waitFor();
    assertEquals(await problems(page), [], "giving earshot to others");
    await page.keyboard.press("Escape");
    const { origin } = new URL(page.url());
    for (const place of ["contacts", "requests", "settings", "network", "me", "search"]) {
      await page.goto(`${origin}/#/${place}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      assertEquals(await problems(page), [], place);
    }
    await page.goto(`${origin}/#/network`);
    await page.getByRole("button", { name: "Find out why" }).click();
    await page.getByRole("heading", { name: "Could not be checked" }).waitFor();
    await page.getByText(/checks passed$/).click();
    assertEquals(await problems(page), [], "a checkup");
  });
}

pageTest("a message is sent with the keyboard alone", async (scene) => {
  const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
  const page = await alice.open();
  await page.keyboard.press("Tab");
  for (let presses = 0; presses < 10; presses++) {
    const name = await page.evaluate("document.activeElement?.textContent ?? ''");
    if (name === "See who is here") break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^bob/ }).waitFor();
  for (let presses = 0; presses < 30; presses++) {
    const name = await page.evaluate("document.activeElement?.textContent ?? ''");
    if (String(name).startsWith("Bbob") || String(name).includes("bob")) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Message to bob" }).waitFor();
  await page.keyboard.type("typed blind");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("typed blind", { exact: true }).waitFor();
  await until("the message reaches bob", async (tell) => {
    const requests = await bob.run("requests");
    tell(requests);
    return requests.includes("typed blind") ? requests : null;
  });
});
