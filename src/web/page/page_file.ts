/** One file of the page, as src/web/page_files.ts embeds it and the page server serves it. */

/** A file; all of them are text. */
export interface PageFile {
  /** From the root, such as "/app.js"; the page itself is "/". */
  readonly path: string;
  /** Its media type, such as "text/javascript; charset=utf-8". */
  readonly type: string;
  readonly text: string;
}

/** All files of the page, loaded when the first browser asks: until then they would be 3 MB of each node's memory. */
export type PageFiles = () => Promise<readonly PageFile[]>;
