/**
 * `deno task bench:page`: how soon the page is painted, how soon what is typed on one page stands on the other's, and how
 * smoothly a room of 100,000 lines is scrolled back. Two real nodes on loopback, a real Chromium; skipped without one.
 *
 *     --times 100      messages
 *     --lines 100000   lines of the long room
 */

import { parseArgs } from "@std/cli/parse-args";
import type { Page } from "playwright-core";
import { enter, shows } from "../tests/fixtures/page/actions.ts";
import { whyNoBrowser } from "../tests/fixtures/page/browser.ts";
import { makeLongHome } from "../tests/fixtures/page/long_home.ts";
import { Scene } from "../tests/fixtures/page/people.ts";

/** Wheel turns of one scroll-back. */
const TURNS = 400;
const TURN_PIXELS = -600;
const LOADS = 10;

const args = parseArgs(Deno.args, { string: ["times", "lines"] });
const missing = await whyNoBrowser();
if (missing !== null) {
  say(`The page cannot be measured here: ${missing}.`);
  Deno.exit(0);
}
await measureTalk(Number(args.times ?? 100));
await measureLong(Number(args.lines ?? 100_000));
Deno.exit(0);

async function measureTalk(times: number): Promise<void> {
  await using scene = await Scene.open();
  const [alice, bob] = [await scene.person("alice"), await scene.person("bob")];
  const [hers, his] = [await enter(alice), await enter(bob)];
  await bob.run("host", "Attic");
  await hers.getByRole("button", { name: "Join Attic" }).click();
  await his.getByRole("link", { name: /Attic/ }).first().click();
  await shows(his, "alice joined");
  const paints: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    await hers.reload();
    await hers.getByRole("textbox", { name: /^Message to / }).waitFor();
    paints.push(
      await hers.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") as number,
    );
  }
  tell("First paint", paints);
  // Both pages are on one machine, so one clock tells both moments.
  await his.evaluate(`
    window.seen = new Map();
    new MutationObserver(() => {
      for (const p of document.querySelectorAll(".said-text p")) {
        if (!window.seen.has(p.textContent)) window.seen.set(p.textContent, performance.timeOrigin + performance.now());
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  `);
  await hers.evaluate(`
    window.sent = new Map();
    addEventListener("keydown", (event) => {
      if (event.key === "Enter") window.sent.set(event.target.value, performance.timeOrigin + performance.now());
    }, true);
  `);
  const took: number[] = [];
  for (let time = 0; time < times; time++) {
    const text = `message ${time}`;
    await hers.getByRole("textbox", { name: /^Message to / }).fill(text);
    await hers.keyboard.press("Enter");
    await shows(his, text);
    const sentAtMs = await hers.evaluate(`window.sent.get(${JSON.stringify(text)})`) as number;
    took.push(await his.evaluate(`window.seen.get(${JSON.stringify(text)})`) as number - sentAtMs);
  }
  tell("From the key on one page to the line on the other", took);
}

async function measureLong(count: number): Promise<void> {
  await using scene = await Scene.open();
  const alice = await scene.newcomer("alice");
  await makeLongHome(alice.home, { title: "Attic", count });
  await alice.start();
  const page = await alice.open();
  await page.getByRole("link", { name: /Attic/ }).first().click();
  await shows(page, `line ${count}`);
  await page.getByRole("log").hover();
  await page.evaluate(`
    window.frames_ = [];
    let last = performance.now();
    const look = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(look); };
    requestAnimationFrame(look);
  `);
  for (let turn = 0; turn < TURNS; turn++) await page.mouse.wheel(0, TURN_PIXELS);
  const frames = await page.evaluate("window.frames_.slice(1)") as number[];
  tell(`Frames while scrolling back in ${count} lines`, frames);
  say(
    `  back to ${await oldest(page)}, ${await page.getByRole("log").locator("*")
      .count()} elements in the log`,
  );
}

async function oldest(page: Page): Promise<string> {
  const texts = await page.getByRole("log").locator("p").allTextContents();
  return texts.find((text) => text.startsWith("line ")) ?? "?";
}

function tell(what: string, values: readonly number[]): void {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (part: number) =>
    (sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? NaN).toFixed(1);
  say(`${what}: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, worst ${at(1)} ms of ${sorted.length}.`);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
