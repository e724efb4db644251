/** Texts that are typed and not sent, by conversation. They survive a reload. Pure. */

/** Drafts that are kept. The oldest are dropped. */
export const DRAFTS_MAX = 50;
/** UTF-16 units of all drafts. Browsers limit the storage of a page. */
const UNITS_MAX = 1_000_000;

/** Text by conversation, the latest at the end. */
export type Drafts = ReadonlyMap<string, string>;

/** The drafts with that one. An empty text removes it. */
export function withDraft(drafts: Drafts, to: string, text: string): Drafts {
  const next = new Map(drafts);
  next.delete(to);
  // A draft that is too long is not kept, and drops no other.
  if (text.trim() !== "" && text.length <= UNITS_MAX) next.set(to, text);
  while (next.size > DRAFTS_MAX || (next.size > 1 && countUnits(next) > UNITS_MAX)) {
    const [oldest] = next.keys();
    if (oldest === undefined) break;
    next.delete(oldest);
  }
  return next;
}

/**
 * The text of a composer after a draft has changed elsewhere; null if it stays. `before` is the draft until now: a composer
 * that shows it follows, also to nothing, because another tab has sent the text.
 */
export function followDraft(
  shown: string,
  { before, draft }: { readonly before: string; readonly draft: string },
): string | null {
  // A text may leave and come back unseen in between, when a send fails at once: then it is shown again.
  if (draft.trim() === shown.trim()) return null;
  return draft !== "" || shown.trim() === before.trim() ? draft : null;
}

/**
 * Puts an unsent text back into a draft: behind the texts that came back `before` it, if they are still there, and in front of
 * the text that was typed since. `back` is everything that has come back.
 */
export function withUnsent(
  draft: string,
  { text, before }: { readonly text: string; readonly before: string },
): { readonly draft: string; readonly back: string } {
  const isBehind = before !== "" && draft.startsWith(before);
  const since = isBehind ? draft.slice(before.length).replace(/^\n/, "") : draft;
  const back = isBehind ? `${before}\n${text}` : text;
  return { draft: since === "" ? back : `${back}\n${since}`, back };
}

/** The drafts as the browser stores them. */
export function formatDrafts(drafts: Drafts): string {
  return JSON.stringify([...drafts]);
}

/** Reads stored drafts. Anything malformed is none. */
export function parseDrafts(text: string | null): Drafts {
  if (text === null) return new Map();
  try {
    const pairs: unknown = JSON.parse(text);
    if (!Array.isArray(pairs)) return new Map();
    return new Map(pairs.filter(isPair));
  } catch (error) {
    if (error instanceof SyntaxError) return new Map();
    throw error;
  }
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "string");
}

function countUnits(drafts: Drafts): number {
  return [...drafts.values()].reduce((sum, text) => sum + text.length, 0);
}
