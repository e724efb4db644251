/** A room with a long past. */

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { until } from "../fixtures/patience.ts";
import { makeLongHome } from "../fixtures/page/long_home.ts";
import { pageTest } from "../fixtures/page/people.ts";

const COUNT = 100_000;
/** Elements of a log on screen, however long it is: some screens of lines, each of a dozen elements. */
const ELEMENTS_MAX = 3_000;

/** The numbers of the lines that are in the document, in its order. */
async function lineNumbers(page: Page): Promise<number[]> {
  const texts = await page.getByRole("log").locator("p").allTextContents();
  return texts.flatMap((text) => /^line (\d+)$/.exec(text)?.[1] ?? []).map(Number);
}

pageTest(
  "a room of 100,000 lines opens at its end, is scrolled back without end, and searched",
  async (scene) => {
    const alice = await scene.newcomer("alice");
    await makeLongHome(alice.home, { title: "Attic", count: COUNT });
    await alice.start();
    const page = await alice.open();
    await page.getByRole("link", { name: /Attic/ }).first().click();
    const log = page.getByRole("log");
    await log.getByText(`line ${COUNT}`, { exact: true }).waitFor();
    await log.focus();
    let oldest = COUNT;
    for (let pages = 0; pages < 20; pages++) {
      await log.evaluate((element) => element.scrollTop = 0);
      oldest = await until("older lines come", async (tell) => {
        const numbers = await lineNumbers(page);
        tell(numbers.slice(0, 3));
        const first = numbers[0] ?? Infinity;
        assertEquals(numbers, Array.from({ length: numbers.length }, (_, index) => first + index));
        return first < oldest ? first : null;
      });
    }
    assert(oldest <= COUNT - 1_000, `only back to line ${oldest}`);
    assert(await log.locator("*").count() < ELEMENTS_MAX);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("line 4242");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /line 4242$/ }).click();
    await page.getByRole("log").getByText("line 4242", { exact: true }).waitFor();
    await page.getByRole("log").getByText("line 4243", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Jump to the newest" }).click();
    await page.getByRole("log").getByText(`line ${COUNT}`, { exact: true }).waitFor();
    assertEquals([alice.strayRequests, alice.faults], [[], []]);
  },
);
