/** What the controllers need from a browser. The adapters beside this file implement it; tests bring their own. */

import type { Message } from "../../../messages/message.ts";

/** Time. */
export interface PageClock {
  /** Milliseconds since 1970. The user or the network may set it, also back. */
  nowMs(): number;
  /** Milliseconds since the page was loaded; nobody sets it. For intervals. */
  elapsedMs(): number;
  /** Runs once after that time; the result cancels it. */
  runLater(ms: number, run: () => void): () => void;
  /** Runs again and again; the result ends it. */
  runEvery(ms: number, run: () => void): () => void;
}

/** Texts that the browser keeps for this page. */
export interface PageStorage {
  /** The text, or null. */
  read(name: string): string | null;
  /** Null removes the text. A browser that refuses to store it keeps it in memory until the page is reloaded. */
  write(name: string, text: string | null): void;
  /** Calls when another tab changes that text. */
  onChange(name: string, run: () => void): void;
  /** Keeps the text in this tab, also over a reload; the result removes it. */
  writeForTab(name: string, text: string): () => void;
  /** Removes and returns the texts that `writeForTab` left before a reload. */
  takeLeftovers(name: string): readonly string[];
}

/** The window and its tab. */
export interface PageWindow {
  /** Whether the page is visible and has the focus. */
  isSeen(): boolean;
  /** Calls when the page may have been away: hidden, asleep or offline. */
  onReturn(run: () => void): void;
  /** Has the browser ask before the page is left, until the result is called. */
  guardLeaving(): () => void;
  /** Loads the page again. */
  reload(): void;
  /** The browser's languages, best first. */
  readonly languages: readonly string[];
  /** Sets the language, the direction of writing and the theme of the document. */
  applyLook(look: { readonly language: string; readonly direction: string; readonly theme: string }): void;
  /** Copies the text; false if the browser refuses. */
  copyText(text: string): Promise<boolean>;
}

/** The address bar and the history. A fragment begins with "#". */
export interface AddressBar {
  readFragment(): string;
  /** Adds an entry to the history. */
  push(fragment: string): void;
  /** Replaces the present entry. */
  replace(fragment: string): void;
  back(): void;
  /** Whether `push` made the present entry, so that `back` stays within the page. */
  isOwnEntry(): boolean;
  /** Calls when the user or a link changes the fragment. */
  onChange(run: () => void): void;
  /** Removes the one-time token from the address bar and returns it; null if there is none. */
  takeToken(): string | null;
}

/** Notifications of the desktop and the sound. */
export interface Notifier {
  /** Shows it, if the user allowed notifications. A second one with the same tag replaces the first. */
  show(
    title: string,
    options: { readonly body: string; readonly tag: string; onClick(): void },
  ): void;
  playSound(): void;
}

/** Why a transfer failed. "unreachable": the node did not answer, or the browser cannot read the file. */
export type FileProblem =
  | { readonly is: "unreachable" | "not-entered" | "busy" }
  | { readonly is: "refused"; readonly message: string; readonly details?: Message | null };

/** One file on its way to the node. */
export interface FileUpload {
  readonly id: string;
  /** See toUploadPath. */
  readonly path: string;
  readonly blob: Blob;
  readonly instance: string;
  readonly signal: AbortSignal;
  /** Bytes of this file that were sent so far. */
  onSent(bytes: number): void;
}

/** Files between this browser and its node. `instance` identifies the node's present run. */
export interface FileTransport {
  createUploadId(): string;
  /** The address of a picture; null if this browser has no key. */
  signPictureAddress(id: string, instance: string): Promise<string | null>;
  /** Has the browser save a file of the node. Null if it began. */
  save(id: string, instance: string): Promise<FileProblem | null>;
  /** Sends one file to the node. Null if it arrived. Rejects with the signal's reason. */
  upload(file: FileUpload): Promise<FileProblem | null>;
  /** Tells the node to delete what was uploaded under that id. Never rejects for a node that does not answer. */
  dropUpload(id: string, instance: string): Promise<void>;
}
