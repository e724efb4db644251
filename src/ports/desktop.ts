/** The screen of this machine, where programs have windows: types only; src/deno implements them. */

/** The desktop of the user who started this program. */
export interface Desktop {
  /** Whether the user sits at one: not over SSH, and not at a plain console. */
  readonly isThere: boolean;
  /**
   * Opens a file in the program for it, which goes on when this one ends; whether that seems to have worked.
   * The path can be read by every user of this machine (`ps`), so it may tell no secret.
   */
  open(path: string): Promise<boolean>;
}
