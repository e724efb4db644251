/** What this browser keeps for the page, for this port of 127.0.0.1 alone: the key, choices, drafts. */

const PREFIX = "earshot.";

/** What is kept by that name, or null. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch (error) {
    // A browser that keeps nothing for this page: it works all the same, until it is loaded anew.
    if (error instanceof DOMException) return memory.get(name) ?? null;
    throw error;
  }
}

/** Keeps the text, or with null nothing, by that name. */
export function keep(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  if (text === null) memory.delete(name);
  else memory.set(name, text);
}

const memory = new Map<string, string>();
