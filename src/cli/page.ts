/** The page in the browser: a way in, and the browser opened there. */

import { WorldError } from "../errors.ts";
import type { PageEntries } from "../web/page_entries.ts";
import type { Shown } from "./output.ts";
import type { Stage } from "./stage.ts";

/** Makes a way in; opens the browser there if that is wanted and can be. @throws {WorldError} if no page is served. */
export async function enterPage(
  { desktop }: Pick<Stage, "desktop">,
  { page, isBrowserWanted }: { readonly page: PageEntries | null; readonly isBrowserWanted: boolean },
): Promise<Shown> {
  if (page === null) throw new WorldError("No page is served here: that is what --no-page says");
  const { link, address, path } = await page.newEntry({ isFile: isBrowserWanted && desktop.isThere });
  const isOpened = path !== null && await desktop.open(path);
  const line = isOpened
    ? `The page is open in your browser: ${address} (if not: earshot page --no-browser)`
    : `The page, for one browser and once: ${link}`;
  return { rows: [{ event: "page", link, address, isOpened }], lines: [line] };
}
