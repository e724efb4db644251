/** What may go wrong around an open page, and who may try to make it. */

import { assertEquals } from "@std/assert";
import { enter, say } from "../fixtures/page/actions.ts";
import { until } from "../fixtures/patience.ts";
import { pageTest } from "../fixtures/page/people.ts";

/** Text that wants to be more than text. */
const HOSTILE: readonly string[] = [
  `<img src=x onerror="document.title='owned'">`,
  `<script>document.title='owned'</script>`,
  `javascript:document.title='owned'`,
  `\u001b[2J\u001b]0;owned\u0007`,
  `\u202Eevil\u202C exe.txt`,
  `a${"\u0301".repeat(10_000)}`,
  "👨‍👩‍👧‍👦".repeat(200),
];

pageTest("a page comes back by itself when its node does, with what was typed", async (scene) => {
  const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
  await bob.run("host", "Attic");
  const page = await enter(alice);
  await page.getByRole("button", { name: "Join Attic" }).click();
  await page.getByRole("textbox", { name: /^Message to / }).fill("half a sent");
  await alice.stop();
  await page.getByText(/earshot (has stopped|is not running)/).first().waitFor();
  await page.reload().catch(() => {}); // There is nobody to load it from.
  await alice.start();
  await page.goto((await alice.link()).replace(/#.*/, ""));
  await page.getByRole("link", { name: /Attic/ }).first().click();
  assertEquals(await page.getByRole("textbox", { name: /^Message to / }).inputValue(), "half a sent");
  await alice.stop();
  await page.getByText(/earshot (has stopped|is not running)/).first().waitFor();
  const composer = page.getByRole("textbox", { name: /^Message to / });
  await say(page, "to nobody yet");
  await until("what could not be sent is in the field again", async (tell) => {
    const text = await composer.inputValue();
    tell(text);
    return text === "to nobody yet" ? text : null;
  });
  await bob.run("send", "#Attic", "said meanwhile");
  await alice.start();
  await page.getByRole("log").getByText("said meanwhile", { exact: true }).waitFor();
  await say(page, "a whole sentence");
  await page.getByText("delivered to everyone").last().waitFor();
});

pageTest("earshot is ended on its page", async (scene) => {
  const alice = await scene.person("alice");
  const page = await enter(alice);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Quit earshot" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Quit", exact: true }).click();
  await page.getByText("earshot has stopped").first().waitFor();
  assertEquals(await alice.ended(), 0);
});

pageTest("two tabs show the same, and a browser that nobody let in shows nothing", async (scene) => {
  const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
  await alice.run("host", "Attic");
  const one = await alice.open();
  const other = await alice.context.newPage();
  await other.goto(one.url());
  for (const page of [one, other]) await page.getByRole("link", { name: /Attic/ }).first().click();
  await say(one, "from one tab");
  await other.getByRole("log").getByText("from one tab", { exact: true }).waitFor();
  const stranger = await bob.context.newPage();
  await stranger.goto(one.url());
  await stranger.getByText("This browser is not signed in").waitFor();
  assertEquals(await stranger.getByText("Attic").count(), 0);
  const link = await alice.link();
  await stranger.goto(link);
  await stranger.getByText("Attic").first().waitFor();
  const another = await (await scene.newcomer("eve")).context.newPage();
  await another.goto(link);
  await another.getByText("That link was already used").waitFor();
});

pageTest("hostile names, titles and messages are text and nothing else", async (scene) => {
  const [alice, mallory] = [await scene.person("alice"), await scene.newcomer("mallory")];
  await mallory.start(["--name", "<b>bold</b>"]);
  await mallory.run("host", "<script>alert(1)</script>");
  const page = await enter(alice);
  await page.getByRole("button", { name: /^Join <script>/ }).click();
  for (const text of HOSTILE) await mallory.run("send", "#<script>alert(1)</script>", text);
  await mallory.run("send", "#<script>alert(1)</script>", "the last one");
  await page.getByRole("log").getByText("the last one", { exact: true }).waitFor();
  assertEquals((await page.title()).includes("owned"), false);
  assertEquals(await page.locator("script").count(), 1);
  assertEquals(await page.getByRole("log").locator("img, iframe, object, style").count(), 0);
  for (
    const href of await page.locator("a[target]").evaluateAll((all) =>
      all.map((one) => one.getAttribute("href"))
    )
  ) {
    assertEquals(/^https?:/.test(href ?? ""), true);
  }
  const isWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
  assertEquals(isWide, false);
  assertEquals([alice.strayRequests, alice.faults], [[], []]);
});
