/** What this browser keeps for the page, for this port of 127.0.0.1 alone: the key, choices, drafts. */

const PREFIX = "earshot.";

/** What is kept by that name, or null. */
export function kept(name: string): string | null {
  // What the browser would not keep is newer than what it did.
  const held = memory.get(name);
  if (held !== undefined) return held;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch (error) {
    // A browser that keeps nothing for this page: it works all the same, until it is loaded anew.
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Keeps the text, or with null nothing, by that name. */
export function keep(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
    memory.delete(name);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (text === null) memory.delete(name);
    else memory.set(name, text);
  }
}

/** Calls when another page of this browser has kept something else by that name. */
export function onKept(name: string, run: () => void): void {
  addEventListener("storage", ({ key }) => key === PREFIX + name && run());
}

/** Keeps the text for this tab alone, until what is returned is called; a reload of the tab finds it by `leftOver`. */
export function keepMeanwhile(name: string, text: string): () => void {
  const key = `${PREFIX}${name}.${crypto.randomUUID()}`;
  try {
    sessionStorage.setItem(key, text);
  } catch (error) {
    // It is only lost if the page is, too.
    if (!(error instanceof DOMException)) throw error;
  }
  return () => {
    try {
      sessionStorage.removeItem(key);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  };
}

/** Takes what was kept meanwhile when this tab was loaded anew. */
export function leftOver(name: string): readonly string[] {
  try {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(`${PREFIX}${name}.`));
    const texts = keys.map((key) => sessionStorage.getItem(key) ?? "");
    for (const key of keys) sessionStorage.removeItem(key);
    return texts;
  } catch (error) {
    if (error instanceof DOMException) return [];
    throw error;
  }
}

const memory = new Map<string, string>();
