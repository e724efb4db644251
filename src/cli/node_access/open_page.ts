/** Opens the page in a browser, or shows a link to it. */

import { message } from "../../messages/message.ts";
import { WorldError } from "../../errors.ts";
import type { PageEntries } from "../../web/shared/entry_links.ts";
import type { Printable } from "../format/output.ts";
import type { Environment } from "../environment/environment.ts";

/** Makes a link that works once; opens it in a browser if wanted and possible. @throws {WorldError} if no page is served. */
export async function openPage(
  { desktop }: Pick<Environment, "desktop">,
  { page, isBrowserWanted }: { readonly page: PageEntries | null; readonly isBrowserWanted: boolean },
): Promise<Printable> {
  if (page === null) throw new WorldError(message("control.no-page"));
  const { link, address, path } = await page.newEntry({ isFile: isBrowserWanted && desktop.isThere });
  const isOpened = path !== null && await desktop.open(path);
  const line = isOpened
    ? `The page is open in your browser: ${address} (if not: earshot page --no-browser)`
    : `Open in your browser (this link works once): ${link}`;
  return { rows: [{ event: "page", link, address, isOpened }], lines: [line] };
}
