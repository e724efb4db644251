/** From the first start to a conversation, by the page alone. */

import { assertEquals, assertMatch } from "@std/assert";
import { until } from "../fixtures/patience.ts";
import { enter, openRoom, say, shows } from "../fixtures/page/actions.ts";
import { pageTest } from "../fixtures/page/people.ts";

pageTest("a newcomer chooses a name, sees who is there and gets an answer", async (scene) => {
  const bob = await scene.person("bob");
  const newcomer = await scene.newcomer("somebody");
  await newcomer.start([]);
  const page = await newcomer.open();
  assertEquals(new URL(page.url()).hash.includes("enter="), false);
  await page.getByLabel("Your name").fill("two words");
  await page.getByRole("button", { name: "See who is here" }).click();
  await page.getByRole("alert").getByText("space").waitFor();
  await page.getByLabel("Your name").fill("zoe");
  await page.getByRole("button", { name: "See who is here" }).click();
  await page.getByRole("link", { name: /^bob/ }).click();
  await say(page, "hello bob");
  const his = await enter(bob);
  await his.getByRole("link", { name: "1 request" }).click();
  await his.getByText("zoe would like to talk to you").waitFor();
  await his.getByRole("button", { name: "Accept" }).click();
  await shows(his, "hello bob");
  await say(his, "hello zoe");
  await shows(page, "hello zoe");
  await page.getByText("delivered to bob").first().waitFor();
  for (const person of [bob, newcomer]) assertEquals([person.strayRequests, person.faults], [[], []]);
});

pageTest(
  "a room of three is found, joined, talked in, exported and left, with who has what",
  async (scene) => {
    const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
    const carol = await scene.person("carol");
    const [hers, his, carols] = [await enter(alice), await enter(bob), await enter(carol)];
    await openRoom(hers, "Attic", "Anybody nearby can join");
    await his.getByRole("button", { name: "Join Attic" }).click();
    await shows(hers, "bob joined");
    await carols.getByRole("button", { name: "Join Attic" }).click();
    await shows(hers, "carol joined");
    await say(hers, "first line\nsecond line");
    await his.getByRole("log").getByText("second line").waitFor();
    await his.getByRole("textbox", { name: /^Message to / }).fill("a");
    await hers.getByText("bob is typing…").first().waitFor();
    await say(his, "ok");
    for (const page of [hers, carols]) await shows(page, "ok");
    await hers.getByText("delivered to everyone").first().waitFor();
    const download = hers.waitForEvent("download");
    await hers.getByRole("button", { name: "Export…" }).click();
    await hers.getByLabel("Plain text").check();
    await hers.getByRole("button", { name: "Download" }).click();
    const saved = await (await download).path();
    const file = `${scene.folder}/attic.txt`;
    await alice.run("export", "#Attic", "-o", file);
    assertEquals(await Deno.readTextFile(saved), await Deno.readTextFile(file));
    await his.getByRole("button", { name: "Leave…" }).click();
    await his.getByRole("button", { name: "Leave", exact: true }).click();
    for (const page of [hers, carols]) await shows(page, "bob left");
    for (const person of [alice, bob, carol]) assertEquals([person.strayRequests, person.faults], [[], []]);
  },
);

pageTest(
  "an invite-only room is joined by its link, and a new name is everybody's at once",
  async (scene) => {
    const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
    const [hers, his] = [await enter(alice), await enter(bob)];
    await openRoom(hers, "Vault", "Invite-only");
    await hers.getByRole("img", { name: /QR code/ }).waitFor();
    const link = await hers.getByLabel("Link", { exact: true }).inputValue();
    assertMatch(link, /^earshot:\/\//);
    await hers.getByRole("button", { name: "Close" }).click();
    await his.getByRole("button", { name: "Join or connect" }).first().click();
    await his.getByLabel("Link to a room").fill("https://example.org");
    await his.getByRole("button", { name: "Join", exact: true }).click();
    await his.getByText("This is not a link to a room").waitFor();
    await his.getByLabel("Link to a room").fill(link);
    await his.getByRole("button", { name: "Join", exact: true }).click();
    await shows(hers, "bob joined");
    await his.getByRole("link", { name: /bob/ }).first().click();
    await his.getByLabel("Your name").fill("robert");
    await his.getByRole("button", { name: "Change" }).click();
    await shows(hers, "bob is now known as robert");
    await until("alice sees robert among the people", async (tell) => {
      const names = await hers.getByRole("link", { name: /robert/ }).count();
      tell(names);
      return names > 0 ? names : null;
    });
    for (const person of [alice, bob]) assertEquals([person.strayRequests, person.faults], [[], []]);
  },
);
