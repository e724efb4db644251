/** What the page says where nobody is seen, and what it gives to somebody who helps. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { enter } from "../fixtures/page/actions.ts";
import { pageTest, PHONE } from "../fixtures/page/people.ts";

pageTest(
  "a checkup says what is found by its weight, again when asked, and gives a report",
  async (scene) => {
    const alice = await scene.person("alice");
    await alice.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await Deno.chmod(alice.home, 0o755);
    const page = await enter(alice);
    await page.getByRole("button", { name: "Can’t see anybody?" }).click();
    await page.getByRole("button", { name: "Find out why" }).click();
    // A node on the loopback interface alone never knows whether others reach it.
    await page.getByRole("heading", { name: "Could not be checked" }).waitFor();
    await page.getByRole("heading", { name: "Reachable from other devices" }).waitFor();
    // What can be done is there to be copied.
    await page.getByRole("heading", { name: "Warnings" }).waitFor();
    await page.getByRole("button", { name: "Copy these lines" }).click();
    assertEquals(await page.evaluate("navigator.clipboard.readText()"), `chmod 700 '${alice.home}'`);
    const fine = page.getByText(/checks passed$/);
    await fine.click();
    await page.getByRole("heading", { name: /^TCP port \d+, where others connect$/ }).waitFor();
    await page.getByRole("button", { name: "Copy the report" }).click();
    await page.getByRole("button", { name: "Copied" }).nth(1).waitFor();
    const report = await page.evaluate("navigator.clipboard.readText()");
    assert(typeof report === "string");
    assertMatch(report, /^earshot \S+ on linux, id \w{8}…, \d{4}-/);
    assertMatch(report, /^\? {5}Reachable from other devices: Not known: there is nobody on another device/m);
    assertEquals([report.includes(alice.home), report.includes("alice")], [false, false]);
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByRole("button", { name: "Checking…" }).waitFor();
    await page.getByRole("button", { name: "Check again" }).waitFor();
    await page.getByRole("link", { name: "Settings" }).click();
    // The same, also there.
    await page.getByRole("heading", { name: "Could not be checked" }).waitFor();
    assertEquals([alice.strayRequests, alice.faults], [[], []]);
  },
);

pageTest("a checkup speaks German, and fits a phone", async (scene) => {
  const alice = await scene.person("alice", { viewport: PHONE, locale: "de-DE", colorScheme: "dark" });
  const page = await alice.open();
  await page.getByRole("button", { name: "Schauen, wer da ist" }).click();
  await page.getByRole("link", { name: "Netz" }).click();
  await page.getByRole("button", { name: "Herausfinden, woran es liegt" }).click();
  await page.getByRole("heading", { name: "Konnte nicht geprüft werden" }).waitFor();
  await page.getByText("Nicht bekannt: Auf einem anderen Gerät ist niemand, der es versuchen könnte.")
    .waitFor();
  assertEquals(await page.evaluate("document.documentElement.scrollWidth > innerWidth"), false);
  assertEquals(alice.faults, []);
});
