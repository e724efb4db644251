/** The window, its tab and what a page may do with the device: clipboard and downloads. */

import type { PageWindow } from "./ports.ts";

/** Time after which a started download has been read. */
const DOWNLOAD_MS = 10_000;

/** The window. */
export const PAGE_WINDOW: PageWindow = {
  isSeen: () => document.visibilityState === "visible" && document.hasFocus(),

  onReturn(run) {
    addEventListener("online", run);
    addEventListener("pageshow", run);
    addEventListener("focus", run);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  },

  guardLeaving() {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  },

  reload: () => location.reload(),

  get languages() {
    return navigator.languages;
  },

  applyLook({ language, direction, theme }) {
    const root = document.documentElement;
    root.lang = language;
    root.dir = direction;
    root.dataset.theme = theme;
  },

  copyText,
};

/** Copies the text; false if the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

/** Has the browser save the text as a file. */
export function download(name: string, { text, type }: { text: string; type: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MS);
}
