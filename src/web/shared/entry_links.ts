/** One-time links to the page: types only. */

/** A link that signs in one browser, once. */
export interface PageEntry {
  /** The one-time link. It signs in the first browser that opens it. */
  readonly link: string;
  /** The page's address. It is no secret. */
  readonly address: string;
  /** A file that sends a browser to the link; null if none was wanted or could be written. It is removed with the link. */
  readonly path: string | null;
}

/** Makes one-time links. */
export interface PageEntries {
  /**
   * A new one. To open a browser, its command line has to name what to open, and every user of this machine can read
   * command lines: so that is a file which only this user can read, and the link stands in there.
   */
  newEntry(options: { readonly isFile: boolean }): Promise<PageEntry>;
}
