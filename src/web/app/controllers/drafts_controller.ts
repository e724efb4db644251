/** Texts that are typed and not sent. The browser stores them, so that they survive a reload and appear in other tabs. */

import type { PageStorage } from "../browser/ports.ts";
import type { AppState } from "../state/app_state.ts";
import { formatDrafts, parseDrafts, withDraft, withUnsent } from "../state/drafts.ts";

/** Names in the browser's storage: drafts, and texts on their way to the node. */
const DRAFTS = "drafts";
const SENDING = "sending";

/** The drafts. */
export interface DraftsController {
  /** Reads the stored drafts, and follows changes by other tabs. */
  start(): void;
  /** Stores the draft of a conversation; an empty text removes it. */
  setDraft(to: string, text: string): void;
  /** Puts a text that could not be sent back into the draft, in the order of typing. */
  restoreUnsent(to: string, text: string): void;
  /** Keeps a text that is being sent, so that a reload restores it. The result ends that. */
  keepWhileSending(to: string, text: string): () => void;
}

/** Makes the controller. */
export function createDrafts(
  { state: { drafts }, storage }: { readonly state: AppState; readonly storage: PageStorage },
): DraftsController {
  /** The texts that came back since the draft was last sent, by conversation. */
  const restored = new Map<string, string>();
  // Another tab may have stored drafts since.
  const readStored = () => parseDrafts(storage.read(DRAFTS));

  function setDraft(to: string, text: string): void {
    drafts.value = withDraft(readStored(), to, text);
    storage.write(DRAFTS, drafts.value.size === 0 ? null : formatDrafts(drafts.value));
  }

  function restoreUnsent(to: string, text: string): void {
    const { draft, back } = withUnsent(readStored().get(to) ?? "", {
      text,
      before: restored.get(to) ?? "",
    });
    restored.set(to, back);
    setDraft(to, draft);
  }

  return {
    start() {
      drafts.value = readStored();
      // A reload interrupted these. The user sees in the log whether they arrived.
      for (const leftover of storage.takeLeftovers(SENDING)) {
        for (const [to, text] of parseDrafts(leftover)) restoreUnsent(to, text);
      }
      storage.onChange(DRAFTS, () => drafts.value = readStored());
    },
    setDraft,
    restoreUnsent,
    keepWhileSending: (to, text) => storage.writeForTab(SENDING, formatDrafts(new Map([[to, text]]))),
  };
}
