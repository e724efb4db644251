/** What was typed and not sent, for each conversation; it survives a reload. Pure. */

/** Conversations with a draft that are kept; the oldest go. */
export const DRAFTS_MAX = 50;
/** UTF-16 units of all of them: what a browser keeps for a page is limited. */
const UNITS_MAX = 1_000_000;

/** Text by conversation, the one that was typed last at the end. */
export type Drafts = ReadonlyMap<string, string>;

/** With that draft; an empty one is none. */
export function withDraft(drafts: Drafts, to: string, text: string): Drafts {
  const next = new Map(drafts);
  next.delete(to);
  // One that is too long is not kept, and takes no other's place.
  if (text.trim() !== "" && text.length <= UNITS_MAX) next.set(to, text);
  while (next.size > DRAFTS_MAX || (next.size > 1 && countUnits(next) > UNITS_MAX)) {
    const [oldest] = next.keys();
    if (oldest === undefined) break;
    next.delete(oldest);
  }
  return next;
}

/**
 * A draft with a text that was on its way and did not arrive: behind what came back `before` it, if that still stands
 * there, and before what was typed since. `back` is all that has come back.
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

/** As it is kept. */
export function formatDrafts(drafts: Drafts): string {
  return JSON.stringify([...drafts]);
}

/** What was kept; none for anything that is not ours. */
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
