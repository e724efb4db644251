/** `deno task pictures`: takes the pictures of the page that stand in docs/pictures, with real nodes and a real browser. */

import { dirname, fromFileUrl, join } from "@std/path";
import type { Page } from "playwright-core";
import { enter, openRoom, say, shows } from "../fixtures/page/actions.ts";
import { type Looks, PHONE, Scene, WIDE } from "../fixtures/page/people.ts";

const FOLDER = join(dirname(dirname(dirname(fromFileUrl(import.meta.url)))), "docs", "pictures");
/** Said in turns by the three. */
const TALK: readonly (readonly [who: 0 | 1 | 2, text: string])[] = [
  [0, "The train has no Wi-Fi, so I opened a hotspot. Can everybody read this?"],
  [1, "Yes! Carriage 7 here 🚆"],
  [2, "I can. Who has the tickets?"],
  [1, "I do, all three. We change at 14:32, platform 5"],
  [0, "Then let us meet at the café car at two"],
  [2, "مرحبا, see you there"],
];

await Deno.mkdir(FOLDER, { recursive: true });
await using scene = await Scene.open();
const looks: readonly (readonly [name: string, looks: Looks])[] = [
  ["wide-light", { viewport: WIDE, colorScheme: "light" }],
  ["wide-dark", { viewport: WIDE, colorScheme: "dark" }],
  ["phone-light", { viewport: PHONE, colorScheme: "light" }],
  ["phone-dark", { viewport: PHONE, colorScheme: "dark" }],
];
const people = [await scene.person("alice"), await scene.person("bob"), await scene.person("carol")] as const;
const [alice, bob, carol] = people;
const first = await alice.open();
await first.getByRole("button", { name: "See who is here" }).waitFor();
await take(first, "first-run");
await first.close();
const pages = [await enter(alice), await enter(bob), await enter(carol)] as const;
await openRoom(pages[0], "Train", "Anybody nearby can join");
for (const page of pages.slice(1)) await page.getByRole("button", { name: "Join Train" }).click();
for (const [who, text] of TALK) {
  await say(pages[who], text);
  for (const page of pages) await shows(page, text);
}
await bob.run("host", "Platform 5");
await carol.run("send", "alice", "Shall I save you a seat?");
const { origin } = new URL(pages[0].url());
await pages[0].getByText("delivered to everyone").first().waitFor();
for (const [name, { viewport, colorScheme }] of looks) {
  const [page] = pages;
  if (viewport !== undefined && viewport !== null) await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: colorScheme ?? null });
  await page.goto(`${origin}/#/`);
  if (viewport === PHONE) await take(page, `list-${name}`);
  await page.getByRole("link", { name: /^Train/ }).first().click();
  await shows(page, "I can. Who has the tickets?");
  await take(page, `room-${name}`);
  if (viewport !== WIDE) continue;
  await page.getByRole("button", { name: "Invite to Train" }).click();
  await page.getByRole("img", { name: /QR code/ }).waitFor();
  await take(page, `invite-${name}`);
  await page.keyboard.press("Escape");
}

async function take(page: Page, name: string): Promise<void> {
  // What moves has come to rest.
  await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))");
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}
