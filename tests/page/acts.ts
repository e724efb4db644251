/** What people do on the page, as they do it: by what they read there. */

import type { Page } from "playwright-core";
import type { Person } from "./scene.ts";

/** The page, past its first question. */
export async function enter(person: Person): Promise<Page> {
  const page = await person.open();
  await page.getByRole("button", { name: "See who is here" }).click();
  return page;
}

/** Writes into the open conversation. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message to / }).fill(text);
  await page.keyboard.press("Enter");
}

/** Opens a room; `kind` as the page calls it. */
export async function openRoom(page: Page, title: string, kind: string): Promise<void> {
  await page.getByRole("button", { name: "Open a room" }).first().click();
  await page.getByLabel("What is it called?").fill(title);
  await page.getByLabel(kind).check();
  await page.getByRole("button", { name: "Open", exact: true }).click();
}

/** Waits until the open conversation shows that. */
export async function shows(page: Page, text: string): Promise<void> {
  await page.getByRole("log").getByText(text, { exact: true }).first().waitFor();
}
