/** The page for people without earshot: no scripts, for every browser. Pure. */

import type { ServedFile, ServedFiles } from "./served_files.ts";
import { isForBrowser } from "./platforms.ts";
import {
  chooseLandingPageText,
  formatSumLine,
  type LandingPageText,
  listStartLines,
} from "./landing_page_text.ts";

/** A SHA-256 is shown in groups of characters, of which some are compared by eye. */
const GROUP_CHARS = 4;
const GROUPS_COMPARED = 4;

/** The page's style. A header allows it by its SHA-256. */
export const LANDING_PAGE_STYLE = `:root{color-scheme:light dark}
body{max-width:44rem;margin:0 auto;padding:1.5rem 1rem 4rem;font:1rem/1.55 system-ui,sans-serif;
background:light-dark(#fdfcf9,#161c1b);color:light-dark(#1c2321,#e5eae7)}
h1{margin:0;font-size:1.75rem}h2{margin:2.5rem 0 .5rem;font-size:1.125rem}h3{margin:0 0 .5rem;font-size:1rem}
article{margin:1rem 0;padding:1rem;border:1px solid light-dark(#dfd9cc,#2b3533);border-radius:.625rem}
a.file{display:inline-block;padding:.7rem 1rem;border-radius:.625rem;background:light-dark(#165c51,#74cdb8);
color:light-dark(#fff,#08201b);font-weight:600;text-decoration:none;overflow-wrap:anywhere}
dt{margin-top:.75rem;color:light-dark(#58605c,#9faaa5);font-size:.875rem}dd{margin:0}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem}code{overflow-wrap:anywhere}
pre{margin:.25rem 0;padding:.75rem;border-radius:.5rem;background:light-dark(#ebe7de,#0b0f0e);overflow-x:auto}
.first{font-size:1.125rem;font-weight:700}
.warning{padding:1rem;border-radius:.625rem;background:light-dark(#f9ead7,#3a2a15)}.warning h2{margin:0 0 .5rem}`;

/** The page in the visitor's language. Files for the visitor's device come first. */
export function renderLandingPage(
  { files, version }: ServedFiles,
  { userAgent, languages }: { readonly userAgent: string; readonly languages: string },
): string {
  const words = chooseLandingPageText(languages);
  const own = files.filter(({ target }) => isForBrowser(target, userAgent));
  const others = files.filter((file) => !own.includes(file));
  const isPhone = /Android|iPhone|iPad/i.test(userAgent);
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<style>${LANDING_PAGE_STYLE}</style>
</head>
<body>
<header><h1>${words.title} <small>${escapeHtml(version)}</small></h1>
<p>${words.intro}</p></header>
<main>
${isPhone ? `<p><strong>${words.phone}</strong></p>\n` : ""}${
    renderSection(words.yours, own, words)
  }<section class="warning">
<h2>${words.warning}</h2>
<p>${words.warningText}</p>
<p>${words.compareHow}</p>
</section>
${renderSection(own.length > 0 ? words.others : words.all, others, words)}${
    files.length < 2 ? `<p>${words.noOthers}</p>\n` : ""
  }<h2>${words.then}</h2>
<p>${words.thenText}</p>
</main>
</body>
</html>
`;
}

/** Splits a SHA-256 into groups of characters: `first` is compared by eye. */
export function groupSum(sha256: string): { readonly first: string; readonly rest: string } {
  const groups = sha256.match(new RegExp(`.{${GROUP_CHARS}}`, "g")) ?? [];
  return {
    first: groups.slice(0, GROUPS_COMPARED).join(" "),
    rest: groups.slice(GROUPS_COMPARED).join(" "),
  };
}

function renderSection(heading: string, files: readonly ServedFile[], words: LandingPageText): string {
  if (files.length === 0) return "";
  return `<section>\n<h2>${heading}</h2>\n${
    files.map((file) => renderFile(file, words)).join("")
  }</section>\n`;
}

function renderFile(file: ServedFile, words: LandingPageText): string {
  const { name, sha256, mark, target, isOwn } = file;
  const { first, rest } = groupSum(sha256);
  const lines = listStartLines(file).map(escapeHtml).join("\n");
  const hint = { windows: words.windows, macos: words.mac, linux: words.mac }[target.family];
  return `<article>
<h3>${escapeHtml(target.words)}</h3>
${isOwn ? "" : `<p><strong>${words.unchecked}</strong></p>\n`}<p><a class="file" href="/${
    escapeHtml(name)
  }">${escapeHtml(name)}</a></p>
<dl>
<dt>${words.size}</dt><dd>${formatMegabytes(mark.sizeBytes, words)}</dd>
<dt>${words.sum}</dt><dd><code><span class="first">${first}</span> ${rest}</code></dd>
<dt>${words.compare}</dt><dd><pre>${escapeHtml(formatSumLine(file))}</pre></dd>
<dt>${words.start}</dt><dd>${hint}<pre>${lines}</pre></dd>
</dl>
</article>
`;
}

function formatMegabytes(bytes: number, { tag }: LandingPageText): string {
  return `${new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
