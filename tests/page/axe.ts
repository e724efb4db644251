/** What axe-core finds on a page as it is. */

import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds, by rule and element. */
export async function problems(page: Page): Promise<string[]> {
  // Not by a script element, which the page's own rules would refuse.
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa','best-practice'] })",
  );
  const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
