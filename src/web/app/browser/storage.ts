/** What this browser keeps for the page: the key, the settings and the drafts. Browsers keep it apart by the port of 127.0.0.1. */

import type { PageStorage } from "./ports.ts";

const PREFIX = "earshot.";

/** The browser's storage. */
export const PAGE_STORAGE: PageStorage = {
  read(name) {
    // A text that the browser refused to store is newer than the stored one.
    const refused = memory.get(name);
    if (refused !== undefined) return refused;
    try {
      return localStorage.getItem(PREFIX + name);
    } catch (error) {
      // A browser that stores nothing for this page: the page works until it is reloaded.
      if (error instanceof DOMException) return null;
      throw error;
    }
  },

  write(name, text) {
    try {
      if (text === null) localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, text);
      memory.delete(name);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      if (text === null) memory.delete(name);
      else memory.set(name, text);
    }
  },

  onChange: (name, run) => addEventListener("storage", ({ key }) => key === PREFIX + name && run()),

  writeForTab(name, text) {
    const key = `${PREFIX}${name}.${crypto.randomUUID()}`;
    try {
      sessionStorage.setItem(key, text);
    } catch (error) {
      // Only a reload would lose the text.
      if (!(error instanceof DOMException)) throw error;
    }
    return () => {
      try {
        sessionStorage.removeItem(key);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
    };
  },

  takeLeftovers(name) {
    try {
      const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(`${PREFIX}${name}.`));
      const texts = keys.map((key) => sessionStorage.getItem(key) ?? "");
      for (const key of keys) sessionStorage.removeItem(key);
      return texts;
    } catch (error) {
      if (error instanceof DOMException) return [];
      throw error;
    }
  },
};

const memory = new Map<string, string>();
