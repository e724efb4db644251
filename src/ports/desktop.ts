/** The graphical desktop of this machine, as types only. src/deno implements them. */

/** The desktop of the user who started this program. */
export interface Desktop {
  /** Whether the user sits at a desktop, rather than at a plain console or an SSH session. */
  readonly isThere: boolean;
  /**
   * Opens a file in its default program, which keeps running when earshot ends. Returns whether that seems to have
   * worked.
   * Every user of this machine can read the path (`ps`), so it must not contain a secret.
   */
  open(path: string): Promise<boolean>;
}
