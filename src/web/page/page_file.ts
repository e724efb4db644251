/** A file of the page: src/web/page_files.ts embeds it, and the page server serves it. */

/** A text file. */
export interface PageFile {
  /** From the root, such as "/app.js"; the page itself is "/". */
  readonly path: string;
  /** Its media type, such as "text/javascript; charset=utf-8". */
  readonly type: string;
  readonly text: string;
}

/** Loads all files of the page when the first browser asks. Loaded earlier, they would take 3 MB of each node's memory. */
export type PageFiles = () => Promise<readonly PageFile[]>;
