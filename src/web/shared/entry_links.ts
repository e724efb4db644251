/** How a browser comes to the page: types only. */

/** A way in, for one browser and once. */
export interface PageEntry {
  /** The one-time link. Whoever has it first is in. */
  readonly link: string;
  /** The page's address, which is no secret. */
  readonly address: string;
  /** A file that leads to the link; null if none was wanted, or none could be written. It goes with the link. */
  readonly path: string | null;
}

/** Makes ways in. */
export interface PageEntries {
  /**
   * A new one. To open a browser, its command line has to name what to open, and every user of this machine can read
   * command lines: so that is a file which only this user can read, and the link stands in there.
   */
  newEntry(options: { readonly isFile: boolean }): Promise<PageEntry>;
}
